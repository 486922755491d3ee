"""What a probe is told, and the pages for what went wrong."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from ecuanime.billing.models import AgencySettings, Environment
from ecuanime.channels.models import ImapSource
from ecuanime.delivery.actions import queue_mail
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.clock import read_clock
from ecuanime.web.public import health
from tests.factories import make_firm, make_mailbox
from tests.factories.agency import make_sent
from tests.factories.billing import make_billing


def worker(seconds_ago: int) -> None:
    """A worker that was heard `seconds_ago`."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        seen = read_clock() - timedelta(seconds=seconds_ago)
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [seen])


@pytest.mark.django_db
def test_all_is_well(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    worker(5)
    with django_assert_max_num_queries(9):
        answer = client.get("/healthz")
    assert answer.status_code == 200
    part = {"ok": True}
    assert answer.json() == {
        "ok": True,
        "web": part,
        "database": part,
        "worker": part,
        "mail": part,
        "agency": part,
    }


@pytest.mark.django_db
def test_a_worker_that_is_missing_or_silent_shows(client: Client) -> None:
    assert client.get("/healthz").json()["worker"] == {"ok": False, "reason": "not running"}
    worker(300)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "silent" in answer.json()["worker"]["reason"]


@pytest.mark.django_db
def test_a_job_that_waits_too_long_shows(client: Client) -> None:
    worker(5)
    with connection.cursor() as cursor:
        due = read_clock() - timedelta(minutes=11)
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, scheduled_at)"
            " VALUES ('mail', 'x', '{}', 'todo', %s)",
            [due],
        )
    assert "waited" in client.get("/healthz").json()["worker"]["reason"]


@pytest.mark.django_db
def test_mail_that_does_not_come_or_leave_shows_without_saying_where(client: Client) -> None:
    worker(5)
    box = make_mailbox()
    source = ImapSource.objects.create(
        mailbox=box, host="imap.secret.example", username="u", password_sealed="s"
    )
    source.last_success_at = read_clock() - timedelta(minutes=21)
    source.save()
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert not answer.json()["mail"]["ok"]
    assert b"secret" not in answer.content
    source.delete()
    mail = queue_mail(
        kind="automatic", purpose="x", to=["a@b.example"], subject="s", text="t", now=read_clock()
    )
    assert client.get("/healthz").json()["mail"]["ok"]
    OutgoingMail.objects.filter(pk=mail.pk).update(
        attempts=3, created_at=read_clock() - timedelta(minutes=21)
    )
    assert not client.get("/healthz").json()["mail"]["ok"]


def test_a_database_that_does_not_answer_shows(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def cursor(self) -> None:
            raise DatabaseError("host=10.0.0.1 password=hunter2")

    monkeypatch.setattr(health, "connection", Broken())
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert not answer.json()["database"]["ok"]
    assert b"hunter2" not in answer.content


@pytest.mark.django_db
def test_robots_and_unknown_pages(client: Client) -> None:
    make_firm()
    assert b"Disallow: /" in client.get("/robots.txt").content
    assert client.get("/no-existe/").status_code == 404


@pytest.mark.django_db
def test_records_that_do_not_reach_the_tax_agency_show(client: Client) -> None:
    worker(5)
    billing = make_billing()
    billing.approved(5)
    make_sent(billing.issue(), now=read_clock() - timedelta(days=2))
    assert client.get("/healthz").json()["agency"] == {"ok": True}
    AgencySettings.objects.create(pk=1, environment=Environment.TEST)
    assert "more than a day" in client.get("/healthz").json()["agency"]["reason"]
