"""Emergencies on screen: declared in the portal, answered at the desk, accepted, worked, and set up."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from ecuanime.accounts.actions import update_profile
from ecuanime.emergencies import actions
from ecuanime.emergencies.models import Emergency, ExpressService, OnAlert
from ecuanime.notices.models import Notice
from tests.factories import make_contact
from tests.factories.emergencies import STRUCK, Scene, make_scene
from tests.web.pages import Page

pytestmark = pytest.mark.django_db

SAID = {
    "facts": "No arranca el servidor.",
    "desired": "Hay rutas.",
    "since": "Las 19:40",
    "available": "Hugo",
}
FIGURES = {
    "certainty": "70",
    "risk": "Lo de anoche.",
    "lasts": "5:00",
    "normalise": "3 h",
    "mitigate": "6:00",
    "guarantee_hours": "2",
}


@pytest.fixture
def scene(time_machine: Any) -> Scene:
    time_machine.move_to(STRUCK, tick=False)
    return make_scene()


def as_(user: Any) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def read(response: Any) -> str:
    """A page's text, which nothing forbidden stands in."""
    text = str(response.content.decode())
    assert Page(text).faults == []
    return text.replace("\xa0", " ")


def count_queries(browser: Browser, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


def test_a_client_declares_reads_the_answer_accepts_and_sends_proof(scene: Scene) -> None:
    portal, desk = as_(scene.lead.user), as_(scene.expert)
    assert "/portal/emergencias/" in read(portal.get("/portal/peticiones/nueva/"))
    page = read(portal.get("/portal/emergencias/nueva/"))
    assert "$35.00" in page.replace("US$", "$")
    assert "Ask for an answer in 60 minutes" in page
    assert (
        portal.post("/portal/emergencias/nueva/", SAID | {"area": scene.area.pk, "desired": ""}).status_code
        == 422
    )
    said = portal.post("/portal/emergencias/nueva/", SAID | {"area": scene.area.pk})
    assert said.headers["Location"] == "/portal/emergencias/EX-0001/"
    assert "60 min" in read(portal.get("/portal/emergencias/EX-0001/"))
    desk.post("/emergencias/EX-0001/", {"do": "take_on"})
    assert desk.post("/emergencias/EX-0001/", FIGURES | {"do": "say_viable", "risk": " "}).status_code == 422
    desk.post("/emergencias/EX-0001/", FIGURES | {"do": "say_viable"})
    page = read(portal.get("/portal/emergencias/EX-0001/"))
    assert "2 hours at the Express rate" in page
    found = re.search(r'name="text_sha256" value="(\w{64})"', page)
    assert found
    portal.post("/portal/emergencias/EX-0001/", {"do": "accept", "text_sha256": found[1], "ceiling": "500"})
    page = read(portal.get("/portal/emergencias/EX-0001/"))
    assert "The guarantee is due" in page
    assert "Pay F-2026-0001" in page
    paper = portal.get("/portal/emergencias/EX-0001/acuerdo/")
    assert b"".join(paper.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]  # a file
    portal.post(
        "/portal/emergencias/EX-0001/",
        {"do": "proof", "files": SimpleUploadedFile("pago.pdf", b"%PDF-1.4")},
    )
    assert "pago.pdf" in read(desk.get("/emergencias/EX-0001/"))
    desk.post("/emergencias/EX-0001/", {"do": "start_on_proof"})
    assert "$500.00" in read(portal.get("/portal/emergencias/EX-0001/")).replace("US$", "$")
    assert Emergency.objects.get().stage == "normalising"


def test_work_is_declared_normal_confirmed_and_drafted_from_the_pages(
    scene: Scene, time_machine: Any
) -> None:
    scene.declare()
    scene.answer(guarantee_hours=0)
    scene.accept(ceiling=2_000)
    scene.work(hours=1)
    time_machine.move_to(scene.now, tick=False)
    portal, desk, clerk = as_(scene.lead.user), as_(scene.expert), as_(scene.clerk)
    address = f"/emergencias/{scene.case.number}/"
    page = read(desk.get(address)).replace("US$", "$")
    assert "$35.00" in page
    assert "Ask before going on." in page
    assert desk.post(address, {"do": "declare_normal", "evidence": ""}).status_code == 422
    desk.post(address, {"do": "declare_normal", "evidence": "22 rutas."})
    assert portal.get(f"/portal{address}informe/").status_code == 404
    assert "Is it normal again?" in read(portal.get(f"/portal{address}"))
    portal.post(f"/portal{address}", {"do": "normal"})
    assert Emergency.objects.get().stage == "mitigating"
    refused = clerk.post(address, {"do": "invoice_2"})
    assert "not approved yet" in read(refused)
    scene.review()
    assert clerk.post(address, {"do": "invoice_2"}).headers["Location"].startswith("/facturas/")
    scene.write_dossier()
    desk.post(address, {"do": "close"})
    assert "Closed" in read(portal.get(f"/portal{address}"))
    assert portal.get(f"/portal{address}informe/").content.startswith(b"%PDF")
    assert desk.get(f"{address}informe/pdf/").content.startswith(b"%PDF")


def test_the_report_is_written_by_two_sent_and_read_in_the_portal(scene: Scene, time_machine: Any) -> None:
    scene.declare()
    scene.answer(guarantee_hours=0)
    scene.accept()
    scene.work(hours=1)
    time_machine.move_to(scene.now, tick=False)
    portal, desk, second, clerk = (
        as_(each) for each in (scene.lead.user, scene.expert, scene.second, scene.clerk)
    )
    address, theirs = "/emergencias/EX-0001/informe/", "/portal/emergencias/EX-0001/informe/"
    assert portal.get(theirs).status_code == 404
    assert "Begin it from what was recorded" in read(desk.get(address))
    assert clerk.post(address, {"do": "make"}).status_code == 403
    desk.post(address, {"do": "make"})
    page = read(desk.get(address))
    assert "What has stopped working: No arranca el servidor." in page
    assert "Keep it" not in read(clerk.get(address))
    desk.post(address, {"do": "keep", "seen": "1", "causes": "Un disco lleno."})
    late = {"do": "keep", "seen": "1", "causes": "Una tarjeta.", "advice": "Cambiarla."}
    refused = second.post(address, late)
    both = read(refused)
    assert refused.status_code == 409
    assert all(text in both for text in ("Un disco lleno.", "Una tarjeta.", "Cambiarla.", 'value="2"'))
    second.post(address, late | {"seen": "2"})
    assert "Un disco lleno." in read(desk.get(f"{address}?v=2"))
    assert desk.get(f"{address}?v=9").status_code == 404
    assert desk.post(address, {"do": "keep", "seen": "x"}).status_code == 422
    assert second.post(address, {"do": "send", "version": "3"}).status_code == 422
    assert portal.get(theirs).status_code == 404
    desk.post(address, {"do": "send", "version": "3"})
    page = read(portal.get("/portal/emergencias/EX-0001/"))
    assert "Version 3" in page
    sent = b"".join(portal.get(theirs).streaming_content)  # type: ignore[attr-defined]  # a file
    assert sent.startswith(b"%PDF")
    assert portal.get(f"{theirs}?v=2").status_code == 404
    assert portal.get(f"{theirs}?v=3").status_code == 200


def test_staff_declare_on_a_ticket_and_a_declared_one_leads_to_its_case(scene: Scene) -> None:
    number = scene.declare().ticket.number
    desk = as_(scene.expert)
    assert desk.get(f"/tickets/{number}/emergencia/").headers["Location"] == "/emergencias/EX-0001/"
    assert "EX-0001" in read(desk.get("/emergencias/"))


def test_only_the_clients_own_people_see_a_case(scene: Scene) -> None:
    scene.declare()
    colleague = make_contact(scene.client, signs_in=True)
    stranger = make_contact(is_project_lead=True, signs_in=True)
    for contact in (colleague, stranger):
        assert as_(contact.user).get("/portal/emergencias/EX-0001/").status_code == 404


def test_the_lists_cost_the_same_at_one_and_at_three(scene: Scene) -> None:
    portal, desk = as_(scene.lead.user), as_(scene.expert)
    scene.declare()
    once = [count_queries(portal, "/portal/emergencias/"), count_queries(desk, "/emergencias/")]
    scene.declare()
    scene.declare()
    assert [count_queries(portal, "/portal/emergencias/"), count_queries(desk, "/emergencias/")] == once


def test_an_administrator_says_how_they_are_served(scene: Scene) -> None:
    office, service = as_(scene.administrator), ExpressService.objects.get()
    kept = {
        "is_offered": "on",
        "express_plan": service.express_plan_id,
        "on_demand_plan": service.on_demand_plan_id,
        "guarantee_hours": "3",
        "alert_minutes": "10",
        "update_minutes": "30",
        "takes_strangers": "on",
        "silence_hours": "48",
        "nda": "No se cuenta nada.",
    }
    assert office.post("/ajustes/emergencias/", kept | {"guarantee_hours": "9"}).status_code == 422
    assert office.post("/ajustes/emergencias/", kept | {"on_demand_plan": ""}).status_code == 422
    assert ExpressService.objects.get().guarantee_hours == 1
    office.post("/ajustes/emergencias/", kept)
    service.refresh_from_db()
    assert (service.guarantee_hours, service.takes_strangers, service.silence_hours) == (3, True, 48)
    places = {f"place{scene.second.pk}": "1", f"place{scene.expert.pk}": "2"}
    office.post(f"/ajustes/emergencias/{scene.area.pk}/", places)
    assert [row.user for row in OnAlert.objects.order_by("position")] == [scene.second, scene.expert]
    assert scene.second.name in read(office.get("/ajustes/emergencias/"))


def test_whoever_leads_or_bills_reads_the_figures_and_the_cases_behind_them(
    scene: Scene, time_machine: Any
) -> None:
    scene.declare()
    scene.answer(guarantee_hours=0)
    scene.accept()
    scene.work(hours=5)
    scene.normal()
    time_machine.move_to(scene.now, tick=False)
    desk, clerk = as_(scene.expert), as_(scene.clerk)
    address = "/emergencias/cifras/"
    assert desk.get(address).status_code == 403
    assert address not in read(desk.get("/emergencias/"))
    assert address in read(clerk.get("/emergencias/"))
    page = read(clerk.get(address))
    assert all(text in page for text in ("100 %", "10 min", "EX-0001", "5 h", "of 4 h"))
    assert "EX-0001" not in read(clerk.get(f"{address}?lista=late"))
    assert "EX-0001" in read(clerk.get(f"{address}?lista=normalisation_above"))
    days = "desde=2026-11-09&hasta=2026-11-09"
    file = b"".join(clerk.get(f"{address}?{days}&formato=csv").streaming_content)  # type: ignore[attr-defined]
    header, row = file.decode("utf-8-sig").splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=True))
    assert (cells["number"], cells["answer_minutes"], cells["opened_by"]) == ("EX-0001", "10", "expert")
    assert (cells["normalise_estimated_minutes"], cells["normalise_worked_minutes"]) == ("240", "300")
    assert b"".join(clerk.get(f"{address}?formato=xlsx").streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert clerk.get(f"{address}?desde=2026-11-10&hasta=2026-11-09").status_code == 422
    for wrong in ("lista=x", "formato=doc"):
        assert clerk.get(f"{address}?{wrong}").status_code == 404


def test_when_nobody_answers_the_screens_say_so_and_whom_to_call(scene: Scene, time_machine: Any) -> None:
    update_profile(
        user=scene.expert, name="Teo Bruna", language="en", time_zone="", phone="+34 600 11", now=STRUCK
    )
    update_profile(
        user=scene.second, name="Nuria Vidal", language="en", time_zone="", phone="928 000 111", now=STRUCK
    )
    scene.declare()
    desk, portal = as_(scene.supervisor), as_(scene.lead.user)
    page = read(desk.get("/emergencias/EX-0001/"))
    assert "Nobody has answered" not in page
    assert page.index("+34 600 11") < page.index("alerted next"), "who has it, and who is next"
    assert 'href="tel:928000111"' in page
    for minute in (5, 10):
        time_machine.move_to(STRUCK + timedelta(minutes=minute), tick=False)
        actions.take_due_cases(now=STRUCK + timedelta(minutes=minute))
    for address in ("/emergencias/", "/emergencias/EX-0001/"):
        assert "Nobody has answered" in read(desk.get(address))
    desk.post("/emergencias/EX-0001/", {"do": "take_on"})
    actions.take_on(emergency=scene.case, by=scene.expert, now=STRUCK + timedelta(minutes=11))
    assert "Nobody has answered" not in read(desk.get("/emergencias/EX-0001/"))
    assert "+34 600 11" in read(desk.get("/emergencias/EX-0001/"))
    there = read(portal.get("/portal/emergencias/EX-0001/"))
    assert "Teo Bruna" in there
    assert [number for number in ("600 11", "928 000", "60011", "928000") if number in there] == []


def test_opening_a_case_reads_what_was_told_of_it_and_looking_for_news_does_not(scene: Scene) -> None:
    scene.declare()
    told, desk = Notice.objects.filter(user=scene.expert, read_at=None), as_(scene.expert)
    desk.get("/emergencias/EX-0001/pulso/")
    assert told.count() == 1
    desk.get("/emergencias/EX-0001/")
    assert told.count() == 0
