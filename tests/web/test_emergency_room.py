"""The room of an emergency on screen: what the firm sends from it, what its client sees of it, and what not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from ecuanime.emergencies import actions
from ecuanime.emergencies.models import Actor, Check, Critical, Evidence, Happening
from ecuanime.procedures.actions import ItemGiven, write_checklist
from ecuanime.tickets.models import Message
from tests.factories.emergencies import STRUCK, Scene, make_scene
from tests.web.test_emergencies import FIGURES, as_, read

pytestmark = pytest.mark.django_db
HERE, THERE = "/emergencias/EX-0001/", "/portal/emergencias/EX-0001/"


@pytest.fixture
def scene(time_machine: Any) -> Scene:
    """A case at work, with a ceiling."""
    time_machine.move_to(STRUCK, tick=False)
    made = make_scene()
    made.declare()
    made.answer(guarantee_hours=0)
    made.accept(ceiling=100_00)
    time_machine.move_to(made.now, tick=False)
    return made


def send(browser: Browser, address: str, do: str, **said: Any) -> Any:
    """Send a form of the room; what is done leads back to the page."""
    answer = browser.post(address, {"do": do, **said})
    assert answer.status_code == 302, read(answer)
    return answer


def paper(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4")


def test_what_the_firm_notes_is_seen_by_its_client_only_if_it_says_so(scene: Scene) -> None:
    desk, clerk, portal = as_(scene.expert), as_(scene.clerk), as_(scene.lead.user)
    send(desk, HERE, "line", act="fact", text="Disco viejo", files=paper("interno.pdf"))
    send(desk, HERE, "line", act="call", text="Hablado con Ana", is_shown="on", files=paper("externo.pdf"))
    send(desk, HERE, "news", text="Base al 60 %")
    send(desk, HERE, "critical_add", kind="action", text="Mirar el hermano")
    send(desk, HERE, "critical_add", kind="action", text="Clonar discos", is_shown="on")
    send(desk, HERE, "actor_add", side="ours", name="Olga", phone="1")
    secrets = ("Disco viejo", "interno.pdf", "Mirar el hermano", "Olga")
    shared = ("Hablado con Ana", "externo.pdf", "Base al 60 %", "Clonar discos")
    inside, outside, billing = read(desk.get(HERE)), read(portal.get(THERE)), read(clerk.get(HERE))
    assert [each for each in (*secrets, *shared) if each not in inside] == []
    assert [each for each in shared if each not in outside or each not in billing] == []
    assert [each for each in secrets if each in outside or each in billing] == []
    hidden, given = Evidence.objects.order_by("id")
    assert portal.get(f"{THERE}archivos/{hidden.pk}/").status_code == 404
    assert portal.get(f"{THERE}archivos/{given.pk}/")["Content-Disposition"].startswith("attachment")
    assert desk.get(f"{HERE}archivos/{hidden.pk}/").status_code == 200
    for browser, address in ((portal, THERE), (desk, HERE)):
        assert browser.get(f"{address}archivos/999/").status_code == 404


def test_the_client_writes_lists_names_and_raises_from_their_own_room(scene: Scene) -> None:
    desk, portal = as_(scene.expert), as_(scene.lead.user)
    send(portal, THERE, "write", text="Ya hay luz", key="k1", files=paper("foto.pdf"))
    send(portal, THERE, "write", text="Ya hay luz", key="k1")
    send(portal, THERE, "critical_add", kind="result", text="Hay rutas")
    send(portal, THERE, "actor_add", side="theirs", name="Ana", role="almacén", email="ana@corzo.example")
    send(portal, THERE, "ceiling", amount="250,50")
    assert Message.objects.filter(text="Ya hay luz").count() == 1
    page = read(desk.get(HERE)).replace("US$", "$")
    for each in ("Ya hay luz", "foto.pdf", "Hay rutas", "mailto:ana@corzo.example", "$250.50"):
        assert each in page
    assert portal.post(THERE, {"do": "ceiling", "amount": "x"}).status_code == 422
    refused = portal.post(THERE, {"do": "actor_add", "side": "ours", "name": "Yo", "phone": "1"})
    assert "Name people of yours" in read(refused)
    send(portal, THERE, "actor_go", actor=Actor.objects.get().pk)
    assert Actor.objects.get().left_at


def test_what_is_refused_says_why_and_keeps_what_was_written(scene: Scene) -> None:
    desk = as_(scene.expert)
    refused = desk.post(HERE, {"do": "line", "act": "gone", "text": "Lo que escribí"})
    assert refused.status_code == 422
    assert "Lo que escribí" in read(refused)
    critical = actions.add_critical(
        emergency=scene.case, kind="result", text="Rutas", by=scene.expert, now=scene.now
    )
    mark = {"critical": critical.pk, "state": "done"}
    assert desk.post(HERE, {"do": "critical_mark", **mark}).status_code == 422
    assert "critical results" in read(desk.post(HERE, {"do": "declare_normal", "evidence": "Va"}))
    send(desk, HERE, "critical_mark", **mark, said="22 rutas")
    assert Critical.objects.get().state == "done"
    for do, said in (
        ("critical_mark", {"critical": "x"}),
        ("checklist", {"checklist": ""}),
        ("hand_over", {"to": "9" * 30}),
        ("rhythm", {"minutes": "siempre"}),
    ):
        assert desk.post(HERE, {"do": do, **said}).status_code == 422


def test_checklist_rhythm_and_handover_are_sent_from_the_page(scene: Scene) -> None:
    desk = as_(scene.expert)
    protocol = write_checklist(
        name="Restaurar", items=[ItemGiven("¿Copia?")], blocks_solving=False, now=scene.now
    )
    send(desk, HERE, "checklist", checklist=protocol.pk, is_shown="on")
    send(desk, HERE, "rhythm", minutes="1:30")
    send(desk, HERE, "hand_over", to=scene.second.pk, reason="Descanso")
    case = scene.again()
    assert (case.update_minutes, case.lead, Critical.objects.get().text) == (90, scene.second, "¿Copia?")
    page = read(as_(scene.lead.user).get(THERE))
    assert "1 h 30" in page
    assert "Descanso" not in page
    assert "Hand the case over" not in read(desk.get(HERE))  # they lead it no longer


def test_the_page_asks_cheaply_whether_anything_has_changed(scene: Scene) -> None:
    for browser, address in ((as_(scene.expert), HERE), (as_(scene.lead.user), THERE)):
        version = re.search(r'data-version="(\w+)"', read(browser.get(address)))
        assert version
        pulse = f"{address}pulso/?v={version[1]}"
        assert browser.get(pulse).status_code == 204
        Happening.objects.create(emergency=scene.case, act="fact", at=scene.now, is_internal=True)
        is_seen = address == HERE
        assert browser.get(pulse).status_code == (200 if is_seen else 204)


def test_the_page_costs_the_same_with_one_line_and_with_three(scene: Scene) -> None:
    desk, portal = as_(scene.expert), as_(scene.lead.user)

    def more() -> None:
        send(desk, HERE, "line", act="fact", text="x", is_shown="on", files=paper("a.pdf"))
        send(desk, HERE, "news", text="y", files=paper("b.pdf"))
        send(desk, HERE, "critical_add", kind="action", text="z", is_shown="on")
        mark = {"critical": Critical.objects.last().pk, "state": "done", "files": paper("c.pdf")}  # type: ignore[union-attr]
        send(desk, HERE, "critical_mark", **mark)
        send(desk, HERE, "actor_add", side="other", name="Ana", phone="1", is_shown="on")
        scene.work(minutes=1)

    def cost(browser: Browser, address: str) -> int:
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        return len(asked)

    more()
    once = [cost(desk, HERE), cost(portal, THERE)]
    more()
    more()
    assert [cost(desk, HERE), cost(portal, THERE)] == once


def test_the_questions_before_the_answer_are_prefilled_and_kept(time_machine: Any) -> None:
    time_machine.move_to(STRUCK, tick=False)
    scene = make_scene()
    scene.write_dossier()
    scene.declare()
    desk = as_(scene.expert)
    page = read(desk.get(HERE))
    assert re.search(r'name="check_dossier"><option value="yes" selected>', page)
    asked = {"check_dossier": "yes", "note_dossier": "Del martes", "check_backups": "no"}
    refused = desk.post(HERE, FIGURES | asked | {"do": "say_viable", "risk": " "})
    assert "Del martes" in read(refused)
    send(desk, HERE, "say_viable", **FIGURES, **asked)
    assert Check.objects.get(question="backups").finding == "no"
    assert "Del martes" in read(desk.get(HERE))
    assert "Del martes" not in read(as_(scene.lead.user).get(THERE))


def test_whatever_the_stage_the_team_has_one_main_button(scene: Scene, time_machine: Any) -> None:
    def main_buttons(browser: Browser, address: str) -> int:
        return len(re.findall(r"\bbtn-primary\b", read(browser.get(address))))

    desk = as_(scene.expert)
    assert main_buttons(desk, HERE) == 1, "normalising: news are due again and again"
    scene.work(hours=1)
    scene.normal()
    time_machine.move_to(scene.now, tick=False)
    assert main_buttons(desk, HERE) == 1
    assert main_buttons(desk, f"{HERE}informe/") == 1, "nobody has begun the report"
    actions.make_report(emergency=scene.again(), by=scene.expert, now=scene.now)
    assert main_buttons(as_(scene.supervisor), f"{HERE}informe/") == 1, "who writes may send as well"
