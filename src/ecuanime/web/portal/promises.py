"""What was promised about a request's time, in the client's words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ecuanime.rules.sla import Outcome
from ecuanime.tickets.models import Deadline, Ticket
from ecuanime.tickets.queries import deadlines_of
from ecuanime.web.components.deadlines import moment, promised_words


@dataclass(frozen=True)
class Promised:
    """One promised time: what, how much, and how it stands. Tones: ok, bad, warn or none."""

    label: str
    promised: str
    stands: str
    icon: str
    tone: str = ""


def promised_on(ticket: Ticket) -> list[Promised]:
    """What was promised about a request, and whether it was kept."""
    return [_promised(row) for row in deadlines_of(ticket)]


def _promised(row: Deadline) -> Promised:
    stands, icon, tone = _stands(row)
    content = row.promise.content if row.promise else {}
    return Promised(str(row.get_metric_display()), promised_words(row.minutes, content), stands, icon, tone)


def _stands(row: Deadline) -> tuple[str, str, str]:
    if row.outcome == Outcome.MET:
        return _("Done in time"), "circle-check", "ok"
    if row.outcome == Outcome.BREACHED and row.stopped_at is not None:
        return _("Done, later than promised"), "clock-exclamation", "warn"
    if row.outcome == Outcome.BREACHED and row.breached_at is not None:
        return _("Late: it was promised by %(at)s") % {"at": moment(row.breached_at)}, "alert-triangle", "bad"
    if row.outcome == Outcome.PAUSED:
        return _("Paused while it waits for your answer"), "player-pause", ""
    if row.due_at is None:
        return _("Under way"), "clock", ""
    return _("By %(at)s") % {"at": moment(row.due_at)}, "clock", ""
