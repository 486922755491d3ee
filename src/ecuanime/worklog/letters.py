"""The mails about time: asking the client to approve, reminding, answering, and telling supervisors what stands.

Each is written in the language of who gets it, into the outbox, in the caller's transaction, under a key that lets it
go out once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
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


def mail_cut(cut: Cut, entries: Sequence[TimeEntry], leads: Iterable[Contact], *, now: datetime) -> None:
    """Ask each project lead to approve these entries: what was done, what it takes and costs, and until when."""
    figures = preview(entries)
    for lead in leads:
        with override(lead.spoken):
            _mail_contact(
                lead,
                purpose="cut",
                subject=_("Work of %(day)s to approve: %(hours)s") % _heading(cut, entries, figures),
                text="\n\n".join(_cut_text(cut, lead, entries, figures)),
                key=f"cut:{cut.pk}:{now.isoformat()}:{lead.pk}",
                now=now,
            )


def mail_reminder(cut: Cut, entries: Sequence[TimeEntry], *, now: datetime) -> None:
    """Remind the project leads, once, of what their contract does not let pass by silence."""
    figures = preview(entries)
    for lead in (person for person in approvers_of(cut.client, now=now) if person.email):
        with override(lead.spoken):
            lines = [
                _greeting(lead),
                _("this work still waits for your approval. Until then it is not charged."),
                "\n".join(_line(entry, figures.get(entry.pk)) for entry in entries),
                _portal(),
                the_firm().name,
            ]
            _mail_contact(
                lead,
                purpose="cut_reminder",
                subject=_("Reminder: work of %(day)s to approve, %(hours)s")
                % _heading(cut, entries, figures),
                text="\n\n".join(lines),
                key=f"cut:{cut.pk}:reminder:{lead.pk}",
                now=now,
            )


def mail_escalation(cut: Cut, entries: Sequence[TimeEntry], *, now: datetime) -> None:
    """Tell the supervisors what nobody of the client has answered in time: it stays unbilled until somebody acts."""
    figures = preview(entries)
    for person in _supervisors():
        with override(person.language):
            heading = _heading(cut, entries, figures) | {"client": cut.client.name}
            lines = [
                _("%(client)s has not answered in time about the work of %(day)s. It is not billed.")
                % heading,
                "\n".join(_line(entry, figures.get(entry.pk)) for entry in entries),
                f"{settings.ECUANIME_URL}/horas/{cut.day.isoformat()}",
            ]
            _mail_person(
                person,
                purpose="cut_escalation",
                subject=_("%(client)s: %(hours)s of %(day)s not approved in time") % heading,
                text="\n\n".join(lines),
                key=f"cut:{cut.pk}:escalation:{cut.due_on}:{person.pk}",
                now=now,
            )


def mail_dispute(entry: TimeEntry, contact: Contact, comment: str, *, now: datetime) -> None:
    """Tell the supervisors, and whose work it is, what the client does not recognise."""
    day = entry.cut.day if entry.cut else entry.work_on
    for person in {*_supervisors(), entry.user}:
        with override(person.language):
            facts = {
                "contact": contact.name,
                "client": entry.client.name,
                "number": entry.ticket.number,
                "subject": entry.ticket.subject,
            }
            lines = [
                _("%(contact)s (%(client)s) does not recognise the time on ticket #%(number)s, %(subject)s:")
                % facts,
                _quoted(comment),
                _("It alone is held; explain it, adjust it or reject it:"),
                f"{settings.ECUANIME_URL}/horas/{day.isoformat()}",
            ]
            _mail_person(
                person,
                purpose="dispute",
                subject=_("%(client)s does not recognise time on #%(number)s") % facts,
                text="\n\n".join(lines),
                key=f"entry:{entry.pk}:dispute:v{entry.version}:{now.isoformat()}:{person.pk}",
                now=now,
            )


def mail_answer(entry: TimeEntry, contact: Contact, explanation: str, *, now: datetime) -> None:
    """Bring the explanation to the contact who asked."""
    if not contact.email:
        return
    with override(contact.spoken):
        facts = {"number": entry.ticket.number, "subject": entry.ticket.subject}
        lines = [
            _greeting(contact),
            _("about the time on ticket #%(number)s, %(subject)s:") % facts,
            explanation,
            _("It waits for you again, to approve or not:"),
            _portal(),
            the_firm().name,
        ]
        _mail_contact(
            contact,
            purpose="dispute_answer",
            subject=_("Your question about ticket #%(number)s") % facts,
            text="\n\n".join(lines),
            key=f"entry:{entry.pk}:answer:{now.isoformat()}",
            now=now,
        )


def mail_comment_to_client(
    entry: TimeEntry, contact: Contact, by: User, comment: Decision, *, now: datetime
) -> None:
    """Bring what the firm writes about a disputed entry to the contact who disputes it."""
    if not contact.email:
        return
    with override(contact.spoken):
        facts = {"by": by.name, "number": entry.ticket.number, "subject": entry.ticket.subject}
        lines = [
            _greeting(contact),
            _("%(by)s writes about the time on ticket #%(number)s, %(subject)s:") % facts,
            _quoted(comment.reason),
            _("It stays held. You can answer here:"),
            f"{_portal()}/trabajos/{entry.pk}/",
            the_firm().name,
        ]
        _mail_contact(
            contact,
            purpose="dispute_comment",
            subject=_("Your question about ticket #%(number)s") % facts,
            text="\n\n".join(lines),
            key=f"comment:{comment.pk}",
            now=now,
        )


def mail_comment_to_firm(entry: TimeEntry, contact: Contact, comment: Decision, *, now: datetime) -> None:
    """Bring what the client writes about a disputed entry to the supervisors, and to whose work it is."""
    for person in {*_supervisors(), entry.user}:
        with override(person.language):
            facts = {
                "contact": contact.name,
                "client": entry.client.name,
                "number": entry.ticket.number,
                "subject": entry.ticket.subject,
            }
            lines = [
                _("%(contact)s (%(client)s) writes about the time on ticket #%(number)s, %(subject)s:")
                % facts,
                _quoted(comment.reason),
                f"{settings.ECUANIME_URL}/horas/entradas/{entry.pk}/",
            ]
            _mail_person(
                person,
                purpose="dispute_comment",
                subject=_("%(client)s writes about time on #%(number)s") % facts,
                text="\n\n".join(lines),
                key=f"comment:{comment.pk}:{person.pk}",
                now=now,
            )


def mail_about_timer(timer: Timer, by: User, *, now: datetime) -> None:
    """Ask the person of a running timer when that work ended."""
    person = timer.user
    with override(person.language):
        facts = {
            "by": by.name,
            "number": timer.ticket.number,
            "subject": timer.ticket.subject,
            "time": formats.time_of_day(timer.started_at.astimezone(_zone_of(person))),
            "day": formats.day_year(timer.started_at.astimezone(_zone_of(person)).date(), _locale()),
        }
        lines = [
            _("%(by)s asks: your timer on ticket #%(number)s, %(subject)s, runs since %(time)s of %(day)s.")
            % facts,
            _("When did that work end? Stop it here and say so:"),
            f"{settings.ECUANIME_URL}/horas",
        ]
        _mail_person(
            person,
            purpose="stuck_timer",
            subject=_("Your timer on #%(number)s is still running") % facts,
            text="\n\n".join(lines),
            key=f"timer:{timer.pk}:asked",
            now=now,
        )


def mail_caught(timer: Timer, proposed_end: datetime, *, now: datetime) -> None:
    """Tell the person whose timer the cut found running, and the end it proposes; once for each catch."""
    person = timer.user
    zone = _zone_of(person)
    with override(person.language):
        facts = {
            "number": timer.ticket.number,
            "subject": timer.ticket.subject,
            "start": formats.moment(
                timer.started_at.astimezone(zone), _locale(), today=now.astimezone(zone).date()
            ),
            "end": formats.moment(
                proposed_end.astimezone(zone), _locale(), today=now.astimezone(zone).date()
            ),
        }
        lines = [
            _("The daily cut found your timer on ticket #%(number)s, %(subject)s, running since %(start)s.")
            % facts,
            _("It looks as if that work ended at %(end)s. Nothing is recorded until you say so:") % facts,
            f"{settings.ECUANIME_URL}/cronometro/",
        ]
        _mail_person(
            person,
            purpose="stuck_timer",
            subject=_("Your timer on #%(number)s is still running") % facts,
            text="\n\n".join(lines),
            key=f"timer:{timer.pk}:caught:{now.isoformat()}",
            now=now,
        )


def _cut_text(
    cut: Cut, lead: Contact, entries: Sequence[TimeEntry], figures: dict[int, Figures]
) -> list[str]:
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
    firm = the_firm().name
    facts = {"client": cut.client.name, "due": due_on, "contracts": ", ".join(sorted(by_silence))}
    return [
        _greeting(lead),
        _("this is the work for %(client)s that waits for your approval:") % facts,
        "\n".join(_line(entry, figures.get(entry.pk)) for entry in entries),
        _sums(entries, figures),
        _("You can answer until %(due)s.") % facts + " " + silence % facts,
        _(
            "There you see how each figure came to be, and can say what you do not recognise; it alone is held:"
        ),
        _portal(),
        firm,
    ]


def _heading(cut: Cut, entries: Sequence[TimeEntry], figures: dict[int, Figures]) -> dict[str, str]:
    minutes = sum(figures[entry.pk].rounded_minutes for entry in entries if entry.pk in figures)
    return {
        "day": formats.day_year(cut.day, _locale()),
        "hours": formats.hours_of_minutes(minutes, _locale()),
    }


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


def _greeting(contact: Contact) -> str:
    return _("Hello %(name)s,") % {"name": contact.name}


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


def _mail_contact(
    contact: Contact, *, purpose: str, subject: str, text: str, key: str, now: datetime
) -> None:
    _mail(contact.email, f"contact:{contact.pk}", purpose, subject, text, key, now)


def _mail_person(person: User, *, purpose: str, subject: str, text: str, key: str, now: datetime) -> None:
    _mail(person.email, f"user:{person.pk}", purpose, subject, text, key, now)


def _mail(
    address: str, subject_key: str, purpose: str, subject: str, text: str, key: str, now: datetime
) -> None:
    queue_mail(
        kind=OutgoingMail.Kind.AUTOMATIC,
        purpose=purpose,
        to=[address],
        subject=subject,
        text=text,
        subject_key=subject_key,
        idempotency_key=key,
        now=now,
    )
