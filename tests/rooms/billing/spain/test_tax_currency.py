"""Spanish documents in dollars: their taxes in euros on record, paper, books and files, at one rate, to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from lxml import etree

from ecuanime.billing import actions
from ecuanime.billing.books.taxes import Period, book_table, issued_taxes, row_of, summary_tables
from ecuanime.billing.documents.frozen import document_of
from ecuanime.billing.einvoice.facturae import as_facturae, facturae_faults
from ecuanime.billing.einvoice.of_invoice import electronic
from ecuanime.billing.models import ExchangeRate, Invoice, TaxLine
from ecuanime.billing.packs.es.verifactu import read_record
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.billing.verifying.records import verify_records
from ecuanime.staff.models import Firm
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.factories.fiscal import make_spanish_billing, record_of
from tests.rooms.billing.books.test_exchange import in_dollars
from tests.rooms.billing.credits.test_rectification import take_off
from tests.rooms.billing.einvoice.judges import sound
from tests.rooms.billing.snapshots import refused
from tests.rooms.billing.spain.test_fiscal_paper import page_of, pdf_of, text_of
from tests.rules.examples import Row, cents, rows
from tests.schemas import faults, needs_schemas
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db
TODAY = MONTH_END.date()
WORKED_ON, RATED_ON = date(2026, 11, 9), date(2026, 11, 6)
QUARTER = Period.of(2026, "4T")


def make_rated(**client: Any) -> Billing:
    """A firm in Sevilla that noted the dollar on the Friday before its half an hour of work, a Monday."""
    billing = make_spanish_billing(**client)
    billing.approved(30)
    note(billing, "0.92")
    return billing


def note(billing: Billing, rate: str, on: date = RATED_ON) -> None:
    actions.note_exchange_rate(
        currency="USD", on=on, rate=Decimal(rate), source="ecb", by=billing.clerk, now=MONTH_END
    )


@contextmanager
def without_guards() -> Iterator[None]:
    """Somebody with the keys of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")


def issue(billing: Billing) -> Invoice:
    return billing.issue(in_dollars(billing.draft()))


def _billing() -> Billing:
    return make_rated()


made_billing = made_once(_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


@pytest.mark.parametrize(
    "row",
    rows("tax-currency", "dollars taken off", "how", "record's euros", "euros replaced", "tax replaced"),
)
def test_what_its_record_bears(billing: Billing, row: Row) -> None:
    found = issue(billing)
    original = found
    for place, amount in enumerate(row["dollars taken off"].split()):
        how = row["how"] == "S"
        found = take_off(billing, original, cents(amount), f"{place}", by_substitution=how)

    record = record_of(found)
    root = etree.fromstring(record.xml.encode())
    replaced = [each.text for name in ("Base", "Cuota") for each in root.iter(f"{{*}}{name}Rectificada")]
    assert read_record(record.xml).total == row["record's euros"]
    assert record.total == cents(row["record's euros"])
    assert replaced == [row[name] for name in ("euros replaced", "tax replaced") if row[name]]
    assert (original.exchange_rate, found.exchange_rate) == (Decimal("0.92"), Decimal("0.92"))
    assert (found.rate_on, found.rate_source) == (RATED_ON, "ecb")
    assert list(verify_records()) == list(verify_invoices()) == []


def test_the_invoice_itself_stays_in_dollars(billing: Billing) -> None:
    issued = issue(billing)

    [tax] = issued.taxes.all()
    assert (issued.currency, issued.total, issued.owed) == ("USD", 2662, 2662)
    assert (issued.tax_currency, issued.home_total, issued.home_withheld) == ("EUR", 2449, 0)
    assert (tax.base, tax.amount, tax.home_base, tax.home_amount) == (2200, 462, 2024, 425)
    payment = actions.record_payment(
        invoice=issued,
        amount=2662,
        received_on=TODAY,
        by=billing.clerk,
        now=MONTH_END,
        idempotency_key="paid",
        exchange_rate=Decimal("0.95"),
    )
    assert payment.exchange_difference == 2529 - 2449


def test_without_a_rate_of_the_day_of_the_work_it_is_refused_and_says_the_way_on(billing: Billing) -> None:
    ExchangeRate.objects.update(on=TODAY)
    draft = in_dollars(billing.draft())
    assert draft.period_until == WORKED_ON

    said = refused(lambda: billing.issue(draft), "no_rate")

    assert "USD for 9 November 2026" in said
    assert "give this draft its rate" in said
    actions.note_rate_of_document(
        invoice=draft, rate=Decimal("0.93"), on=WORKED_ON, source="ecb", by=billing.clerk, now=MONTH_END
    )
    assert record_of(billing.issue(draft)).total == round(Decimal("0.93") * 2200) + round(
        Decimal("0.93") * 462
    )


def test_what_needs_no_work_goes_by_the_day_of_issue(billing: Billing) -> None:
    advance = actions.charge_advance(
        client=billing.client,
        currency="USD",
        description="Anticipo",
        amount=10_000,
        by=billing.clerk,
        now=billing.now,
        idempotency_key="advance",
    )
    refused(lambda: billing.issue(advance), "no_rate")
    note(billing, "0.90", on=TODAY)

    assert record_of(billing.issue(advance)).total == 9000 + 1890


def test_a_firm_whose_own_currency_is_another_is_told_so(billing: Billing) -> None:
    draft = in_dollars(billing.draft())
    Firm.objects.update(currency="GBP")

    assert "settings of the firm" in refused(lambda: billing.issue(draft), "not_own_currency")


def test_a_pro_forma_needs_no_rate(billing: Billing) -> None:
    draft = in_dollars(billing.draft())
    Invoice.objects.filter(pk=draft.pk).update(kind=Invoice.Kind.PRO_FORMA)
    ExchangeRate.objects.all().delete()

    assert billing.issue(Invoice.objects.get(pk=draft.pk)).home_total is None


def test_the_paper_names_the_rate_and_its_qr_bears_the_euros(billing: Billing) -> None:
    pdf = pdf_of(issue(billing))

    assert page_of(pdf).code().text.endswith("&importe=24.49")
    text = text_of(pdf).replace("\N{NO-BREAK SPACE}", " ")
    assert "26,62" in text
    assert "Impuestos en EUR" in text
    assert "IVA 21 %: 4,25 € sobre 20,24 €" in text
    assert "Total: 24,49 €" in text
    assert "6 de noviembre de 2026 (Banco Central Europeo): 0,92 EUR por un USD" in text


def test_a_correction_by_substitution_says_in_euros_what_stands(billing: Billing) -> None:
    note = take_off(billing, issue(billing), 1000, "one", by_substitution=True)

    [_taxes, stands] = document_of(note).notes
    assert "13,36" in stands.text
    assert "20,24" in stands.text


def test_the_books_and_the_modelos_are_in_euros(billing: Billing) -> None:
    issued = issue(billing)
    take_off(billing, issued, 1000, "one", by_substitution=False)

    taxes = list(issued_taxes(QUARTER))
    [charged, back] = book_table(QUARTER, taxes).rows
    assert charged[12:16] == (Decimal("24.49"), Decimal("20.24"), 21, Decimal("4.25"))
    assert charged[-4:] == ("USD", Decimal("26.62"), Decimal("0.92"), RATED_ON)
    assert back[12:16] == (Decimal("-11.13"), Decimal("-9.20"), 21, Decimal("-1.93"))
    boxes = {row[0]: row[2:] for row in summary_tables([row_of(row) for row in taxes])["303"].rows}
    assert boxes["07 · 09"] == (Decimal("20.24"), Decimal("4.25"))
    assert boxes["14 · 15"] == (Decimal("-9.20"), Decimal("-1.93"))


def test_the_347_counts_euros_and_not_dollars(billing: Billing) -> None:
    note(billing, "0.90", on=TODAY)

    def sold(amount: int, key: str) -> list[tuple[Any, ...]]:
        advance = actions.charge_advance(
            client=billing.client,
            currency="USD",
            description="Anticipo",
            amount=amount,
            by=billing.clerk,
            now=billing.now,
            idempotency_key=key,
        )
        billing.issue(advance)
        return summary_tables([row_of(row) for row in issued_taxes(QUARTER)])["347"].rows

    assert sold(250_000, "3025.00 dollars, 2722.50 euros") == []
    [customer] = sold(26_000, "283.14 euros more")
    assert (customer[0], customer[-1]) == ("B", Decimal("3005.64"))


def test_a_customer_of_the_union_is_in_the_349_in_euros() -> None:
    billing = make_rated(country="IE", tax_id="IE6388047V", city="Galway")
    issued = issue(billing)

    [operator] = summary_tables([row_of(row) for row in issued_taxes(QUARTER)])["349"].rows
    assert operator[3] == Decimal("20.24")
    assert record_of(issued).total == 2024


def test_income_tax_withheld_is_in_euros_too() -> None:
    billing = make_rated()
    Firm.objects.update(legal_form=Firm.LegalForm.PROFESSIONAL)
    issued = issue(billing)
    assert (issued.withheld, issued.home_withheld) == (330, 304)

    note = actions.credit_invoice(invoice=issued, reason="Todo", by=billing.clerk, now=billing.now)

    assert (note.home_withheld, note.home_total) == (-304, -2449)
    [charged, back] = [row_of(row).withheld for row in issued_taxes(QUARTER)]
    assert (charged, back) == (304, -304)
    [held] = electronic(issued).withholdings
    assert held.at_home is not None
    assert (held.at_home.base, held.at_home.amount) == (Decimal("20.24"), Decimal("3.04"))


def test_the_european_files_name_the_currency_of_the_tax(billing: Billing) -> None:
    issued = issue(billing)
    note = take_off(billing, issued, 1000, "one", by_substitution=False)

    for document, tax in ((issued, "4.25"), (note, "1.93")):
        values = sound(document)
        assert values.tax_currency is not None
        assert (values.currency, values.tax_currency.code) == ("USD", "EUR")
        assert values.tax_currency.tax == Decimal(tax)


@needs_schemas
def test_facturae_bears_the_rate_and_the_euros(billing: Billing) -> None:
    for name, value in {"address": "Calle Larga, 1", "postcode": "41001"}.items():
        setattr(billing.client, name, value)
    billing.client.save()
    Firm.objects.update(postcode="41003")
    issued = issue(billing)

    for document in (issued, take_off(billing, issued, 1000, "one", by_substitution=False)):
        values = electronic(document)
        assert facturae_faults(values) == []
        root = etree.fromstring(as_facturae(values))
        assert faults("Facturaev3_2_2.xsd", root, "facturae") == []
    root = etree.fromstring(as_facturae(electronic(issued)))
    assert root.findtext(".//ExchangeRate") == "0.92"
    assert root.findtext(".//ExchangeRateDate") == "2026-11-06"
    assert root.findtext(".//TaxCurrencyCode") == "EUR"
    assert root.findtext("FileHeader/Batch/TotalInvoicesAmount/EquivalentInEuros") == "24.49"
    taxes = root.find("Invoices/Invoice/TaxesOutputs/Tax")
    assert taxes is not None
    assert taxes.findtext("TaxableBase/EquivalentInEuros") == "20.24"
    assert taxes.findtext("TaxAmount/EquivalentInEuros") == "4.25"


def test_the_limit_of_simplified_invoices_is_held_against_euros() -> None:
    billing = make_rated(tax_id="")
    billing.approved(420)
    draft = in_dollars(billing.draft())
    assert draft.total == 39_930

    note(billing, "1.01")
    refused(lambda: billing.issue(draft), "no_nif")
    note(billing, "1")
    assert record_of(billing.issue(draft)).type == "F2"


def test_a_full_invoice_states_what_the_simplified_ones_did() -> None:
    billing = make_rated(tax_id="")
    first = issue(billing)
    billing.approved(10)
    note(billing, "0.80")
    second = issue(billing)
    billing.client.tax_id = "A58818501"
    billing.client.save()

    full = actions.replace_simplified(invoices=[first, second], by=billing.clerk, now=billing.now)

    assert full.home_total == (first.home_total or 0) + (second.home_total or 0)
    assert record_of(full).total == full.home_total
    assert (full.exchange_rate, full.tax_currency) == (None, "EUR")
    [stated, _replaces] = document_of(full).notes
    assert "los documentos que reúne" in stated.text
    assert list(verify_records()) == list(verify_invoices()) == []


def test_what_was_stated_never_changes(billing: Billing) -> None:
    issued = issue(billing)

    refused(
        lambda: actions.note_rate_of_document(
            invoice=issued, rate=Decimal(1), by=billing.clerk, now=MONTH_END
        ),
        "stated",
    )
    changes: list[dict[str, Any]] = [
        {"home_total": 1},
        {"home_withheld": 1},
        {"exchange_rate": 1},
        {"rate_on": TODAY},
        {"rate_source": "other"},
    ]
    for change in changes:
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            Invoice.objects.filter(pk=issued.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        TaxLine.objects.filter(invoice=issued).update(home_amount=1)
    Invoice.objects.filter(pk=issued.pk).update(paid=0)


def test_what_was_stated_wrong_is_found(billing: Billing) -> None:
    issued = issue(billing)
    with without_guards():
        TaxLine.objects.filter(invoice=issued).update(home_amount=426)
        Invoice.objects.filter(pk=issued.pk).update(home_total=2450)

    assert list(verify_invoices()) == [f"{issued.number}: its taxes are not what its rate states in EUR"]
    assert any("amounts are not those of" in fault for fault in verify_records())


def test_elsewhere_in_the_union_the_tax_is_stated_where_the_rate_is_known() -> None:
    billing = make_billing()
    billing.approved(30)
    unknown = issue(billing)
    billing.approved(30)
    note(billing, "0.92", on=TODAY)
    known = issue(billing)

    assert (unknown.home_total, unknown.tax_currency) == (None, "")
    assert (known.home_total, known.tax_currency) == (2490, "EUR")
    assert "Impuestos en EUR" in [each.title for each in document_of(known).notes]
    assert sound(known).tax_currency is not None
