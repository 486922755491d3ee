"""What the pages of the daily cut say: states, problems, warnings, limits, and the history of an entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.clients.models import Contact
from ecuanime.foundation import formats
from ecuanime.worklog.models import Decision, EntryState, TimeEntry
from ecuanime.worklog.queries import EntryLine


@dataclass(frozen=True)
class Mark:
    """A word with its icon and tone (ok, warn, bad, dash or none)."""

    text: str
    icon: str
    tone: str = ""


def state_of(entry: TimeEntry) -> Mark:
    """Where an entry stands, as a tag."""
    if entry.state == EntryState.REVIEWED and entry.told_at is None:
        return Mark(_("approved by us, not sent"), "send")
    return {
        EntryState.OPEN: Mark(_("not closed yet"), "clock-play", "dash"),
        EntryState.CLOSED: Mark(_("to be reviewed"), "clock-check"),
        EntryState.REVIEWED: Mark(_("waits for the client"), "hourglass-low", "warn"),
        EntryState.DISPUTED: Mark(_("disputed"), "message-question", "warn"),
        EntryState.APPROVED: Mark(_("approved"), "check", "ok"),
        EntryState.REJECTED: Mark(_("rejected"), "ban", "bad"),
        EntryState.SETTLED: Mark(_("brought over, settled"), "file-import", "dash"),
    }[EntryState(entry.state)]


def problems_of(line: EntryLine) -> list[str]:
    """What keeps an entry from being approved, each as a sentence."""
    words = {
        "no_contract": _("It has no contract yet, so nobody can approve it."),
        "no_rate": _("The contract has no rate for it, and no price is guessed."),
        "outside_contract": _("The contract was not in force when it was done."),
    }
    found = [words[code] for code in line.problems if code in words]
    return found + [_overlap(other) for other in line.overlaps if "overlap" in line.problems]


def _overlap(other: TimeEntry) -> str:
    facts = {"number": other.ticket.number, "times": times_of(other)}
    return _("It overlaps the time of the same person on #%(number)s, %(times)s.") % facts


def warnings_of(line: EntryLine) -> list[str]:
    """What the supervisor should look at; nothing of it keeps the entry from being approved."""
    words = {
        "no_evidence": _("nothing was written on the ticket that day"),
        "late": _("recorded late: done on an earlier day"),
        "consent": _("part of it would wait for the client's consent"),
        "self_approved": _("approved by its own person: nobody else could"),
    }
    return [words[code] for code in line.warnings if code in words]


def times_of(entry: TimeEntry) -> str:
    """`10:02–10:44` in the reader's zone, or empty without clock times."""
    if entry.started_at is None or entry.ended_at is None:
        return ""
    start, end = (formats.time_of_day(timezone.localtime(at)) for at in (entry.started_at, entry.ended_at))
    return f"{start}–{end}"


def approvers(leads: Sequence[Contact], currency: str) -> str:
    """Who approves for the client and up to how much of one day: `Jorge Mena, up to 5 h 00`."""
    return "; ".join(_approver(lead, currency) for lead in leads)


def _approver(lead: Contact, currency: str) -> str:
    limits = limits_of(lead, currency)
    return _("%(name)s, up to %(limits)s") % {"name": lead.name, "limits": limits} if limits else lead.name


def limits_of(lead: Contact, currency: str) -> str:
    """How much of one day a project lead may approve, `5 h 00, 200,00 €`; empty without limits."""
    return ", ".join(_limits(lead, currency))


def _limits(lead: Contact, currency: str) -> Iterable[str]:
    locale = formats.locale_for(get_language(), currency)
    if lead.approves_up_to_minutes is not None:
        yield formats.hours_of_minutes(lead.approves_up_to_minutes, locale)
    if lead.approves_up_to_amount is not None:
        yield formats.money(lead.approves_up_to_amount, currency, locale)


@dataclass(frozen=True)
class Happening:
    """A line of an entry's history, as `components/timeline.html` shows it."""

    at: datetime
    when: str
    icon: str
    text: str
    note: str = ""


_ICONS = {
    Decision.Kind.REVIEW: "check",
    Decision.Kind.ADJUST: "pencil",
    Decision.Kind.REJECT: "ban",
    Decision.Kind.APPROVE: "checks",
    Decision.Kind.DISPUTE: "message-question",
    Decision.Kind.SILENCE: "hourglass-empty",
    Decision.Kind.ANSWER: "message-reply",
    Decision.Kind.CONSENT: "thumb-up",
    Decision.Kind.FREE: "arrow-back-up",
    Decision.Kind.COMMENT: "message-2",
    Decision.Kind.CORRECT: "pencil",
}


def history_of(entry: TimeEntry, decisions: Sequence[Decision]) -> list[Happening]:
    """Everything that happened to an entry, the earliest first: recorded, closed, each decision, told to the client."""
    recorded = _("Recorded by %(name)s") % {"name": entry.user.name}
    if entry.state == EntryState.SETTLED:
        return [_happening(entry.created_at, "file-import", _("Brought over from a former program"))]
    # Who recorded a correction stands among its decisions: it may have been a supervisor.
    found = [] if entry.corrects_id else [_happening(entry.created_at, "clock", recorded)]
    if entry.cut is not None:
        found.append(_happening(entry.cut.closed_at, "lock", _("Closed by the daily cut")))
    if entry.told_at is not None:
        found.append(_happening(entry.told_at, "send", _("The client was asked to approve it")))
    found += [_decided(decision) for decision in decisions]
    return sorted(found, key=lambda one: one.at)


def _decided(decision: Decision) -> Happening:
    kind = Decision.Kind(decision.kind)
    who = decision.user.name if decision.user else decision.contact.name if decision.contact else ""
    facts = {"what": str(kind.label).capitalize(), "who": who}
    text = _("%(what)s: %(who)s") % facts if who else facts["what"]
    if decision.stands_for is not None:
        text += ", " + _("standing in for %(name)s") % {"name": decision.stands_for.name}
    return _happening(decision.at, _ICONS[kind], text, decision.reason)


def _happening(at: datetime, icon: str, text: str, note: str = "") -> Happening:
    locale = formats.locale_for(get_language())
    when = formats.moment(timezone.localtime(at), locale, today=timezone.localdate())
    return Happening(at, when, icon, text, note)
