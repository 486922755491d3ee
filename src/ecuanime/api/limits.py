"""How many requests a token may make, and how many scenarios a person may have rated: so many a minute.

They are counted in the database, for all processes together.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from django.db import connection

from ecuanime.api.models import TokenUse
from ecuanime.foundation.secrets import token_hash as hash_of

PER_MINUTE = 300
SIMULATIONS_PER_MINUTE = 30
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
    return _count(token_hash, now, PER_MINUTE)


def count_simulation(*, user_id: int, now: datetime) -> int:
    """Count a scenario that a person wants rated, with whichever of their tokens. Answers as `count_use`."""
    return _count(hash_of(f"simulation:{user_id}"), now, SIMULATIONS_PER_MINUTE)


def _count(key: str, now: datetime, most: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"token": key, "now": now, "start": now - _WINDOW})
        since, uses = cast("tuple[datetime, int]", cursor.fetchone())
    if uses <= most:
        return 0
    return max(1, -((now - since - _WINDOW) // timedelta(seconds=1)))
