"""Facturae 3.2 to 3.2.2; one invoice a file. Whether its signature holds is for the administration's own check."""

from __future__ import annotations

from typing import Any

from ecuanime.billing.einvoice.reading.safe import Reader, Unreadable
from ecuanime.billing.einvoice.reading.values import ReadInvoice, ReadTax

_CATEGORIES = {"02": "M", "03": "L"}
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
        taxes=tuple(
            ReadTax(
                category=_CATEGORIES.get(one.text("TaxTypeCode", each), "S"),
                rate=one.number("TaxRate", each),
                base=one.money("TaxableBase/TotalAmount", currency, each),
                amount=one.money("TaxAmount/TotalAmount", currency, each)
                + one.money("EquivalenceSurchargeAmount/TotalAmount", currency, each),
            )
            for each in one.all("TaxesOutputs/Tax")
        ),
        net=net,
        tax=tax,
        total=net + tax,
        withheld=one.money("InvoiceTotals/TotalTaxesWithheld", currency),
        about=one.text("Items/InvoiceLine/ItemDescription"),
        is_credit_note=one.text("InvoiceHeader/InvoiceClass") in CORRECTIVE,
    )


def _name(read: Reader) -> str:
    seller = "Parties/SellerParty"
    names = [read.text(f"{seller}/Individual/{part}") for part in ("Name", "FirstSurname", "SecondSurname")]
    return read.text(f"{seller}/LegalEntity/CorporateName") or " ".join(filter(None, names))
