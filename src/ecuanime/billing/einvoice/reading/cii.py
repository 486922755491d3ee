"""UN/CEFACT Cross Industry Invoice, also as a hybrid PDF carries it."""

from __future__ import annotations

from typing import Any

from ecuanime.billing.einvoice.reading.safe import Reader
from ecuanime.billing.einvoice.reading.values import ReadInvoice, ReadTax, with_said_tax

_UN = "urn:un:unece:uncefact:data:standard"
_NAMES = {
    "rsm": f"{_UN}:CrossIndustryInvoice:100",
    "ram": f"{_UN}:ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_UN}:UnqualifiedDataType:100",
}
_TRADE = "rsm:SupplyChainTradeTransaction"
_SETTLED = f"{_TRADE}/ram:ApplicableHeaderTradeSettlement"
_SUMS = f"{_SETTLED}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_EXCHANGED = f"{_SETTLED}/ram:TaxApplicableTradeCurrencyExchange"
_DELIVERED = f"{_TRADE}/ram:ApplicableHeaderTradeDelivery/ram:ActualDeliverySupplyChainEvent"
CREDIT_NOTES = frozenset({"81", "261", "262", "296", "308", "381", "396", "420", "458", "532"})


def read_cii(root: Any) -> ReadInvoice:
    """What it says; raises Unreadable `incomplete`."""
    read = Reader(root, _NAMES)
    currency = read.text(f"{_SETTLED}/ram:InvoiceCurrencyCode")
    credit = read.text("rsm:ExchangedDocument/ram:TypeCode") in CREDIT_NOTES
    sign = -1 if credit else 1
    total = sign * read.money(f"{_SUMS}/ram:GrandTotalAmount", currency)
    net = sign * read.money(f"{_SUMS}/ram:TaxBasisTotalAmount", currency)
    tax_currency = read.text(f"{_SETTLED}/ram:TaxCurrencyCode")
    taxes = tuple(
        ReadTax(
            category=read.text("ram:CategoryCode", each),
            rate=read.number("ram:RateApplicablePercent", each),
            base=sign * read.money("ram:BasisAmount", currency, each),
            amount=sign * read.money("ram:CalculatedAmount", currency, each),
        )
        for each in read.all(f"{_SETTLED}/ram:ApplicableTradeTax")
    )
    line = f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedTradeProduct/ram:Name"
    return ReadInvoice(
        syntax="cii",
        number=read.text("rsm:ExchangedDocument/ram:ID"),
        issued_on=read.required_day("rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString"),
        due_on=read.day(f"{_SETTLED}/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString"),
        currency=currency,
        supplier_name=read.text(f"{_TRADE}/ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty/ram:Name"),
        supplier_tax_id=_tax_id(read, "Seller"),
        buyer_tax_id=_tax_id(read, "Buyer"),
        taxes=with_said_tax(taxes, _said_tax(read, currency, tax_currency, sign)),
        net=net,
        tax=total - net,
        total=total,
        about=read.text(line),
        is_credit_note=credit,
        accrued_on=read.day(f"{_SETTLED}/ram:ApplicableTradeTax/ram:TaxPointDate/udt:DateString")
        or read.day(f"{_DELIVERED}/ram:OccurrenceDateTime/udt:DateTimeString"),
        corrects=read.text(f"{_SETTLED}/ram:InvoiceReferencedDocument/ram:IssuerAssignedID"),
        tax_currency=tax_currency,
        rate=read.number(f"{_EXCHANGED}/ram:ConversionRate") or None,
        rate_on=read.day(f"{_EXCHANGED}/ram:ConversionRateDateTime/udt:DateTimeString"),
    )


def _said_tax(read: Reader, currency: str, tax_currency: str, sign: int) -> int | None:
    """The tax in the currency that it is paid in (BT-111), where that is another."""
    if tax_currency in ("", currency):
        return None
    for each in read.all(f"{_SUMS}/ram:TaxTotalAmount"):
        if each.get("currencyID") == tax_currency:
            return sign * read.money(".", tax_currency, each)
    return None


def _tax_id(read: Reader, role: str) -> str:
    party = f"{_TRADE}/ram:ApplicableHeaderTradeAgreement/ram:{role}TradeParty"
    vat = read.text(f"{party}/ram:SpecifiedTaxRegistration/ram:ID")
    return vat or read.text(f"{party}/ram:SpecifiedLegalOrganization/ram:ID")
