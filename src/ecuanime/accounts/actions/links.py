"""Links that sign an account in once: sent by e-mail, short-lived, and dead when the account changes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import SignInLink, User, account_state
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.secrets import new_token, token_hash

VALID_FOR = {
    SignInLink.Purpose.SIGN_IN: timedelta(minutes=30),
    SignInLink.Purpose.INVITATION: timedelta(days=7),
}
MOST_PER_HOUR = 5


@transaction.atomic
def issue_sign_in_link(
    *, user: User, now: datetime, purpose: SignInLink.Purpose = SignInLink.Purpose.SIGN_IN
) -> str:
    """A new link's token, to be sent to the account's address; only its hash is kept.

    It works once, for 30 minutes (an invitation for 7 days), and while password, address and state of the account
    stay as they are. Refuses `account_closed`, and `too_many_links` after five within an hour.
    """
    person = User.objects.select_for_update().get(pk=user.pk)
    if not person.is_active:
        raise Refused(
            "account_closed", _("This account is closed, so no link was sent. Open it again first.")
        )
    if person.sign_in_links.filter(created_at__gt=now - timedelta(hours=1)).count() >= MOST_PER_HOUR:
        raise Refused(
            "too_many_links",
            _("Several links were sent within this hour. Use the last one, or wait an hour."),
        )
    token = new_token()
    link = SignInLink.objects.create(
        user=person,
        token_hash=token_hash(token),
        purpose=purpose,
        created_at=now,
        expires_at=now + VALID_FOR[purpose],
        account_state=account_state(person),
    )
    audit.record("sign_in_link_issued", person, now=now, purpose=purpose, link=link.pk)
    return token


@transaction.atomic
def redeem_sign_in_link(*, token: str, now: datetime) -> SignInLink:
    """Use the link up; its `user` may then be signed in (a second factor is still asked for, where there is one).

    Refuses `link_unusable` whatever the reason, so that a guess learns nothing.
    """
    link = (
        SignInLink.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(token_hash=token_hash(token))
        .first()
    )
    if link is None or not link.is_usable(now):
        raise Refused("link_unusable", _("This link no longer works: each works once and for a short time."))
    link.used_at = now
    link.save(update_fields=["used_at"])
    audit.record("sign_in_link_used", link.user, now=now, purpose=link.purpose, link=link.pk)
    return link
