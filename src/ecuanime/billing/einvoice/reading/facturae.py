"""Facturae 3.2 to 3.2.2; one invoice a file. Whether its signature holds is for the administration's own check."""

from __future__ import annotations

from typing import Any

from ecuanime.billing.einvoice.reading.safe import Reader, Unreadable
from ecuanime.billing.einvoice.reading.values import ReadInvoice, ReadTax

_CORRECTED = "InvoiceHeader/Corrective"
_CATEGORIES = {"02": "M", "03": "L"}
_EUROS = "EUR"
CORRECTIVE = frozenset({"OR", "CR"})


def read_facturae(root: Any) -> ReadInvoice:
    """What it says; raises Unreadable `incomplete`."""
    read = Reader(root, {})
    documents = read.all("Invoices/Invoice")
    if len(documents) != 1:
        raise Unreadable("incomplete")
    one = Reader(documents[0], {})
    currency = one.text("InvoiceIssueData/InvoiceCurrencyCode")
    series = one.text("InvoiceHeader/InvoiceSeriesCode")
    net = one.money("InvoiceTotals/TotalGrossAmountBeforeTaxes", currency)
    tax = one.money("InvoiceTotals/TotalTaxOutputs", currency)
    return ReadInvoice(
        syntax="facturae",
        number=series + one.text("InvoiceHeader/InvoiceNumber"),
        issued_on=one.required_day("InvoiceIssueData/IssueDate"),
        due_on=one.day("PaymentDetails/Installment/InstallmentDueDate"),
        currency=currency,
        supplier_name=_name(read),
        supplier_tax_id=read.text("Parties/SellerParty/TaxIdentification/TaxIdentificationNumber"),
        buyer_tax_id=read.text("Parties/BuyerParty/TaxIdentification/TaxIdentificationNumber"),
        taxes=tuple(_tax(one, each, currency) for each in one.all("TaxesOutputs/Tax")),
        net=net,
        tax=tax,
        total=net + tax,
        withheld=one.money("InvoiceTotals/TotalTaxesWithheld", currency),
        about=one.text("Items/InvoiceLine/ItemDescription"),
        is_credit_note=one.text("InvoiceHeader/InvoiceClass") in CORRECTIVE,
        accrued_on=one.day("InvoiceIssueData/OperationDate"),
        corrects=one.text(f"{_CORRECTED}/InvoiceSeriesCode") + one.text(f"{_CORRECTED}/InvoiceNumber"),
        tax_currency=_EUROS,
        rate=one.number("InvoiceIssueData/ExchangeRateDetails/ExchangeRate") or None,
        rate_on=one.day("InvoiceIssueData/ExchangeRateDetails/ExchangeRateDate"),
    )


def _tax(one: Reader, node: Any, currency: str) -> ReadTax:
    """A tax with its surcharge; what it comes to in euros where the invoice is in another currency."""
    said = one.said_money("TaxAmount/EquivalentInEuros", _EUROS, node)
    if said is not None:
        said += one.money("EquivalenceSurchargeAmount/EquivalentInEuros", _EUROS, node)
    return ReadTax(
        category=_CATEGORIES.get(one.text("TaxTypeCode", node), "S"),
        rate=one.number("TaxRate", node),
        base=one.money("TaxableBase/TotalAmount", currency, node),
        amount=one.money("TaxAmount/TotalAmount", currency, node)
        + one.money("EquivalenceSurchargeAmount/TotalAmount", currency, node),
        said_base=one.said_money("TaxableBase/EquivalentInEuros", _EUROS, node),
        said_amount=said,
    )


def _name(read: Reader) -> str:
    seller = "Parties/SellerParty"
    names = [read.text(f"{seller}/Individual/{part}") for part in ("Name", "FirstSurname", "SecondSurname")]
    return read.text(f"{seller}/LegalEntity/CorporateName") or " ".join(filter(None, names))
