"""Spain's tax agency on screen: what waits and why, what was sent and answered, and the certificate."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ecuanime.billing.actions.spain.agency import remove_certificate
from ecuanime.billing.models import AgencyCertificate, AgencySettings, Submission, Verdict
from tests.certificates import PASSWORD, of_company
from tests.factories.agency import Sending, sending_firm
from tests.factories.fiscal import FIRM_NIF

pytestmark = pytest.mark.django_db
SENDING, CERTIFICATE = "/facturas/fiscal/envios/", "/facturas/fiscal/certificado/"


@pytest.fixture
def sending(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sending]:
    with sending_firm(monkeypatch) as made:
        monkeypatch.setattr("ecuanime.web.office.spain.agency.read_clock", made.clock)
        yield made


@pytest.fixture
def clerk(sending: Sending) -> Client:
    client = Client()
    client.force_login(sending.billing.clerk)
    return client


@pytest.fixture
def admin(sending: Sending) -> Client:
    client = Client()
    client.force_login(sending.admin)
    return client


def page(client: Client, address: str = SENDING) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_waits_is_counted_and_why_nothing_leaves_is_said(sending: Sending, clerk: Client) -> None:
    assert "No record waits" in page(clerk)
    sending.issue(2)
    assert "2 records wait" in page(clerk)
    assert "Nothing leaves yet" not in page(clerk)
    remove_certificate(by=sending.admin, now=sending.now)
    shown = page(clerk)
    assert "Nothing leaves yet" in shown
    assert "There is no certificate" in shown
    assert "Ask an administrator" in shown


def test_a_failure_says_what_happened_and_can_be_tried_at_once(sending: Sending, clerk: Client) -> None:
    sending.issue()
    sending.agency.plan.append("503")
    sending.send()
    assert "cannot serve now (503)" in page(clerk)
    assert clerk.post(f"{SENDING}ya/").status_code == 302
    assert sending.send() == 1
    assert "cannot be reached" not in page(clerk)


def test_a_message_shows_its_receipt_and_the_agencys_words(sending: Sending, clerk: Client) -> None:
    first, second = sending.issue(2)
    sending.agency.refuses[first.number or ""] = (1100, "Valor o tipo incorrecto <b>")
    sending.send()
    listed = page(clerk)
    assert "A-000000000000001" in listed
    assert "Rejected: to be put right" in listed
    message = Submission.objects.get()
    shown = page(clerk, f"{SENDING}{message.pk}/")
    assert "Valor o tipo incorrecto &lt;b&gt;" in shown
    assert first.number in shown
    assert second.number in shown
    answer = clerk.get(f"{SENDING}{message.pk}/respuesta/")
    assert answer.content.decode() == message.answer
    assert "attachment" in answer["Content-Disposition"]


def test_the_agency_is_asked_from_the_record(sending: Sending, clerk: Client) -> None:
    sending.issue()
    sending.send()
    verdict = Verdict.objects.get()
    answer = clerk.post(f"/facturas/fiscal/consultas/{verdict.pk}/", follow=True)
    assert "the agency holds this very record: Correcto" in answer.content.decode()


def test_a_certificate_is_uploaded_and_its_key_is_on_no_page(sending: Sending, admin: Client) -> None:
    content = of_company(FIRM_NIF).pkcs12()
    sent = {"file": SimpleUploadedFile("firma.p12", content), "password": PASSWORD}
    assert admin.post(CERTIFICATE, sent).status_code == 302
    kept = AgencyCertificate.objects.get(retired_at=None)
    shown = page(admin, CERTIFICATE)
    assert kept.serial in shown
    assert "Prueba, S. L." in shown
    assert kept.key_sealed not in shown
    assert PASSWORD not in shown


@pytest.mark.parametrize(("name", "password"), [("firma.p12", "otra"), ("", PASSWORD)])
def test_a_file_that_does_not_open_says_what_to_do(
    sending: Sending, admin: Client, name: str, password: str
) -> None:
    before = AgencyCertificate.objects.get()
    file = {"file": SimpleUploadedFile(name, of_company(FIRM_NIF).pkcs12())} if name else {}
    answer = admin.post(CERTIFICATE, file | {"password": password})
    assert answer.status_code == 422
    assert password not in answer.content.decode()
    assert AgencyCertificate.objects.get() == before


def test_the_place_is_chosen_and_the_certificate_removed(sending: Sending, admin: Client) -> None:
    assert admin.post(f"{CERTIFICATE}destino/", {"environment": "test"}).status_code == 302
    assert AgencySettings.objects.get().environment == "test"
    assert "test environment" in page(admin)
    assert admin.post(f"{CERTIFICATE}destino/", {"environment": "moon"}).status_code == 422
    admin.post(f"{CERTIFICATE}quitar/")
    assert "There is none yet" in page(admin, CERTIFICATE)


def test_the_list_and_a_message_ask_the_same_at_one_row_and_at_three(sending: Sending, clerk: Client) -> None:
    def asked(address: str) -> int:
        clerk.get(address)
        with CaptureQueriesContext(connection) as queries:
            clerk.get(address)
        return len(queries)

    [first] = sending.issue()
    sending.agency.refuses[first.number or ""] = (1100, "no")
    sending.send()
    message = Submission.objects.get()
    listed, shown = asked(SENDING), asked(f"{SENDING}{message.pk}/")
    for invoice in sending.issue(3):
        sending.agency.refuses[invoice.number or ""] = (1100, "no")
    sending.now = sending.queue.not_before
    sending.send()
    last = Submission.objects.order_by("pk").last()
    assert (asked(SENDING), asked(f"{SENDING}{last.pk if last else 0}/")) == (listed, shown)
