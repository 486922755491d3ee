"""Packs ordered: hours in advance, charged by a document of their own."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.crediting.writing import CreditPart
from ecuanime.billing.models import Charge, Invoice
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.clients.models import Contact
from ecuanime.contracts.models import Contract, PlanKind
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import verify_ledger
from tests.factories import make_contact, make_person, make_version
from tests.factories.billing import MONTH_END, Billing, make_billing, make_issuing_firm
from tests.rooms.billing.snapshots import everything, refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db


def _billing() -> Billing:
    return make_billing(PlanKind.HOUR_PACK, language="en")


made_billing = made_once(_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def advance_of(charge: Charge) -> Invoice:
    return Invoice.objects.get(lines__charge=charge)


def test_an_order_grants_lots_that_wait_and_drafts_their_invoice(billing: Billing) -> None:
    charge = billing.order(40)

    draft = advance_of(charge)
    line = draft.lines.get()
    assert (draft.kind, draft.state, draft.net) == ("advance", "draft", 120000)
    assert (line.minutes, line.price, line.description) == (2400, 30, "Pack of 40 hours")
    assert charge.lot is not None
    assert charge.lot.code in line.detail
    assert "2" in line.detail
    assert {lot.usable_from for lot in Lot.objects.all()} == {None}
    assert Lot.objects.count() == 2
    assert list(verify_invoices()) == []
    assert list(verify_ledger()) == []


def test_its_hours_can_be_used_once_the_invoice_is_issued(billing: Billing) -> None:
    charge = billing.order(40)

    issued = billing.issue(advance_of(charge))

    assert issued.number == "F-2026-0001"
    assert {lot.usable_from for lot in Lot.objects.all()} == {MONTH_END}


def test_or_at_once_if_asked_so(billing: Billing) -> None:
    billing.order(40, usable_at_once=True)

    assert {lot.usable_from for lot in Lot.objects.all()} == {MONTH_END}


def test_or_with_the_pro_forma_where_no_invoice_can_be_issued(billing: Billing) -> None:
    make_issuing_firm(country="ES")
    draft = advance_of(billing.order(10))

    issued = billing.issue(draft)

    assert issued.number == "P-2026-0001"
    assert Lot.objects.get().usable_from == MONTH_END


def test_the_same_order_again_is_one_order(billing: Billing) -> None:
    first = billing.order(10, idempotency_key="click")
    before = everything()

    assert billing.order(10, idempotency_key="click").pk == first.pk
    assert everything() == before
    refused(lambda: billing.order(20, idempotency_key="click"), "key_reused")


def test_it_can_start_another_day(billing: Billing) -> None:
    charge = billing.order(10, starts_on=date(2027, 1, 1))

    assert charge.lot is not None
    assert charge.lot.expires_on == date(2027, 12, 31)


def test_a_run_leaves_the_advance_alone(billing: Billing) -> None:
    charge = billing.order(10)
    billing.approved(30)

    draft = billing.draft()

    assert draft != advance_of(charge)
    assert draft.net == 2200


def test_discarding_the_draft_cancels_the_order(billing: Billing) -> None:
    charge = billing.order(40)

    actions.discard_draft(invoice=advance_of(charge), by=billing.clerk, now=billing.now)

    charge.refresh_from_db()
    assert charge.cancelled_at == billing.now
    assert {(lot.left, lot.voided_at) for lot in Lot.objects.all()} == {(0, billing.now)}
    assert list(verify_ledger()) == []


def test_not_when_hours_of_it_were_used(billing: Billing) -> None:
    charge = billing.order(10, usable_at_once=True, starts_on=date(2026, 1, 1))
    billing.approved(30)
    draft = advance_of(charge)

    words = refused(
        lambda: actions.discard_draft(invoice=draft, by=billing.clerk, now=billing.now), "pack_used"
    )

    assert "0\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30" in words


def ask(billing: Billing, contact: Contact | None = None, **fields: Any) -> Charge:
    values = {"contract": billing.contract, "quantity": 10, "contact": contact or billing.lead}
    values |= {"now": billing.now, "idempotency_key": "click"}
    return actions.order_pack_as_client(**(values | fields))


def test_a_client_orders_and_the_draft_waits_for_the_firm(billing: Billing) -> None:
    charge = ask(billing)
    before = everything()

    assert ask(billing).pk == charge.pk
    assert everything() == before
    draft = advance_of(charge)
    assert (draft.state, draft.net) == ("draft", 30000)
    assert {lot.usable_from for lot in Lot.objects.all()} == {None}
    billing.issue(draft)
    assert Lot.objects.get().usable_from == MONTH_END


def test_only_who_sees_invoices_orders_and_only_for_their_own_client(billing: Billing) -> None:
    plain = make_contact(billing.client)
    stranger = make_contact(is_project_lead=True)
    for contact in (plain, stranger):
        refused(lambda contact=contact: ask(billing, contact), "not_allowed")  # type: ignore[misc]
    Contract.objects.filter(pk=billing.contract.pk).update(state=Contract.State.ENDED)
    billing.contract.refresh_from_db()
    refused(lambda: ask(billing), "not_allowed")


def test_only_who_bills_orders(billing: Billing) -> None:
    refused(lambda: billing.order(10, by=make_person(Role.TECHNICIAN)), "not_allowed")


def test_a_contract_on_demand_has_no_packs() -> None:
    on_demand = make_billing()

    refused(lambda: on_demand.order(10), "not_a_pack")


def test_incidents_are_a_line_of_pieces() -> None:
    billing = make_billing(
        PlanKind.INCIDENT_PACK, version=make_version(PlanKind.INCIDENT_PACK), language="en"
    )
    charge = billing.order(10)
    line = advance_of(charge).lines.get()
    assert (line.minutes, line.units, line.price, line.description) == (None, 10, 50, "Pack of 10 incidents")
    assert line.amount == 50_000
    assert list(verify_invoices()) == []


def test_a_ticket_of_an_incident_pack_is_not_invoiced_again() -> None:
    billing = make_billing(
        PlanKind.INCIDENT_PACK, version=make_version(PlanKind.INCIDENT_PACK), language="en"
    )
    charge = billing.order(10, usable_at_once=True, starts_on=date(2026, 11, 1))
    billing.issue(advance_of(charge))
    billing.approved(90)
    billing.run()
    assert not Invoice.objects.filter(state=Invoice.State.DRAFT).exists()
    assert charge.lot is not None
    charge.lot.refresh_from_db()
    assert charge.lot.left == 9


def test_unused_incidents_are_paid_back_at_their_price() -> None:
    billing = make_billing(
        PlanKind.INCIDENT_PACK, version=make_version(PlanKind.INCIDENT_PACK), language="en"
    )
    charge = billing.order(10, usable_at_once=True, starts_on=date(2026, 11, 1))
    billing.issue(advance_of(charge))
    billing.approved(90)
    note = actions.pay_back_pack(
        charge=charge, reason="Baja", by=billing.clerk, now=billing.now, idempotency_key="back"
    )
    line = note.lines.get()
    assert (line.units, line.minutes, line.amount) == (-9, None, -45_000)
    assert list(verify_invoices()) == []


def test_no_more_of_a_pack_is_paid_back_than_its_line_still_charges() -> None:
    billing = make_billing(PlanKind.HOUR_PACK, version=make_version(), language="en")
    charge = billing.order(10, usable_at_once=True, starts_on=date(2026, 11, 1))
    invoice = billing.issue(advance_of(charge))
    lower = CreditPart(invoice.lines.get(), amount=5_000)
    values = {"by": billing.clerk, "now": billing.now}
    actions.credit_lines(invoice=invoice, parts=[lower], reason="Rebaja", idempotency_key="lower", **values)
    refused(
        lambda: actions.pay_back_pack(charge=charge, reason="Baja", idempotency_key="back", **values),
        "above_line",
    )
