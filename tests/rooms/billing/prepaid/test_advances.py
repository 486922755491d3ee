"""Advance invoices over money, deducted from the final one with their tax."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.documents.tags import InvoiceTag, tag_of
from ecuanime.billing.models import Invoice, InvoiceLine, TaxRate
from ecuanime.billing.queries.advances import advances_left
from ecuanime.billing.verifying.invoices import verify_invoices
from tests.factories import make_client, make_person
from tests.factories.billing import Billing, make_billing
from tests.rooms.billing.snapshots import everything, refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db


def _billing() -> Billing:
    billing = make_billing()
    billing.approved(60)
    return billing


made_billing = made_once(_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def ask(billing: Billing, amount: int = 3000, **fields: object) -> Invoice:
    values = {"client": billing.client, "currency": "EUR", "description": " Anticipo  del proyecto "}
    values |= {"by": billing.clerk, "now": billing.now, "idempotency_key": f"ask-{Invoice.objects.count()}"}
    return actions.charge_advance(amount=amount, **(values | fields))  # type: ignore[arg-type]


@pytest.fixture
def advance(billing: Billing) -> InvoiceLine:
    return billing.issue(ask(billing)).lines.get()


def deduct(billing: Billing, draft: Invoice, advance: InvoiceLine, **fields: object) -> InvoiceLine:
    values = {"by": billing.clerk, "now": billing.now} | fields
    return actions.deduct_advance(invoice=draft, advance=advance, **values)  # type: ignore[arg-type]


def credit(billing: Billing, invoice: Invoice) -> Invoice:
    return actions.credit_invoice(invoice=invoice, reason="Mal", by=billing.clerk, now=billing.now)


def sound() -> bool:
    return list(verify_invoices()) == []


def test_it_is_charged_with_tax_and_deducted_with_it(billing: Billing, advance: InvoiceLine) -> None:
    assert (advance.invoice.kind, advance.invoice.total) == ("advance", 3690)
    draft = billing.draft()

    line = deduct(billing, draft, advance)

    draft.refresh_from_db()
    assert (line.amount, line.tax_percent, draft.net, draft.tax) == (-3000, 23, 1400, 322)
    assert advance.invoice.number in line.description
    assert advances_left(draft) == []
    assert sound()


def test_never_below_zero_and_the_rest_waits(billing: Billing) -> None:
    advance = billing.issue(ask(billing, 10_000)).lines.get()
    draft = billing.draft()

    deduct(billing, draft, advance)

    issued = billing.issue(draft)
    assert (issued.net, issued.total, issued.owed) == (0, 0, 0)
    assert tag_of(issued, today=billing.now.date()) == InvoiceTag.PAID
    billing.approved(10)
    assert [each.left for each in advances_left(billing.draft())] == [5600]
    assert sound()


def test_crediting_the_final_invoice_gives_the_advance_back(billing: Billing, advance: InvoiceLine) -> None:
    draft = billing.draft()
    deduct(billing, draft, advance)
    issued = billing.issue(draft)

    note = credit(billing, issued)

    assert note.total == -issued.total
    assert [each.left for each in advances_left(draft)] == [3000]
    assert sound()


def test_a_final_invoice_of_nothing_can_be_credited_once(billing: Billing) -> None:
    advance = billing.issue(ask(billing, 10_000)).lines.get()
    draft = billing.draft()
    deduct(billing, draft, advance)
    issued = billing.issue(draft)

    assert credit(billing, issued).total == 0
    refused(lambda: credit(billing, issued), "credited")
    assert [each.left for each in advances_left(issued)] == [10_000]
    assert sound()


def test_a_deducted_advance_is_not_credited(billing: Billing, advance: InvoiceLine) -> None:
    draft = billing.draft()
    deduct(billing, draft, advance)

    refused(lambda: credit(billing, advance.invoice), "above_invoice")
    actions.discard_draft(invoice=draft, by=billing.clerk, now=billing.now)
    assert credit(billing, advance.invoice).total == -3690


def test_it_is_deducted_again_or_taken_out(billing: Billing, advance: InvoiceLine) -> None:
    draft = billing.draft()
    deduct(billing, draft, advance, amount=1000)
    line = deduct(billing, draft, advance, amount=500)

    draft.refresh_from_db()
    assert draft.net == 3900
    assert actions.remove_line(line=line, by=billing.clerk, now=billing.now).net == 4400


def test_a_discount_is_not_taken_off_the_advance(billing: Billing, advance: InvoiceLine) -> None:
    draft = billing.draft()
    actions.set_discount(invoice=draft, percent=Decimal(10), by=billing.clerk, now=billing.now)

    deduct(billing, draft, advance)

    draft.refresh_from_db()
    assert draft.net == 4400 - 440 - 3000


def test_what_no_longer_fits_is_not_issued(billing: Billing) -> None:
    draft = billing.draft()
    line = actions.add_line(
        invoice=draft, description="Disco", units=1, price=Decimal(50), by=billing.clerk, now=billing.now
    )
    advance = billing.issue(ask(billing, 9000)).lines.get()
    deduct(billing, draft, advance)
    actions.remove_line(line=line, by=billing.clerk, now=billing.now)

    refused(lambda: billing.issue(draft), "advance_above")


def test_time_does_not_go_on_the_draft_of_an_advance(billing: Billing) -> None:
    asked = ask(billing, idempotency_key="twice")

    billing.run()

    assert asked.lines.count() == 1
    assert Invoice.objects.exclude(pk=asked.pk).get().net == 4400
    assert ask(billing, idempotency_key="twice") == asked


class TestRefusals:
    """What is no advance of this draft."""

    def test_asking(self, billing: Billing) -> None:
        by = make_person(Role.TECHNICIAN)
        refused(lambda: ask(billing, by=by), "not_allowed")
        refused(lambda: ask(billing, 0), "no_amount")
        refused(lambda: ask(billing, description=" "), "no_description")

    def test_deducting(self, billing: Billing, advance: InvoiceLine) -> None:
        draft, by = billing.draft(), make_person(Role.TECHNICIAN)
        other = billing.issue(ask(billing, client=make_client(address="Calle 1", city="Cork"))).lines.get()
        refused(lambda: deduct(billing, draft, advance, by=by), "not_allowed")
        refused(lambda: deduct(billing, draft, advance, amount=3001), "above_advance")
        refused(lambda: deduct(billing, draft, advance, amount=0), "above_advance")
        refused(lambda: deduct(billing, draft, other), "not_an_advance")
        refused(lambda: deduct(billing, draft, draft.lines.get()), "not_issued")

    def test_what_is_used_up_or_taxed_in_another_way(self, billing: Billing, advance: InvoiceLine) -> None:
        draft = billing.draft()
        zero = TaxRate.objects.create(code="ie-0", name="VAT", category="Z", percent=0)
        at_zero = billing.issue(ask(billing, tax_rate=zero)).lines.get()
        refused(lambda: deduct(billing, draft, at_zero), "nothing_to_deduct")
        credit(billing, advance.invoice)
        before = everything()
        refused(lambda: deduct(billing, draft, advance), "used_up")
        assert everything() == before
