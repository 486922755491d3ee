"""Accounts, their roles, and the tokens, links and identities elsewhere that open doors for them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ecuanime.accounts.phones import dialled


class Role(models.TextChoices):
    """What a person of the firm does; one person may have several. A client's contact has none."""

    ADMINISTRATOR = "administrator", _("Administrator")
    SUPERVISOR = "supervisor", _("Supervisor")
    CONSULTANT = "consultant", _("Consultant")
    TECHNICIAN = "technician", _("Technician")
    BILLING = "billing", _("Billing clerk")


class Language(models.TextChoices):
    """The languages the product speaks."""

    ES = "es", "Español"
    EN = "en", "English"


class UserManager(BaseUserManager["User"]):
    """Creates accounts; the address is the name one signs in with."""

    def create_user(
        self,
        email: str,
        password: str | None = None,
        *,
        name: str = "",
        roles: list[str] | None = None,
        language: str = Language.ES,
    ) -> User:
        """Create an account; without a password it can sign in by link only."""
        user = self.model(
            email=self.normalize_email(email).lower(), name=name, roles=roles or [], language=language
        )
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who can sign in. `roles` is empty for a client's contact."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), default=list, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language.choices, default=Language.ES)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True, help_text=_("empty: the firm's"))
    phone = models.CharField(
        _("phone"), max_length=30, blank=True, help_text=_("seen by colleagues, never by clients")
    )
    single_keys = models.BooleanField(_("single-key shortcuts"), default=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_of_firm(self) -> bool:
        """Whether this is a person of the firm (any role) rather than a client's contact."""
        return self.is_active and bool(self.roles)

    def has_role(self, *roles: str) -> bool:
        """Whether the person has one of `roles`; an administrator has them all."""
        return self.is_of_firm and (
            Role.ADMINISTRATOR in self.roles or any(role in self.roles for role in roles)
        )

    @property
    def dialled(self) -> str:
        """The phone number as a link takes it."""
        return dialled(self.phone)

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        words = (self.name or self.email).split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words[:1])).upper()


class ApiToken(models.Model):
    """A person's key to the API; only its hash is kept, it is shown once."""

    class Scope(models.TextChoices):
        """How far it reaches."""

        READ = "read", _("read")
        WRITE = "write", _("read and write")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    scope = models.CharField(_("what it may do"), max_length=5, choices=Scope.choices, default=Scope.READ)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def is_usable(self, now: datetime) -> bool:
        """Neither revoked nor expired at `now`."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class SignInLink(models.Model):
    """A link that signs one account in once, sent by e-mail; only its hash is kept."""

    class Purpose(models.TextChoices):
        """Why it was sent, which decides how long it works."""

        SIGN_IN = "sign_in", _("asked for at the sign-in page")
        INVITATION = "invitation", _("invitation")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=20, choices=Purpose.choices, default=Purpose.SIGN_IN)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    account_state = models.CharField(max_length=64, help_text="hash of what must not have changed since")

    def is_usable(self, now: datetime) -> bool:
        """Not used, not expired at `now`, and the account is open and as it was."""
        fresh = self.used_at is None and now < self.expires_at
        return fresh and self.user.is_active and self.account_state == account_state(self.user)


def account_state(user: User) -> str:
    """A hash of what ends a sign-in link when it changes: password, address, and whether the account is open."""
    return hashlib.sha256(f"{user.password}|{user.email}|{user.is_active}".encode()).hexdigest()


class Identity(models.Model):
    """Somebody at a sign-in provider who is this account: `subject` is theirs for ever, an address is not.

    One that was unlinked stays, so that the provider's word about the address does not link it again by itself.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    email = models.EmailField(max_length=254, blank=True, help_text="as the provider told it when linked")
    linked_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    unlinked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_once"),
            models.UniqueConstraint(
                fields=["user", "issuer"],
                condition=models.Q(unlinked_at=None),
                name="identity_one_of_each_issuer",
            ),
        ]


class SetupToken(models.Model):
    """The one-time set-up link's token, by its hash: whoever holds it may create the first administrator."""

    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
