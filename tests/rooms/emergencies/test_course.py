"""The course of a case: alerts in their order, the answer, acceptance, the guarantee; each refusal changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ecuanime.billing.actions import discard_draft
from ecuanime.billing.models import Invoice
from ecuanime.contracts.models import Contract, PlanKind
from ecuanime.emergencies import actions
from ecuanime.emergencies.models import Acceptance, Alert, Assessment, Emergency, Happening, Stage
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import read, store
from ecuanime.notices.models import Notice
from ecuanime.rules.express import Document
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.models import TimeEntry
from tests.factories import make_calendar, make_contact, make_contract
from tests.factories.emergencies import ESTIMATE, Scene, by_minute, make_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def told(scene: Scene) -> list[tuple[str, str]]:
    """Who was told what, in order."""
    rows = Notice.objects.filter(kind="emergency").order_by("id")
    return [(row.user.name, row.event_id.split(":")[1]) for row in rows.select_related("user")]


def state() -> list[Any]:
    """Everything that a refusal must leave as it was."""
    cases = Emergency.objects.values_list("stage", "version", "lead", "guarantee", "next_due_at", "opened_at")
    models = (Ticket, Acceptance, Assessment, Alert, Happening, Contract, Invoice, Notice, TimeEntry)
    return [*cases, *(model.objects.count() for model in models)]


def refused(act: Callable[..., Any], **fields: Any) -> str:
    before = state()
    with pytest.raises(Refused) as refusal:
        act(**fields)
    assert state() == before
    return refusal.value.code


def test_a_declaration_opens_an_urgent_ticket_and_alerts_the_first_expert(scene: Scene) -> None:
    case = scene.declare()
    assert (case.number, case.stage, case.ticket.priority, case.ticket.area) == (
        "EX-0001",
        "declared",
        1,
        scene.area,
    )
    assert case.answer_due_at == scene.now + timedelta(minutes=60)
    assert [alert.user for alert in case.alerts.all()] == [scene.expert]
    assert told(scene) == [("Teo Bruna", "alert")]


def test_silence_passes_the_alert_on_once_and_then_tells_the_supervisor(scene: Scene) -> None:
    case = scene.declare()
    assert actions.take_due_cases(now=scene.later(minutes=4)) == 0
    for _twice in range(2):
        actions.take_due_cases(now=scene.now + timedelta(minutes=1))
    scene.later(minutes=1)
    assert [(alert.user, alert.said) for alert in case.alerts.all()] == [
        (scene.expert, "silent"),
        (scene.second, ""),
    ]
    actions.take_due_cases(now=scene.later(minutes=5))
    actions.take_due_cases(now=scene.later(minutes=50))
    actions.take_due_cases(now=scene.later(minutes=50))
    assert told(scene) == [
        ("Teo Bruna", "alert"),
        ("Nuria Vidal", "alert"),
        ("Irene Mora", "unclaimed"),
        ("Irene Mora", "late"),
    ]
    assert scene.again().is_late


def test_who_takes_it_on_leads_it_and_who_passes_lets_the_next_be_alerted(scene: Scene) -> None:
    case = scene.declare()
    actions.hand_on(emergency=case, by=scene.expert, reason="De viaje.", now=scene.now)
    assert [(alert.user, alert.said) for alert in case.alerts.all()] == [
        (scene.expert, "passed"),
        (scene.second, ""),
    ]
    actions.take_on(emergency=case, by=scene.second, now=scene.later(minutes=1))
    case = scene.again()
    assert (case.stage, case.lead, case.ticket.assignee) == ("evaluating", scene.second, scene.second)
    assert refused(actions.take_on, emergency=case, by=scene.expert, now=scene.now) == "not_now"
    assert refused(actions.hand_on, emergency=case, by=scene.expert, now=scene.now) == "not_allowed"
    actions.take_due_cases(now=scene.later(minutes=30))
    assert case.alerts.count() == 2


def test_only_who_knows_the_area_answers_and_with_all_figures(scene: Scene) -> None:
    case = scene.declare()
    say: dict[str, Any] = {"emergency": case, "now": scene.now}
    assert refused(actions.say_viable, estimate=ESTIMATE, by=scene.supervisor, **say) == "competent"
    assert refused(actions.say_viable, estimate=ESTIMATE, by=scene.clerk, **say) == "not_allowed"
    no_risk = replace(ESTIMATE, risk=" ")
    assert refused(actions.say_viable, estimate=no_risk, by=scene.expert, **say) == "figures"
    nine = replace(ESTIMATE, guarantee_hours=9)
    assert refused(actions.say_viable, estimate=nine, by=scene.expert, **say) == "bad_guarantee"
    assert refused(actions.say_not_viable, reason="No.", elsewhere=" ", by=scene.expert, **say) == "elsewhere"


def test_not_viable_says_where_to_turn_and_costs_nothing(scene: Scene) -> None:
    case = scene.declare()
    work = scene.work(minutes=20)
    actions.say_not_viable(
        emergency=case,
        reason="Es del fabricante.",
        elsewhere="Fabricante, 900 100 200",
        by=scene.expert,
        now=scene.now,
    )
    assert scene.again().stage == "not_viable"
    assert TimeEntry.objects.get(pk=work.pk).billable_seconds == 0
    assert "900 100 200" in case.ticket.messages.filter(kind="reply").get().text
    assert (Contract.objects.count(), Invoice.objects.count()) == (0, 0)


def test_revisions_leave_what_was_said_and_what_was_accepted(scene: Scene) -> None:
    scene.declare()
    scene.answer()
    scene.accept()
    scene.pay()
    more = replace(ESTIMATE, normalise_minutes=600, guarantee_hours=8, is_counted=True)
    assert (
        refused(
            actions.revise, emergency=scene.case, estimate=more, reason="", by=scene.expert, now=scene.now
        )
        == "reason"
    )
    actions.revise(
        emergency=scene.case, estimate=more, reason="Hay dos discos.", by=scene.expert, now=scene.now
    )
    kept = scene.case.assessments.values_list("number", "normalise_minutes", "guarantee_hours", "is_counted")
    assert list(kept) == [(1, 240, 2, False), (2, 600, 2, False)]


def test_acceptance_keeps_text_paper_and_who_from_where(scene: Scene) -> None:
    scene.declare()
    scene.answer()
    accepted = scene.accept(ceiling=50_000)
    assert (accepted.name, accepted.address, accepted.ceiling) == ("Hugo Salcedo", "192.0.2.7", 50_000)
    for part in (
        "$35.00 an hour (Express)",
        "$25.00 an hour (On demand)",
        "2 hours at the Express rate, $70.00",
    ):
        assert part in accepted.text.replace("\xa0", " ").replace("US$", "$")
    assert read(accepted.pdf_id).startswith(b"%PDF")
    assert scene.accept() == accepted
    assert Invoice.objects.count() == 1
    contracts = {contract.version.plan for contract in Contract.objects.filter(client=scene.client)}
    assert contracts == {scene.service.express_plan, scene.service.on_demand_plan}


def test_acceptance_is_refused_to_others_and_of_another_text(scene: Scene) -> None:
    scene.declare()
    scene.answer()
    colleague, stranger = make_contact(scene.client), make_contact(is_project_lead=True)
    fields: dict[str, Any] = {"emergency": scene.case, "address": None, "now": scene.now}
    for contact in (colleague, stranger):
        assert refused(actions.accept, contact=contact, text_sha256=scene.read(), **fields) == "not_allowed"
    assert refused(actions.accept, contact=scene.lead, text_sha256="0" * 64, **fields) == "seen"
    free = {"ceiling": 0, "contact": scene.lead, "text_sha256": scene.read()}
    assert refused(actions.accept, **free, **fields) == "bad_ceiling"
    other = make_contract()
    chosen = {"chosen": other, "contact": scene.lead, "text_sha256": scene.read()}
    assert refused(actions.accept, **chosen, **fields) == "bad_choice"


def test_a_monthly_plan_of_the_area_waives_the_guarantee_and_sets_the_rates(scene: Scene) -> None:
    version = by_minute("22.00", kind=PlanKind.MONTHLY)
    plan = make_contract(scene.client, version=version)
    plan.areas.add(scene.area)
    scene.declare()
    scene.answer()
    accepted = scene.accept()
    assert f"None is asked for, because of your plan {plan.number}." in accepted.text
    assert (scene.case.stage, scene.case.guarantee) == ("normalising", None)
    assert [scene.case.express_contract, scene.case.mitigation_contract] == [plan, plan]
    assert scene.work(hours=1).contract == plan


def test_a_plan_of_another_area_waives_nothing(scene: Scene) -> None:
    other = scene.area.__class__.objects.create(code="bd", name="Bases de datos")
    make_contract(scene.client, version=by_minute("22.00", kind=PlanKind.MONTHLY)).areas.add(other)
    scene.declare()
    scene.answer()
    scene.accept()
    assert scene.case.stage == Stage.GUARANTEE_DUE


def test_work_opens_once_however_often_the_payment_is_told(scene: Scene) -> None:
    scene.declare()
    scene.answer()
    scene.accept()
    actions.note_paid(emergency=scene.case, now=scene.now)
    assert scene.again().stage == Stage.GUARANTEE_DUE
    case = scene.pay()
    before = state()
    actions.note_paid(emergency=case, now=scene.now)
    assert (case.stage, state()) == ("normalising", before)


def test_a_guarantee_that_cannot_be_issued_waits_for_billing_and_may_be_discarded(scene: Scene) -> None:
    type(scene.client).objects.filter(pk=scene.client.pk).update(address="", city="", postcode="")
    scene.declare()
    scene.answer()
    scene.accept()
    guarantee = scene.case.guarantee
    assert guarantee is not None
    assert guarantee.is_draft
    assert (scene.clerk.name, "guarantee") in told(scene)
    discard_draft(invoice=guarantee, by=scene.clerk, now=scene.now)
    assert (scene.again().guarantee, scene.case.stage) == (None, "guarantee_due")
    actions.waive_guarantee(emergency=scene.case, reason="Sin datos.", by=scene.expert, now=scene.now)
    assert scene.again().stage == "normalising"


def test_the_lead_waives_with_a_reason_and_the_administrator_is_told(scene: Scene) -> None:
    scene.declare()
    scene.answer()
    scene.accept()
    waive: dict[str, Any] = {"emergency": scene.case, "now": scene.now}
    assert refused(actions.waive_guarantee, reason=" ", by=scene.expert, **waive) == "reason"
    assert refused(actions.waive_guarantee, reason="x", by=scene.second, **waive) == "not_allowed"
    actions.waive_guarantee(reason="Cliente de siempre.", by=scene.expert, **waive)
    assert scene.again().stage == "normalising"
    assert (scene.administrator.name, "unpaid") in told(scene)


def test_work_starts_on_proof_of_payment_only_where_there_is_one(scene: Scene) -> None:
    scene.declare()
    scene.answer()
    scene.accept()
    assert refused(actions.start_on_proof, emergency=scene.case, by=scene.expert, now=scene.now) == "proof"
    stranger = make_contact(is_project_lead=True)
    proof: dict[str, Any] = {
        "emergency": scene.case,
        "file": store(b"%PDF-1"),
        "name": "pago.pdf",
        "now": scene.now,
    }
    assert refused(actions.give_proof, contact=stranger, **proof) == "not_allowed"
    for _again in range(2):
        actions.give_proof(contact=scene.lead, **proof)
    [line] = scene.again().happenings.filter(act="proof")
    assert (line.contact, line.text, line.is_internal) == (scene.lead, "pago.pdf", False)
    actions.start_on_proof(emergency=scene.again(), by=scene.expert, now=scene.now)
    assert (scene.again().stage, scene.case.proof_name) == ("normalising", "pago.pdf")
    assert refused(actions.give_proof, contact=scene.lead, **proof) == "not_now"


def test_a_client_declines_or_withdraws_and_nothing_is_charged(scene: Scene) -> None:
    scene.declare()
    scene.answer()
    actions.decline(emergency=scene.case, contact=scene.lead, reason="Caro.", now=scene.now)
    assert scene.again().stage == "declined"
    scene.declare()
    withdraw: dict[str, Any] = {"emergency": scene.case, "contact": scene.lead, "now": scene.now}
    assert refused(actions.withdraw, reason="", **withdraw) == "reason"
    actions.withdraw(reason="Ya funciona.", **withdraw)
    assert (scene.again().stage, scene.case.next_due_at) == ("withdrawn", None)
    assert actions.take_due_cases(now=scene.later(hours=3)) == 0
    assert Invoice.objects.count() == 0


def test_outside_the_express_hours_nobody_is_alerted_before_they_begin() -> None:
    scene = make_scene(calendar=make_calendar())  # 08:00 to 18:00; it is 20:00
    opens = scene.now + timedelta(hours=12)
    case = scene.declare()
    assert case.answer_due_at == opens + timedelta(hours=1)
    assert not case.alerts.exists()
    actions.take_due_cases(now=opens - timedelta(minutes=1))
    assert not case.alerts.exists()
    actions.take_due_cases(now=opens)
    assert [alert.user for alert in case.alerts.all()] == [scene.expert]


def test_closing_waits_for_the_dossier(scene: Scene) -> None:
    scene.declare()
    scene.answer(guarantee_hours=0)
    scene.accept()
    close: dict[str, Any] = {
        "emergency": scene.case,
        "by": scene.expert,
        "reason": "Se sigue otro día.",
        "in_part": True,
    }
    assert refused(actions.close, now=scene.now, **close) == "dossier"
    scene.write_dossier()
    actions.close(now=scene.now, **close)
    assert scene.again().stage == "closed"
    assert scene.case.express_contract is not None
    assert scene.case.express_contract.ends_on is not None
    fields: dict[str, Any] = {"emergency": scene.case, "document": Document.MITIGATION, "now": scene.now}
    assert refused(actions.bill_phase, by=scene.clerk, **fields) == "nothing_to_bill"
    assert refused(actions.bill_phase, by=scene.expert, **fields) == "not_allowed"


def test_normality_is_declared_with_evidence_inside_its_phase(scene: Scene) -> None:
    scene.declare()
    scene.answer(guarantee_hours=0)
    scene.accept()
    opened = scene.now
    normal: dict[str, Any] = {"emergency": scene.case, "by": scene.expert, "now": scene.later(hours=1)}
    assert refused(actions.declare_normal, evidence=" ", **normal) == "evidence"
    assert refused(actions.declare_normal, evidence="x", at=opened, **normal) == "bad_moment"
    scene.normal()
    assert scene.case.ticket.normal_at == scene.now


def test_not_offered_before_both_rates_are_chosen(scene: Scene) -> None:
    scene.service.on_demand_plan = None
    assert (
        refused(actions.set_service, service=scene.service, by=scene.administrator, now=scene.now)
        == "no_rates"
    )
    dear = by_minute("20.00", currency="EUR").plan
    scene.service.on_demand_plan = dear
    assert (
        refused(actions.set_service, service=scene.service, by=scene.administrator, now=scene.now)
        == "currencies"
    )
    assert (
        refused(actions.set_service, service=scene.service, by=scene.supervisor, now=scene.now)
        == "not_allowed"
    )
    people: dict[str, Any] = {"area": scene.area, "people": [scene.clerk], "now": scene.now}
    assert refused(actions.set_alert_list, by=scene.administrator, **people) == "not_competent"


def test_the_team_is_told_once_that_the_ceiling_is_near(scene: Scene) -> None:
    scene.declare()
    scene.answer(guarantee_hours=0)
    scene.accept(ceiling=7_000)
    scene.work(hours=1)
    actions.watch_pools(now=scene.now)
    assert (scene.expert.name, "pool_near") not in told(scene)
    scene.work(hours=1)
    actions.watch_pools(now=scene.now)
    actions.watch_pools(now=scene.later(hours=1))
    assert told(scene).count((scene.expert.name, "pool_near")) == 1
