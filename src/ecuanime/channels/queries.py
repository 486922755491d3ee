"""Shared reads about what came in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from ecuanime.channels.models import ImapSource, IncomingMail
from ecuanime.foundation.paging import Page, page_of

State = IncomingMail.State
NEWEST_FIRST = ("-received_at", "-id")
COUNTED_UP_TO = 1000
LATE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class IntakeHealth:
    """How intake stands: sources that fail, the last time each worked, and mails that wait to be read.

    `left_behind` says of each mailbox how many mails were too large to take in; they are whole at the server.
    """

    sources: int
    failing: tuple[tuple[str, str], ...]
    last_success_at: datetime | None
    unread: int
    quarantined: int
    left_behind: tuple[tuple[str, int], ...] = ()

    @property
    def is_well(self) -> bool:
        """Every mailbox answers and nothing waits for long."""
        return not self.failing and not self.unread


def arrivals(state: str, *, after: str = "", size: int = 50) -> Page[IncomingMail]:
    """Mails that ended in `state`, the newest first, with their ticket and mailbox."""
    rows = _rows().filter(state=state)
    return page_of(rows, order=NEWEST_FIRST, after=after, size=size)


def quarantined_count() -> int:
    """How many mails stand in quarantine; counts stop at 1,000."""
    return IncomingMail.objects.filter(state=State.QUARANTINED)[:COUNTED_UP_TO].count()


def intake_health(now: datetime) -> IntakeHealth:
    """What the health page and the doctor say about incoming mail."""
    sources = list(ImapSource.objects.select_related("mailbox").filter(is_active=True))
    waiting = IncomingMail.objects.filter(state=State.STORED, received_at__lt=now - LATE_AFTER)
    worked = [source.last_success_at for source in sources if source.last_success_at]
    return IntakeHealth(
        sources=len(sources),
        failing=tuple((source.mailbox.address, source.last_error) for source in sources if source.last_error),
        last_success_at=min(worked) if worked else None,
        unread=waiting[:COUNTED_UP_TO].count(),
        quarantined=quarantined_count(),
        left_behind=left_behind(sources),
    )


def left_behind(sources: Iterable[ImapSource] | None = None) -> tuple[tuple[str, int], ...]:
    """The mailboxes with mails at the server that were too large to take in, and how many each."""
    if sources is None:
        sources = ImapSource.objects.select_related("mailbox").filter(is_active=True).exclude(left_behind=[])
    return tuple(
        (source.mailbox.address, len(source.left_behind)) for source in sources if source.left_behind
    )


def _rows() -> QuerySet[IncomingMail]:
    return IncomingMail.objects.select_related("mailbox", "ticket", "raw")
