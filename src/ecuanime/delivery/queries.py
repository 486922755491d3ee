"""Shared reads about the outbox and the mailboxes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from ecuanime.delivery.models import Mailbox, OutgoingMail, ReturnedAddress
from ecuanime.foundation.paging import Page, page_of
from ecuanime.foundation.prepared import prepared
from ecuanime.foundation.remembering import remembered

State = OutgoingMail.State

LATE_AFTER = timedelta(minutes=30)
COUNTED_UP_TO = 1000
NEWEST_FIRST = ("-created_at", "-id")


@dataclass(frozen=True)
class OutboxHealth:
    """How the outbox stands. Counts stop at 1,000; `late` mails have waited for half an hour or more."""

    waiting: int
    late: int
    oldest_at: datetime | None
    failed_last_week: int
    last_error: str

    @property
    def is_well(self) -> bool:
        """Nothing has waited for long."""
        return self.late == 0


def captured_mails(*, after: str = "", size: int = 50) -> Page[OutgoingMail]:
    """Mails kept instead of sent, the newest first, with their attachments."""
    return _page([State.CAPTURED], after, size)


def failed_mails(*, after: str = "", size: int = 50) -> Page[OutgoingMail]:
    """Mails that were given up, the newest first, with their attachments."""
    return _page([State.FAILED], after, size)


def bounced_mails(*, after: str = "", size: int = 50) -> Page[OutgoingMail]:
    """Mails that came back, the newest first, with their attachments."""
    return _page([State.BOUNCED], after, size)


def waiting_mails(*, after: str = "", size: int = 50) -> Page[OutgoingMail]:
    """Mails that have not left yet, the newest first, with their attachments."""
    return _page([State.QUEUED, State.SENDING], after, size)


def _page(states: list[str], after: str, size: int) -> Page[OutgoingMail]:
    rows = OutgoingMail.objects.filter(state__in=states).select_related("mailbox")
    return page_of(rows.prefetch_related("attachments"), order=NEWEST_FIRST, after=after, size=size)


def marked_addresses() -> QuerySet[ReturnedAddress]:
    """The addresses that mail came back from, the latest first, at most 100."""
    return ReturnedAddress.objects.select_related("mail").order_by("-returned_at", "-pk")[:100]


def outbox_health(now: datetime) -> OutboxHealth:
    """The state of the outbox for healthz and the doctor: four small queries."""
    waiting = OutgoingMail.objects.filter(state__in=[State.QUEUED, State.SENDING], next_due_at__isnull=False)
    failed = OutgoingMail.objects.filter(state=State.FAILED, created_at__gt=now - timedelta(days=7))
    oldest = waiting.order_by("created_at").values_list("created_at", "error").first()
    last = waiting.exclude(error="").order_by("-created_at").values_list("error", flat=True).first()
    return OutboxHealth(
        waiting=_count(waiting),
        late=_count(waiting.filter(created_at__lt=now - LATE_AFTER)),
        oldest_at=oldest[0] if oldest else None,
        failed_last_week=_count(failed),
        last_error=last or "",
    )


def _count(rows: QuerySet[OutgoingMail]) -> int:
    return rows.order_by()[:COUNTED_UP_TO].count()


def default_mailbox() -> Mailbox | None:
    """The active mailbox the firm writes from unless another is named."""
    return Mailbox.objects.filter(is_default=True, is_active=True).first()


@remembered
def own_addresses() -> frozenset[str]:
    """The addresses of all mailboxes with their aliases, active or not, in lower case."""
    return frozenset(each.lower() for address, aliases in _addresses() for each in (address, *aliases))


@prepared
def _addresses() -> QuerySet[Mailbox, tuple[str, list[str]]]:
    return Mailbox.objects.values_list("address", "aliases")


@remembered
def mailboxes_by_address() -> dict[str, Mailbox]:
    """The active mailboxes by each of their addresses in lower case; an address of its own goes before an alias."""
    boxes = list(Mailbox.objects.filter(is_active=True).order_by("pk"))
    known = {alias.lower(): box for box in boxes for alias in box.aliases}
    return known | {box.address.lower(): box for box in boxes}
