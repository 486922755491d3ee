"""Keys with which a person's programs use the API."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import ApiToken, User
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.secrets import new_token, token_hash

PREFIX = "ecu_"
_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def issue_api_token(
    *,
    user: User,
    name: str,
    now: datetime,
    expires_at: datetime | None = None,
    scope: str = ApiToken.Scope.READ,
) -> tuple[ApiToken, str]:
    """A new key and its secret, which is shown this once; it only reads unless `scope` says more.

    Refuses `account_closed`, `no_name`, `already_expired`.
    """
    if not user.is_active:
        raise Refused("account_closed", _("This account is closed, so no token was made."))
    if not name.strip():
        raise Refused("no_name", _("Give the token a name, so that you know later which program uses it."))
    if expires_at is not None and expires_at <= now:
        raise Refused("already_expired", _("That date has passed. Choose a later one."))
    secret = PREFIX + new_token()
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        token_hash=token_hash(secret),
        scope=ApiToken.Scope(scope),
        created_at=now,
        expires_at=expires_at,
    )
    audit.record("api_token_issued", token, now=now, user=user.pk, name=token.name, scope=token.scope)
    return token, secret


@transaction.atomic
def revoke_api_token(*, token: ApiToken, now: datetime) -> ApiToken:
    """End the key at once; revoking it again changes nothing."""
    kept = ApiToken.objects.select_for_update().get(pk=token.pk)
    if kept.revoked_at is None:
        kept.revoked_at = now
        kept.save(update_fields=["revoked_at"])
        audit.record("api_token_revoked", kept, now=now, user=kept.user_id)
    return kept


def use_api_token(*, secret: str, now: datetime) -> ApiToken | None:
    """The key with its active account that `secret` opens, or None. Its last use is noted, to the minute."""
    token = ApiToken.objects.select_related("user").filter(token_hash=token_hash(secret)).first()
    if token is None or not token.is_usable(now) or not token.user.is_active:
        return None
    if token.last_used_at is None or now - token.last_used_at >= _NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token
