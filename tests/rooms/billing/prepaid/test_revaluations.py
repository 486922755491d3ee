"""Revaluations ordered: the difference in price is charged in advance."""

from __future__ import annotations

from datetime import date

import pytest

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.actions.prepaid.revaluations import RevaluationOrder
from ecuanime.billing.models import Invoice
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.contracts.models import PlanKind
from ecuanime.entitlements.actions import book_expiry, quote_revaluation
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import verify_ledger
from tests.factories import make_person
from tests.factories.billing import Billing, make_billing
from tests.factories.entitlements import make_lot, reprice
from tests.rooms.billing.snapshots import everything, refused
from tests.rooms.entitlements.approving import at, minutes
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db


def _billing() -> Billing:
    billing = make_billing(PlanKind.HOUR_PACK, language="en")
    reprice(billing.contract.version.plan, (1, "33"))
    return billing


made_billing = made_once(_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


@pytest.fixture
def expired(billing: Billing) -> Lot:
    """3 h 20 that were bought at 30.00 and expired."""
    lot = make_lot(billing.contract, 200, expires_on=date(2026, 1, 31), now=at(1, 1), code="BN-0007")
    book_expiry(lot=lot, pending_hundredths=0, now=at(2, 1))
    return lot


def order(billing: Billing, lot: Lot, key: str = "click") -> RevaluationOrder:
    return actions.order_revaluation(lot=lot, now=billing.now, by=billing.clerk, idempotency_key=key)


def advance_of(ordered: RevaluationOrder) -> Invoice:
    return Invoice.objects.get(lines__charge=ordered.charge)


def test_3_h_20_from_30_to_33_are_charged_10(billing: Billing, expired: Lot) -> None:
    ordered = order(billing, expired)

    draft = advance_of(ordered)
    line = draft.lines.get()
    assert (draft.kind, draft.state, draft.net) == ("advance", "draft", 1000)
    assert (line.minutes, line.price) == (200, 3)
    assert line.description == "Revaluation of what had expired of BN-0007"
    assert "from €30.00 to €33.00 an hour" in line.detail
    assert (ordered.lot.left, ordered.lot.usable_from) == (minutes(200), None)
    assert list(verify_invoices()) == []


def test_they_can_be_used_once_its_document_is_issued(billing: Billing, expired: Lot) -> None:
    ordered = order(billing, expired)

    billing.issue(advance_of(ordered))

    ordered.lot.refresh_from_db()
    assert ordered.lot.usable_from == billing.now


def test_where_there_is_nothing_to_pay_they_can_be_used_at_once(billing: Billing, expired: Lot) -> None:
    reprice(billing.contract.version.plan, (1, "28"))

    ordered = order(billing, expired)
    again = order(billing, expired)

    assert (ordered.charge, ordered.lot.usable_from) == (None, billing.now)
    assert again == ordered
    assert not Invoice.objects.exists()


def test_the_same_order_again_is_one(billing: Billing, expired: Lot) -> None:
    first = order(billing, expired)
    before = everything()

    assert order(billing, expired) == first
    assert everything() == before


def test_discarding_the_draft_lets_the_hours_stand_expired(billing: Billing, expired: Lot) -> None:
    draft = advance_of(order(billing, expired))

    actions.discard_draft(invoice=draft, by=billing.clerk, now=billing.now)

    assert quote_revaluation(lot=expired).hundredths == minutes(200)
    assert list(verify_ledger()) == []
    assert order(billing, expired, "another").lot.left == minutes(200)


def test_so_does_crediting_the_document_whole(billing: Billing, expired: Lot) -> None:
    issued = billing.issue(advance_of(order(billing, expired)))

    actions.credit_invoice(invoice=issued, reason="Fue un error", by=billing.clerk, now=billing.now)

    assert quote_revaluation(lot=expired).hundredths == minutes(200)
    assert list(verify_ledger()) == []


def test_its_unused_hours_are_paid_back_at_the_difference(billing: Billing, expired: Lot) -> None:
    ordered = order(billing, expired)
    billing.issue(advance_of(ordered))
    assert ordered.charge is not None

    note = actions.pay_back_pack(
        charge=ordered.charge, reason="Baja", by=billing.clerk, now=billing.now, idempotency_key="b"
    )

    assert note.net == -1000


def test_a_pack_whose_hours_went_on_elsewhere_is_not_cancelled_whole(billing: Billing) -> None:
    charge = billing.order(10, usable_at_once=True, starts_on=date(2025, 1, 1))
    assert charge.lot is not None
    book_expiry(lot=charge.lot, pending_hundredths=0, now=billing.now)
    order(billing, charge.lot)
    draft = Invoice.objects.get(lines__charge=charge)
    refused(lambda: actions.discard_draft(invoice=draft, by=billing.clerk, now=billing.now), "pack_used")


def test_only_who_bills_orders_it(billing: Billing, expired: Lot) -> None:
    technician = make_person(Role.TECHNICIAN)
    call = {"lot": expired, "now": billing.now, "by": technician, "idempotency_key": "x"}
    refused(lambda: actions.order_revaluation(**call), "not_allowed")  # type: ignore[arg-type]
