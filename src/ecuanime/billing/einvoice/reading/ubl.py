"""UBL 2.1, an Invoice or a CreditNote."""

from __future__ import annotations

from typing import Any

from ecuanime.billing.einvoice.reading.safe import Reader
from ecuanime.billing.einvoice.reading.values import ReadInvoice, ReadTax, with_said_tax

_COMMON = "urn:oasis:names:specification:ubl:schema:xsd:Common"
_NAMES = {"cac": f"{_COMMON}AggregateComponents-2", "cbc": f"{_COMMON}BasicComponents-2"}


def read_ubl(root: Any) -> ReadInvoice:
    """What it says; raises Unreadable `incomplete`."""
    read, credit = Reader(root, _NAMES), root.tag.endswith("}CreditNote")
    currency, sign = read.text("cbc:DocumentCurrencyCode"), -1 if credit else 1
    line = "cac:CreditNoteLine" if credit else "cac:InvoiceLine"
    due = read.day("cbc:DueDate") or read.day("cac:PaymentMeans/cbc:PaymentDueDate")
    tax_currency = read.text("cbc:TaxCurrencyCode")
    taxes = tuple(
        ReadTax(
            category=read.text("cac:TaxCategory/cbc:ID", each),
            rate=read.number("cac:TaxCategory/cbc:Percent", each),
            base=sign * read.money("cbc:TaxableAmount", currency, each),
            amount=sign * read.money("cbc:TaxAmount", currency, each),
        )
        for each in _own_taxes(read, currency)
    )
    return ReadInvoice(
        syntax="ubl",
        number=read.text("cbc:ID"),
        issued_on=read.required_day("cbc:IssueDate"),
        due_on=due,
        currency=currency,
        supplier_name=_name(read, "Supplier"),
        supplier_tax_id=_tax_id(read, "Supplier"),
        buyer_tax_id=_tax_id(read, "Customer"),
        taxes=with_said_tax(taxes, _said_tax(read, currency, tax_currency, sign)),
        net=sign * read.money("cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount", currency),
        tax=sign * sum(read.money("cbc:TaxAmount", currency, each) for each in _totals(read, currency)),
        total=sign * read.money("cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount", currency),
        about=read.text(f"{line}/cac:Item/cbc:Name"),
        is_credit_note=credit,
        accrued_on=read.day("cbc:TaxPointDate") or read.day("cac:Delivery/cbc:ActualDeliveryDate"),
        corrects=read.text("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
        tax_currency=tax_currency,
        rate=read.number("cac:TaxExchangeRate/cbc:CalculationRate") or None,
        rate_on=read.day("cac:TaxExchangeRate/cbc:Date"),
    )


def _name(read: Reader, role: str) -> str:
    party = f"cac:Accounting{role}Party/cac:Party"
    legal = read.text(f"{party}/cac:PartyLegalEntity/cbc:RegistrationName")
    return legal or read.text(f"{party}/cac:PartyName/cbc:Name")


def _tax_id(read: Reader, role: str) -> str:
    party = f"cac:Accounting{role}Party/cac:Party"
    vat = read.text(f"{party}/cac:PartyTaxScheme/cbc:CompanyID")
    return vat or read.text(f"{party}/cac:PartyLegalEntity/cbc:CompanyID")


def _totals(read: Reader, currency: str) -> list[Any]:
    """Tax totals in the document's currency; another may repeat them in the one of the books (BT-111)."""
    return [
        each
        for each in read.all("cac:TaxTotal")
        if any(amount.get("currencyID") == currency for amount in read.all("cbc:TaxAmount", each))
    ]


def _said_tax(read: Reader, currency: str, tax_currency: str, sign: int) -> int | None:
    """The tax in the currency that it is paid in (BT-111), where that is another."""
    said = [] if tax_currency == currency else _totals(read, tax_currency)
    return sign * read.money("cbc:TaxAmount", tax_currency, said[0]) if said else None


def _own_taxes(read: Reader, currency: str) -> list[Any]:
    return [share for each in _totals(read, currency) for share in read.all("cac:TaxSubtotal", each)]
