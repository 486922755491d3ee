"""The technical report: begun from the records, edited by two at once, each version kept, sent once and then frozen."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils.translation import override
from pypdf import PdfReader

from ecuanime.delivery.models import OutgoingMail
from ecuanime.emergencies import actions
from ecuanime.emergencies.models import Acceptance, Report, Section
from ecuanime.emergencies.recorded import recorded_texts
from ecuanime.emergencies.report import pdf_as_recorded
from ecuanime.emergencies.timeline import Reader, timeline_of
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import path_of, store
from ecuanime.tickets.actions import FileGiven
from ecuanime.tickets.models import Attachment
from tests.factories.emergencies import Scene, make_scene
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db


def _scene() -> Scene:
    scene = make_scene()
    scene.declare()
    scene.answer(guarantee_hours=0)
    scene.accept()
    scene.work(hours=3, minutes=10)
    scene.normal()
    scene.review()
    return scene


made_scene = made_once(_scene)


@pytest.fixture
def scene(made_scene: Scene) -> Scene:
    return own(made_scene)


def make(scene: Scene) -> Report:
    return actions.make_report(emergency=scene.again(), by=scene.expert, now=scene.now)


def keep(scene: Scene, seen: int, **more: Any) -> Report:
    values: dict[str, Any] = {"by": scene.expert, "now": scene.now, "texts": {}}
    return actions.keep_report(emergency=scene.case, seen=seen, **(values | more))


def test_it_begins_with_what_was_recorded_in_the_clients_language(scene: Scene) -> None:
    report = make(scene)
    assert (report.number, report.language, report.made_by) == (1, "en", scene.expert)
    assert "We answered in 10 min." in report.text(Section.SUMMARY)
    assert "What has stopped working: No arranca el servidor." in report.text(Section.FACTS)
    assert "Service is normal again (Teo Bruna): 22 rutas creadas." in report.text(Section.TIMELINE)
    assert "Teo Bruna: Remote (3 h 10)" in report.text(Section.ACTIONS).replace("\xa0", " ")
    assert "What shows that service is normal: 22 rutas creadas." in report.text(Section.ACTIONS)
    assert report.text(Section.CAUSES) == ""
    assert make(scene) == report


def test_before_work_begins_there_is_none_and_billing_writes_none(scene: Scene) -> None:
    other = make_sala_of_declared(scene)
    for case, by, code in ((other, scene.expert, "not_now"), (scene.case, scene.clerk, "not_allowed")):
        with pytest.raises(Refused) as refused:
            actions.make_report(emergency=case, by=by, now=scene.now)
        assert refused.value.code == code
    assert not Report.objects.exists()


def make_sala_of_declared(scene: Scene) -> Any:
    """Another case of theirs, of which nobody has said anything yet."""
    kept = scene.case
    declared = scene.declare()
    scene.case = kept
    return declared


def test_two_write_other_sections_and_neither_is_lost(scene: Scene) -> None:
    make(scene)
    first = keep(scene, 1, texts={"causes": "Un disco lleno."})
    second = keep(scene, 1, texts={"advice": "Vigilar el disco.", "causes": ""}, by=scene.second)
    assert [first.number, second.number] == [2, 3]
    assert (second.text("causes"), second.text("advice")) == ("Un disco lleno.", "Vigilar el disco.")
    assert keep(scene, 3, texts={"causes": "Un disco lleno.  "}) == second
    assert Report.objects.get(number=1).text("causes") == ""


def test_two_write_the_same_section_and_the_second_is_asked(scene: Scene) -> None:
    make(scene)
    keep(scene, 1, texts={"causes": "Un disco lleno."})
    with pytest.raises(Refused) as refused:
        keep(scene, 1, texts={"causes": "Una tarjeta.", "advice": "Cambiarla."}, by=scene.second)
    assert (refused.value.code, "Causes" in str(refused.value)) == ("stale", True)
    assert [report.text("causes") for report in Report.objects.order_by("number")] == ["", "Un disco lleno."]
    assert keep(scene, 2, texts={"causes": "Una tarjeta."}, by=scene.second).number == 3


def test_a_section_is_written_anew_from_what_was_recorded_since(scene: Scene) -> None:
    make(scene)
    keep(scene, 1, texts={"timeline": "A mano.", "causes": "Un disco."})
    again = keep(scene, 2, anew=["timeline", "causes"])
    assert "Service is normal again" in again.text("timeline")
    assert again.text("causes") == "Un disco."
    for texts, code in (({"causes": "x" * 20_001}, "too_long"), ({}, "not_now")):
        with pytest.raises(Refused) as refused:
            keep(scene, 3 if texts else 9, texts=texts)
        assert refused.value.code == code
    assert Report.objects.count() == 3


def test_it_is_sent_once_with_its_pdf_and_never_changes_then(scene: Scene) -> None:
    first = make(scene)
    newest = keep(scene, 1, texts={"causes": "Un disco lleno."})
    mails = OutgoingMail.objects.count()
    for report, by, code in ((first, scene.expert, "stale"), (newest, scene.second, "not_allowed")):
        with pytest.raises(Refused) as refused:
            actions.send_report(report=report, by=by, now=scene.now)
        assert refused.value.code == code
    assert not Report.objects.filter(sent_at__isnull=False).exists()
    sent = actions.send_report(report=newest, by=scene.expert, now=scene.now)
    assert actions.send_report(report=newest, by=scene.expert, now=scene.later(hours=1)) == sent
    assert OutgoingMail.objects.count() == mails + 1
    assert Attachment.objects.filter(name="EX-0001-v2.pdf", file=sent.pdf).count() == 1
    assert sent.pdf is not None
    pages = PdfReader(BytesIO(path_of(sent.pdf.sha256).read_bytes())).pages
    words = "".join(page.extract_text() for page in pages)
    assert "Un disco lleno." in words
    assert "110.83" in words
    for change in ({"texts": {}}, {"sent_by": scene.second}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Report.objects.filter(pk=sent.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        first.delete()


def test_closing_begins_it_if_nobody_has(scene: Scene) -> None:
    scene.write_dossier()
    actions.close(
        emergency=scene.again(), by=scene.expert, reason="Falta el disco.", in_part=True, now=scene.now
    )
    report = Report.objects.get()
    assert (report.made_by, report.text("remains")) == (None, "Falta el disco.")


def test_what_is_internal_stays_out_and_what_was_critical_is_told(scene: Scene) -> None:
    case, by = scene.again(), scene.expert
    proof = FileGiven(store(b"ls"), "rutas.txt", "text/plain")
    for text, is_internal, files in (("Moroso.", True, ()), ("Hay copia.", False, (proof,))):
        actions.write_line(
            emergency=case, act="fact", text=text, is_internal=is_internal, files=files, by=by, now=scene.now
        )
    for text, is_internal in (("Restaurar la copia", False), ("Llamar al abogado", True)):
        found = actions.add_critical(
            emergency=case, kind="action", text=text, is_internal=is_internal, by=by, now=scene.now
        )
        actions.mark_critical(critical=found, state="done", said="Probada.", by=by, now=scene.now)
    texts = make(scene).texts
    told = "\n".join(texts.values())
    assert "Hay copia." in texts["timeline"]
    assert "File: rutas.txt" in texts["actions"]
    assert "Restaurar la copia (done): Probada." in texts["actions"]
    assert "Moroso" not in told
    assert "abogado" not in told


ISO = re.compile(r"\d{4}-\d\d-\d\d")


def test_days_are_written_as_the_reader_writes_them(scene: Scene) -> None:
    for language, day in (("en", "9 Nov 2026, 20:00"), ("es", "9 nov 2026, 20:00")):
        texts = recorded_texts(scene.again(), language)
        assert day in texts[Section.SUMMARY]
        assert ISO.findall("".join(texts.values())) == []
        with override(language):
            paper = PdfReader(BytesIO(pdf_as_recorded(scene.case, now=scene.now)))
        said = "".join(page.extract_text() for page in paper.pages).replace("\xa0", " ")
        assert day in said
        assert ISO.findall(said) == []


def test_whoever_accepted_is_called_as_they_signed(scene: Scene) -> None:
    Acceptance.objects.update(name="Hugo Salcedo Ruiz")
    timeline = recorded_texts(scene.again(), "en")[Section.TIMELINE]
    assert "Accepted: work opens (Hugo Salcedo Ruiz)" in timeline
    [signed] = [each for each in timeline_of(scene.case, Reader()).moments if each.icon == "signature"]
    assert signed.who == "Hugo Salcedo Ruiz"
    [declared] = [each for each in timeline_of(scene.case, Reader()).moments if each.icon == "bolt"]
    assert declared.who == "Hugo Salcedo", "what nobody signed is their name"
