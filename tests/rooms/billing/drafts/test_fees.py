"""Recurring fees: each period that opens is charged once, in advance, on the client's next draft."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db.models import Sum

from ecuanime.billing import actions
from ecuanime.billing.crediting.writing import CreditPart
from ecuanime.billing.handlers import charge_fee, charge_until_the_end
from ecuanime.billing.models import Charge, Invoice
from ecuanime.billing.queries import receivables, run_preview
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.contracts.events import ContractEnded
from ecuanime.contracts.models import Contract, ContractPeriod, Fee, PlanKind
from ecuanime.entitlements.events import PeriodOpened
from ecuanime.entitlements.models import Lot, Posting
from ecuanime.entitlements.queries import verify_ledger
from tests.factories import NOW, make_contract, make_version, publish
from tests.factories.billing import Billing, make_billing
from tests.factories.entitlements import make_lot
from tests.rooms.billing.snapshots import everything
from tests.rooms.entitlements.approving import approve
from tests.rules.examples import Row, rows
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db


made_billing = made_once(make_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


@pytest.fixture
def period(billing: Billing) -> ContractPeriod:
    """November of a contract at 200.00 a month."""
    return november(make_contract(billing.client, PlanKind.MONTHLY))


def november(contract: Contract) -> ContractPeriod:
    return ContractPeriod.objects.create(
        contract=contract,
        number=1,
        first_day=date(2026, 11, 1),
        last_day=date(2026, 11, 30),
        opened_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


def charge(period: ContractPeriod) -> Charge:
    charge_fee(PeriodOpened(period_id=period.pk))
    return Charge.objects.get()


def test_a_period_is_charged_once(billing: Billing, period: ContractPeriod) -> None:
    fee = charge(period)
    before = everything()

    assert charge(period) == fee
    assert everything() == before
    assert (fee.idempotency_key, fee.price, fee.due_on) == (f"period:{period.pk}:fee", 200, period.first_day)


def test_it_goes_on_the_clients_next_draft_with_its_days(billing: Billing, period: ContractPeriod) -> None:
    charge(period)
    billing.approved(60)
    [row] = run_preview(date(2026, 11, 30)).rows
    assert (row.amount, row.entry_count, row.fee_count) == (24400, 1, 1)
    assert receivables(today=date(2026, 11, 30))[0].unbilled == 24400

    billing.run()
    billing.run()

    draft = Invoice.objects.get()
    work, fee = draft.lines.order_by("position")
    assert (work.amount, fee.amount, fee.kind, draft.net) == (4400, 20000, "fee", 24400)
    assert "1 de noviembre de 2026" in fee.detail
    assert receivables(today=date(2026, 11, 30))[0].unbilled == 0
    assert list(verify_invoices()) == []


def test_one_alone_makes_a_draft_and_later_time_joins_it(billing: Billing, period: ContractPeriod) -> None:
    charge(period)
    run = billing.run()
    assert (run.clients_total, run.clients_done) == (1, 1)

    billing.approved(60)
    billing.run()

    assert Invoice.objects.get().net == 24400


def test_before_its_first_day_it_waits(billing: Billing, period: ContractPeriod) -> None:
    charge(period)

    assert billing.run(date(2026, 10, 31)).clients_total == 0


def test_a_discarded_draft_frees_it(billing: Billing, period: ContractPeriod) -> None:
    charge(period)
    billing.run()

    actions.discard_draft(invoice=Invoice.objects.get(), by=billing.clerk, now=billing.now)
    billing.run()

    assert Invoice.objects.get().net == 20000


@pytest.mark.parametrize(("free_time", "clients"), [(True, 0), (False, 1)])
def test_credited_it_is_over_or_billed_again(
    billing: Billing, period: ContractPeriod, *, free_time: bool, clients: int
) -> None:
    charge(period)
    billing.run()
    issued = billing.issue(Invoice.objects.get())

    actions.credit_invoice(
        invoice=issued, reason="Mal", by=billing.clerk, now=billing.now, free_time=free_time
    )

    assert billing.run().clients_total == clients
    assert list(verify_invoices()) == []


def test_credited_by_the_unit_it_is_over_too(billing: Billing, period: ContractPeriod) -> None:
    fee = charge(period)
    billing.run()
    issued = billing.issue(Invoice.objects.get())
    part = CreditPart(issued.lines.get(), units=Decimal(1))

    actions.credit_lines(
        invoice=issued, parts=[part], reason="Mal", by=billing.clerk, now=billing.now, idempotency_key="unit"
    )

    fee.refresh_from_db()
    assert fee.cancelled_at == billing.now


def test_a_plan_without_a_fee_charges_nothing(billing: Billing) -> None:
    period = ContractPeriod.objects.create(
        contract=billing.contract,
        number=1,
        first_day=date(2026, 11, 1),
        last_day=date(2026, 11, 30),
        opened_at=billing.now,
    )

    charge_fee(PeriodOpened(period_id=period.pk))

    assert not Charge.objects.exists()


@pytest.fixture
def by_day(billing: Billing) -> ContractPeriod:
    """November of a contract at 200.00 a month whose plan counts days."""
    return divided(billing, Fee.ProRata.BY_DAY)


def divided(billing: Billing, pro_rata: str) -> ContractPeriod:
    """November of a contract at 200.00 and 300 minutes a month."""
    version = make_version(PlanKind.MONTHLY, is_published=False)
    Fee.objects.filter(version=version).update(pro_rata=pro_rata)
    return november(make_contract(billing.client, version=publish(version)))


def ended(period: ContractPeriod, on: date) -> None:
    """The contract got its last day, and billing heard of it."""
    Contract.objects.filter(pk=period.contract_id).update(ends_on=on)
    charge_until_the_end(ContractEnded(contract_id=period.contract_id))


def test_by_the_day_the_last_period_costs_its_days(billing: Billing, by_day: ContractPeriod) -> None:
    ended(by_day, date(2026, 11, 12))
    fee = charge(by_day)
    assert (fee.price, fee.until) == (80, date(2026, 11, 12))


def test_a_contract_that_ends_later_pays_for_its_days_unless_they_are_invoiced(
    billing: Billing, by_day: ContractPeriod
) -> None:
    fee = charge(by_day)
    assert fee.price == 200
    billing.run()
    ended(by_day, date(2026, 11, 12))
    fee.refresh_from_db()
    assert fee.price == 200

    actions.discard_draft(invoice=Invoice.objects.get(), by=billing.clerk, now=billing.now)

    fee.refresh_from_db()
    assert (fee.price, fee.until, fee.is_billed) == (80, date(2026, 11, 12), False)
    before = everything()
    ended(by_day, date(2026, 11, 12))
    assert everything() == before


@pytest.fixture
def shares(billing: Billing) -> Lot:
    """The 300 minutes of such a November, where the plan divides them too."""
    period = divided(billing, Fee.ProRata.SHARES)
    contract = period.contract
    lot = make_lot(
        contract,
        300,
        source=Lot.Source.ALLOWANCE,
        is_allowance=True,
        period=period,
        grant=contract.version.grants.get(),
        valid_from=period.first_day,
        expires_on=period.last_day,
        now=NOW,
    )
    charge(period)
    return lot


@pytest.mark.parametrize("row", rows("fees", "used by then", "voided", "left"))
def test_what_goes_beyond_the_share_is_voided_as_far_as_it_is_unused(shares: Lot, row: Row) -> None:
    if used := int(row["used by then"]):
        approve(shares.contract, used, date(2026, 11, 5), NOW)
    ended(shares.period, date(2026, 11, 10))
    voided = Posting.objects.filter(lot=shares, account="void").aggregate(total=Sum("quantity"))["total"] or 0
    shares.refresh_from_db()
    assert (voided // 100, shares.left // 100) == (int(row["voided"]), int(row["left"]))
    assert list(verify_ledger()) == []
    before = everything()
    ended(shares.period, date(2026, 11, 10))
    assert everything() == before


def test_the_share_moves_with_the_last_day(shares: Lot) -> None:
    left = []
    for day in (10, 20, 10, 30):
        ended(shares.period, date(2026, 11, day))
        shares.refresh_from_db()
        left.append(shares.left // 100)
    assert left == [100, 200, 100, 300]
    assert list(verify_ledger()) == []


def test_what_was_invoiced_whole_keeps_its_allowance(billing: Billing, shares: Lot) -> None:
    billing.run()
    ended(shares.period, date(2026, 11, 10))
    shares.refresh_from_db()
    assert shares.left == 30_000


def test_a_period_after_the_end_costs_nothing(billing: Billing, by_day: ContractPeriod) -> None:
    fee = charge(by_day)
    ended(by_day, date(2026, 10, 31))
    fee.refresh_from_db()
    assert fee.cancelled_at is not None
