"""The lists of mail: what stands on no ticket with its reason, and what leaves."""

from __future__ import annotations

import pytest
from django.test import Client as Browser

from ecuanime.accounts.models import Role
from ecuanime.channels.email.arrivals import store_arrival
from ecuanime.channels.models import ImapSource, IncomingMail
from ecuanime.delivery.actions import queue_mail
from ecuanime.delivery.models import OutgoingMail
from tests.factories import NOW, make_firm, make_mailbox, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Browser:
    """A supervisor who speaks English."""
    make_firm()
    make_mailbox()
    browser = Browser()
    browser.force_login(make_person(Role.SUPERVISOR, language="en"))
    return browser


def set_aside(number: int) -> IncomingMail:
    """A mail in quarantine."""
    arrival = store_arrival(raw=b"Subject: x\r\n\r\n%d" % number, origin="pipe", now=NOW)
    IncomingMail.objects.filter(pk=arrival.pk).update(state="quarantined", reason="timeout")
    return arrival


@pytest.mark.parametrize("count", [1, 3])
def test_quarantine_lists_reasons_at_a_constant_cost(
    browser: Browser, count: int, django_assert_num_queries: object
) -> None:
    for number in range(count):
        set_aside(number)
    with django_assert_num_queries(QUERIES_OF_A_LIST):  # type: ignore[operator]  # a fixture
        page = browser.get("/correo/entrante/cuarentena/")
    assert page.content.decode().count("Reading it took too long") == count


QUERIES_OF_A_LIST = 9  # one more on this shelf alone: what was too large to take in


def test_a_mail_is_downloaded_byte_for_byte_and_never_shown(browser: Browser) -> None:
    arrival = set_aside(1)
    answer = browser.get(f"/correo/entrante/{arrival.pk}/original/")
    assert answer.getvalue() == b"Subject: x\r\n\r\n1"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_mail_in_quarantine_can_be_read_again_or_refused(browser: Browser) -> None:
    first, second = set_aside(1), set_aside(2)
    browser.post(f"/correo/entrante/{first.pk}/releer/")
    browser.post(f"/correo/entrante/{second.pk}/descartar/")
    states = dict(IncomingMail.objects.values_list("pk", "state"))
    assert states == {first.pk: "stored", second.pk: "refused"}


def test_a_mail_on_a_ticket_is_not_reached_from_here(browser: Browser) -> None:
    arrival = set_aside(1)
    IncomingMail.objects.update(state="filed")
    assert browser.get(f"/correo/entrante/{arrival.pk}/original/").status_code == 404


def test_outgoing_mail_is_listed_read_and_sent_again(browser: Browser) -> None:
    mail = queue_mail(
        kind="personal", purpose="reply", to=["a@uno.example"], subject="Hola <b>", text="¡Ya!", now=NOW
    )
    OutgoingMail.objects.update(state="failed", error="550 no")
    listed = browser.get("/correo/saliente/sin-enviar/").content.decode()
    assert "Hola &lt;b&gt;" in listed
    assert "550 no" in listed
    assert "¡Ya!" in browser.get(f"/correo/saliente/{mail.pk}/carta/").content.decode()
    browser.post(f"/correo/saliente/{mail.pk}/reenviar/")
    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.QUEUED


def test_unknown_shelves_do_not_exist(browser: Browser) -> None:
    assert browser.get("/correo/entrante/nada/").status_code == 404
    assert browser.get("/correo/saliente/nada/").status_code == 404


def test_a_mail_that_signs_somebody_in_is_not_read_by_a_supervisor(browser: Browser) -> None:
    mail = queue_mail(
        kind="automatic", purpose="account", to=["a@uno.example"], subject="x", text="secret", now=NOW
    )
    assert "secret" not in browser.get(f"/correo/saliente/{mail.pk}/carta/").content.decode()
    browser.force_login(make_person(Role.ADMINISTRATOR))
    assert "secret" in browser.get(f"/correo/saliente/{mail.pk}/carta/").content.decode()


def test_mails_too_large_are_spoken_of_beside_the_quarantine(browser: Browser) -> None:
    ImapSource.objects.create(
        mailbox=make_mailbox(), host="imap.nodo.example", username="soporte", left_behind=[7, 9]
    )
    said = "2 mails at soporte@nodoalisio.example are too large to take in"
    assert said in browser.get("/correo/entrante/cuarentena/").content.decode()
    assert said not in browser.get("/correo/entrante/anotado/").content.decode()
