"""Shared reads about the outbox and the mailboxes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ecuanime.delivery.models import Mailbox, OutgoingMail
from ecuanime.foundation.paging import Page


@dataclass(frozen=True)
class OutboxHealth:
    """How the outbox stands: what waits, since when, what has failed in the last week."""

    waiting: int
    overdue: int
    oldest_due_at: datetime | None
    failed_last_week: int
    last_error: str

    @property
    def is_well(self) -> bool:
        """Nothing has been due for long."""
        return self.overdue == 0


def captured_mails(*, after: str = "", size: int = 50) -> Page[OutgoingMail]:
    """Mails kept instead of sent, the newest first, with their attachments."""
    raise NotImplementedError


def failed_mails(*, after: str = "", size: int = 50) -> Page[OutgoingMail]:
    """Mails that were given up or came back, the newest first."""
    raise NotImplementedError


def waiting_mails(*, after: str = "", size: int = 50) -> Page[OutgoingMail]:
    """Mails that have not left yet, the newest first."""
    raise NotImplementedError


def outbox_health(now: datetime) -> OutboxHealth:
    """The state of the outbox for healthz and the doctor."""
    raise NotImplementedError


def default_mailbox() -> Mailbox | None:
    """The active mailbox the firm writes from unless another is named."""
    raise NotImplementedError


def own_addresses() -> frozenset[str]:
    """The addresses of all mailboxes, active or not, in lower case."""
    raise NotImplementedError
