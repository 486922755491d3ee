"""`kill -9` at every step of a run and of issuing: a number exists only with its invoice, and nothing is done twice."""

from __future__ import annotations

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from ecuanime.billing.models import FiscalRecord, Invoice, LineSegment, Run, Series
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.billing.verifying.records import verify_records
from ecuanime.delivery.models import OutgoingMail
from ecuanime.entitlements.queries import verify_ledger
from ecuanime.foundation.audit import broken_links
from ecuanime.foundation.files import is_whole
from tests.crash import killed, run_script
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.factories.fiscal import make_spanish_billing

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

IN_THE_TRANSACTION = ("billing.number_taken", "billing.lines_frozen")
AFTER_THE_COMMIT = ("billing.committed", "billing.pdf_written", "billing.mail_queued")

ISSUE_ALL = f"""
from datetime import datetime
from ecuanime.accounts.models import User
from ecuanime.billing import actions
from ecuanime.billing.models import Invoice
now = datetime.fromisoformat({MONTH_END.isoformat()!r})
clerk = User.objects.get(name="Marcos León")
for draft in Invoice.objects.filter(state="draft").order_by("pk"):
    actions.issue_invoice(invoice=draft, by=clerk, now=now)
for issued in Invoice.objects.filter(pdf=None).order_by("pk"):
    actions.ensure_pdf(invoice=issued, now=now)
"""
CONTINUE_RUN = f"""
from datetime import datetime
from ecuanime.billing import actions
from ecuanime.billing.models import Run
now = datetime.fromisoformat({MONTH_END.isoformat()!r})
actions.continue_run(run=Run.objects.get(), now=now)
"""


def office_with(clients: int) -> Billing:
    """A firm whose clients have three approved entries each, and one clerk."""
    billing = make_billing()
    billing.approved(5, 5, 5)
    for _ in range(clients - 1):
        another = make_billing()
        another.approved(5, 5, 5)
        type(another.clerk).objects.filter(pk=another.clerk.pk).update(name="Otra persona")
    return billing


def jobs() -> int:
    """How many were asked to draw a PDF; the queue's tables outlive a test."""
    return ProcrastinateJob.objects.filter(task_name="billing.send_issued").count()


@pytest.mark.parametrize("point", IN_THE_TRANSACTION + AFTER_THE_COMMIT)
def test_a_kill_while_issuing_loses_no_number_and_issues_nothing_twice(point: str) -> None:
    office_with(2).run()
    jobs_before = jobs()

    assert killed(run_script(ISSUE_ALL, crash_at=point))

    issued = Invoice.objects.filter(state=Invoice.State.ISSUED)
    survived = {"billing.committed": 1}.get(point, 0 if point in IN_THE_TRANSACTION else 2)
    assert issued.count() == survived
    assert sorted(issued.values_list("sequence", flat=True)) == list(range(1, survived + 1))
    assert sum(series.next_number - 1 for series in Series.objects.all()) == survived
    assert jobs_before + survived == jobs()
    assert not Invoice.objects.exclude(pdf=None).exists()
    assert list(verify_invoices()) == []

    assert not killed(run_script(ISSUE_ALL))

    assert list(issued.order_by("pk").values_list("number", flat=True)) == ["F-2026-0001", "F-2026-0002"]
    assert all(is_whole(invoice.pdf_id or "") for invoice in issued)
    assert OutgoingMail.objects.filter(purpose="invoice").count() == 2
    assert jobs_before + 2 == jobs()
    assert list(verify_invoices()) == list(verify_ledger()) == list(broken_links()) == []


@pytest.mark.parametrize("point", [*IN_THE_TRANSACTION, "billing.record_written", "billing.committed"])
def test_a_kill_leaves_the_chain_whole_and_it_goes_on(point: str) -> None:
    """Spain: a record exists only with its invoice, and the next one follows it after a restart."""
    billing = make_spanish_billing()
    billing.approved(5, 5)
    billing.run()

    assert killed(run_script(ISSUE_ALL, crash_at=point))

    survived = 1 if point == "billing.committed" else 0
    assert FiscalRecord.objects.count() == Invoice.objects.filter(state="issued").count() == survived
    assert list(verify_records()) == []

    assert not killed(run_script(ISSUE_ALL))
    billing.approved(5)
    billing.issue()
    assert list(FiscalRecord.objects.order_by("position").values_list("position", flat=True)) == [1, 2]
    assert list(verify_records()) == list(verify_invoices()) == list(broken_links()) == []


@pytest.mark.parametrize(("point", "drafted"), [("billing.run.client", 0), ("billing.run.between", 1)])
def test_a_killed_run_goes_on_where_it_was(point: str, drafted: int) -> None:
    billing = office_with(2)
    run = Run.objects.create(
        up_to=MONTH_END.date(), started_at=MONTH_END, started_by=billing.clerk, clients_total=2
    )
    assert killed(run_script(CONTINUE_RUN, crash_at=point))
    assert Invoice.objects.count() == drafted

    assert not killed(run_script(CONTINUE_RUN))

    run.refresh_from_db()
    assert (run.clients_done, run.finished_at) == (2, MONTH_END)
    assert list(Invoice.objects.values_list("net", flat=True)) == [1100, 1100]
    assert LineSegment.objects.filter(is_live=True).count() == 6
    assert list(verify_invoices()) == []
