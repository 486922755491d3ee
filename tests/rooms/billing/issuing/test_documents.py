"""Each kind of document adds up and can be drawn: `render_invoice` refuses one whose figures do not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from ecuanime.billing import actions
from ecuanime.billing.documents.frozen import document_of
from ecuanime.billing.models import Invoice
from ecuanime.billing.pdf import render_invoice
from ecuanime.billing.pdf.document import DocumentKind, InvoiceDocument
from ecuanime.contracts.models import PlanKind, Surcharge
from ecuanime.worklog.actions import adjust_entry, review_entry
from tests.factories import make_firm, make_work_type
from tests.factories.billing import MONTH_END, Billing, by_the_minute, make_billing, make_issuing_firm
from tests.factories.entitlements import make_lot
from tests.factories.fiscal import make_spanish_billing

pytestmark = pytest.mark.django_db


def drawn(invoice: Invoice) -> InvoiceDocument:
    document = document_of(invoice)
    assert render_invoice(document).startswith(b"%PDF")
    return document


def test_a_draft_says_so_and_shows_what_it_would_be() -> None:
    billing = make_billing()
    billing.approved(5, 5, 5)

    document = drawn(billing.draft())

    assert document.number == ""
    assert document.issuer.name == "Nodo Alisio"
    assert document.total_minor == 1353


def test_an_invoice_with_overage_explains_what_the_pack_gave() -> None:
    billing = make_billing(PlanKind.HOUR_PACK)
    lot = make_lot(billing.contract, 40)
    billing.approved(30, started_at=datetime(2026, 11, 9, 9, tzinfo=UTC))
    billing.approved(30)

    document = drawn(billing.issue())

    assert document.annex is not None
    [summary] = document.annex.lots
    assert (summary.code, summary.opening_minutes, summary.other_minutes) == (lot.code, 0, 40)
    assert (summary.drawn_minutes, summary.closing_minutes) == (40, 0)
    [ticket] = document.annex.tickets
    first, second = sorted(ticket.entries, key=lambda entry: len(entry.charges))
    assert not first.charges
    assert str(first.started) == "10:00:00"
    assert [(charge.line, charge.minutes, charge.amount_minor) for charge in second.charges] == [
        (1, 20, 1467)
    ]
    assert (document.period.first if document.period else None) == date(2026, 11, 9)


def test_thirds_of_a_minute_add_up_to_what_is_printed() -> None:
    version = by_the_minute("45", PlanKind.HOUR_PACK, surcharges=[(Surcharge.When.URGENT, "1.5")])
    billing = make_billing(PlanKind.HOUR_PACK, version=version)
    make_lot(billing.contract, 58)
    billing.approved(20, is_urgent=True)
    billing.approved(40, is_urgent=True)

    document = drawn(billing.issue())

    assert document.lines[0].minutes == Decimal("21.33")
    assert document.annex is not None
    reasons = {entry.reasons for entry in document.annex.tickets[0].entries}
    assert reasons == {("Urgente \N{MULTIPLICATION SIGN}\N{NO-BREAK SPACE}1,5",)}
    assert document.annex.lots[0].name == "Bono de horas"


def test_pieces_goodwill_and_lines_by_hand() -> None:
    billing = make_billing(version=by_the_minute(unit_prices=[("call-out", "35.50")]))
    billing.approved(30, work_type=make_work_type("call-out"), units=2)
    supervisor = billing.office.supervisor
    goodwill = adjust_entry(
        entry=billing.office.closed(10), billable_seconds=0, reason="cortesía", by=supervisor, now=MONTH_END
    )
    review_entry(entry=goodwill, by=supervisor, now=MONTH_END)
    draft = billing.draft()
    actions.add_line(
        invoice=draft,
        description="Descuento",
        units=1,
        price=Decimal(-10),
        by=billing.clerk,
        now=billing.now,
    )

    document = drawn(billing.issue(draft))

    assert [line.amount_minor for line in document.lines] == [7100, -1000]
    assert document.annex is not None
    assert len(document.annex.tickets[0].entries) == 2


def test_discounts_and_advances_are_printed_so_that_they_multiply() -> None:
    billing = make_billing()
    advance = actions.charge_advance(
        client=billing.client,
        currency="EUR",
        description="Anticipo",
        amount=1000,
        by=billing.clerk,
        now=billing.now,
        idempotency_key="advance",
    )
    paid = billing.issue(advance).lines.get()
    billing.approved(60)
    draft = billing.draft()
    actions.add_line(
        invoice=draft,
        kind="goods",
        description="Cable",
        units=Decimal("2.125"),
        unit_name="m",
        price=Decimal(8),
        discount_percent=Decimal("12.5"),
        by=billing.clerk,
        now=billing.now,
    )
    actions.set_discount(invoice=draft, percent=Decimal(10), by=billing.clerk, now=billing.now)
    actions.deduct_advance(invoice=draft, advance=paid, by=billing.clerk, now=billing.now)

    document = drawn(billing.issue(draft))

    figures = [(line.units, line.unit, line.discount_minor, line.amount_minor) for line in document.lines]
    assert figures[1:] == [(Decimal("2.125"), "m", 213, 1487), (1, "", 0, -589), (1, "", 0, -1000)]


def test_an_advance_invoice_has_no_annex() -> None:
    billing = make_billing(PlanKind.HOUR_PACK)
    billing.order(40)

    document = drawn(billing.issue(Invoice.objects.get()))

    assert (document.kind, document.annex) == (DocumentKind.ADVANCE_INVOICE, None)


def test_a_credit_note_names_its_invoice_and_takes_off_entry_by_entry() -> None:
    billing = make_billing(PlanKind.HOUR_PACK)
    make_lot(billing.contract, 20)
    billing.approved(30, 30)
    issued = billing.issue()

    note = actions.credit_invoice(invoice=issued, reason="Doble", by=billing.clerk, now=billing.now)
    document = drawn(note)

    assert document.corrects is not None
    assert document.corrects.number == issued.number
    assert document.annex is not None
    assert document.annex.lots == ()
    charges = [charge for entry in document.annex.tickets[0].entries for charge in entry.charges]
    assert sum(charge.amount_minor for charge in charges) == -issued.net
    assert drawn(issued).annex is not None


def test_a_pro_forma_and_its_opposite() -> None:
    billing = make_billing()
    make_issuing_firm(country="ES")
    billing.approved(30)
    issued = billing.issue()

    assert drawn(issued).kind == DocumentKind.PRO_FORMA
    opposite = actions.credit_invoice(invoice=issued, reason="Doble", by=billing.clerk, now=billing.now)
    assert drawn(opposite).total_minor == -issued.total


def test_what_a_demo_firm_issues_says_so() -> None:
    billing = make_spanish_billing(is_demo=True)
    billing.approved(30)
    issued = billing.issue()

    assert (issued.number, issued.texts["status"]) == ("F-2026-0001", "demo")
    assert drawn(issued).demo


def test_a_customer_abroad_reads_why_there_is_no_tax() -> None:
    billing = make_billing(country="ES", tax_id="B00000018", language="en")
    billing.approved(30)

    document = drawn(billing.issue())

    [tax] = document.taxes
    assert (tax.rate, tax.tax_minor) == (None, 0)
    assert "196" in tax.reason
    assert "Spain" in document.customer.address


def test_the_same_document_is_drawn_from_what_was_frozen() -> None:
    billing: Billing = make_billing()
    billing.approved(30)
    issued = billing.issue()
    before = render_invoice(document_of(issued))
    make_firm(name="Otro nombre", iban="", address="Otra calle")

    assert render_invoice(document_of(Invoice.objects.get(pk=issued.pk))) == before
