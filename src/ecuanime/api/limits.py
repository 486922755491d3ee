"""How many requests a token may make: so many a minute, counted in the database for all processes together."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from django.db import connection

from ecuanime.api.models import TokenUse

PER_MINUTE = 300
_WINDOW = timedelta(minutes=1)
_COUNT = f"""
INSERT INTO {TokenUse._meta.db_table} AS kept (token_hash, since, uses) VALUES (%(token)s, %(now)s, 1)
ON CONFLICT (token_hash) DO UPDATE SET
    since = CASE WHEN kept.since > %(start)s THEN kept.since ELSE %(now)s END,
    uses = CASE WHEN kept.since > %(start)s THEN kept.uses + 1 ELSE 1 END
RETURNING since, uses
"""  # noqa: S608  # one statement, so that no two requests count as one; the name is a table's of ours


def count_use(*, token_hash: str, now: datetime) -> int:
    """Count a request. The whole seconds until the next one is welcome, 0 while within the limit."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"token": token_hash, "now": now, "start": now - _WINDOW})
        since, uses = cast("tuple[datetime, int]", cursor.fetchone())
    if uses <= PER_MINUTE:
        return 0
    return max(1, -((now - since - _WINDOW) // timedelta(seconds=1)))
