"""Putting a ticket off until a moment of the firm's hours, or one's own, and bringing it back."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.tickets import actions
from ecuanime.tickets.access import DESK_ROLES
from ecuanime.tickets.snoozing import moment_of
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.desk.tickets import back_to_ticket, posted, ticket_or_404
from ecuanime.web.guards import StaffRequest, for_staff

PRESET_LABELS = {
    "later": gettext_lazy("In two hours"),
    "tomorrow": gettext_lazy("The next working day"),
    "next_week": gettext_lazy("Next week"),
    "in_two_weeks": gettext_lazy("In two weeks"),
}


@for_staff(*DESK_ROLES)
@posted
def snooze(request: StaffRequest, number: int) -> HttpResponse:
    """Put it off until a preset or a moment of one's own; with `wake`, bring it back."""
    ticket, now = ticket_or_404(request, number), read_clock()
    if "wake" in request.POST:
        actions.wake_ticket(ticket=ticket, by=request.user, now=now)
        return back_to_ticket(request, number)
    version = request.POST.get("version", "")
    try:
        put_off = actions.snooze(
            ticket=ticket,
            until=_moment(request, now),
            by=request.user,
            now=now,
            expected_version=int(version) if version.isdigit() and len(version) < 10 else None,
        )
    except Refused as refusal:
        say_refused(request, str(refusal))
    else:
        assert put_off.snoozed_until
        at = date_format(
            timezone.localtime(put_off.snoozed_until, request.firm.zone), "SHORT_DATETIME_FORMAT"
        )
        say(request, _("#%(number)s comes back on %(at)s") % {"number": number, "at": at})
    return back_to_ticket(request, number)


def _moment(request: StaffRequest, now: datetime) -> datetime:
    """The moment asked for; one's own is read on the firm's clock."""
    preset = request.POST.get("preset", "")
    if preset in PRESET_LABELS:
        return moment_of(preset, firm=request.firm, now=now)
    try:
        own = parse_datetime(request.POST.get("at", ""))
    except ValueError:
        own = None
    if own is None:
        raise Refused("no_moment", _("Say until when: choose a day and an hour."))
    return own if own.tzinfo else own.replace(tzinfo=request.firm.zone)
