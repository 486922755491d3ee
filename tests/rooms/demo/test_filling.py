"""Filling the demo in and taking it away: the same twice, nothing left behind, and never in the way of a real firm."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from ecuanime.accounts.setup import setup_is_open, setup_link
from ecuanime.billing.models import Invoice
from ecuanime.clients.models import Client
from ecuanime.demo.actions import Size, ask_for_demo, fill_demo
from ecuanime.demo.jobs import fill
from ecuanime.demo.progress import Stage, note_progress, progress
from ecuanime.demo.removal import LEFT_ALONE, remove_demo
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.models import StoredFile
from ecuanime.records.verify import CHECKS
from ecuanime.staff.models import Firm
from ecuanime.tickets.models import Message, Ticket, TicketCounter
from ecuanime.worklog.models import RatedEntry, TimeEntry
from tests.factories import make_client, make_firm, make_person
from tests.rooms.demo.conftest import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nothing_noted")]
TINY = Size(tickets=12, customers=6, days=21, pdfs=False)


def picture() -> str:
    """A hash over what a person would see: no ids, which go on counting, and nothing random on purpose (tokens)."""
    facts: list[object] = [
        *Ticket.objects.order_by("number").values_list(
            "number", "subject", "state", "priority", "waits_since"
        ),
        *Message.objects.order_by("pk").values_list("ticket__number", "kind", "text", "created_at"),
        *TimeEntry.objects.order_by("pk").values_list("user__name", "started_at", "ended_at", "state"),
        *RatedEntry.objects.order_by("pk").values_list(
            "entry__user__name", "entry__started_at", "drawn", "overage", "weighted"
        ),
        *Invoice.objects.order_by("pk").values_list("number", "total", "paid", "issued_on", "due_on"),
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def rows_left() -> dict[str, int]:
    """How many rows of a firm each table still has."""
    counts = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in LEFT_ALONE and model._meta.managed:
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
                (counts[model._meta.db_table],) = cursor.fetchone()
    return {table: count for table, count in counts.items() if count}


def test_the_same_instant_gives_the_same_firm_and_removal_leaves_nothing() -> None:
    fill_demo(now=NOW, size=TINY)
    first, digests = picture(), list(StoredFile.objects.values_list("sha256", flat=True))
    assert digests
    path = remove_demo()
    assert rows_left() == {"accounts_setuptoken": 1}
    assert not any((Path(settings.ECUANIME_FILES) / each[:2] / each[2:4] / each).exists() for each in digests)
    assert setup_is_open(path.strip("/").rpartition("/")[2])
    fill_demo(now=NOW, size=TINY)
    assert picture() == first
    fill_again_is_refused()
    remove_demo()


def fill_again_is_refused() -> None:
    """A second demo on top of the first changes nothing."""
    before = picture()
    with pytest.raises(Refused) as refusal:
        fill_demo(now=NOW, size=TINY)
    assert refusal.value.code == "firm_exists"
    assert picture() == before


def test_a_real_firm_is_neither_filled_nor_removed() -> None:
    make_firm()
    make_person()
    make_client()
    for act in (remove_demo, ask_for_demo, lambda: fill_demo(now=NOW, size=TINY)):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code in ("no_demo", "firm_exists")
    assert not Firm.objects.get().is_demo
    assert (Client.objects.count(), Ticket.objects.count()) == (1, 0)
    assert not ProcrastinateJob.objects.filter(task_name="demo.fill").exists()


def test_an_interruption_leaves_nothing() -> None:
    def cut_off(percent: int) -> None:
        if percent > 20:
            raise KeyboardInterrupt

    path = setup_link()
    assert path
    with pytest.raises(KeyboardInterrupt):
        fill_demo(now=NOW, size=TINY, told=cut_off)
    assert rows_left() == {"accounts_setuptoken": 1}
    assert setup_is_open(path.strip("/").rpartition("/")[2])


def test_asked_twice_it_is_queued_once_and_the_page_knows() -> None:
    ask_for_demo()
    ask_for_demo()
    assert ProcrastinateJob.objects.filter(task_name="demo.fill", status="todo").count() == 1
    noted = progress()
    assert noted is not None
    assert noted.stage == Stage.ASKED


def test_the_job_says_how_far_it_is_and_that_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[int] = []

    def small(*, now: datetime, told: object) -> None:
        assert callable(told)
        told(40)
        heard.append(40)

    monkeypatch.setattr("ecuanime.demo.jobs.fill_demo", small)
    fill()
    noted = progress()
    assert (heard, noted and noted.stage, noted and noted.percent) == ([40], Stage.DONE, 100)


def test_the_job_says_why_it_was_refused() -> None:
    make_firm()
    fill()
    noted = progress()
    assert noted is not None
    assert (noted.stage, noted.code) == (Stage.FAILED, "firm_exists")


def test_progress_is_forgotten_with_the_cache() -> None:
    note_progress(Stage.RUNNING, 12)
    cache.clear()
    assert progress() is None


def test_a_scale_multiplies_and_still_nothing_disagrees() -> None:
    fill_demo(now=NOW, size=Size(tickets=30, customers=14, days=30, pdfs=False), scale=3)
    assert Client.objects.count() == 42
    assert Ticket.objects.count() == 3 * 37
    assert TicketCounter.objects.get().last_number == Ticket.objects.latest("number").number
    assert RatedEntry.objects.filter(group__contains="#").exists()
    assert [fault for check in CHECKS for fault in check.faults()] == []
    remove_demo()
