"""People at sign-in providers and the accounts they open.

Nobody gets an account by a provider's word. The first time, the address that it vouches for finds the account; from
then on its name for the person alone does, whatever address it tells.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import Identity, User
from ecuanime.accounts.openid.tokens import Claims
from ecuanime.accounts.queries import active_account
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused


@transaction.atomic
def use_identity(*, claims: Claims, now: datetime) -> User:
    """The account that the person of `claims` may enter (a second factor is asked for elsewhere).

    Refuses `identity_unknown`: the provider vouches for no address, or for none of an open account that was never
    linked there; `identity_unlinked`; and `account_closed`.
    """
    identity = _kept(claims) or _linked_by_address(claims, now)
    if identity.unlinked_at is not None:
        raise Refused(
            "identity_unlinked",
            _("This way in was unlinked. Sign in another way and link it again in your account."),
        )
    if not identity.user.is_active:
        raise Refused("account_closed", _("This account is closed. Whoever gave it can open it again."))
    identity.last_used_at = now
    identity.save(update_fields=["last_used_at"])
    audit.record("identity_used", identity.user, now=now, identity=identity.pk, issuer=identity.issuer)
    return identity.user


@transaction.atomic
def link_identity(*, user: User, claims: Claims, now: datetime) -> Identity:
    """Let the person of `claims` enter this account, which asked for it; linking them again changes nothing.

    Refuses `identity_of_another` and `identity_taken` when the account has another one at the same provider.
    """
    person = User.objects.select_for_update().get(pk=user.pk)
    kept = _kept(claims)
    if kept is not None and kept.unlinked_at is None:
        if kept.user_id != person.pk:
            raise Refused(
                "identity_of_another", _("Whoever signed in at the provider already opens another account.")
            )
        return kept
    if person.identities.filter(issuer=claims.issuer, unlinked_at=None).exists():
        raise Refused(
            "identity_taken",
            _("Somebody else at this provider opens your account. Unlink them first."),
        )
    return _link(person, claims, now)


@transaction.atomic
def unlink_identity(*, identity: Identity, now: datetime) -> None:
    """Let them enter no more, until the account asks for it again; unlinking twice changes nothing."""
    kept = Identity.objects.select_for_update().get(pk=identity.pk)
    if kept.unlinked_at is None:
        kept.unlinked_at = now
        kept.save(update_fields=["unlinked_at"])
        audit.record("identity_unlinked", kept.user, now=now, identity=kept.pk, issuer=kept.issuer)


def _kept(claims: Claims) -> Identity | None:
    known = Identity.objects.select_for_update(of=("self",)).select_related("user")
    return known.filter(issuer=claims.issuer, subject=claims.subject).first()


def _linked_by_address(claims: Claims, now: datetime) -> Identity:
    """The identity that the vouched address makes, once for each account and provider.

    Whoever inherits an address at the provider is another person there, and must not inherit the account.
    """
    found = active_account(claims.email) if claims.email else None
    person = User.objects.select_for_update().get(pk=found.pk) if found else None
    if person is not None and (made_meanwhile := _kept(claims)):
        return made_meanwhile
    if person is None or person.identities.filter(issuer=claims.issuer).exists():
        raise Refused(
            "identity_unknown",
            _(
                "There is no account for whoever signed in at the provider, or it does not confirm their address. "
                "Sign in another way, or ask whoever gives out accounts here."
            ),
        )
    return _link(person, claims, now)


def _link(person: User, claims: Claims, now: datetime) -> Identity:
    identity, _made = Identity.objects.update_or_create(
        issuer=claims.issuer,
        subject=claims.subject,
        defaults={"user": person, "email": claims.email, "linked_at": now, "unlinked_at": None},
    )
    audit.record("identity_linked", person, now=now, identity=identity.pk, issuer=claims.issuer)
    return identity
