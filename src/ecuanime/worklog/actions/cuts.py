"""The daily cut: closing a day for review, and asking each client for approval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.clients.models import Client
from ecuanime.clients.queries import approvers_of
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.rules.calendars import add_working_days, end_of_day, local_date
from ecuanime.staff.queries import holidays_between, the_firm, today_at_firm
from ecuanime.tickets.models import Ticket
from ecuanime.worklog import letters
from ecuanime.worklog.access import may_review_time
from ecuanime.worklog.actions.common import locked_entries, require_supervisor
from ecuanime.worklog.actions.timers import catch_timers
from ecuanime.worklog.events import CutSent, DayClosed
from ecuanime.worklog.models import ClosedDay, Cut, EntryState, TimeEntry, Timer
from ecuanime.worklog.queries.cuts import closing_of, has_come
from ecuanime.worklog.queries.day import overlaps_of, stuck_timers

_HOLIDAYS_AHEAD = timedelta(days=400)


@dataclass(frozen=True)
class CutReport:
    """What closing a day did: how many entries it closed, what stays open for an overlap, and timers still running."""

    closed: int
    overlapping: Sequence[TimeEntry]
    stuck: Sequence[Timer]


@transaction.atomic
def close_day(*, day: date, now: datetime, by: User | None = None) -> CutReport:
    """Close for review every open entry done up to `day`, into one Cut per client. Twice or at once is safe.

    Timers that were forgotten are caught: their people are asked when the work ended (`catch_timers`).
    Entries that overlap another of the same person stay open. A client whose cut of the day was already sent keeps
    later entries for the next day's cut. Without `by` the product does it at the firm's hour.
    Refused: `not_allowed`, `future` (the day has not begun in the firm's zone).
    """
    if by is not None:
        require_supervisor(may_review_time(by))
    firm = the_firm()
    if day > local_date(now, firm.time_zone):
        raise Refused("future", _("That day has not come yet, so it cannot be closed."))
    entries = _open_entries(day)
    overlaps = overlaps_of(entries)
    ready = [entry for entry in entries if entry.pk not in overlaps]
    _close(ready, day, now)
    has_closed = has_come(day, firm, now)
    catch_timers(cut_off=closing_of(day, firm) if has_closed else None, now=now)
    if has_closed:
        ClosedDay.objects.get_or_create(day=day, defaults={"closed_at": now})
        publish(DayClosed(day=day))
    return CutReport(
        closed=len(ready),
        overlapping=[entry for entry in entries if entry.pk in overlaps],
        stuck=[row.timer for row in stuck_timers(now)],
    )


@transaction.atomic
def close_ticket_time(*, ticket: Ticket, now: datetime) -> list[TimeEntry]:
    """Close one ticket's open entries for review at once, out of cycle, into the client's cut of today.

    Entries that overlap another of the same person stay open. Again it takes what was recorded since.
    """
    found = TimeEntry.objects.filter(state=EntryState.OPEN, ticket=ticket)
    entries = list(found.select_for_update(of=("self",), no_key=True).order_by("id"))
    overlaps = overlaps_of(entries)
    ready = [entry for entry in entries if entry.pk not in overlaps]
    _close(ready, today_at_firm(now), now)
    return ready


def _open_entries(day: date) -> list[TimeEntry]:
    """The open entries to be closed with a day, locked; those closed at once by somebody else fall out."""
    sent = Cut.objects.filter(day=day, sent_at__isnull=False).values("client")
    found = TimeEntry.objects.filter(state=EntryState.OPEN, work_on__lte=day).exclude(client__in=sent)
    locked = found.select_for_update(of=("self",), no_key=True).select_related("ticket", "user")
    return list(locked.order_by("id"))


def _close(entries: Sequence[TimeEntry], day: date, now: datetime) -> None:
    by_client: dict[int, list[int]] = {}
    for entry in entries:
        by_client.setdefault(entry.client_id, []).append(entry.pk)
    for client_id, ids in sorted(by_client.items()):
        cut, _created = Cut.objects.get_or_create(client_id=client_id, day=day, defaults={"closed_at": now})
        TimeEntry.objects.filter(pk__in=ids).update(state=EntryState.CLOSED, cut=cut)
        record("cut_closed", cut, now=now, day=day.isoformat(), entries=ids)


@transaction.atomic
def send_cut(*, client: Client, day: date, by: User, now: datetime) -> Cut:
    """Ask the client's project leads, and who stands in for one, to approve what was reviewed of that day's cut.

    Each gets a mail in their language.
    The term counts from this notice, in working days (`due_on`; of several contracts the longest). Entries reviewed
    later are sent by calling it again, and the term starts anew for all that waits.
    Refused: `not_allowed`, `no_cut`, `nothing_to_send`, `no_lead` (no project lead with an address).
    """
    require_supervisor(may_review_time(by))
    cut = Cut.objects.filter(client=client, day=day).first()
    if cut is None:
        raise Refused("no_cut", _("Nothing of this client was closed that day."))
    leads = [person for person in approvers_of(client, now=now) if person.email]
    if not leads:
        raise Refused(
            "no_lead",
            _("%(client)s has no project lead with an e-mail address. Name one among its contacts.")
            % {"client": client},
        )
    waiting = TimeEntry.objects.filter(cut=cut, state=EntryState.REVIEWED, told_at=None)
    entries = [
        entry
        for entry in locked_entries(waiting.values_list("pk", flat=True))
        if entry.state == EntryState.REVIEWED and entry.told_at is None
    ]
    if not entries:
        raise Refused(
            "nothing_to_send", _("Nothing of this cut waits to be sent. Approve its entries first.")
        )
    for entry in entries:
        entry.told_at = now
        entry.save(update_fields=["told_at"])
    cut.sent_at = now
    cut.save(update_fields=["sent_at"])
    cut = start_term(cut, now)
    letters.mail_cut(cut, entries, leads, now=now)
    record("cut_sent", cut, now=now, entries=[entry.pk for entry in entries], due_on=cut.due_on)
    publish(CutSent(cut_id=cut.pk, client_id=client.pk))
    return cut


def start_term(cut: Cut, now: datetime) -> Cut:
    """Start the client's term: so many working days from today, the longest its waiting contracts give.

    Days are counted in the client's time zone and skip weekends and the firm's holidays.
    """
    waiting = TimeEntry.objects.filter(cut=cut, state=EntryState.REVIEWED, contract__isnull=False)
    days = max(waiting.values_list("contract__version__approval_days", flat=True), default=0)
    zone = cut.client.time_zone
    today = local_date(now, zone)
    due_on = add_working_days(today, days, holidays_between(today, today + _HOLIDAYS_AHEAD))
    cut.due_on, cut.next_due_at = due_on, end_of_day(due_on, zone)
    cut.save(update_fields=["due_on", "next_due_at"])
    return cut
