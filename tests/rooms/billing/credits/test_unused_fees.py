"""Fees invoiced for days that their contract does not have: proposed, confirmed by billing, credited once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecuanime.billing import actions
from ecuanime.billing.crediting.writing import CreditPart
from ecuanime.billing.handlers import charge_fee
from ecuanime.billing.models import Charge, Invoice
from ecuanime.billing.queries import left_of, unused_fees
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.contracts.models import Contract, ContractPeriod, Fee, PlanKind
from ecuanime.entitlements.events import PeriodOpened
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import verify_ledger
from tests.factories import make_contract, make_version, publish
from tests.factories.billing import Billing, make_billing
from tests.factories.entitlements import make_lot
from tests.rooms.billing.snapshots import everything, refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db

made_billing = made_once(make_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def invoiced(billing: Billing, pro_rata: str = Fee.ProRata.BY_DAY, price: int = 200) -> Charge:
    """The fee of November of a contract, invoiced in advance."""
    version = make_version(PlanKind.MONTHLY, is_published=False)
    Fee.objects.filter(version=version).update(pro_rata=pro_rata, price=price)
    period = ContractPeriod.objects.create(
        contract=make_contract(billing.client, version=publish(version)),
        number=1,
        first_day=date(2026, 11, 1),
        last_day=date(2026, 11, 30),
        opened_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    charge_fee(PeriodOpened(period_id=period.pk))
    billing.run()
    billing.issue(Invoice.objects.get(state=Invoice.State.DRAFT))
    return Charge.objects.get(contract=period.contract)


def ended(charge: Charge, day: int, month: int = 11) -> Charge:
    Contract.objects.filter(pk=charge.contract_id).update(ends_on=date(2026, month, day))
    return Charge.objects.select_related("contract__client", "contract__version").get(pk=charge.pk)


def credit(billing: Billing, charge: Charge, **fields: Any) -> Invoice:
    values = {"amount": 12000, "reason": "Fin del contrato", "by": billing.clerk, "now": billing.now}
    return actions.credit_unused_fee(charge=charge, **(values | fields))


def test_the_days_that_a_contract_does_not_have_are_proposed_and_stop_its_settlement(
    billing: Billing,
) -> None:
    fee = invoiced(billing)
    assert unused_fees() == []

    fee = ended(fee, 12)

    [found] = unused_fees()
    assert (found.charge, found.due, found.amount) == (fee, 8000, 12000)
    assert (found.unused_from, found.is_whole) == (date(2026, 11, 13), False)
    assert left_of(fee.contract, now=billing.now).unused_fees == [found]
    facts = {"contract": fee.contract, "settlement": "Nada.", "by": billing.clerk, "now": billing.now}
    refused(lambda: actions.settle_contract(**facts), "fee_unused")  # type: ignore[arg-type]


def test_they_are_credited_once_by_line_with_their_tax_and_their_reason(billing: Billing) -> None:
    fee = ended(invoiced(billing), 12)

    note = credit(billing, fee)

    [line] = note.lines.all()
    assert (note.net, note.tax, note.reason) == (-12000, -2760, "Fin del contrato")
    assert "13 de noviembre de 2026 al 30 de noviembre de 2026" in line.detail
    assert note.corrects is not None
    assert line.credits == note.corrects.lines.get()
    before = everything()
    assert credit(billing, fee) == note
    assert everything() == before
    assert unused_fees() == []
    facts = {"contract": fee.contract, "settlement": "Nada.", "by": billing.clerk, "now": billing.now}
    assert actions.settle_contract(**facts).settled_at == billing.now  # type: ignore[arg-type]
    assert list(verify_invoices()) == []


def test_an_end_before_the_period_takes_the_whole_fee_off(billing: Billing) -> None:
    fee = ended(invoiced(billing), 31, month=10)
    [found] = unused_fees()
    assert (found.amount, found.is_whole, found.unused_from) == (20000, True, date(2026, 11, 1))

    credit(billing, fee, amount=20000)

    fee.refresh_from_db()
    assert fee.cancelled_at == billing.now
    assert list(verify_invoices()) == []


def test_a_last_day_that_moves_forward_asks_for_the_difference_only(billing: Billing) -> None:
    fee = ended(invoiced(billing), 12)
    credit(billing, fee)

    fee = ended(fee, 9)

    [found] = unused_fees()
    assert (found.due, found.amount) == (6000, 2000)
    credit(billing, fee, amount=2000)
    assert unused_fees() == []
    assert list(verify_invoices()) == []


def test_where_the_plan_divides_what_a_period_brings_that_is_fitted_too(billing: Billing) -> None:
    fee = ended(invoiced(billing, Fee.ProRata.SHARES), 12)
    contract = fee.contract
    grant, period = contract.version.grants.get(), contract.periods.get()
    kind = {"source": Lot.Source.ALLOWANCE, "is_allowance": True, "grant": grant, "period": period}
    lot = make_lot(contract, 300, **kind)

    credit(billing, fee)

    assert Lot.objects.get(pk=lot.pk).left == 12000
    assert list(verify_ledger()) == []


def test_what_was_credited_by_hand_is_not_proposed_again(billing: Billing) -> None:
    fee = ended(invoiced(billing), 12)
    line = fee.lines.get()
    part = CreditPart(line, amount=11000)
    facts = {"reason": "Fin", "by": billing.clerk, "now": billing.now, "idempotency_key": "hand"}
    actions.credit_lines(invoice=line.invoice, parts=[part], **facts)  # type: ignore[arg-type]
    assert [found.amount for found in unused_fees()] == [1000]


def test_where_the_plan_asks_for_the_whole_fee_nothing_is_proposed(billing: Billing) -> None:
    fee = ended(invoiced(billing, Fee.ProRata.NONE), 12)
    assert unused_fees() == []
    refused(lambda: credit(billing, fee), "nothing_unused")


def test_only_who_bills_credits_what_was_shown_and_says_why(billing: Billing) -> None:
    fee = ended(invoiced(billing), 12)
    refused(lambda: credit(billing, fee, by=billing.office.technician), "not_allowed")
    refused(lambda: credit(billing, fee, amount=11999), "changed")
    refused(lambda: credit(billing, fee, reason=" "), "no_reason")
    unbilled = Charge.objects.create(
        client=billing.client,
        contract=fee.contract,
        description="Cuota",
        units=1,
        price=Decimal(10),
        idempotency_key="fee",
        created_at=billing.now,
    )
    refused(lambda: credit(billing, unbilled), "nothing_unused")


def test_it_costs_the_same_at_one_fee_and_at_three(billing: Billing) -> None:
    counts = []
    for more in (1, 2):
        for _each in range(more):
            ended(invoiced(billing), 12)
        with CaptureQueriesContext(connection) as queries:
            unused_fees()
        counts.append(len(queries))
    assert len(unused_fees()) == 3
    assert counts[0] == counts[1]
