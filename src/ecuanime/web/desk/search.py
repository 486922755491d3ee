"""Search: tickets by number and by every word of them; clients and people by name."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ecuanime.accounts.models import User
from ecuanime.clients.queries import clients_named, people_named
from ecuanime.foundation.clock import read_clock
from ecuanime.tickets.access import visible_tickets
from ecuanime.tickets.filters import Query, Unreadable, matching, read_query
from ecuanime.tickets.models import Ticket
from ecuanime.tickets.queries import Found
from ecuanime.tickets.queries import search as search_tickets
from ecuanime.tickets.search_terms import number_in
from ecuanime.web.context import timer_of
from ecuanime.web.desk.rows import rows_of
from ecuanime.web.guards import StaffRequest, for_staff

TICKETS, OTHERS = 30, 10
NEWEST = "recientes"


@for_staff()
@require_safe
def search(request: StaffRequest) -> HttpResponse:
    """What was found, the best first or the latest; a ticket's number alone leads straight to it."""
    text = request.GET.get("q", "")[:200]
    number = number_in(text)
    if number is not None and visible_tickets(request.user).filter(number=number).exists():
        return redirect("ticket", number=number)
    newest, after = request.GET.get("orden") == NEWEST, request.GET.get("d", "")
    among, plain = _asked(request.user, text)
    found = search_tickets(request.user, plain, among=among, newest_first=newest, after=after, size=TICKETS)
    words, is_first = text.strip(), not after
    context = {
        "text": words,
        "hits": _rows(request, found),
        "clients": clients_named(request.user, words, limit=OTHERS) if words and is_first else [],
        "people": people_named(request.user, words, limit=OTHERS) if is_first else [],
        "says_nothing": bool(words) and not found.has_words,
        "newest": newest,
        "best_url": f"?{urlencode({'q': text})}",
        "newest_url": f"?{urlencode({'q': text, 'orden': NEWEST})}",
        "older_url": found.next and f"?{urlencode({'q': text, 'orden': NEWEST, 'd': found.next})}",
        "is_first": is_first,
    }
    return render(request, "desk/search.html", context)


def _asked(user: User, text: str) -> tuple[QuerySet[Ticket] | None, str]:
    """The tickets that the conditions of `text` leave, and its words; all is words where it is no query."""
    try:
        query = read_query(text)
        words = [term for term in query.terms if not term.key and not term.is_negated]
        conditions = Query(tuple(term for term in query.terms if term not in words))
        among = matching(user, conditions, now=read_clock()) if conditions.terms else None
    except Unreadable:
        return None, text
    said = " ".join(text[value.at : value.at + value.length] for term in words for value in term.values)
    return among, said + " " * (text != text.rstrip())


def _rows(request: StaffRequest, found: Found) -> list[dict[str, object]]:
    """The row of each ticket, as the inbox has it, with the piece of text that was found."""
    timer = timer_of(request)
    timed = timer.ticket_id if timer else None
    rows = rows_of([hit.ticket for hit in found.hits], request.user, now=read_clock(), timed=timed)
    return [{"row": row, "pieces": hit.pieces} for row, hit in zip(rows, found.hits, strict=True)]
