"""Received files are read as what they are, and those that would do harm or do not add up are not read."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfWriter

from ecuanime.billing.einvoice.cii import as_cii
from ecuanime.billing.einvoice.facturae import as_facturae
from ecuanime.billing.einvoice.reading import ReadInvoice, Unreadable, read_invoice
from ecuanime.billing.einvoice.reading.safe import LARGEST_FILE, LARGEST_XML
from ecuanime.billing.einvoice.ubl import as_ubl
from ecuanime.billing.einvoice.values import Earlier, ElectronicInvoice, Kind, TaxCurrency, Withholding
from tests.rooms.billing.einvoice.test_faults import PLAIN

CREDIT = replace(
    PLAIN,
    kind=Kind.CREDIT_NOTE,
    due_on=None,
    earlier=(Earlier(number="F-2026-0001", issued_on=date(2026, 11, 1)),),
)
BOMB = b"""<?xml version="1.0"?><!DOCTYPE Invoice [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">
<!ENTITY x SYSTEM "file:///etc/passwd">]><Invoice>&b;&x;</Invoice>"""


def in_pdf(xml: bytes, name: str = "factur-x.xml") -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.add_attachment(name, xml)
    writer.write(out)
    return out.getvalue()


def why_not(content: bytes) -> str:
    with pytest.raises(Unreadable) as error:
        read_invoice(content)
    return error.value.code


def figures(read: ReadInvoice) -> tuple[int, int, int]:
    return read.net, read.tax, read.total


@pytest.mark.parametrize("write", [as_ubl, as_cii, as_facturae, lambda values: in_pdf(as_cii(values))])
@pytest.mark.parametrize(("values", "sign"), [(PLAIN, 1), (CREDIT, -1)])
def test_each_syntax_is_read(write: object, values: ElectronicInvoice, sign: int) -> None:
    read = read_invoice(write(values))  # type: ignore[operator]

    assert (read.number, read.issued_on, read.currency) == ("F-2026-0001", date(2026, 11, 30), "EUR")
    assert (read.supplier_name, read.supplier_tax_id[-9:], read.buyer_tax_id[-9:]) == (
        "Nodo Alisio",
        "B00000000",
        "B00000018",
    )
    assert figures(read) == (sign * 10_000, sign * 2100, sign * 12_100)
    [tax] = read.taxes
    assert (tax.category, tax.rate, tax.base, tax.amount) == ("S", 21, sign * 10_000, sign * 2100)
    assert (read.is_credit_note, read.about) == (sign < 0, "Soporte")


def test_what_is_withheld_lowers_no_total() -> None:
    held = Withholding(rate=Decimal(15), base=Decimal("100.00"), amount=Decimal("15.00"))

    read = read_invoice(as_facturae(replace(PLAIN, withholdings=(held,))))

    assert (read.total, read.withheld) == (12_100, 1500)


def test_a_document_type_is_refused_whatever_it_says() -> None:
    assert why_not(BOMB) == "hostile"
    assert why_not(b"<!DOCTYPE Invoice>" + as_ubl(PLAIN).split(b"?>", 1)[1]) == "hostile"


def test_sizes_are_bounded() -> None:
    assert why_not(b"<a>" + b" " * LARGEST_XML + b"</a>") == "too_large"
    assert why_not(b"%PDF" + b" " * LARGEST_FILE) == "too_large"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unknown_format"),
        (b"hola", "unknown_format"),
        (b"<html/>", "unknown_format"),
        (b"\xff\xfe<\x00a", "unknown_format"),
        (b"%PDF-1.7 no such thing", "no_data"),
        (in_pdf(b"<a/>", "terms.xml"), "no_data"),
        (in_pdf(BOMB), "hostile"),
        (as_ubl(PLAIN).replace(b"F-2026-0001", b" "), "incomplete"),
        (as_ubl(PLAIN).replace(b">2026-11-30<", b">soon<"), "incomplete"),
        (as_cii(PLAIN).replace(b">100.00<", b">NaN<"), "incomplete"),
        (as_cii(PLAIN).replace(b">100.00<", b">1e400<"), "incomplete"),
        (as_ubl(PLAIN).replace(b"121.00", b"120.00"), "does_not_add_up"),
        (as_facturae(PLAIN).replace(b"<Invoice>", b"<Invoice/><Invoice>"), "incomplete"),
    ],
)
def test_what_is_no_sound_invoice_is_not_read(content: bytes, code: str) -> None:
    assert why_not(content) == code


IN_DOLLARS = replace(
    PLAIN,
    currency="USD",
    tax_currency=TaxCurrency(
        code="EUR",
        rate=Decimal("0.92"),
        rated_on=date(2026, 11, 27),
        tax=Decimal("19.32"),
        total=Decimal("111.32"),
    ),
)
UBL_RATE = b"""<cac:TaxExchangeRate><cbc:CalculationRate>0.92</cbc:CalculationRate><cbc:Date>2026-11-27</cbc:Date>
</cac:TaxExchangeRate><cac:AccountingSupplierParty>"""
CII_RATE = b"""<ram:TaxApplicableTradeCurrencyExchange><ram:ConversionRate>0.92</ram:ConversionRate>
<ram:ConversionRateDateTime><udt:DateTimeString format="102">20261127</udt:DateTimeString>
</ram:ConversionRateDateTime></ram:TaxApplicableTradeCurrencyExchange><ram:ApplicableTradeTax>"""


def in_header(cii: bytes, instead: bytes) -> bytes:
    """CII with something else where the tax of its header begins; that of the line comes before."""
    before, _begin, after = cii.rpartition(b"<ram:ApplicableTradeTax>")
    return before + instead + after


def said_in(values: ElectronicInvoice) -> tuple[bytes, bytes]:
    """The document as UBL and as CII that name the rate of the tax's currency."""
    return (
        as_ubl(values).replace(b"<cac:AccountingSupplierParty>", UBL_RATE, 1),
        in_header(as_cii(values), CII_RATE),
    )


@pytest.mark.parametrize("content", said_in(IN_DOLLARS))
def test_the_rate_of_the_taxs_currency_is_read_and_borne_out(content: bytes) -> None:
    read = read_invoice(content)

    assert (read.tax_currency, read.rate_on, read.proven_rate) == (
        *("EUR", date(2026, 11, 27)),
        Decimal("0.92"),
    )
    assert [tax.said_amount for tax in read.taxes] == [1932]


@pytest.mark.parametrize("content", said_in(PLAIN))
def test_a_rate_without_amounts_in_that_currency_is_not_borne_out(content: bytes) -> None:
    read = read_invoice(content)

    assert read.rate == Decimal("0.92")
    assert read.proven_rate is None


def test_the_point_of_tax_comes_before_the_delivery() -> None:
    issued = b"<cbc:IssueDate>2026-11-30</cbc:IssueDate>"
    ubl = as_ubl(PLAIN).replace(issued, issued + b"<cbc:TaxPointDate>2026-11-12</cbc:TaxPointDate>")
    cii = in_header(
        as_cii(PLAIN),
        b"<ram:ApplicableTradeTax><ram:TaxPointDate><udt:DateString format='102'>20261112</udt:DateString>"
        b"</ram:TaxPointDate>",
    )

    assert [read_invoice(each).accrued_on for each in (ubl, cii)] == [date(2026, 11, 12)] * 2
    assert read_invoice(as_ubl(PLAIN)).accrued_on == date(2026, 11, 30)


def test_a_sum_of_taxes_that_says_no_amount_is_passed_over() -> None:
    empty = as_ubl(PLAIN).replace(b"<cac:TaxTotal>", b"<cac:TaxTotal/><cac:TaxTotal>", 1)

    assert figures(read_invoice(empty)) == (10_000, 2100, 12_100)
