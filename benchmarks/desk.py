"""The desk at size: inbox, a saved view with counters, every page alike, tickets, search and the live question."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Min
from django.test import Client as Browser
from django.test.utils import override_settings

from benchmarks import floor
from benchmarks.many import RARE
from benchmarks.measure import Result, Work, in_turn, median_ms, statements_of
from ecuanime.accounts.models import Role, User
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.paging import page_of
from ecuanime.tickets.actions import keep_view
from ecuanime.tickets.models import Message, SavedView, SearchDocument, State, Ticket
from ecuanime.tickets.queries import Listing, View, listed
from ecuanime.web.desk.search import NEWEST

QUERIES = (
    "is:open priority:<=high",
    "is:open tag:banco-3 -assignee:none",
    'client:B-00042 "correo"',
    "created:>2026-01-01 is:unassigned is:open",
    "state:waiting_third area:none",
)
PAGES = 40
COMMON = "correo"
OLD = timedelta(days=30)


def desk() -> Result:
    """Figures beside the floor of the same run: `times` by the clock, `cpu_times` of our own processor time."""
    user = User.objects.filter(roles__contains=[Role.SUPERVISOR], is_active=True).order_by("pk")[0]
    browser = Browser(SERVER_NAME="localhost")
    browser.force_login(user)
    figures: Result = {"tickets": Ticket.objects.count(), "messages": Message.objects.count()}
    ticket = Ticket.objects.filter(state=State.OPEN).exclude(client=None).order_by("-last_message_at")[0]
    views = [_view(user, number, query) for number, query in enumerate(QUERIES)]
    pages = {
        "inbox": "/bandeja/abiertos/",
        "all_tickets": "/bandeja/todos/",
        "saved_view_with_counters": f"/bandeja/vista-{views[0].pk}/",
        "narrowed": "/bandeja/todos/?q=is:open+tag:banco-7+priority:1",
        "ticket": f"/tickets/{ticket.number}/",
        "ticket_from_list": f"/tickets/{ticket.number}/?vista=abiertos",
        **_searches(),
    }
    version = browser.get("/bandeja/abiertos/pulso/?t=").headers["X-Version"]
    pages["live_question"] = f"/bandeja/abiertos/pulso/?t=&v={version}"
    looks = {name: Work(partial(browser.get, path)) for name, path in pages.items()}
    medians = in_turn({"floor": _floor(user), **looks})
    for name, path in pages.items():
        medians[name] |= statements_of(browser, path, status=204 if name == "live_question" else 200)
    first = in_turn({"floor": _floor(user), **_first_looks(browser)})
    figures |= first | medians
    figures["pages_of_all_tickets_ms"] = _along(user)
    return figures


def _first_looks(browser: Browser) -> dict[str, Work]:
    """Tickets nobody has looked at yet, and a list whose every counter must be counted again."""
    numbers = iter(
        Ticket.objects.exclude(client=None)
        .order_by("last_message_at")
        .values_list("number", flat=True)[:1000]
    )

    def changed() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('tickets_version')")
        browser.get("/bandeja/abiertos/")

    return {
        "ticket_first_look": Work(lambda: browser.get(f"/tickets/{next(numbers)}/")),
        "inbox_after_a_change": Work(changed),
    }


def _searches() -> dict[str, str]:
    """A word of ten in 100,000 tickets, and one that stands in every seventh: the best, the latest and the oldest."""
    latest = f"/buscar/?{urlencode({'q': COMMON, 'orden': NEWEST})}"
    first = SearchDocument.objects.aggregate(first=Min("at"))["first"]
    old = SearchDocument.objects.filter(at__lt=first + OLD)
    cursor = page_of(old, order=("-at", "-id"), size=1).next
    return {
        "search_rare": f"/buscar/?{urlencode({'q': RARE})}",
        "search_common": f"/buscar/?{urlencode({'q': COMMON})}",
        "search_common_latest": latest,
        "search_common_oldest": f"{latest}&{urlencode({'d': cursor})}",
    }


def _view(user: User, number: int, query: str) -> SavedView:
    name = f"Banco {number}"
    kept = SavedView.objects.filter(owner=user, name=name).first()  # of an earlier run on the same data
    return keep_view(view=kept, by=user, name=name, query=query, now=read_clock())


def _floor(user: User) -> Work:
    """A look at the floor, which has settings of its own."""
    apart = override_settings(**floor.SETTINGS)
    browser = Browser(SERVER_NAME="localhost")
    with apart:
        browser.force_login(user)
    return Work(partial(browser.get, floor.PATH), apart)


def _along(user: User) -> Result:
    """The query of a list's first pages, and of those as far as 40 pages and at the list's end."""
    now = read_clock()

    def median(read: Callable[[], object]) -> float:
        return float(median_ms(read)["ms"])

    everything = Listing(View.ALL)
    after, medians = "", []
    for number in range(PAGES):
        if number in (0, PAGES // 2, PAGES - 1):
            medians.append(median(partial(listed, user, everything, now=now, after=after)))
        after = listed(user, everything, now=now, after=after).next
    ends = Listing(View.ALL, order="stalest")
    medians.append(median(partial(listed, user, ends, now=now)))
    return {"first_middle_last_end": medians, "spread": round(max(medians) / statistics.median(medians), 2)}
