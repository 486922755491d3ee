"""Work as the client reads it: who, what, when, how long, what it takes or costs, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from ecuanime.billing.access import contact_sees_invoices
from ecuanime.clients.models import Contact
from ecuanime.web.components.hours import Mark, times_of
from ecuanime.web.components.traces import Teller
from ecuanime.worklog.figures import Totals
from ecuanime.worklog.models import EntryState
from ecuanime.worklog.queries import AwaitingDay, EntryLine, totals_of_lines
from ecuanime.worklog.words import Told


@dataclass(frozen=True)
class WorkLine:
    """An entry as the contact may see it. `seen` is what approving it posts.

    `amount` is None where money is not theirs to see, `request_url` empty when the request is not theirs to read.
    """

    line: EntryLine
    times: str
    state: Mark
    reason: str
    steps: Sequence[Told]
    amount: int | None
    seen: str
    waits: bool
    needs_consent: bool
    request_url: str


@dataclass(frozen=True)
class Day:
    """What waits of one day's cut: `totals` are those of the lines that can be approved now; late past its term."""

    awaiting: AwaitingDay
    lines: Sequence[WorkLine]
    totals: Totals
    count: int
    is_late: bool


def work_lines(contact: Contact, lines: Iterable[EntryLine]) -> list[WorkLine]:
    """These entries as the contact may see them; one query however many they are."""
    listed = list(lines)
    teller = Teller.of(listed)
    with_money = contact_sees_invoices(contact)
    return [_work_line(contact, line, teller, with_money) for line in listed]


def _work_line(contact: Contact, line: EntryLine, teller: Teller, with_money: bool) -> WorkLine:
    entry, figures, contract = line.entry, line.figures, line.entry.contract
    zone = contract.time_zone if contract else "UTC"
    with_left = contract is not None and contract.client_sees_hours
    may_read = contact.is_project_lead or entry.ticket.contact_id == contact.pk
    consents = figures is not None and figures.is_final and figures.asks_consent
    return WorkLine(
        line=line,
        times=times_of(entry),
        state=_state(line),
        reason=teller.reason(figures.trace, zone) if figures else "",
        steps=teller.steps(figures.trace, zone, with_left=with_left, with_money=with_money)
        if figures
        else (),
        amount=figures.amount_minor if figures and figures.amount and with_money else None,
        seen=f"{entry.pk}:{entry.version}",
        waits=entry.state == EntryState.REVIEWED and entry.told_at is not None,
        needs_consent=consents,
        request_url=reverse("portal_request", args=[entry.ticket.number]) if may_read else "",
    )


def _state(line: EntryLine) -> Mark:
    if line.entry.state == EntryState.APPROVED:
        return Mark(_("approved"), "check", "ok")
    if line.entry.state == EntryState.SETTLED:
        return Mark(_("settled before"), "file-import", "dash")
    if line.entry.state == EntryState.DISPUTED:
        return Mark(_("not recognised: it waits for our answer"), "message-question", "warn")
    return Mark(_("to approve"), "hourglass-low", "warn")


def days_of(contact: Contact, awaiting: Sequence[AwaitingDay], today: date) -> list[Day]:
    """What waits for a project lead, day by day; last those where only our answer is missing."""
    shown = iter(work_lines(contact, (line for day in awaiting for line in day.lines)))
    days = []
    for day in awaiting:
        lines = [next(shown) for _line in day.lines]
        open_lines = [one.line for one in lines if one.waits]
        is_late = day.due_on is not None and day.due_on < today
        days.append(Day(day, lines, totals_of_lines(open_lines), len(open_lines), is_late))
    return sorted(days, key=lambda day: day.count == 0)
