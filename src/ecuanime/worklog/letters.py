"""The mails about time: asking the client to approve, reminding, answering, and telling supervisors what stands.

Each is written in the language of who gets it, into the outbox, in the caller's transaction, under a key that lets it
go out once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from ecuanime.accounts.models import Role, User
from ecuanime.accounts.queries import people_of_firm
from ecuanime.clients.models import Contact
from ecuanime.clients.queries import approvers_of
from ecuanime.delivery.actions import queue_mail
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation import formats
from ecuanime.staff.queries import the_firm
from ecuanime.worklog.figures import Figures, totals_of
from ecuanime.worklog.models import Cut, Decision, TimeEntry, Timer
from ecuanime.worklog.pending import preview

PORTAL_HOURS = "/portal/horas/aprobar/"


@dataclass(frozen=True)
class Letter:
    """What a mail says, in the language in force when it was written."""

    subject: str
    lines: Sequence[str]


def mail_cut(cut: Cut, entries: Sequence[TimeEntry], leads: Iterable[Contact], *, now: datetime) -> None:
    """Ask each project lead to approve these entries: what was done, what it takes and costs, and until when."""
    figures = preview(entries)

    def letter() -> Letter:
        subject = _("Work of %(day)s to approve: %(hours)s") % _heading(cut, entries, figures)
        return Letter(subject, _cut_text(cut, entries, figures))

    _to_contacts(leads, "cut", letter, key=f"cut:{cut.pk}:{now.isoformat()}", now=now)


def mail_reminder(cut: Cut, entries: Sequence[TimeEntry], *, now: datetime) -> None:
    """Remind the project leads, once, of what their contract does not let pass by silence."""
    figures = preview(entries)

    def letter() -> Letter:
        lines = [
            _("this work still waits for your approval. Until then it is not charged."),
            _list(entries, figures),
            _portal(),
        ]
        heading = _heading(cut, entries, figures)
        return Letter(_("Reminder: work of %(day)s to approve, %(hours)s") % heading, lines)

    leads = [person for person in approvers_of(cut.client, now=now) if person.email]
    _to_contacts(leads, "cut_reminder", letter, key=f"cut:{cut.pk}:reminder", now=now)


def mail_escalation(cut: Cut, entries: Sequence[TimeEntry], *, now: datetime) -> None:
    """Tell the supervisors what nobody of the client has answered in time: it stays unbilled until somebody acts."""
    figures = preview(entries)

    def letter() -> Letter:
        heading = _heading(cut, entries, figures) | {"client": cut.client.name}
        lines = [
            _("%(client)s has not answered in time about the work of %(day)s. It is not billed.") % heading,
            _list(entries, figures),
            _day_page(cut.day),
        ]
        return Letter(_("%(client)s: %(hours)s of %(day)s not approved in time") % heading, lines)

    key = f"cut:{cut.pk}:escalation:{cut.due_on}"
    _to_people(_supervisors(), "cut_escalation", letter, key=key, now=now)


def mail_dispute(entry: TimeEntry, contact: Contact, comment: str, *, now: datetime) -> None:
    """Tell the supervisors, and whose work it is, what the client does not recognise."""
    facts = _facts(entry) | {"contact": contact.name}

    def letter() -> Letter:
        lines = [
            _("%(contact)s (%(client)s) does not recognise the time on ticket #%(number)s, %(subject)s:")
            % facts,
            _quoted(comment),
            _("It alone is held; explain it, adjust it or reject it:"),
            _day_page(entry.cut.day if entry.cut else entry.work_on),
        ]
        return Letter(_("%(client)s does not recognise time on #%(number)s") % facts, lines)

    key = f"entry:{entry.pk}:dispute:v{entry.version}:{now.isoformat()}"
    _to_people({*_supervisors(), entry.user}, "dispute", letter, key=key, now=now)


def mail_answer(entry: TimeEntry, contact: Contact, explanation: str, *, now: datetime) -> None:
    """Bring the explanation to the contact who asked."""
    facts = _facts(entry)

    def letter() -> Letter:
        lines = [
            _("about the time on ticket #%(number)s, %(subject)s:") % facts,
            explanation,
            _("It waits for you again, to approve or not:"),
            _portal(),
        ]
        return Letter(_("Your question about ticket #%(number)s") % facts, lines)

    key = f"entry:{entry.pk}:answer:{now.isoformat()}"
    _to_contacts([contact], "dispute_answer", letter, key=key, now=now)


def mail_comment_to_client(
    entry: TimeEntry, contact: Contact, by: User, comment: Decision, *, now: datetime
) -> None:
    """Bring what the firm writes about a disputed entry to the contact who disputes it."""
    facts = _facts(entry) | {"by": by.name}

    def letter() -> Letter:
        lines = [
            _("%(by)s writes about the time on ticket #%(number)s, %(subject)s:") % facts,
            _quoted(comment.reason),
            _("It stays held. You can answer here:"),
            f"{_portal()}/trabajos/{entry.pk}/",
        ]
        return Letter(_("Your question about ticket #%(number)s") % facts, lines)

    _to_contacts([contact], "dispute_comment", letter, key=f"comment:{comment.pk}", now=now)


def mail_comment_to_firm(entry: TimeEntry, contact: Contact, comment: Decision, *, now: datetime) -> None:
    """Bring what the client writes about a disputed entry to the supervisors, and to whose work it is."""
    facts = _facts(entry) | {"contact": contact.name}

    def letter() -> Letter:
        lines = [
            _("%(contact)s (%(client)s) writes about the time on ticket #%(number)s, %(subject)s:") % facts,
            _quoted(comment.reason),
            f"{settings.ECUANIME_URL}/horas/entradas/{entry.pk}/",
        ]
        return Letter(_("%(client)s writes about time on #%(number)s") % facts, lines)

    people = {*_supervisors(), entry.user}
    _to_people(people, "dispute_comment", letter, key=f"comment:{comment.pk}", now=now)


def mail_about_timer(timer: Timer, by: User, *, now: datetime) -> None:
    """Ask the person of a running timer when that work ended."""
    started_at = timer.started_at.astimezone(_zone_of(timer.user))

    def letter() -> Letter:
        facts = {
            "by": by.name,
            "number": timer.ticket.number,
            "subject": timer.ticket.subject,
            "time": formats.time_of_day(started_at),
            "day": formats.day_year(started_at.date(), _locale()),
        }
        lines = [
            _("%(by)s asks: your timer on ticket #%(number)s, %(subject)s, runs since %(time)s of %(day)s.")
            % facts,
            _("When did that work end? Stop it here and say so:"),
            f"{settings.ECUANIME_URL}/horas",
        ]
        return Letter(_("Your timer on #%(number)s is still running") % facts, lines)

    _to_people([timer.user], "stuck_timer", letter, key=f"timer:{timer.pk}:asked", now=now)


def mail_caught(timer: Timer, proposed_end: datetime, *, now: datetime) -> None:
    """Tell the person whose timer the cut found running, and the end it proposes; once for each catch."""
    zone = _zone_of(timer.user)
    today = now.astimezone(zone).date()

    def letter() -> Letter:
        facts = {
            "number": timer.ticket.number,
            "subject": timer.ticket.subject,
            "start": formats.moment(timer.started_at.astimezone(zone), _locale(), today=today),
            "end": formats.moment(proposed_end.astimezone(zone), _locale(), today=today),
        }
        lines = [
            _("The daily cut found your timer on ticket #%(number)s, %(subject)s, running since %(start)s.")
            % facts,
            _("It looks as if that work ended at %(end)s. Nothing is recorded until you say so:") % facts,
            f"{settings.ECUANIME_URL}/cronometro/",
        ]
        return Letter(_("Your timer on #%(number)s is still running") % facts, lines)

    key = f"timer:{timer.pk}:caught:{now.isoformat()}"
    _to_people([timer.user], "stuck_timer", letter, key=key, now=now)


def _cut_text(cut: Cut, entries: Sequence[TimeEntry], figures: dict[int, Figures]) -> list[str]:
    due_on = formats.long_date(cut.due_on, _locale()) if cut.due_on else ""
    by_silence = {
        entry.contract.number
        for entry in entries
        if entry.contract and entry.contract.version.silence_is_consent
    }
    if by_silence:
        silence = _("What is not answered by then counts as approved, as contract %(contracts)s says.")
    else:
        silence = _("Nothing is charged without your approval.")
    facts = {"client": cut.client.name, "due": due_on, "contracts": ", ".join(sorted(by_silence))}
    return [
        _("this is the work for %(client)s that waits for your approval:") % facts,
        _list(entries, figures),
        _sums(entries, figures),
        _("You can answer until %(due)s.") % facts + " " + silence % facts,
        _(
            "There you see how each figure came to be, and can say what you do not recognise; it alone is held:"
        ),
        _portal(),
    ]


def _heading(cut: Cut, entries: Sequence[TimeEntry], figures: dict[int, Figures]) -> dict[str, str]:
    minutes = sum(figures[entry.pk].rounded_minutes for entry in entries if entry.pk in figures)
    return {
        "day": formats.day_year(cut.day, _locale()),
        "hours": formats.hours_of_minutes(minutes, _locale()),
    }


def _list(entries: Iterable[TimeEntry], figures: dict[int, Figures]) -> str:
    return "\n".join(_line(entry, figures.get(entry.pk)) for entry in entries)


def _line(entry: TimeEntry, figures: Figures | None) -> str:
    """One entry as a line: when, who, what, how long, and what it takes or costs."""
    facts = {
        "when": _when(entry),
        "who": entry.user.name,
        "number": entry.ticket.number,
        "subject": entry.ticket.subject,
        "worked": formats.hours_of_seconds(entry.elapsed_seconds, _locale()),
        "takes": _takes(figures) if figures else _("no contract yet"),
    }
    return _("- %(when)s, %(who)s: #%(number)s %(subject)s. Worked %(worked)s; %(takes)s.") % facts


def _when(entry: TimeEntry) -> str:
    day = formats.day_year(entry.work_on, _locale())
    if entry.started_at is None or entry.ended_at is None:
        return day
    zone = ZoneInfo(entry.client.time_zone)
    start, end = (formats.time_of_day(at.astimezone(zone)) for at in (entry.started_at, entry.ended_at))
    return f"{day} {start}–{end}"


def _takes(figures: Figures) -> str:
    """What approving would take out of packs and put on an invoice."""
    parts = [
        _("%(hours)s from %(lot)s") % {"hours": formats.hours_of_hundredths(quantity, _locale()), "lot": code}
        for code, quantity in figures.draws
    ]
    if figures.amount:
        money = formats.money(figures.amount_minor, figures.currency, _locale(figures.currency))
        parts.append(_("%(amount)s to be invoiced") % {"amount": money})
    if figures.held:
        hours = formats.hours_of_hundredths(figures.held, _locale())
        parts.append(_("%(hours)s beyond your pack, charged only if you consent") % {"hours": hours})
    return ", ".join(parts) or _("not charged")


def _sums(entries: Sequence[TimeEntry], figures: dict[int, Figures]) -> str:
    totals = totals_of((entry, figures.get(entry.pk)) for entry in entries)
    amounts = [formats.money(minor, currency, _locale(currency)) for currency, minor in totals.amounts]
    facts = {
        "hours": formats.hours_of_minutes(totals.rounded_minutes, _locale()),
        "drawn": formats.hours_of_hundredths(totals.drawn, _locale()),
        "amount": " + ".join(amounts),
    }
    if amounts:
        return (
            _("In all %(hours)s: %(drawn)s from your pack and %(amount)s to be invoiced, before tax.") % facts
        )
    return _("In all %(hours)s: %(drawn)s from your pack.") % facts


def _facts(entry: TimeEntry) -> dict[str, str | int]:
    ticket = entry.ticket
    return {"client": entry.client.name, "number": ticket.number, "subject": ticket.subject}


def _day_page(day: date) -> str:
    return f"{settings.ECUANIME_URL}/horas/{day.isoformat()}"


def _portal() -> str:
    return f"{settings.ECUANIME_URL}{PORTAL_HOURS}"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())


def _locale(currency: str = "") -> str:
    return formats.locale_for(get_language(), currency)


def _zone_of(person: User) -> ZoneInfo:
    return ZoneInfo(person.time_zone) if person.time_zone else the_firm().zone


def _supervisors() -> list[User]:
    return [person for person in people_of_firm() if person.has_role(Role.SUPERVISOR)]


def _to_contacts(
    contacts: Iterable[Contact], purpose: str, letter: Callable[[], Letter], *, key: str, now: datetime
) -> None:
    """Write to each contact who has an address, with a greeting and the firm's name below."""
    for contact in contacts:
        if contact.email:
            with override(contact.spoken):
                greeting = _("Hello %(name)s,") % {"name": contact.name}
                said = letter()
                said = Letter(said.subject, [greeting, *said.lines, the_firm().name])
            _mail(contact.email, f"contact:{contact.pk}", purpose, said, f"{key}:{contact.pk}", now)


def _to_people(
    people: Iterable[User], purpose: str, letter: Callable[[], Letter], *, key: str, now: datetime
) -> None:
    for person in people:
        with override(person.language):
            said = letter()
        _mail(person.email, f"user:{person.pk}", purpose, said, f"{key}:{person.pk}", now)


def _mail(address: str, subject_key: str, purpose: str, letter: Letter, key: str, now: datetime) -> None:
    queue_mail(
        kind=OutgoingMail.Kind.AUTOMATIC,
        purpose=purpose,
        to=[address],
        subject=letter.subject,
        text="\n\n".join(letter.lines),
        subject_key=subject_key,
        idempotency_key=key,
        now=now,
    )
