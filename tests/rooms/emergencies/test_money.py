"""The three documents of a case, worked along the real way with the figures of docs/rules/express.md."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ecuanime.billing.actions import continue_run, run_invoices
from ecuanime.billing.models import Invoice
from ecuanime.emergencies import actions
from ecuanime.foundation.errors import Refused
from ecuanime.rules.express import Document
from ecuanime.worklog.actions import close_ticket_time, start_timer, stop_timer
from ecuanime.worklog.models import TimeEntry
from tests.factories import make_work_type
from tests.factories.emergencies import make_scene
from tests.rules.examples import cents, rows

pytestmark = pytest.mark.django_db

WORKED = rows(
    "express", "guarantee", "counted", "normalisation", "mitigation", "first", "second", "third", "kept"
)


@pytest.mark.parametrize("row", WORKED[:2], ids=lambda row: f"counted {row['counted']}")
def test_an_unknown_firm_pays_guarantee_normalisation_and_mitigation(row: dict[str, str]) -> None:
    scene = make_scene()
    scene.declare()
    scene.answer(guarantee_hours=2, is_counted=row["counted"] == "yes")
    scene.accept()
    first = scene.case.guarantee
    assert first is not None
    assert (first.state, first.currency, first.net) == (Invoice.State.ISSUED, "USD", cents(row["first"]))
    scene.pay()
    scene.later(hours=1)
    work = scene.work(hours=3, minutes=10)  # from 21:15 in Madrid until past midnight
    scene.normal()
    scene.review()
    run = run_invoices(up_to=scene.now.date(), by=scene.clerk, now=scene.now)
    assert not continue_run(run=run, now=scene.now).invoices.exists()
    second = scene.bill(Document.NORMALISATION)
    assert second.net == cents(row["second"])
    actions.acknowledge_normal(emergency=scene.again(), contact=scene.lead, now=scene.now)
    rest = scene.work(hours=5)
    scene.write_dossier()
    actions.close(emergency=scene.again(), by=scene.expert, now=scene.now)
    scene.review()
    third = scene.bill(Document.MITIGATION)
    assert third.net == cents(row["third"])
    contracts = [TimeEntry.objects.get(pk=each.pk).contract for each in (work, rest)]
    assert contracts == [scene.case.express_contract, scene.case.mitigation_contract]
    assert Invoice.objects.filter(client=scene.client).count() == 3


def test_work_that_spans_the_moment_of_normality_is_cut_there() -> None:
    scene = make_scene()
    scene.declare()
    scene.answer(guarantee_hours=0)
    scene.accept()
    entry = scene.work(hours=2)
    scene.normal(at=scene.now - timedelta(minutes=30))
    first, second = TimeEntry.objects.filter(ticket=scene.case.ticket).order_by("started_at")
    assert (first.pk, first.elapsed_seconds, second.elapsed_seconds) == (entry.pk, 5400, 1800)
    assert first.ended_at == second.started_at == scene.case.normal_at
    assert [first.contract, second.contract] == [scene.case.express_contract, scene.case.mitigation_contract]
    assert {first.state, second.state} == {"closed"}
    scene.review()
    assert scene.bill(Document.NORMALISATION).net == cents("52.50")


def test_a_running_timer_is_recorded_up_to_that_moment_and_runs_on() -> None:
    scene = make_scene()
    scene.declare()
    scene.answer(guarantee_hours=0)
    scene.accept()
    ticket = scene.case.ticket
    start_timer(user=scene.expert, ticket=ticket, work_type=make_work_type("remote"), now=scene.now)
    scene.later(hours=1)
    scene.normal()
    first = TimeEntry.objects.get(ticket=ticket)
    assert (first.elapsed_seconds, first.state, first.contract) == (
        3600,
        "closed",
        scene.case.express_contract,
    )
    second = stop_timer(user=scene.expert, now=scene.later(minutes=30))
    assert second is not None
    assert (second.elapsed_seconds, second.contract) == (1800, scene.case.mitigation_contract)


def test_time_before_acceptance_is_recorded_and_free() -> None:
    scene = make_scene()
    scene.declare()
    early = scene.work(minutes=20)
    scene.answer(guarantee_hours=0)
    scene.accept()
    scene.work(hours=1)
    scene.normal()
    scene.review()
    assert TimeEntry.objects.get(pk=early.pk).billable_seconds == 0
    assert scene.bill(Document.NORMALISATION).net == cents("35.00")


def test_a_relapse_goes_on_the_third_once_the_second_is_issued() -> None:
    scene = make_scene()
    scene.declare()
    scene.answer(guarantee_hours=0)
    scene.accept()
    scene.work(hours=1)
    scene.normal()
    scene.review()
    assert scene.bill(Document.NORMALISATION).net == cents("35.00")
    actions.note_relapse(
        emergency=scene.again(), reason="Se ha parado.", by=scene.expert, now=scene.later(hours=1)
    )
    scene.work(hours=1)
    scene.normal()
    scene.work(hours=1)
    scene.write_dossier()
    actions.close(emergency=scene.again(), by=scene.expert, now=scene.now, reason="Basta.", in_part=True)
    with pytest.raises(Refused) as refused:
        scene.bill(Document.MITIGATION)
    assert refused.value.code == "undecided"
    scene.review()
    assert scene.bill(Document.MITIGATION).net == cents("60.00")


def test_what_is_approved_after_the_third_goes_with_the_clients_other_time() -> None:
    scene = make_scene()
    scene.declare()
    scene.answer(guarantee_hours=0)
    scene.accept()
    scene.work(hours=1)
    scene.normal()
    scene.write_dossier()
    rest = scene.work(hours=1)
    actions.close(emergency=scene.again(), by=scene.expert, now=scene.now, reason="Basta.", in_part=True)
    scene.review()
    assert scene.bill(Document.NORMALISATION).net == cents("35.00")
    assert scene.bill(Document.MITIGATION).net == cents("25.00")
    late = scene.work(hours=2)
    close_ticket_time(ticket=scene.case.ticket, now=scene.now)
    scene.review()
    run = run_invoices(up_to=scene.now.date(), by=scene.clerk, now=scene.now)
    [draft] = continue_run(run=run, now=scene.now).invoices.all()
    assert (draft.net, late.contract) == (cents("50.00"), rest.contract)
