"""An electronic invoice as UN/CEFACT Cross Industry Invoice: the EN 16931 profile of Factur-X.

Source: EN 16931-1:2017, CEN/TS 16931-3-3, Factur-X 1.09. The order of the elements is that of the schema.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ecuanime.billing.einvoice.values import (
    Allowance,
    Earlier,
    ElectronicInvoice,
    Item,
    Party,
    Tax,
)
from ecuanime.billing.einvoice.writing import Element, Writer, as_bytes, figure

PROFILE = "urn:cen.eu:en16931:2017"
_UN = "urn:un:unece:uncefact:data"
_write = Writer(
    {
        "rsm": f"{_UN}:standard:CrossIndustryInvoice:100",
        "ram": f"{_UN}:standard:ReusableAggregateBusinessInformationEntity:100",
        "udt": f"{_UN}:standard:UnqualifiedDataType:100",
        "qdt": f"{_UN}:standard:QualifiedDataType:100",
    }
)
_add, _group = _write.add, _write.group


def as_cii(invoice: ElectronicInvoice) -> bytes:
    """The document in UTF-8. The caller has asked `faults` before."""
    root = _write.root("rsm:CrossIndustryInvoice")
    context = _group(root, "rsm:ExchangedDocumentContext")
    _add(_group(context, "ram:GuidelineSpecifiedDocumentContextParameter"), "ram:ID", PROFILE)
    _head(root, invoice)
    trade = _group(root, "rsm:SupplyChainTradeTransaction")
    for item in invoice.items:
        _item(trade, item, invoice)
    _agreement(trade, invoice)
    _delivery(trade, invoice)
    _settlement(trade, invoice)
    return as_bytes(root)


def _head(root: Element, invoice: ElectronicInvoice) -> None:
    head = _group(root, "rsm:ExchangedDocument")
    _add(head, "ram:ID", invoice.number)
    _add(head, "ram:TypeCode", invoice.kind.value)
    _day(head, "ram:IssueDateTime", invoice.issued_on)
    for note in filter(None, [invoice.reason, *invoice.notes]):
        _add(_group(head, "ram:IncludedNote"), "ram:Content", note)


def _item(trade: Element, item: Item, invoice: ElectronicInvoice) -> None:
    line = _group(trade, "ram:IncludedSupplyChainTradeLineItem")
    _add(_group(line, "ram:AssociatedDocumentLineDocument"), "ram:LineID", item.number)
    product = _group(line, "ram:SpecifiedTradeProduct")
    _add(product, "ram:Name", item.name)
    _add(product, "ram:Description", item.detail)
    price = _group(_group(line, "ram:SpecifiedLineTradeAgreement"), "ram:NetPriceProductTradePrice")
    _add(price, "ram:ChargeAmount", figure(item.price))
    if item.per != 1:
        _add(price, "ram:BasisQuantity", figure(item.per), unitCode=item.unit)
    delivery = _group(line, "ram:SpecifiedLineTradeDelivery")
    _add(delivery, "ram:BilledQuantity", figure(item.quantity), unitCode=item.unit)
    settlement = _group(line, "ram:SpecifiedLineTradeSettlement")
    _category(settlement, "ram:ApplicableTradeTax", item.category, item.rate)
    if item.allowance:
        _item_allowance(settlement, item, invoice)
    sums = _group(settlement, "ram:SpecifiedTradeSettlementLineMonetarySummation")
    _add(sums, "ram:LineTotalAmount", item.amount)


def _item_allowance(settlement: Element, item: Item, invoice: ElectronicInvoice) -> None:
    allowance = _group(settlement, "ram:SpecifiedTradeAllowanceCharge")
    _add(_group(allowance, "ram:ChargeIndicator"), "udt:Indicator", "false")
    if item.allowance_percent is not None:
        _add(allowance, "ram:CalculationPercent", figure(item.allowance_percent))
        _add(allowance, "ram:BasisAmount", item.gross)
    _add(allowance, "ram:ActualAmount", item.allowance)
    _add(allowance, "ram:ReasonCode", "95")


def _agreement(trade: Element, invoice: ElectronicInvoice) -> None:
    agreement = _group(trade, "ram:ApplicableHeaderTradeAgreement")
    for name, party in (
        ("ram:SellerTradeParty", invoice.seller),
        ("ram:BuyerTradeParty", invoice.buyer),
    ):
        _party(_group(agreement, name), party, shows_vat=not invoice.is_outside)
    if invoice.contract:
        contract = _group(agreement, "ram:ContractReferencedDocument")
        _add(contract, "ram:IssuerAssignedID", invoice.contract)


def _party(node: Element, party: Party, *, shows_vat: bool) -> None:
    _add(node, "ram:Name", party.name)
    if party.tax_id:
        _add(_group(node, "ram:SpecifiedLegalOrganization"), "ram:ID", party.tax_id)
    if party.contact or party.phone:
        contact = _group(node, "ram:DefinedTradeContact")
        _add(contact, "ram:PersonName", party.contact)
        if party.phone:
            phone = _group(contact, "ram:TelephoneUniversalCommunication")
            _add(phone, "ram:CompleteNumber", party.phone)
    address = _group(node, "ram:PostalTradeAddress")
    _add(address, "ram:PostcodeCode", party.postcode)
    _add(address, "ram:LineOne", party.street)
    _add(address, "ram:CityName", party.city)
    _add(address, "ram:CountryID", party.country)
    _add(address, "ram:CountrySubDivisionName", party.region)
    if party.email:
        _add(_group(node, "ram:URIUniversalCommunication"), "ram:URIID", party.email, schemeID="EM")
    if shows_vat and party.vat_id:
        _add(_group(node, "ram:SpecifiedTaxRegistration"), "ram:ID", party.vat_id, schemeID="VA")


def _delivery(trade: Element, invoice: ElectronicInvoice) -> None:
    delivery = _group(trade, "ram:ApplicableHeaderTradeDelivery")
    if invoice.goes_abroad:
        place = _group(_group(delivery, "ram:ShipToTradeParty"), "ram:PostalTradeAddress")
        _add(place, "ram:CountryID", invoice.buyer.country)
    event = _group(delivery, "ram:ActualDeliverySupplyChainEvent")
    _day(event, "ram:OccurrenceDateTime", invoice.delivered_on)


def _settlement(trade: Element, invoice: ElectronicInvoice) -> None:
    settlement = _group(trade, "ram:ApplicableHeaderTradeSettlement")
    if invoice.iban:
        _add(settlement, "ram:PaymentReference", invoice.number)
    if invoice.tax_currency:
        _add(settlement, "ram:TaxCurrencyCode", invoice.tax_currency.code)
    _add(settlement, "ram:InvoiceCurrencyCode", invoice.currency)
    if invoice.iban:
        means = _group(settlement, "ram:SpecifiedTradeSettlementPaymentMeans")
        _add(means, "ram:TypeCode", invoice.payment_code)
        _add(_group(means, "ram:PayeePartyCreditorFinancialAccount"), "ram:IBANID", invoice.iban)
    for tax in invoice.taxes:
        _tax(settlement, tax)
    if invoice.first_day and invoice.last_day:
        period = _group(settlement, "ram:BillingSpecifiedPeriod")
        _day(period, "ram:StartDateTime", invoice.first_day)
        _day(period, "ram:EndDateTime", invoice.last_day)
    for allowance in invoice.allowances:
        _allowance(settlement, allowance)
    if invoice.due_on:
        _day(
            _group(settlement, "ram:SpecifiedTradePaymentTerms"),
            "ram:DueDateDateTime",
            invoice.due_on,
        )
    _sums(settlement, invoice)
    for earlier in invoice.earlier:
        _earlier(settlement, earlier)


def _tax(settlement: Element, tax: Tax) -> None:
    node = _group(settlement, "ram:ApplicableTradeTax")
    _add(node, "ram:CalculatedAmount", tax.amount)
    _add(node, "ram:TypeCode", "VAT")
    _add(node, "ram:ExemptionReason", tax.reason)
    _add(node, "ram:BasisAmount", tax.base)
    _add(node, "ram:CategoryCode", tax.category)
    _add(node, "ram:ExemptionReasonCode", tax.code)
    if tax.rate is not None:
        _add(node, "ram:RateApplicablePercent", figure(tax.rate))


def _allowance(settlement: Element, allowance: Allowance) -> None:
    node = _group(settlement, "ram:SpecifiedTradeAllowanceCharge")
    _add(_group(node, "ram:ChargeIndicator"), "udt:Indicator", "false")
    _add(node, "ram:ActualAmount", allowance.amount)
    _add(node, "ram:ReasonCode", "95")
    _add(node, "ram:Reason", allowance.reason)
    _category(node, "ram:CategoryTradeTax", allowance.category, allowance.rate)


def _category(parent: Element, name: str, category: str, rate: Decimal | None) -> None:
    node = _group(parent, name)
    _add(node, "ram:TypeCode", "VAT")
    _add(node, "ram:CategoryCode", category)
    if rate is not None:
        _add(node, "ram:RateApplicablePercent", figure(rate))


def _sums(settlement: Element, invoice: ElectronicInvoice) -> None:
    sums = _group(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    _add(sums, "ram:LineTotalAmount", invoice.items_sum)
    if invoice.allowances:
        _add(sums, "ram:AllowanceTotalAmount", invoice.allowances_sum)
    _add(sums, "ram:TaxBasisTotalAmount", invoice.net)
    _add(sums, "ram:TaxTotalAmount", invoice.tax, currencyID=invoice.currency)
    if invoice.tax_currency:
        _add(sums, "ram:TaxTotalAmount", invoice.tax_currency.tax, currencyID=invoice.tax_currency.code)
    _add(sums, "ram:GrandTotalAmount", invoice.total)
    _add(sums, "ram:DuePayableAmount", invoice.total)


def _earlier(settlement: Element, earlier: Earlier) -> None:
    node = _group(settlement, "ram:InvoiceReferencedDocument")
    _add(node, "ram:IssuerAssignedID", earlier.number)
    day = _group(node, "ram:FormattedIssueDateTime")
    _add(day, "qdt:DateTimeString", f"{earlier.issued_on:%Y%m%d}", format="102")


def _day(parent: Element, name: str, day: date) -> None:
    _add(_group(parent, name), "udt:DateTimeString", f"{day:%Y%m%d}", format="102")
