"""Administrators hear of records that do not arrive and of a certificate that runs out, each time once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from ecuanime.billing import jobs
from ecuanime.billing.actions.spain.agency import remove_certificate
from ecuanime.billing.packs.es.agency.telling import tell_expiry, tell_waiting
from ecuanime.notices.models import Notice
from tests.certificates import UNTIL
from tests.factories.agency import Sending, sending_firm

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def sending(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sending]:
    with sending_firm(monkeypatch) as made:
        yield made


def told() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("title", flat=True))


def test_a_record_that_waits_for_a_day_is_told_once_a_day(sending: Sending) -> None:
    sending.issue(2)
    tell_waiting(sending.now + DAY - timedelta(seconds=1))
    assert told() == []
    for hours in (24, 25, 48):
        tell_waiting(sending.now + timedelta(hours=hours))
    assert told() == ["2 invoice records have not reached the tax agency"] * 2
    assert {notice.user for notice in Notice.objects.all()} == {sending.admin}


def test_it_is_told_too_when_nothing_was_set_up(sending: Sending) -> None:
    sending.issue()
    remove_certificate(by=sending.admin, now=sending.now)
    tell_waiting(sending.now + DAY)
    assert told() == ["1 invoice record has not reached the tax agency"]


def test_what_was_sent_is_not_told(sending: Sending) -> None:
    sending.issue()
    sending.send()
    tell_waiting(sending.now + DAY)
    assert told() == []


def test_a_certificate_that_runs_out_is_told_30_7_and_1_days_before_and_when_it_has(sending: Sending) -> None:
    for days in (31, 30, 29, 8, 7, 2, 1, 0, -5):
        tell_expiry(UNTIL - days * DAY)
    assert told() == [
        "The certificate for the tax agency expires on 01/01/2036",
        "The certificate for the tax agency expires on 01/01/2036",
        "The certificate for the tax agency expires on 01/01/2036",
        "The certificate for the tax agency has expired",
    ]
    assert set(Notice.objects.values_list("url", flat=True)) == {"/facturas/fiscal/certificado/"}


def test_without_a_certificate_nothing_runs_out(sending: Sending) -> None:
    remove_certificate(by=sending.admin, now=sending.now)
    tell_expiry(UNTIL)
    assert told() == []


def test_the_regular_jobs_send_and_watch(sending: Sending, monkeypatch: pytest.MonkeyPatch) -> None:
    sending.issue()
    monkeypatch.setattr(jobs, "read_clock", lambda: sending.now + DAY)
    jobs.watch_agency(timestamp=0)
    jobs.send_records(timestamp=0)
    assert (len(told()), sending.agency.taken) == (1, sending.chained)
