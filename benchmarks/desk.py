"""The desk at size: inbox, a saved view with counters, every page alike, the ticket page and the live question."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from functools import partial

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext, override_settings

from benchmarks import floor
from benchmarks.measure import Result, median_ms
from ecuanime.accounts.models import Role, User
from ecuanime.foundation.clock import read_clock
from ecuanime.tickets.actions import keep_view
from ecuanime.tickets.models import Message, SavedView, State, Ticket
from ecuanime.tickets.queries import Listing, View, listed

QUERIES = (
    "is:open priority:<=high",
    "is:open tag:banco-3 -assignee:none",
    'client:B-00042 "correo"',
    "created:>2026-01-01 is:unassigned is:open",
    "state:waiting_third area:none",
)
PAGES = 40


def desk() -> Result:
    """Figures beside the floor of the same run; `times` is how many times the floor a page takes by the clock."""
    user = User.objects.filter(roles__contains=[Role.SUPERVISOR], is_active=True).order_by("pk")[0]
    browser = Browser(SERVER_NAME="localhost")
    browser.force_login(user)
    bottom = _floor(user)
    figures: Result = {
        "tickets": Ticket.objects.count(),
        "messages": Message.objects.count(),
        "floor": bottom,
    }
    ticket = Ticket.objects.filter(state=State.OPEN).exclude(client=None).order_by("-last_message_at")[0]
    views = [_view(user, number, query) for number, query in enumerate(QUERIES)]
    pages = {
        "inbox": "/bandeja/abiertos/",
        "all_tickets": "/bandeja/todos/",
        "saved_view_with_counters": f"/bandeja/vista-{views[0].pk}/",
        "narrowed": "/bandeja/todos/?q=is:open+tag:banco-7+priority:1",
        "ticket": f"/tickets/{ticket.number}/",
    }
    for name, path in pages.items():
        figures[name] = _page(browser, path, bottom)
    version = browser.get("/bandeja/abiertos/pulso/?t=").headers["X-Version"]
    figures["live_question"] = _page(browser, f"/bandeja/abiertos/pulso/?t=&v={version}", bottom, status=204)
    figures["pages_of_all_tickets_ms"] = _along(user)
    return figures


def _view(user: User, number: int, query: str) -> SavedView:
    return keep_view(view=None, by=user, name=f"Banco {number}", query=query, now=read_clock())


def _floor(user: User) -> Result:
    with override_settings(ROOT_URLCONF=floor.__name__, MIDDLEWARE=floor.MIDDLEWARE):
        browser = Browser(SERVER_NAME="localhost")
        browser.force_login(user)
        return _page(browser, "/suelo/", None)


def _page(browser: Browser, path: str, bottom: Result | None, *, status: int = 200) -> Result:
    answer = browser.get(path)
    if answer.status_code != status:
        raise RuntimeError(f"{path} answers {answer.status_code}")
    with CaptureQueriesContext(connection) as queries:
        browser.get(path)
    taken: Result = {"queries": len(queries)} | median_ms(partial(browser.get, path))
    return taken | {"times": round(taken["ms"] / bottom["ms"], 1)} if bottom else taken


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
