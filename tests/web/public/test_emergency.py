"""The public form for emergencies, and a case by its link, as they are seen and answered."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from ecuanime.billing.models import CardCheckout
from ecuanime.delivery.models import OutgoingMail
from ecuanime.emergencies.models import CaseLink, Emergency, OnAlert, PublicDeclaration
from ecuanime.rules.express import Document
from ecuanime.staff.models import Competence, ProductArea
from ecuanime.tickets.models import Ticket
from tests.factories import make_calendar
from tests.factories.billing import with_address
from tests.factories.cards import double_of_stripe, set_up
from tests.factories.emergencies import STRUCK, Scene, make_scene
from tests.web.pages import Page

pytestmark = pytest.mark.django_db

SAID = {
    "facts": "No hay correo.",
    "desired": "Llega el correo.",
    "firm": "Fundiciones Ruano",
    "name": "Elena Ruano",
    "email": "elena@ruano.example",
    "phone": "+34 600 000 001",
}
THEIRS = {
    "legal_name": "Fundiciones Ruano SL",
    "tax_id": "IE6388047V",
    "address": "Calle Larga, 4",
    "city": "Galway",
    "country": "IE",
}


@pytest.fixture
def scene(time_machine: Any) -> Scene:
    cache.clear()
    time_machine.move_to(STRUCK, tick=False)
    return make_scene(takes_strangers=True)


def read(response: Any) -> str:
    """A page's text, which nothing forbidden stands in."""
    text = str(response.content.decode())
    assert Page(text).faults == []
    return text.replace("\xa0", " ").replace("US$", "$")


def declare(client: Browser, scene: Scene, time_machine: Any, **changes: Any) -> Any:
    """The form is read, and sent ten seconds later."""
    seen = read(client.get("/urgencia/")).split('name="seen" value="')[1].split('"')[0]
    time_machine.shift(10)
    return client.post("/urgencia/", SAID | {"area": scene.area.pk, "seen": seen} | changes)


def link_in_mail() -> str:
    return OutgoingMail.objects.latest("pk").text.split("http://testserver")[1].split()[0]


def arrive(client: Browser, scene: Scene, time_machine: Any) -> str:
    """A stranger has declared and proved it; where their case is."""
    declare(client, scene, time_machine)
    where = client.post(link_in_mail()).headers["Location"]
    scene.case = Emergency.objects.latest("pk")
    return str(where)


def test_from_the_form_to_acceptance_and_proof_without_an_account(
    client: Browser, scene: Scene, time_machine: Any
) -> None:
    page = read(client.get("/urgencia/", headers={"Accept-Language": "en"}))
    assert "at any hour, every day" in page
    assert "$35.00" in page
    assert "$25.00" in page
    assert declare(client, scene, time_machine, desired="").status_code == 422
    assert declare(client, scene, time_machine).headers["Location"] == "/urgencia/enviada/"
    proof = link_in_mail()
    assert read(client.get(proof))
    assert not Ticket.objects.exists(), "a scanner that opens links declares nothing"
    where = client.post(proof).headers["Location"]
    assert where == client.post(proof).headers["Location"]
    scene.case, scene.now = Emergency.objects.get(), STRUCK + timedelta(minutes=5)
    assert "60 min" in read(client.get(where))
    client.post(where, {"do": "write", "body": "Es desde anoche."})
    assert "Es desde anoche." in read(client.get(where))
    assert client.post(where, {"do": "write", "body": " "}).status_code == 422
    scene.answer()
    page = read(client.get(where, headers={"Accept-Language": "en"}))
    assert "2 hours at the Express rate" in page
    assert 'value="accept" disabled' in page
    assert client.post(where, {"do": "identity"} | THEIRS | {"tax_id": ""}).status_code == 422
    client.post(where, {"do": "identity"} | THEIRS)
    own = SimpleUploadedFile("acuerdo.pdf", b"%PDF-1.7 suyo")
    client.post(where, {"do": "agreement", "files": own})
    assert client.get(f"{where}confidencialidad/").status_code == 200
    page = read(client.get(where, headers={"Accept-Language": "es"}))
    assert "acuerdo.pdf" in page
    found = re.search(r'name="text_sha256" value="(\w{64})"', page)
    assert found
    accept = {"do": "accept", "text_sha256": found[1], "ceiling": "500"}
    refused = client.post(where, accept, headers={"Accept-Language": "es"})
    assert refused.status_code == 422, "whoever accepts says who they are"
    assert 'value="500"' in read(refused), "nothing typed is lost"
    client.post(where, accept | {"name": "Elena R. Ruano"}, headers={"Accept-Language": "es"})
    scene.again()
    assert (scene.case.stage, scene.case.acceptance.name) == ("guarantee_due", "Elena R. Ruano")
    assert b"".join(client.get(f"{where}acuerdo/").streaming_content)[:5] == b"%PDF-"  # type: ignore[attr-defined]  # a file
    page = read(client.get(where, headers={"Accept-Language": "en"}))
    assert "The guarantee is due" in page
    assert "F-2026-0001" in page
    client.post(where, {"do": "proof", "files": SimpleUploadedFile("pago.pdf", b"%PDF-1.4")})
    assert scene.again().proof_name == "pago.pdf"


def test_an_answer_seconds_after_the_hour_is_late_wherever_it_stands(
    client: Browser, scene: Scene, time_machine: Any
) -> None:
    where = arrive(client, scene, time_machine)
    scene.now = scene.case.declared_at + timedelta(minutes=50, seconds=30)
    scene.answer()
    page = read(client.get(where, headers={"Accept-Language": "en"}))
    assert page.count("answered late, after 61 min") == 2, "by the clock and among the steps"
    assert "answered in" not in page


def test_programs_are_thanked_and_forgotten_and_the_hurried_are_held_back(
    client: Browser, scene: Scene, time_machine: Any
) -> None:
    sent = declare(client, scene, time_machine, website="http://malo.example")
    assert sent.headers["Location"] == "/urgencia/enviada/"
    assert not PublicDeclaration.objects.exists()
    tries = [
        declare(client, scene, time_machine, email=f"x{one}@fuera.example").status_code for one in range(11)
    ]
    assert tries[-2:] == [429, 429]


def test_the_form_says_first_that_nobody_is_there(client: Browser, scene: Scene, time_machine: Any) -> None:
    scene.service.calendar = make_calendar()
    scene.service.save()
    page = read(client.get("/urgencia/", headers={"Accept-Language": "en"}))
    assert page.index("These are not our Express hours") < page.index("What will happen")
    where = arrive(client, scene, time_machine)
    assert not scene.case.alerts.exists()
    assert client.get(where).status_code == 200
    scene.service.calendar = None
    scene.service.save()
    OnAlert.objects.all().delete()
    page = read(client.get("/urgencia/", headers={"Accept-Language": "en"}))
    assert "Nobody is listed for emergencies now" in page
    assert "new_facts" not in page


def test_the_form_and_a_case_cost_the_same_with_one_and_with_three(
    client: Browser, scene: Scene, time_machine: Any
) -> None:
    where = arrive(client, scene, time_machine)
    once = [count_queries(client, "/urgencia/"), count_queries(client, where)]
    for code in ("red", "correo"):
        area = ProductArea.objects.create(code=code, name=code)
        Competence.objects.create(area=area, user=scene.expert)
        OnAlert.objects.create(area=area, user=scene.expert, position=1)
        client.post(where, {"do": "write", "body": "Otra cosa."})
    assert "correo" in read(client.get("/urgencia/"))
    assert [count_queries(client, "/urgencia/"), count_queries(client, where)] == once


def count_queries(client: Browser, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_door_stands_where_the_firm_opens_it(client: Browser, scene: Scene) -> None:
    assert 'href="/urgencia/"' in read(client.get("/cuenta/login/"))
    scene.service.takes_strangers = False
    scene.service.save()
    assert 'href="/urgencia/"' not in read(client.get("/cuenta/login/"))
    assert (client.get("/urgencia/").status_code, client.get("/urgencia/enviada/").status_code) == (404, 404)


def test_a_link_opens_one_case_until_it_ends_or_is_taken_away(
    client: Browser, scene: Scene, time_machine: Any
) -> None:
    scene.declare()  # of somebody else
    declare(client, scene, time_machine)
    proof = link_in_mail()
    where = client.post(proof).headers["Location"]
    assert client.get(where[:-2] + "x/").status_code == 404
    for part in ("acuerdo/", "confidencialidad/", "informe/", "factura/1/", "fichero/1/"):
        assert client.get(where + part).status_code == 404, part
    assert "Transportes Corzo" not in read(client.get(where))
    link = CaseLink.objects.get()
    time_machine.move_to(link.expires_at, tick=False)
    gone = client.get(where, headers={"Accept-Language": "en"})
    assert gone.status_code == 410
    assert "Fundiciones" not in read(gone)
    mails = OutgoingMail.objects.count()
    client.post(f"{where}renovar/")
    assert OutgoingMail.objects.count() == mails + 1
    assert client.get(where).status_code == 200
    desk = Browser()
    desk.force_login(scene.expert)
    address = f"/emergencias/{link.emergency.number}/"
    assert "elena@ruano.example" in read(desk.get(address))
    desk.post(f"{address}enlaces/{link.pk}/quitar/")
    assert client.get(where).status_code == client.post(proof).status_code == 410
    assert client.post(where, {"do": "withdraw", "reason": "ya no"}).status_code == 410
    assert client.post(f"{where}renovar/").status_code == 410
    desk.post(f"{address}enlaces/")
    assert CaseLink.objects.filter(revoked_at=None).count() == 1


def test_every_invoice_of_a_case_is_paid_by_card_from_its_link(
    client: Browser, scene: Scene, time_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = arrive(client, scene, time_machine)
    scene.lead, scene.client = scene.case.contact, with_address(scene.case.client, language="en")
    scene.answer(guarantee_hours=2)
    scene.accept()
    scene.pay()
    scene.work(hours=3, minutes=10)
    scene.normal()
    scene.review()
    bill = scene.bill(Document.NORMALISATION)
    pay = f"{where}pagar/{Document.NORMALISATION.value}/"
    assert pay not in read(client.get(where)), "no card payment is set up"
    with double_of_stripe(monkeypatch) as cards:
        set_up(scene.administrator)
        page = client.get(where)
        assert (pay in read(page), f"{where}pagar/1/" in read(page)) == (True, False), "what is paid is paid"
        assert "https://checkout.stripe.com" in page.headers["Content-Security-Policy"]
        gone = client.post(pay)
        assert (gone.status_code, gone.headers["Location"]) == (303, CardCheckout.objects.get().url)
        [(fields, _session)] = cards.sessions.values()
        assert CardCheckout.objects.get().amount == bill.owed
        back = fields["success_url"].removeprefix("http://testserver")
        assert pay not in read(client.get(back))
        assert client.post(f"{where}pagar/3/").status_code == 404
    assert "confirmed" in read(client.get(back, headers={"Accept-Language": "en"}))
