"""Walking all addresses: what the resolver knows, browsers of everybody, and what a request wrote."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.factories.world import World
from tests.web.access_matrix import PLACES, Row

PERSONS = (
    *("anonymous", "lead", "contact", "other_lead"),
    *("technician", "consultant", "supervisor", "billing", "administrator"),
)
# What a browser brings along is no row of the product's: its session, and the counters of the limits.
_BESIDE = ("django_session", "foundation_cache")
# As the view pg_stat_xact_user_tables counts, without its grouping of every index: it is asked twice for each request.
_WRITTEN = """
SELECT relname, written FROM (
    SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
        + pg_stat_get_xact_tuples_deleted(oid) AS written
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
) AS tables WHERE written > 0
"""


@cache
def patterns() -> dict[str, URLPattern]:
    """Every address of the product by its name, those of the API with `api:` before it."""
    return dict(_walk(get_resolver().url_patterns, ""))


def _walk(found: list[Any], space: str) -> Iterator[tuple[str, URLPattern]]:
    for each in found:
        if isinstance(each, URLResolver):
            inside = f"{space}{each.namespace}:" if each.namespace else space
            yield from _walk(each.url_patterns, inside)
        else:
            yield f"{space}{each.name}", each


def address_of(name: str, row: Row, world: World) -> str:
    """The address of a row, with client A's objects in its places."""
    bare = name.partition("#")[0]
    wanted = patterns()[bare].pattern.regex.groupindex
    return reverse(bare, kwargs={place: _place(place, row, world) for place in wanted})


def _place(place: str, row: Row, world: World) -> Any:
    path = row.places.get(place) or PLACES[place]
    return path[1:] if path.startswith("=") else attrgetter(path)(world)


@dataclass
class Walker:
    """Asks in the name of everybody; whatever a request does is undone after it."""

    world: World
    cookies: dict[str, Any] = field(default_factory=dict)
    handlers: dict[bool, Any] = field(default_factory=dict)
    seen: dict[tuple[str, str], Any] = field(default_factory=dict)

    def browser(self, who: str, *, is_api: bool = False, checks_csrf: bool = False) -> Client:
        """A fresh browser of this person, or their program."""
        browser = Client(enforce_csrf_checks=checks_csrf, raise_request_exception=False)
        # All share one chain of middleware: to build it takes longer than most answers.
        browser.handler = self.handlers.setdefault(checks_csrf, browser.handler)
        if is_api:
            known = self.world.tokens.get(who)
            browser.defaults |= {"HTTP_AUTHORIZATION": f"Bearer {known[1]}"} if known else {}
            browser.defaults |= {"HTTP_IDEMPOTENCY_KEY": "their-key"}
        elif who != "anonymous":
            if who not in self.cookies:
                browser.force_login(self.world.people[who])
                self.cookies[who] = browser.cookies
            browser.cookies = self.cookies[who].copy()
        return browser

    def ask(self, who: str, method: str, address: str, **options: Any) -> tuple[Any, dict[str, int]]:
        """The answer, and how many rows the request wrote by table."""
        browser = self.browser(who, is_api=address.startswith("/api/"), **options)
        with undone():
            before = _written()
            answer = getattr(browser, method)(address)
            content = b"".join(answer) if answer.streaming else answer.content
            after = _written()
        answer.text_seen = content.decode(errors="replace")
        changed = {table: after[table] - before.get(table, 0) for table in after}
        return answer, {table: rows for table, rows in changed.items() if rows and table not in _BESIDE}

    def look(self, who: str, address: str) -> Any:
        """What somebody gets to read there: asked once, since whatever others do meanwhile is undone."""
        if (who, address) not in self.seen:
            self.seen[who, address] = self.ask(who, "get", address)[0]
        return self.seen[who, address]


@contextmanager
def undone() -> Iterator[None]:
    """A savepoint that is always taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _written() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return dict(cursor.fetchall())


def is_refused(answer: Any) -> bool:
    """Whether somebody was not let in."""
    if answer.status_code in {401, 403, 404, 405}:
        return True
    return answer.status_code == 302 and answer["Location"].startswith("/cuenta/login/")
