"""The one-time set-up link: while there is no administrator, whoever holds it may become the first.

Every start of the product makes a new link and ends the one before, so that an old one lying in a log opens nothing.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import SetupToken
from ecuanime.accounts.queries import has_administrator
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.secrets import new_token, token_hash


@transaction.atomic
def setup_link() -> str | None:
    """The path of the set-up page with a fresh token, or None once there is an administrator."""
    if has_administrator():
        return None
    SetupToken.objects.filter(used_at=None).delete()
    token = new_token()
    SetupToken.objects.create(token_hash=token_hash(token), created_at=read_clock())
    return f"/inicio/{token}/"


def setup_is_open(token: str) -> bool:
    """Whether this token still opens the set-up."""
    return (
        not has_administrator()
        and SetupToken.objects.filter(token_hash=token_hash(token), used_at=None).exists()
    )


@transaction.atomic
def redeem_setup_token(*, token: str, now: datetime) -> None:
    """Use the token up, in the transaction that makes the administrator; it is whole again if that fails.

    Refuses `setup_closed` when it is not the current one, was used, or there is an administrator.
    """
    kept = SetupToken.objects.select_for_update().filter(token_hash=token_hash(token), used_at=None).first()
    if kept is None or has_administrator():
        raise Refused(
            "setup_closed",
            _("This set-up link no longer works. Start Ecuánime again to get another one, or sign in."),
        )
    kept.used_at = now
    kept.save(update_fields=["used_at"])
