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
from tests.factories.emergencies import make_sala
from tests.rules.examples import cents, rows

pytestmark = pytest.mark.django_db

WORKED = rows(
    "express", "guarantee", "counted", "normalisation", "mitigation", "first", "second", "third", "kept"
)


@pytest.mark.parametrize("row", WORKED[:2], ids=lambda row: f"counted {row['counted']}")
def test_an_unknown_firm_pays_guarantee_normalisation_and_mitigation(row: dict[str, str]) -> None:
    sala = make_sala()
    sala.declare()
    sala.answer(guarantee_hours=2, is_counted=row["counted"] == "yes")
    sala.accept()
    first = sala.case.guarantee
    assert first is not None
    assert (first.state, first.currency, first.net) == (Invoice.State.ISSUED, "USD", cents(row["first"]))
    sala.pay()
    sala.later(hours=1)
    work = sala.work(hours=3, minutes=10)  # from 21:15 in Madrid until past midnight
    sala.normal()
    sala.review()
    run = run_invoices(up_to=sala.now.date(), by=sala.clerk, now=sala.now)
    assert not continue_run(run=run, now=sala.now).invoices.exists()
    second = sala.bill(Document.NORMALISATION)
    assert second.net == cents(row["second"])
    actions.acknowledge_normal(emergency=sala.again(), contact=sala.lead, now=sala.now)
    rest = sala.work(hours=5)
    sala.write_dossier()
    actions.close(emergency=sala.again(), by=sala.expert, now=sala.now)
    sala.review()
    third = sala.bill(Document.MITIGATION)
    assert third.net == cents(row["third"])
    contracts = [TimeEntry.objects.get(pk=each.pk).contract for each in (work, rest)]
    assert contracts == [sala.case.express_contract, sala.case.mitigation_contract]
    assert Invoice.objects.filter(client=sala.client).count() == 3


def test_work_that_spans_the_moment_of_normality_is_cut_there() -> None:
    sala = make_sala()
    sala.declare()
    sala.answer(guarantee_hours=0)
    sala.accept()
    entry = sala.work(hours=2)
    sala.normal(at=sala.now - timedelta(minutes=30))
    first, second = TimeEntry.objects.filter(ticket=sala.case.ticket).order_by("started_at")
    assert (first.pk, first.elapsed_seconds, second.elapsed_seconds) == (entry.pk, 5400, 1800)
    assert first.ended_at == second.started_at == sala.case.normal_at
    assert [first.contract, second.contract] == [sala.case.express_contract, sala.case.mitigation_contract]
    assert {first.state, second.state} == {"closed"}
    sala.review()
    assert sala.bill(Document.NORMALISATION).net == cents("52.50")


def test_a_running_timer_is_recorded_up_to_that_moment_and_runs_on() -> None:
    sala = make_sala()
    sala.declare()
    sala.answer(guarantee_hours=0)
    sala.accept()
    ticket = sala.case.ticket
    start_timer(user=sala.expert, ticket=ticket, work_type=make_work_type("remote"), now=sala.now)
    sala.later(hours=1)
    sala.normal()
    first = TimeEntry.objects.get(ticket=ticket)
    assert (first.elapsed_seconds, first.state, first.contract) == (
        3600,
        "closed",
        sala.case.express_contract,
    )
    second = stop_timer(user=sala.expert, now=sala.later(minutes=30))
    assert second is not None
    assert (second.elapsed_seconds, second.contract) == (1800, sala.case.mitigation_contract)


def test_time_before_acceptance_is_recorded_and_free() -> None:
    sala = make_sala()
    sala.declare()
    early = sala.work(minutes=20)
    sala.answer(guarantee_hours=0)
    sala.accept()
    sala.work(hours=1)
    sala.normal()
    sala.review()
    assert TimeEntry.objects.get(pk=early.pk).billable_seconds == 0
    assert sala.bill(Document.NORMALISATION).net == cents("35.00")


def test_a_relapse_goes_on_the_third_once_the_second_is_issued() -> None:
    sala = make_sala()
    sala.declare()
    sala.answer(guarantee_hours=0)
    sala.accept()
    sala.work(hours=1)
    sala.normal()
    sala.review()
    assert sala.bill(Document.NORMALISATION).net == cents("35.00")
    actions.note_relapse(
        emergency=sala.again(), reason="Se ha parado.", by=sala.expert, now=sala.later(hours=1)
    )
    sala.work(hours=1)
    sala.normal()
    sala.work(hours=1)
    sala.write_dossier()
    actions.close(emergency=sala.again(), by=sala.expert, now=sala.now, reason="Basta.", in_part=True)
    with pytest.raises(Refused) as refused:
        sala.bill(Document.MITIGATION)
    assert refused.value.code == "undecided"
    sala.review()
    assert sala.bill(Document.MITIGATION).net == cents("60.00")


def test_what_is_approved_after_the_third_goes_with_the_clients_other_time() -> None:
    sala = make_sala()
    sala.declare()
    sala.answer(guarantee_hours=0)
    sala.accept()
    sala.work(hours=1)
    sala.normal()
    sala.write_dossier()
    rest = sala.work(hours=1)
    actions.close(emergency=sala.again(), by=sala.expert, now=sala.now, reason="Basta.", in_part=True)
    sala.review()
    assert sala.bill(Document.NORMALISATION).net == cents("35.00")
    assert sala.bill(Document.MITIGATION).net == cents("25.00")
    late = sala.work(hours=2)
    close_ticket_time(ticket=sala.case.ticket, now=sala.now)
    sala.review()
    run = run_invoices(up_to=sala.now.date(), by=sala.clerk, now=sala.now)
    [draft] = continue_run(run=run, now=sala.now).invoices.all()
    assert (draft.net, late.contract) == (cents("50.00"), rest.contract)
