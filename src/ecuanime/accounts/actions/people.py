"""Accounts made, changed and closed. The firm never loses its last administrator."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import available_timezones

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ecuanime.accounts.models import Language, Role, User
from ecuanime.accounts.phones import phone_number
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused


@transaction.atomic
def create_account(
    *,
    email: str,
    name: str,
    now: datetime,
    roles: Iterable[str] = (),
    password: str | None = None,
    language: str = Language.ES,
) -> User:
    """Make an account; without `roles` it is a client's contact's, without `password` it signs in by link.

    Refuses `bad_email`, `email_taken`, `unknown_role` and `weak_password`.
    """
    address = _free_address(email)
    kept = _known_roles(roles)
    if password is not None:
        _check_password(password, User(email=address, name=name))
    user = User.objects.create_user(address, password, name=name.strip(), roles=kept, language=language)
    audit.record("account_created", user, now=now, email=address, roles=kept)
    return user


@transaction.atomic
def change_roles(*, user: User, roles: Iterable[str], now: datetime) -> User:
    """Give a person of the firm exactly these roles.

    Refuses `no_role`, `unknown_role`, `not_of_firm` for a client's contact, and `last_administrator`.
    """
    kept = _known_roles(roles)
    person, others = _locked_among_administrators(user)
    if not person.roles:
        raise Refused(
            "not_of_firm", _("This account belongs to a client's contact: it cannot have a role here.")
        )
    if not kept:
        raise Refused("no_role", _("Choose at least one role. To take away all access, close the account."))
    if Role.ADMINISTRATOR not in kept:
        _keep_an_administrator(person, others)
    before, person.roles = person.roles, kept
    person.save(update_fields=["roles"])
    audit.record("roles_changed", person, now=now, before=before, after=kept)
    return person


@transaction.atomic
def change_email(*, user: User, email: str, now: datetime) -> User:
    """Move the account to another address; links sent to the old one die. Refuses `bad_email`, `email_taken`."""
    person = _locked(user)
    address = _free_address(email, besides=person)
    if address != person.email:
        before, person.email = person.email, address
        person.save(update_fields=["email"])
        audit.record("account_email_changed", person, now=now, before=before, after=address)
    return person


@transaction.atomic
def deactivate(*, user: User, now: datetime) -> User:
    """Close the account: sessions, links and tokens die at once; closing it again changes nothing.

    Refuses `last_administrator`.
    """
    person, others = _locked_among_administrators(user)
    if not person.is_active:
        return person
    _keep_an_administrator(person, others)
    person.is_active = False
    person.save(update_fields=["is_active"])
    person.api_tokens.filter(revoked_at=None).update(revoked_at=now)
    audit.record("account_closed", person, now=now)
    return person


@transaction.atomic
def reactivate(*, user: User, now: datetime) -> User:
    """Open a closed account again, with the roles it had; its old tokens stay revoked."""
    person = _locked(user)
    if not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active"])
        audit.record("account_reopened", person, now=now)
    return person


@transaction.atomic
def update_profile(
    *,
    user: User,
    name: str,
    language: str,
    time_zone: str,
    single_keys: bool = True,
    phone: str | None = None,
    now: datetime,
) -> User:
    """What a person may change of their own; an empty zone means the firm's, and without `phone` it stays as it is.

    Refuses `unknown_time_zone`, `bad_phone`, and `not_of_firm` (a client's contact has their phone at the client).
    """
    if time_zone and time_zone not in available_timezones():
        raise Refused("unknown_time_zone", _("There is no such time zone. Choose one of the list."))
    person = _locked(user)
    person.phone = person.phone if phone is None else _phone(phone, person)
    person.name, person.language, person.time_zone = name.strip(), language, time_zone
    person.single_keys = single_keys
    person.save(update_fields=["name", "language", "time_zone", "single_keys", "phone"])
    audit.record("profile_changed", person, now=now)
    return person


@transaction.atomic
def change_language(*, user: User, language: str, now: datetime) -> User:
    """Speak `language` to this person from now on. Refuses `unknown_language`."""
    if language not in Language.values:
        raise Refused("unknown_language", _("That language is not available."))
    person = _locked(user)
    if person.language != language:
        person.language = language
        person.save(update_fields=["language"])
        audit.record("language_changed", person, now=now, language=language)
    return person


def _phone(text: str, person: User) -> str:
    if not text.strip():
        return ""
    number = phone_number(text)
    if number is None:
        raise Refused(
            "bad_phone", _("This is no phone number. Write it as you dial it, as in +34 600 123 456.")
        )
    if not person.roles:
        raise Refused("not_of_firm", _("Only people of the firm have a phone number here."))
    return number


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _locked_among_administrators(user: User) -> tuple[User, list[User]]:
    """The person and the other active administrators, all locked in one order.

    So two administrators who close each other at once take turns, and the second finds itself the last one.
    """
    asked = Q(pk=user.pk) | Q(is_active=True, roles__contains=[Role.ADMINISTRATOR])
    rows = list(User.objects.select_for_update().filter(asked).order_by("pk"))
    person = next(row for row in rows if row.pk == user.pk)
    return person, [row for row in rows if row.pk != user.pk]


def _keep_an_administrator(person: User, others: list[User]) -> None:
    """Refuse when `person` is the only administrator left."""
    if Role.ADMINISTRATOR in person.roles and person.is_active and not others:
        raise Refused(
            "last_administrator",
            _(
                "This is the only administrator, so nothing was changed. Make somebody else administrator first."
            ),
        )


def _known_roles(roles: Iterable[str]) -> list[str]:
    asked = set(roles)
    if asked - set(Role.values):
        raise Refused(
            "unknown_role", _("One of these roles does not exist. Reload the page and choose again.")
        )
    return [role for role in Role.values if role in asked]


def _free_address(email: str, besides: User | None = None) -> str:
    address = User.objects.normalize_email(email.strip()).lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused("bad_email", _("This is not an e-mail address. Check how it is written.")) from error
    others = User.objects.filter(email__iexact=address)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if others.exists():
        raise Refused("email_taken", _("There is already an account with this address, so none was made."))
    return address


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused("weak_password", " ".join(error.messages)) from error
