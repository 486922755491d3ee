"""The room of a case: its lines and who reads them, what is critical, who takes part, news, the pool, the checklist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from ecuanime.emergencies import actions
from ecuanime.emergencies.actions import ActorGiven, Found
from ecuanime.emergencies.models import Actor, CeilingRaise, Check, Critical, Emergency, Evidence, Happening
from ecuanime.emergencies.news import news_due_at
from ecuanime.emergencies.pool import pool_of
from ecuanime.emergencies.progress import evaluation_seconds, so_far
from ecuanime.emergencies.published import published
from ecuanime.emergencies.queries import happenings_of
from ecuanime.emergencies.timeline import Reader, evidence_for, timeline_of
from ecuanime.emergencies.war_room import criticals_of, guesses_for, people_of
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import store
from ecuanime.notices.models import Notice
from ecuanime.procedures.actions import ItemGiven, write_checklist
from ecuanime.procedures.models import RunItem
from ecuanime.staff.models import Competence
from ecuanime.tickets.actions import FileGiven, add_note, answer_checklist, reply
from ecuanime.tickets.models import Message, Ticket
from ecuanime.worklog.actions import start_timer
from tests.factories import make_contact, make_person, make_work_type
from tests.factories.emergencies import ESTIMATE, Scene, by_minute, make_scene

pytestmark = pytest.mark.django_db
FIRM = Reader(sees_internal=True)


@pytest.fixture
def scene() -> Scene:
    """A case at work: accepted without guarantee."""
    made = make_scene()
    made.declare()
    made.answer(guarantee_hours=0)
    made.accept(ceiling=100_00)
    return made


def state() -> list[Any]:
    """Everything that a refusal must leave as it was."""
    rows = [
        Emergency.objects.values_list("stage", "version", "lead", "next_due_at", "update_minutes"),
        Ticket.objects.values_list("version", "assignee"),
        Critical.objects.values_list("state", "said"),
        Actor.objects.values_list("left_at", flat=True),
        RunItem.objects.values_list("answer", flat=True),
    ]
    counted = (Happening, Evidence, Message, Notice, CeilingRaise, Check)
    return [*(list(each) for each in rows), *(model.objects.count() for model in counted)]


def refused(do: Callable[..., Any], /, **fields: Any) -> str:
    before = state()
    with pytest.raises(Refused) as refusal:
        do(**fields)
    assert state() == before
    assert str(refusal.value)
    return refusal.value.code


def paper(name: str = "disco.png") -> FileGiven:
    return FileGiven(store(b"\x89PNG"), name, "image/png")


def texts(scene: Scene, reader: Reader) -> list[str]:
    return [each.text for each in timeline_of(scene.case, reader).moments if each.text]


def told(kind: str) -> list[str]:
    """Who was told of something, in order."""
    rows = Notice.objects.filter(event_id__startswith=f"emergency:{kind}:").order_by("id")
    return [row.user.name for row in rows.select_related("user")]


def test_one_timeline_holds_everything_and_the_client_reads_only_what_is_theirs(scene: Scene) -> None:
    def line(text: str, **fields: Any) -> Happening:
        return actions.write_line(
            emergency=scene.case, act="fact", text=text, by=scene.expert, now=scene.later(minutes=1), **fields
        )

    secret, shown = line("El disco es viejo.", files=[paper()]), line("Discos clonados.", is_internal=False)
    proof = actions.write_line(
        emergency=scene.case, act="call", text="", by=scene.expert, files=[paper("b.png")], now=scene.now,
        is_internal=False,
    )  # fmt: skip
    add_note(ticket=scene.case.ticket, author=scene.expert, text="Ojo con Hugo.", now=scene.later(minutes=1))
    reply(ticket=scene.case.ticket, author=scene.expert, text="Vamos bien.", now=scene.later(minutes=1))
    actions.send_news(
        emergency=scene.case, text="Base al 60 %.", by=scene.expert, now=scene.later(minutes=1), key="k1"
    )
    scene.work(minutes=20)
    client = Reader(contact=scene.lead)
    inside, outside = texts(scene, FIRM), texts(scene, client)
    assert {"El disco es viejo.", "Ojo con Hugo."} <= set(inside)
    assert not {"El disco es viejo.", "Ojo con Hugo."} & set(outside)
    for each in ("Discos clonados.", "Vamos bien.", "Base al 60 %."):
        assert (inside.count(each), outside.count(each)) == (1, 1)
    assert [each for each in timeline_of(scene.case, client).moments if each.is_internal] == []
    assert "clock" in [each.icon for each in timeline_of(scene.case, FIRM).moments]
    assert "clock" not in [
        each.icon for each in timeline_of(scene.case, client).moments
    ]  # not told of it yet
    of_secret, of_proof = (Evidence.objects.get(happening=each) for each in (secret, proof))
    assert evidence_for(scene.case, FIRM, of_secret.pk) == of_secret
    assert evidence_for(scene.case, client, of_secret.pk) is None
    assert evidence_for(scene.case, client, of_proof.pk) == of_proof
    assert secret not in happenings_of(scene.case)  # what reports are made of
    assert shown in happenings_of(scene.case)


def test_the_timeline_is_read_a_hundred_lines_at_a_time(scene: Scene) -> None:
    for number in range(120):
        Happening.objects.create(
            emergency=scene.case, act="fact", at=scene.later(minutes=1), text=f"Hecho {number}"
        )
    first = timeline_of(scene.case, FIRM)
    assert (len(first.moments), first.moments[0].text) == (100, "Hecho 119")
    second = timeline_of(scene.case, FIRM, before=first.older)
    assert second.moments[0].text == "Hecho 19"
    assert second.older is None


def test_a_line_that_comes_twice_is_kept_once_and_news_leaves_once(scene: Scene) -> None:
    for _twice in range(2):
        actions.write_line(
            emergency=scene.case, act="decision", text="Restaurar.", by=scene.expert, key="x", now=scene.now
        )
        actions.send_news(emergency=scene.case, text="Seguimos.", by=scene.expert, key="y", now=scene.now)
    assert Happening.objects.filter(act="decision").count() == 1
    assert Message.objects.filter(text__startswith="Seguimos.").count() == 1


def test_what_is_written_is_refused_with_a_reason(scene: Scene) -> None:
    good = {"emergency": scene.case, "act": "fact", "text": "x", "by": scene.expert, "now": scene.now}
    assert refused(actions.write_line, **good | {"text": " "}) == "empty"
    assert refused(actions.write_line, **good | {"text": "x" * 2001}) == "too_long"
    assert refused(actions.write_line, **good | {"act": "close"}) == "bad_line"
    assert refused(actions.write_line, **good | {"by": scene.clerk}) == "not_allowed"
    scene.write_dossier()
    actions.close(emergency=scene.again(), by=scene.expert, reason="x", in_part=True, now=scene.now)
    assert refused(actions.write_line, **good) == "not_now"
    assert refused(actions.send_news, **{k: v for k, v in good.items() if k != "act"}) == "not_now"


def critical(scene: Scene, kind: str, text: str = "Hay rutas", **fields: Any) -> Critical:
    return actions.add_critical(
        emergency=scene.case, kind=kind, text=text, now=scene.now, **({"by": scene.expert} | fields)
    )


def test_critical_actions_are_done_with_evidence_and_the_client_sees_theirs(scene: Scene) -> None:
    act = critical(scene, "action", "Clonar", who="Teo")
    hidden = critical(scene, "action", "Llamar al hermano", is_internal=True)
    asked = critical(scene, "action", "Avisar a Ana", by=None, contact=scene.lead, is_internal=True)
    good: dict[str, Any] = {"critical": act, "state": "done", "by": scene.expert, "now": scene.now}
    assert refused(actions.mark_critical, **good) == "evidence"
    assert refused(actions.mark_critical, **good | {"state": "waiting"}) == "reason"
    assert refused(actions.mark_critical, **good | {"state": "gone", "said": "x"}) == "bad_state"
    assert refused(actions.mark_critical, **good | {"by": scene.clerk, "said": "x"}) == "not_allowed"
    for _twice in range(2):
        actions.mark_critical(**good | {"said": "Huella igual"})
    actions.mark_critical(critical=hidden, state="done", files=[paper()], by=scene.expert, now=scene.now)
    assert Happening.objects.filter(act="action_done").count() == 2
    inside = {each.row.text: each for each in criticals_of(scene.case, internal=True)}
    assert (inside["Clonar"].state, inside["Clonar"].said, inside["Clonar"].who) == (
        "done",
        "Huella igual",
        "Teo Bruna",
    )
    assert [each.name for each in inside["Llamar al hermano"].files] == ["disco.png"]
    assert [each.row for each in criticals_of(scene.case, internal=False)] == [act, asked]
    assert not any("hermano" in text for text in texts(scene, Reader(contact=scene.lead)))
    stranger = make_contact(signs_in=True, is_project_lead=True)
    fields: dict[str, Any] = {"emergency": scene.case, "kind": "action", "text": "x", "now": scene.now}
    assert refused(actions.add_critical, **fields, contact=stranger) == "not_allowed"
    assert refused(actions.add_critical, **fields | {"text": " "}, by=scene.expert) == "empty"
    assert refused(actions.add_critical, **fields | {"kind": "x"}, by=scene.expert) == "bad_kind"


def test_service_is_not_normal_before_the_critical_results_are(scene: Scene) -> None:
    result = critical(scene, "result", by=None, contact=scene.lead)
    scene.work(hours=1)
    normal: dict[str, Any] = {
        "emergency": scene.case,
        "evidence": "Todo va.",
        "by": scene.expert,
        "now": scene.now,
    }
    assert refused(actions.declare_normal, **normal) == "results"
    actions.mark_critical(critical=result, state="done", said="22 rutas", by=scene.expert, now=scene.now)
    assert actions.declare_normal(**normal).stage == "normalised"


def test_a_checklist_becomes_actions_and_both_stay_in_step(scene: Scene) -> None:
    items = [ItemGiven("¿Copia hecha?"), ItemGiven("Huella", "text"), ItemGiven("Discos", "number")]
    protocol = write_checklist(name="Restaurar", items=items, blocks_solving=False, now=scene.now)
    taken = actions.take_checklist(emergency=scene.case, checklist=protocol, by=scene.expert, now=scene.now)
    assert [each.text for each in taken] == ["¿Copia hecha?", "Huella", "Discos"]
    fields: dict[str, Any] = {"by": scene.expert, "now": scene.now}
    assert refused(actions.take_checklist, emergency=scene.case, checklist=protocol, **fields) == "begun"
    actions.mark_critical(critical=taken[0], state="done", said="En el NAS", **fields)
    assert (
        refused(actions.mark_critical, critical=taken[2], state="done", said="tres", **fields)
        == "not_a_number"
    )
    item = taken[1].item
    assert item
    answer_checklist(ticket=scene.case.ticket, item=item, answer="ab12", **fields)
    assert list(RunItem.objects.order_by("position").values_list("answer", flat=True)) == ["yes", "ab12", ""]
    found = criticals_of(scene.case, internal=False)
    assert [(each.state, each.said) for each in found] == [
        ("done", "En el NAS"),
        ("done", "ab12"),
        ("todo", ""),
    ]


def test_both_sides_name_who_takes_part_and_how_to_reach_them(scene: Scene) -> None:
    def add(**fields: Any) -> Actor:
        given = {"side": "theirs", "name": "Ana", "phone": "600 11 22 33"} | fields
        who = (
            {"contact": given.pop("contact")} if "contact" in given else {"by": given.pop("by", scene.expert)}
        )
        return actions.add_actor(emergency=scene.case, given=ActorGiven(**given), now=scene.now, **who)

    ana = add(contact=scene.lead, role="almacén")
    add(side="ours", name="Nuria", phone="", email="nuria@firm.example", is_internal=True)
    start_timer(
        user=scene.second, ticket=scene.case.ticket, now=scene.now, work_type=make_work_type("remote")
    )
    inside = {each.name: each for each in people_of(scene.case, internal=True)}
    assert list(inside) == ["Teo Bruna", "Hugo Salcedo", "Ana", "Nuria", "Nuria Vidal"]
    assert (inside["Ana"].dialled, inside["Nuria Vidal"].is_working) == ("600112233", True)
    assert "Nuria" not in {each.name for each in people_of(scene.case, internal=False)}
    for wrong, code in (
        ({"name": " "}, "no_name"),
        ({"phone": ""}, "no_way"),
        ({"email": "x"}, "bad_email"),
        ({"side": "x"}, "bad_side"),
        ({"side": "ours", "contact": scene.lead}, "bad_side"),
        ({"by": scene.clerk}, "not_allowed"),
    ):
        assert refused(add, **wrong) == code
    for _twice in range(2):
        actions.let_actor_go(actor=ana, contact=scene.lead, now=scene.now)
    assert Happening.objects.filter(act="actor_left").count() == 1
    own = Actor.objects.get(name="Nuria")
    assert refused(actions.let_actor_go, actor=own, contact=scene.lead, now=scene.now) == "not_allowed"


def test_the_lead_hands_over_with_a_reason_to_somebody_who_knows_the_area(scene: Scene) -> None:
    good: dict[str, Any] = {
        "emergency": scene.case,
        "to": scene.second,
        "reason": "Lleva doce horas.",
        "by": scene.expert,
        "now": scene.now,
    }
    assert refused(actions.hand_over, **good | {"reason": " "}) == "reason"
    assert refused(actions.hand_over, **good | {"to": make_person(name="Ola")}) == "competent"
    assert refused(actions.hand_over, **good | {"by": scene.second}) == "not_allowed"
    assert refused(actions.hand_over, **good | {"to": scene.expert}) == "leads_already"
    case = actions.hand_over(**good)
    assert (case.lead, Ticket.objects.get().assignee) == (scene.second, scene.second)
    assert "Nuria Vidal" in told("hand_over")
    assert "Lleva doce horas." in texts(scene, FIRM)
    client = texts(scene, Reader(contact=scene.lead))
    assert "Lleva doce horas." not in client
    assert "Nuria Vidal" in client
    actions.hand_over(**good | {"to": scene.expert, "by": scene.supervisor})
    assert scene.again().lead == scene.expert


def test_the_lead_is_reminded_once_for_each_news_that_is_due(scene: Scene) -> None:
    opened = scene.now
    assert news_due_at(scene.case) == opened + timedelta(minutes=30)
    assert actions.take_due_cases(now=scene.later(minutes=29)) == 0
    for _twice in range(2):
        actions.take_due_cases(now=opened + timedelta(minutes=30))
    assert told("news") == ["Teo Bruna"]
    scene.now = opened + timedelta(minutes=40)
    assert news_due_at(scene.case) == opened + timedelta(minutes=30)  # it stays due until it is given
    actions.send_news(emergency=scene.case, text="Al 60 %.", by=scene.expert, now=scene.now)
    actions.take_due_cases(now=opened + timedelta(minutes=60))
    assert told("news") == ["Teo Bruna"]
    assert scene.again().next_due_at == opened + timedelta(minutes=70)
    actions.take_due_cases(
        now=opened + timedelta(hours=5, minutes=11)
    )  # the worker stood still: one reminder
    assert told("news") == ["Teo Bruna"] * 2
    assert scene.again().next_due_at == opened + timedelta(hours=5, minutes=40)


def test_the_rhythm_is_agreed_and_seen_by_both(scene: Scene) -> None:
    good: dict[str, Any] = {"emergency": scene.case, "minutes": 90, "by": scene.expert, "now": scene.now}
    assert refused(actions.set_rhythm, **good | {"minutes": 4}) == "bad_rhythm"
    assert refused(actions.set_rhythm, **good | {"by": scene.second}) == "not_allowed"
    for _twice in range(2):
        actions.set_rhythm(**good)
    assert scene.again().next_due_at == scene.now + timedelta(minutes=90)
    assert Happening.objects.filter(act="rhythm").count() == 1
    assert any("1" in text and "30" in text for text in texts(scene, Reader(contact=scene.lead)))


def test_the_pool_warns_once_before_it_runs_out_and_the_client_raises_it(scene: Scene) -> None:
    start_timer(
        user=scene.expert, ticket=scene.case.ticket, now=scene.now, work_type=make_work_type("remote")
    )
    begun = scene.now
    pool = pool_of(scene.case, now=begun + timedelta(hours=2))
    assert pool
    assert (pool.spent, pool.left, pool.left_minutes) == (70_00, 30_00, 51)
    assert actions.watch_pools(now=begun + timedelta(hours=2)) == 0
    late = begun + timedelta(hours=2, minutes=18)  # 80.50
    assert [actions.watch_pools(now=late) for _twice in range(2)] == [1, 0]
    assert actions.watch_pools(now=begun + timedelta(hours=3)) == 1
    assert told("pool_near") == ["Teo Bruna", "Irene Mora"]
    scene.now = begun + timedelta(hours=3)
    good: dict[str, Any] = {
        "emergency": scene.case,
        "contact": scene.lead,
        "amount": 300_00,
        "address": "192.0.2.7",
        "now": scene.now,
    }
    assert refused(actions.raise_ceiling, **good | {"amount": 100_00}) == "bad_ceiling"
    plain = make_contact(scene.client, signs_in=True)
    assert refused(actions.raise_ceiling, **good | {"contact": plain}) == "not_allowed"
    actions.raise_ceiling(**good)
    pool = pool_of(scene.again(), now=scene.now)
    assert pool
    assert (pool.ceiling, pool.left) == (300_00, 195_00)
    assert any("300" in text for text in texts(scene, Reader(contact=scene.lead)))
    assert actions.watch_pools(now=begun + timedelta(hours=7)) == 1  # 80 % of the new one


def test_what_was_asked_before_the_answer_is_kept_with_it_and_its_time_is_free() -> None:
    scene = make_scene()
    scene.declare()
    scene.write_dossier()
    guessed = {question: guess.finding for question, guess in guesses_for(scene.case).items()}
    assert guessed == {
        "dossier": "yes",
        "access": "unknown",
        "backups": "unknown",
        "previous": "no",
        "competence": "yes",
    }
    scene.work(minutes=9)
    checks = {"dossier": Found("yes", "Del martes"), "backups": Found("no")}
    answer = actions.say_viable(
        emergency=scene.case, estimate=ESTIMATE, by=scene.expert, checks=checks, now=scene.now
    )
    kept = {each.question: (each.finding, each.note) for each in answer.checks.all()}
    assert (kept["dossier"], kept["backups"], kept["access"]) == (
        ("yes", "Del martes"),
        ("no", ""),
        ("unknown", ""),
    )
    scene.again()
    scene.accept()
    scene.pay()
    scene.later(minutes=1)
    scene.work(hours=1)
    found = so_far(scene.case, None, now=scene.now)
    assert found
    assert (evaluation_seconds(scene.case), found.spent) == (9 * 60, 35_00)


def test_what_a_level_of_competence_costs_is_counted_and_shown() -> None:
    scene = make_scene(express_plan=by_minute("35.00", levels={"consultant": "50.00"}).plan)
    Competence.objects.filter(user=scene.expert).update(level="consultant")
    scene.declare()
    scene.answer(guarantee_hours=0)
    scene.accept()
    scene.work(hours=1)
    found = so_far(scene.case, None, now=scene.now)
    assert found
    assert (found.phases[0].price, found.spent) == (Decimal("35.00"), 50_00)
    assert [each.price for each in found.phases[0].levels] == [Decimal("50.00")]
    assert "$50.00" in scene.case.acceptance.text.replace("US", "")
    shown = published(now=scene.now).rates[0]
    assert ([each.price for each in shown.normalisation_levels], shown.mitigation_levels) == (
        [Decimal("50.00")],
        (),
    )
