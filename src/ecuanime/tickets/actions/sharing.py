"""What a ticket's clocks keep of a thread that it shared with another one, before a split or until a merge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ecuanime.rules.sla import History, stood_between
from ecuanime.tickets.clocks import ANSWERED, ASKED, BEGAN, SHARED, STOOD, history_of
from ecuanime.tickets.models import Ticket, TicketEvent, TicketPromise


def begin_earlier(ticket: Ticket, other: Ticket, told: History, *, at: datetime) -> None:
    """Let the clocks of `ticket` run from `at` on, before it was opened: till then it stood, and was promised, as
    `other`.

    `told` is the history of `other`. Nothing happens when the ticket was opened no later.
    """
    if at >= ticket.created_at:
        return
    stood = stood_between(told, at, ticket.created_at)
    _leave(ticket, other, [(at, BEGAN, ""), *((when, STOOD, state) for when, state in stood)])
    promised = other.promises.filter(since__lt=ticket.created_at)
    TicketPromise.objects.bulk_create(
        TicketPromise(ticket=ticket, promise_id=row.promise_id, since=row.since) for row in promised
    )


def keep_what_was_settled(
    ticket: Ticket, other: Ticket, told: History, *, waits_from: datetime | None
) -> None:
    """Let what was asked and answered on `ticket` count there still, though its messages went to `other`.

    `told` is its history before they went; what has waited since `waits_from` goes on waiting over there.
    """
    left = history_of(ticket)
    asked = [at for at in told.asked if at not in left.asked and (waits_from is None or at < waits_from)]
    answered = [at for at in told.answered if at not in left.answered]
    _leave(ticket, other, [*((at, ASKED, "") for at in asked), *((at, ANSWERED, "") for at in answered)])


def note_answered(ticket: Ticket, other: Ticket, *, now: datetime) -> None:
    """Note that all that was asked on it had been answered on `other`: no first response is due."""
    _leave(ticket, other, [(now, ANSWERED, "")])


def part_again(ticket: Ticket, other: Ticket) -> None:
    """Forget what `ticket` took over from `other`."""
    ticket.events.filter(field__in=SHARED, before=str(other.number)).delete()
    if not ticket.events.filter(field=BEGAN).exists():
        ticket.promises.filter(since__lt=ticket.created_at).delete()


def _leave(ticket: Ticket, other: Ticket, lines: Iterable[tuple[datetime, str, str]]) -> None:
    TicketEvent.objects.bulk_create(
        TicketEvent(ticket=ticket, at=at, field=field, before=str(other.number), after=after)
        for at, field, after in lines
    )
