"""One outage, many clients: a ticket becomes the cause of others, and one text answers all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.delivery.text import keepable, one_line
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.actions.common import leave_line, lock, refuse_closed
from ecuanime.tickets.actions.linking import set_parent
from ecuanime.tickets.actions.writing import reply
from ecuanime.tickets.letters import language_of
from ecuanime.tickets.models import OPEN_STATES, Message, Outage, OutageNotice, Ticket, ToldOnTicket


@dataclass(frozen=True)
class Told:
    """What became of a notice: the replies written now, and the tickets that got none, with why."""

    messages: list[Message]
    left_out: list[tuple[Ticket, str]]


@transaction.atomic
def declare_outage(*, ticket: Ticket, line_es: str, line_en: str, by: User, now: datetime) -> Outage:
    """Say that a ticket is the cause of those that hang on it, or change what their clients read meanwhile.

    Declared again after its end it lasts on. Refuses `closed`, `too_deep` (it hangs on another one) and `empty`.
    """
    ticket = lock(ticket)
    refuse_closed(ticket)
    if ticket.parent_id is not None:
        text = _("#%(number)s hangs on another ticket. Declare the outage there.")
        raise Refused("too_deep", text % {"number": ticket.number})
    lines = {"line_es": one_line(line_es, 200), "line_en": one_line(line_en, 200)}
    if not all(lines.values()):
        text = _("Write the line for the portal in both languages: each client reads their own.")
        raise Refused("empty", text)
    begun = {"began_at": now, "by": by, **lines}
    outage, is_new = Outage.objects.get_or_create(ticket=ticket, defaults=begun)
    if not is_new:
        Outage.objects.filter(pk=outage.pk).update(ended_at=None, **lines)
        outage.refresh_from_db()
    leave_line(ticket, "outage", "", outage.line_en, by=by, now=now)
    return outage


@transaction.atomic
def group_under(*, outage: Outage, tickets: Sequence[Ticket], by: User, now: datetime) -> list[Ticket]:
    """Put tickets, of whatever clients, under the outage. Refuses as `set_parent`, and then puts none."""
    return [set_parent(ticket=each, parent=outage.ticket, by=by, now=now) for each in tickets]


@transaction.atomic
def tell_all(*, outage: Outage, text_es: str, text_en: str, key: str, by: User, now: datetime) -> Told:
    """Answer every open ticket under the outage with one text, each in its client's language, as a reply of its own.

    The same `key` sends nothing twice, and reaches those that it had not reached. A ticket without an address is left
    out. Refuses `ended`, `nobody` and `empty` (the text of a language that somebody needs).
    """
    outage = Outage.objects.select_for_update(of=("self",)).select_related("ticket").get(pk=outage.pk)
    if outage.ended_at is not None:
        raise Refused("ended", _("This outage is over. Answer each ticket by itself, or declare it again."))
    related = ("client", "contact", "mailbox")
    open_ones = outage.ticket.children.filter(state__in=OPEN_STATES).select_related(*related)
    affected = list(open_ones.order_by("number"))
    if not affected:
        raise Refused("nobody", _("No open ticket hangs on this one: there is nobody to tell."))
    texts = {"es": keepable(text_es).strip(), "en": keepable(text_en).strip()}
    for ticket in affected:
        if not texts[_language(ticket)]:
            words = _("#%(number)s is read in a language in which there is no text yet. Write it too.")
            raise Refused("empty", words % {"number": ticket.number})
    given = {"outage": outage, "text_es": texts["es"], "text_en": texts["en"], "at": now, "by": by}
    notice, _is_new = OutageNotice.objects.get_or_create(key=key[:64], defaults=given)
    told = _reply_on(notice, affected, by=by, now=now)
    audit.record("outage_told", outage.ticket, now=now, notice=notice.pk, tickets=len(told.messages))
    return told


@transaction.atomic
def end_outage(*, outage: Outage, by: User, now: datetime) -> None:
    """Say that it is over: the line leaves the portal. Again it changes nothing."""
    if Outage.objects.filter(pk=outage.pk, ended_at=None).update(ended_at=now):
        leave_line(outage.ticket, "outage", outage.line_en, "", by=by, now=now)


def _reply_on(notice: OutageNotice, affected: Sequence[Ticket], *, by: User, now: datetime) -> Told:
    """A reply on each that the notice has not reached; what one refuses leaves the others alone."""
    reached = set(notice.told.values_list("ticket", flat=True))
    told = Told([], [])
    for ticket in affected:
        if ticket.pk in reached:
            continue
        text = notice.text_en if _language(ticket) == "en" else notice.text_es
        try:
            with transaction.atomic():
                message = reply(ticket=ticket, author=by, text=text, now=now)
                ToldOnTicket.objects.create(notice=notice, ticket=ticket, message=message)
        except Refused as refusal:
            told.left_out.append((ticket, str(refusal)))
        else:
            told.messages.append(message)
    return told


def _language(ticket: Ticket) -> str:
    """The one of the two languages of a notice that the ticket's people read."""
    return "en" if language_of(ticket).startswith("en") else "es"
