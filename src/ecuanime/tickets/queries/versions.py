"""Versions of what the lists of the desk show: numbers that have moved when something has changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

LOCK = 7_315_021_964
"""Held, shared, by whoever has moved a version until their change can be read: see migration 0016."""
_ASKED = """
SELECT tickets_version.last_value, desk_version.last_value,
    CASE WHEN pg_try_advisory_lock(%s) THEN pg_advisory_unlock(%s) ELSE false END
FROM tickets_version, desk_version
"""


@dataclass(frozen=True)
class Versions:
    """`tickets` moves with every ticket, `around` with what stands around them: views, queues, macros, tags, people.

    Both move a moment before the change can be read; once `is_settled`, all that moved them can be.
    """

    tickets: int
    around: int
    is_settled: bool

    @property
    def of_all(self) -> tuple[int, int] | None:
        """What answers about tickets may be kept by; None when they may not be kept."""
        return (self.tickets, self.around) if self._holds else None

    @property
    def of_around(self) -> int | None:
        """The same for answers about what stands around them."""
        return self.around if self._holds else None

    @property
    def _holds(self) -> bool:
        """A transaction may see what nobody else does, and never will if it is rolled back."""
        return self.is_settled and not connection.in_atomic_block


def versions() -> Versions:
    """The versions now; asking costs the least that a query can."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [LOCK, LOCK])
        tickets, around, is_settled = cursor.fetchone() or (0, 0, False)
    return Versions(tickets, around, is_settled)
