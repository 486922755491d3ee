"""Sign-in and one's own account: the views of the sign-in library that are used, and no other.

Signing up, managing several addresses, codes by mail and the library's social sign-in have no address here.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path

from ecuanime.web.guards import for_signed_in, public
from ecuanime.web.public import own_account, own_notices, providers, sign_in

urlpatterns = [
    path("", own_account.profile, name="account"),
    path("tokens/", own_account.tokens, name="account_tokens"),
    path("tokens/<int:pk>/retirar/", own_account.revoke_token, name="account_revoke_token"),
    path("avisos/", own_notices.notices, name="account_notices"),
    path("avisos/destinos/", own_notices.new_target, name="account_new_target"),
    path("avisos/destinos/<int:pk>/quitar/", own_notices.drop_target, name="account_drop_target"),
    path("avisos/destinos/<int:pk>/probar/", own_notices.try_one, name="account_try_target"),
    path("proveedores/", providers.identities, name="account_identities"),
    path("proveedores/<str:key>/enlazar/", providers.link, name="account_link_identity"),
    path("proveedores/<int:pk>/quitar/", providers.unlink, name="account_unlink_identity"),
    path("con/<str:key>/", providers.begin, name="provider_begin"),
    path("con/<str:key>/vuelta/", providers.back, name="provider_back"),
    path("login/", public(sign_in.sign_in), name="account_login"),
    path("logout/", public(account.logout), name="account_logout"),
    path("inactiva/", public(account.account_inactive), name="account_inactive"),
    path("enlace/", sign_in.ask_link, name="ask_sign_in_link"),
    path("enlace/enviado/", sign_in.link_sent, name="sign_in_link_sent"),
    path(
        "reauthenticate/",
        for_signed_in(sign_in.or_by_link(account.reauthenticate)),
        name="account_reauthenticate",
    ),
    path("password/change/", for_signed_in(account.password_change), name="account_change_password"),
    path("password/set/", for_signed_in(account.password_set), name="account_set_password"),
    path("password/reset/", public(sign_in.reset_password), name="account_reset_password"),
    path("password/reset/done/", public(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        public(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", for_signed_in(mfa.index), name="mfa_index"),
    path("2fa/authenticate/", public(mfa.authenticate), name="mfa_authenticate"),
    path(
        "2fa/reauthenticate/",
        for_signed_in(sign_in.or_by_link(mfa.reauthenticate)),
        name="mfa_reauthenticate",
    ),
    path("2fa/totp/activate/", for_signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", for_signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/passkeys/", for_signed_in(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("2fa/passkeys/nueva/", for_signed_in(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "2fa/passkeys/reauthenticate/",
        for_signed_in(passkeys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("2fa/passkeys/<int:pk>/", for_signed_in(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path(
        "2fa/passkeys/<int:pk>/quitar/", for_signed_in(passkeys.remove_webauthn), name="mfa_remove_webauthn"
    ),
    path("login/passkey/", public(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("2fa/codes/", for_signed_in(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "2fa/codes/generate/",
        for_signed_in(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/codes/download/",
        for_signed_in(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
