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
from tests.factories.emergencies import ESTIMATE, Sala, by_minute, make_sala

pytestmark = pytest.mark.django_db


@pytest.fixture
def sala() -> Sala:
    return make_sala()


def told(sala: Sala) -> list[tuple[str, str]]:
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


def test_a_declaration_opens_an_urgent_ticket_and_alerts_the_first_expert(sala: Sala) -> None:
    case = sala.declare()
    assert (case.number, case.stage, case.ticket.priority, case.ticket.area) == (
        "EX-0001",
        "declared",
        1,
        sala.area,
    )
    assert case.answer_due_at == sala.now + timedelta(minutes=60)
    assert [alert.user for alert in case.alerts.all()] == [sala.expert]
    assert told(sala) == [("Teo Bruna", "alert")]


def test_silence_passes_the_alert_on_once_and_then_tells_the_supervisor(sala: Sala) -> None:
    case = sala.declare()
    assert actions.take_due_cases(now=sala.later(minutes=4)) == 0
    for _twice in range(2):
        actions.take_due_cases(now=sala.now + timedelta(minutes=1))
    sala.later(minutes=1)
    assert [(alert.user, alert.said) for alert in case.alerts.all()] == [
        (sala.expert, "silent"),
        (sala.second, ""),
    ]
    actions.take_due_cases(now=sala.later(minutes=5))
    actions.take_due_cases(now=sala.later(minutes=50))
    actions.take_due_cases(now=sala.later(minutes=50))
    assert told(sala) == [
        ("Teo Bruna", "alert"),
        ("Nuria Vidal", "alert"),
        ("Irene Mora", "unclaimed"),
        ("Irene Mora", "late"),
    ]
    assert sala.again().is_late


def test_who_takes_it_on_leads_it_and_who_passes_lets_the_next_be_alerted(sala: Sala) -> None:
    case = sala.declare()
    actions.hand_on(emergency=case, by=sala.expert, reason="De viaje.", now=sala.now)
    assert [(alert.user, alert.said) for alert in case.alerts.all()] == [
        (sala.expert, "passed"),
        (sala.second, ""),
    ]
    actions.take_on(emergency=case, by=sala.second, now=sala.later(minutes=1))
    case = sala.again()
    assert (case.stage, case.lead, case.ticket.assignee) == ("evaluating", sala.second, sala.second)
    assert refused(actions.take_on, emergency=case, by=sala.expert, now=sala.now) == "not_now"
    assert refused(actions.hand_on, emergency=case, by=sala.expert, now=sala.now) == "not_allowed"
    actions.take_due_cases(now=sala.later(minutes=30))
    assert case.alerts.count() == 2


def test_only_who_knows_the_area_answers_and_with_all_figures(sala: Sala) -> None:
    case = sala.declare()
    say: dict[str, Any] = {"emergency": case, "now": sala.now}
    assert refused(actions.say_viable, estimate=ESTIMATE, by=sala.supervisor, **say) == "competent"
    assert refused(actions.say_viable, estimate=ESTIMATE, by=sala.clerk, **say) == "not_allowed"
    no_risk = replace(ESTIMATE, risk=" ")
    assert refused(actions.say_viable, estimate=no_risk, by=sala.expert, **say) == "figures"
    nine = replace(ESTIMATE, guarantee_hours=9)
    assert refused(actions.say_viable, estimate=nine, by=sala.expert, **say) == "bad_guarantee"
    assert refused(actions.say_not_viable, reason="No.", elsewhere=" ", by=sala.expert, **say) == "elsewhere"


def test_not_viable_says_where_to_turn_and_costs_nothing(sala: Sala) -> None:
    case = sala.declare()
    work = sala.work(minutes=20)
    actions.say_not_viable(
        emergency=case,
        reason="Es del fabricante.",
        elsewhere="Fabricante, 900 100 200",
        by=sala.expert,
        now=sala.now,
    )
    assert sala.again().stage == "not_viable"
    assert TimeEntry.objects.get(pk=work.pk).billable_seconds == 0
    assert "900 100 200" in case.ticket.messages.filter(kind="reply").get().text
    assert (Contract.objects.count(), Invoice.objects.count()) == (0, 0)


def test_revisions_leave_what_was_said_and_what_was_accepted(sala: Sala) -> None:
    sala.declare()
    sala.answer()
    sala.accept()
    sala.pay()
    more = replace(ESTIMATE, normalise_minutes=600, guarantee_hours=8, is_counted=True)
    assert (
        refused(actions.revise, emergency=sala.case, estimate=more, reason="", by=sala.expert, now=sala.now)
        == "reason"
    )
    actions.revise(emergency=sala.case, estimate=more, reason="Hay dos discos.", by=sala.expert, now=sala.now)
    kept = sala.case.assessments.values_list("number", "normalise_minutes", "guarantee_hours", "is_counted")
    assert list(kept) == [(1, 240, 2, False), (2, 600, 2, False)]


def test_acceptance_keeps_text_paper_and_who_from_where(sala: Sala) -> None:
    sala.declare()
    sala.answer()
    accepted = sala.accept(ceiling=50_000)
    assert (accepted.name, accepted.address, accepted.ceiling) == ("Hugo Salcedo", "192.0.2.7", 50_000)
    for part in (
        "$35.00 an hour (Express)",
        "$25.00 an hour (On demand)",
        "2 hours at the Express rate, $70.00",
    ):
        assert part in accepted.text.replace("\xa0", " ").replace("US$", "$")
    assert read(accepted.pdf_id).startswith(b"%PDF")
    assert sala.accept() == accepted
    assert Invoice.objects.count() == 1
    contracts = {contract.version.plan for contract in Contract.objects.filter(client=sala.client)}
    assert contracts == {sala.service.express_plan, sala.service.on_demand_plan}


def test_acceptance_is_refused_to_others_and_of_another_text(sala: Sala) -> None:
    sala.declare()
    sala.answer()
    colleague, stranger = make_contact(sala.client), make_contact(is_project_lead=True)
    fields: dict[str, Any] = {"emergency": sala.case, "address": None, "now": sala.now}
    for contact in (colleague, stranger):
        assert refused(actions.accept, contact=contact, text_sha256=sala.read(), **fields) == "not_allowed"
    assert refused(actions.accept, contact=sala.lead, text_sha256="0" * 64, **fields) == "seen"
    free = {"ceiling": 0, "contact": sala.lead, "text_sha256": sala.read()}
    assert refused(actions.accept, **free, **fields) == "bad_ceiling"
    other = make_contract()
    chosen = {"chosen": other, "contact": sala.lead, "text_sha256": sala.read()}
    assert refused(actions.accept, **chosen, **fields) == "bad_choice"


def test_a_monthly_plan_of_the_area_waives_the_guarantee_and_sets_the_rates(sala: Sala) -> None:
    version = by_minute("22.00", kind=PlanKind.MONTHLY)
    plan = make_contract(sala.client, version=version)
    plan.areas.add(sala.area)
    sala.declare()
    sala.answer()
    accepted = sala.accept()
    assert f"None is asked for, because of your plan {plan.number}." in accepted.text
    assert (sala.case.stage, sala.case.guarantee) == ("normalising", None)
    assert [sala.case.express_contract, sala.case.mitigation_contract] == [plan, plan]
    assert sala.work(hours=1).contract == plan


def test_a_plan_of_another_area_waives_nothing(sala: Sala) -> None:
    other = sala.area.__class__.objects.create(code="bd", name="Bases de datos")
    make_contract(sala.client, version=by_minute("22.00", kind=PlanKind.MONTHLY)).areas.add(other)
    sala.declare()
    sala.answer()
    sala.accept()
    assert sala.case.stage == Stage.GUARANTEE_DUE


def test_work_opens_once_however_often_the_payment_is_told(sala: Sala) -> None:
    sala.declare()
    sala.answer()
    sala.accept()
    actions.note_paid(emergency=sala.case, now=sala.now)
    assert sala.again().stage == Stage.GUARANTEE_DUE
    case = sala.pay()
    before = state()
    actions.note_paid(emergency=case, now=sala.now)
    assert (case.stage, state()) == ("normalising", before)


def test_a_guarantee_that_cannot_be_issued_waits_for_billing_and_may_be_discarded(sala: Sala) -> None:
    type(sala.client).objects.filter(pk=sala.client.pk).update(address="", city="", postcode="")
    sala.declare()
    sala.answer()
    sala.accept()
    guarantee = sala.case.guarantee
    assert guarantee is not None
    assert guarantee.is_draft
    assert (sala.clerk.name, "guarantee") in told(sala)
    discard_draft(invoice=guarantee, by=sala.clerk, now=sala.now)
    assert (sala.again().guarantee, sala.case.stage) == (None, "guarantee_due")
    actions.waive_guarantee(emergency=sala.case, reason="Sin datos.", by=sala.expert, now=sala.now)
    assert sala.again().stage == "normalising"


def test_the_lead_waives_with_a_reason_and_the_administrator_is_told(sala: Sala) -> None:
    sala.declare()
    sala.answer()
    sala.accept()
    waive: dict[str, Any] = {"emergency": sala.case, "now": sala.now}
    assert refused(actions.waive_guarantee, reason=" ", by=sala.expert, **waive) == "reason"
    assert refused(actions.waive_guarantee, reason="x", by=sala.second, **waive) == "not_allowed"
    actions.waive_guarantee(reason="Cliente de siempre.", by=sala.expert, **waive)
    assert sala.again().stage == "normalising"
    assert (sala.administrator.name, "unpaid") in told(sala)


def test_work_starts_on_proof_of_payment_only_where_there_is_one(sala: Sala) -> None:
    sala.declare()
    sala.answer()
    sala.accept()
    assert refused(actions.start_on_proof, emergency=sala.case, by=sala.expert, now=sala.now) == "proof"
    stranger = make_contact(is_project_lead=True)
    proof: dict[str, Any] = {
        "emergency": sala.case,
        "file": store(b"%PDF-1"),
        "name": "pago.pdf",
        "now": sala.now,
    }
    assert refused(actions.give_proof, contact=stranger, **proof) == "not_allowed"
    for _again in range(2):
        actions.give_proof(contact=sala.lead, **proof)
    [line] = sala.again().happenings.filter(act="proof")
    assert (line.contact, line.text, line.is_internal) == (sala.lead, "pago.pdf", False)
    actions.start_on_proof(emergency=sala.again(), by=sala.expert, now=sala.now)
    assert (sala.again().stage, sala.case.proof_name) == ("normalising", "pago.pdf")
    assert refused(actions.give_proof, contact=sala.lead, **proof) == "not_now"


def test_a_client_declines_or_withdraws_and_nothing_is_charged(sala: Sala) -> None:
    sala.declare()
    sala.answer()
    actions.decline(emergency=sala.case, contact=sala.lead, reason="Caro.", now=sala.now)
    assert sala.again().stage == "declined"
    sala.declare()
    withdraw: dict[str, Any] = {"emergency": sala.case, "contact": sala.lead, "now": sala.now}
    assert refused(actions.withdraw, reason="", **withdraw) == "reason"
    actions.withdraw(reason="Ya funciona.", **withdraw)
    assert (sala.again().stage, sala.case.next_due_at) == ("withdrawn", None)
    assert actions.take_due_cases(now=sala.later(hours=3)) == 0
    assert Invoice.objects.count() == 0


def test_outside_the_express_hours_nobody_is_alerted_before_they_begin() -> None:
    sala = make_sala(calendar=make_calendar())  # 08:00 to 18:00; it is 20:00
    opens = sala.now + timedelta(hours=12)
    case = sala.declare()
    assert case.answer_due_at == opens + timedelta(hours=1)
    assert not case.alerts.exists()
    actions.take_due_cases(now=opens - timedelta(minutes=1))
    assert not case.alerts.exists()
    actions.take_due_cases(now=opens)
    assert [alert.user for alert in case.alerts.all()] == [sala.expert]


def test_closing_waits_for_the_dossier(sala: Sala) -> None:
    sala.declare()
    sala.answer(guarantee_hours=0)
    sala.accept()
    close: dict[str, Any] = {
        "emergency": sala.case,
        "by": sala.expert,
        "reason": "Se sigue otro día.",
        "in_part": True,
    }
    assert refused(actions.close, now=sala.now, **close) == "dossier"
    sala.write_dossier()
    actions.close(now=sala.now, **close)
    assert sala.again().stage == "closed"
    assert sala.case.express_contract is not None
    assert sala.case.express_contract.ends_on is not None
    fields: dict[str, Any] = {"emergency": sala.case, "document": Document.MITIGATION, "now": sala.now}
    assert refused(actions.bill_phase, by=sala.clerk, **fields) == "nothing_to_bill"
    assert refused(actions.bill_phase, by=sala.expert, **fields) == "not_allowed"


def test_normality_is_declared_with_evidence_inside_its_phase(sala: Sala) -> None:
    sala.declare()
    sala.answer(guarantee_hours=0)
    sala.accept()
    opened = sala.now
    normal: dict[str, Any] = {"emergency": sala.case, "by": sala.expert, "now": sala.later(hours=1)}
    assert refused(actions.declare_normal, evidence=" ", **normal) == "evidence"
    assert refused(actions.declare_normal, evidence="x", at=opened, **normal) == "bad_moment"
    sala.normal()
    assert sala.case.ticket.normal_at == sala.now


def test_not_offered_before_both_rates_are_chosen(sala: Sala) -> None:
    sala.service.on_demand_plan = None
    assert (
        refused(actions.set_service, service=sala.service, by=sala.administrator, now=sala.now) == "no_rates"
    )
    dear = by_minute("20.00", currency="EUR").plan
    sala.service.on_demand_plan = dear
    assert (
        refused(actions.set_service, service=sala.service, by=sala.administrator, now=sala.now)
        == "currencies"
    )
    assert (
        refused(actions.set_service, service=sala.service, by=sala.supervisor, now=sala.now) == "not_allowed"
    )
    people: dict[str, Any] = {"area": sala.area, "people": [sala.clerk], "now": sala.now}
    assert refused(actions.set_alert_list, by=sala.administrator, **people) == "not_competent"


def test_the_team_is_told_once_that_the_ceiling_is_near(sala: Sala) -> None:
    sala.declare()
    sala.answer(guarantee_hours=0)
    sala.accept(ceiling=7_000)
    sala.work(hours=1)
    actions.watch_pools(now=sala.now)
    assert (sala.expert.name, "pool_near") not in told(sala)
    sala.work(hours=1)
    actions.watch_pools(now=sala.now)
    actions.watch_pools(now=sala.later(hours=1))
    assert told(sala).count((sala.expert.name, "pool_near")) == 1
