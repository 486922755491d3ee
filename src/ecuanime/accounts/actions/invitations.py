"""People brought into the firm's team, and helped back in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.actions.links import issue_sign_in_link
from ecuanime.accounts.actions.people import create_account
from ecuanime.accounts.letters import send_invitation
from ecuanime.accounts.models import Language, SignInLink, User
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused


@transaction.atomic
def invite_person(
    *, email: str, name: str, roles: Iterable[str], now: datetime, language: str = Language.ES
) -> User:
    """Make an account for a person of the firm and mail them a link, valid for 7 days, to choose a password.

    Refuses `no_role`, and as `create_account`.
    """
    wanted = list(roles)
    if not wanted:
        raise Refused("no_role", _("Choose at least one role: it decides what the person can see and do."))
    user = create_account(email=email, name=name, roles=wanted, language=language, now=now)
    _send(user, now)
    return user


@transaction.atomic
def invite_again(*, user: User, now: datetime) -> None:
    """Mail another link. Refuses `not_of_firm`, `account_closed` and `too_many_links`."""
    if not user.roles:
        raise Refused(
            "not_of_firm",
            _("This account belongs to a client's contact: invite them from the client's page."),
        )
    _send(user, now)


@transaction.atomic
def forget_second_factor(*, user: User, now: datetime) -> None:
    """Let somebody who lost their phone sign in without it; they can set another one up. Without one: nothing."""
    removed, _rows = Authenticator.objects.filter(user=user).delete()
    if removed:
        audit.record("second_factor_forgotten", user, now=now)


def _send(user: User, now: datetime) -> None:
    send_invitation(user, issue_sign_in_link(user=user, now=now, purpose=SignInLink.Purpose.INVITATION))
