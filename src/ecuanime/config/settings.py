"""Django's settings, all drawn from the environment (see docs/how-to/configuration.md); safe by default."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from ecuanime.foundation import environment, sign_in_providers

PACKAGE = Path(__file__).resolve().parent.parent
DEBUG = environment.debug()
SECRET_KEY = environment.secret("secret_key")
SECURE = environment.served_over_https()

ALLOWED_HOSTS = environment.allowed_hosts()
ECUANIME_URL = environment.public_url()
ECUANIME_DATA = environment.data_folder()
ECUANIME_FILES = ECUANIME_DATA / "files"
ECUANIME_PEPPER = environment.secret("pepper")
ECUANIME_SEALING_KEYS = [environment.secret("encryption_key")]
ECUANIME_TRUSTED_PROXIES = environment.trusted_proxies()

# Rooms from the floor up, then the screens; third parties last.
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "procrastinate.contrib.django",
    "ecuanime.foundation",
    "ecuanime.accounts",
    "ecuanime.staff",
    "ecuanime.delivery",
    "ecuanime.notices",
    "ecuanime.clients",
    "ecuanime.contracts",
    "ecuanime.entitlements",
    "ecuanime.procedures",
    "ecuanime.tickets",
    "ecuanime.worklog",
    "ecuanime.channels",
    "ecuanime.billing",
    "ecuanime.emergencies",
    "ecuanime.demo",
    "ecuanime.imports",
    "ecuanime.web",
    "ecuanime.api",
    "ninja",
    "django.contrib.auth",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ecuanime.web.middleware.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ecuanime.web.middleware.person",
    "ecuanime.web.errors.in_words",
    "ecuanime.web.middleware.text_only",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ecuanime.web.middleware.setup_first",
]

ROOT_URLCONF = "ecuanime.config.urls"
WSGI_APPLICATION = "ecuanime.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ecuanime.web.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "ecuanime.web.templatetags.ec",
            ],
        },
    }
]

DATABASES = {"default": environment.django_database(environment.database_url())}
DATABASES["default"]["OPTIONS"] |= {"application_name": f"ecuanime {os.getpid()}"}
DATABASES["default"]["OPTIONS"] |= {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}}
DATABASES["default"]["OPTIONS"] |= {"prepare_threshold": 2}  # what `foundation/prepared.py` asks a third time
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # a database that was restarted fails no request afterwards
if test_database := os.environ.get("ECUANIME_TEST_DB"):
    DATABASES["default"]["TEST"] = {"NAME": test_database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sign-in -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["ecuanime.accounts.signed_in.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "ecuanime.web.public.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "10/m/ip,3/h/key",
    "ask_link": "10/m/ip,5/h/key",
    "redeem_link": "20/m/ip",
    "set_up": "10/m/ip",
    "provider": "20/m/ip",
    "web_form": "10/10m/ip",
    "web_form_address": "3/h/key",
    "case_link": "60/10m/key",
}
ACCOUNT_FORMS = {
    "login": "ecuanime.web.public.sign_in_forms.SignInForm",
    "reset_password": "ecuanime.web.public.sign_in_forms.ResetPasswordForm",
}
PASSWORD_RESET_TIMEOUT = 3600
MFA_ADAPTER = "ecuanime.web.public.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE  # browsers offer passkeys on http://localhost alone
MFA_TOTP_ISSUER = "Ecuánime"
ECUANIME_OIDC_PROVIDERS = sign_in_providers.configured_providers()
ECUANIME_OIDC_INTERNAL = sign_in_providers.internal_origins()
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_ENGINE = "ecuanime.accounts.signed_in"

# Cookies, headers --------------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-ec_session" if SECURE else "ec_session"
CSRF_COOKIE_NAME = "__Host-ec_csrf" if SECURE else "ec_csrf"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_NAME = "ec_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SECURE
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_SSL_REDIRECT = False  # the firm's proxy does it; redirecting here would break probes on loopback
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [ECUANIME_URL]
if SECURE and ECUANIME_TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # see SECURE_SSL_REDIRECT

# Words, times ------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "es"
LANGUAGES = [("es", _("Spanish")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

# Files -------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = ECUANIME_DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "ecuanime.web.static_files.Manifest"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "foundation_cache"}
}

# Mail leaves through delivery's outbox; nothing in the product may send past it.
EMAIL_BACKEND = "ecuanime.delivery.backend.OutboxBackend"
DEFAULT_FROM_EMAIL = "ecuanime@localhost"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = "ecuanime.config.periodic.register"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.log_level()},
    "loggers": {"procrastinate": {"level": "WARNING"}},
}
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecuanime.config.settings")
