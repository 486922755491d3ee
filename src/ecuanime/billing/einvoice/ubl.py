"""An electronic invoice as UBL 2.1: an Invoice, or a CreditNote with the same parts under other names.

Source: EN 16931-1:2017, CEN/TS 16931-3-2. The order of the elements is that of the schema.
"""

from __future__ import annotations

from decimal import Decimal

from ecuanime.billing.einvoice.values import Allowance, ElectronicInvoice, Item, Party, Tax
from ecuanime.billing.einvoice.writing import Element, Writer, as_bytes, figure

PROFILE = "urn:cen.eu:en16931:2017"
_OASIS = "urn:oasis:names:specification:ubl:schema:xsd"
_write = Writer(
    {name: f"{_OASIS}:Common{kind}Components-2" for name, kind in (("cac", "Aggregate"), ("cbc", "Basic"))}
)
_add, _group = _write.add, _write.group


def as_ubl(invoice: ElectronicInvoice) -> bytes:
    """The document in UTF-8. The caller has asked `faults` before."""
    name = "CreditNote" if invoice.is_credit_note else "Invoice"
    root = _write.root(name, own=f"{_OASIS}:{name}-2")
    _head(root, invoice, name)
    _references(root, invoice)
    for role, party in (("Supplier", invoice.seller), ("Customer", invoice.buyer)):
        _party(_group(root, f"cac:Accounting{role}Party"), party, shows_vat=not invoice.is_outside)
    _delivery(root, invoice)
    _payment(root, invoice)
    for allowance in invoice.allowances:
        _allowance(root, allowance, invoice.currency)
    _taxes(root, invoice)
    _sums(root, invoice)
    quantity = "CreditedQuantity" if invoice.is_credit_note else "InvoicedQuantity"
    for item in invoice.items:
        _item(_group(root, f"cac:{name}Line"), item, invoice.currency, f"cbc:{quantity}")
    return as_bytes(root)


def _head(root: Element, invoice: ElectronicInvoice, name: str) -> None:
    _add(root, "cbc:CustomizationID", PROFILE)
    _add(root, "cbc:ID", invoice.number)
    _add(root, "cbc:IssueDate", invoice.issued_on)
    if not invoice.is_credit_note:
        _add(root, "cbc:DueDate", invoice.due_on)
    _add(root, f"cbc:{name}TypeCode", invoice.kind.value)
    # One note only: the schema would take several, the rules of EN 16931 do not.
    _add(root, "cbc:Note", "\n".join(filter(None, [invoice.reason, *invoice.notes])))
    _add(root, "cbc:DocumentCurrencyCode", invoice.currency)
    if invoice.tax_currency:
        _add(root, "cbc:TaxCurrencyCode", invoice.tax_currency.code)


def _references(root: Element, invoice: ElectronicInvoice) -> None:
    if invoice.first_day and invoice.last_day:
        period = _group(root, "cac:InvoicePeriod")
        _add(period, "cbc:StartDate", invoice.first_day)
        _add(period, "cbc:EndDate", invoice.last_day)
    for earlier in invoice.earlier:
        reference = _group(_group(root, "cac:BillingReference"), "cac:InvoiceDocumentReference")
        _add(reference, "cbc:ID", earlier.number)
        _add(reference, "cbc:IssueDate", earlier.issued_on)
    if invoice.contract:
        _add(_group(root, "cac:ContractDocumentReference"), "cbc:ID", invoice.contract)


def _party(node: Element, party: Party, *, shows_vat: bool) -> None:
    whole = _group(node, "cac:Party")
    _add(whole, "cbc:EndpointID", party.email, schemeID="EM")
    address = _group(whole, "cac:PostalAddress")
    _add(address, "cbc:StreetName", party.street)
    _add(address, "cbc:CityName", party.city)
    _add(address, "cbc:PostalZone", party.postcode)
    _add(address, "cbc:CountrySubentity", party.region)
    _add(_group(address, "cac:Country"), "cbc:IdentificationCode", party.country)
    if shows_vat and party.vat_id:
        tax = _group(whole, "cac:PartyTaxScheme")
        _add(tax, "cbc:CompanyID", party.vat_id)
        _add(_group(tax, "cac:TaxScheme"), "cbc:ID", "VAT")
    legal = _group(whole, "cac:PartyLegalEntity")
    _add(legal, "cbc:RegistrationName", party.name)
    _add(legal, "cbc:CompanyID", party.tax_id)
    if party.contact or party.phone:
        contact = _group(whole, "cac:Contact")
        _add(contact, "cbc:Name", party.contact)
        _add(contact, "cbc:Telephone", party.phone)


def _delivery(root: Element, invoice: ElectronicInvoice) -> None:
    delivery = _group(root, "cac:Delivery")
    _add(delivery, "cbc:ActualDeliveryDate", invoice.delivered_on)
    if invoice.goes_abroad:
        place = _group(_group(delivery, "cac:DeliveryLocation"), "cac:Address")
        _add(_group(place, "cac:Country"), "cbc:IdentificationCode", invoice.buyer.country)


def _payment(root: Element, invoice: ElectronicInvoice) -> None:
    if not invoice.iban:
        return
    means = _group(root, "cac:PaymentMeans")
    _add(means, "cbc:PaymentMeansCode", invoice.payment_code)
    _add(means, "cbc:PaymentID", invoice.number)
    _add(_group(means, "cac:PayeeFinancialAccount"), "cbc:ID", invoice.iban)


def _allowance(root: Element, allowance: Allowance, currency: str) -> None:
    node = _group(root, "cac:AllowanceCharge")
    _add(node, "cbc:ChargeIndicator", "false")
    _add(node, "cbc:AllowanceChargeReasonCode", "95")
    _add(node, "cbc:AllowanceChargeReason", allowance.reason)
    _money(node, "cbc:Amount", allowance.amount, currency)
    _category(node, "cac:TaxCategory", allowance.category, allowance.rate)


def _taxes(root: Element, invoice: ElectronicInvoice) -> None:
    total = _group(root, "cac:TaxTotal")
    _money(total, "cbc:TaxAmount", invoice.tax, invoice.currency)
    for tax in invoice.taxes:
        share = _group(total, "cac:TaxSubtotal")
        _money(share, "cbc:TaxableAmount", tax.base, invoice.currency)
        _money(share, "cbc:TaxAmount", tax.amount, invoice.currency)
        _category(share, "cac:TaxCategory", tax.category, tax.rate, tax)
    if invoice.tax_currency:
        at_home = _group(root, "cac:TaxTotal")
        _money(at_home, "cbc:TaxAmount", invoice.tax_currency.tax, invoice.tax_currency.code)


def _category(
    parent: Element, name: str, category: str, rate: Decimal | None, tax: Tax | None = None
) -> None:
    node = _group(parent, name)
    _add(node, "cbc:ID", category)
    if rate is not None:
        _add(node, "cbc:Percent", figure(rate))
    if tax is not None:
        _add(node, "cbc:TaxExemptionReasonCode", tax.code)
        _add(node, "cbc:TaxExemptionReason", tax.reason)
    _add(_group(node, "cac:TaxScheme"), "cbc:ID", "VAT")


def _sums(root: Element, invoice: ElectronicInvoice) -> None:
    sums = _group(root, "cac:LegalMonetaryTotal")
    _money(sums, "cbc:LineExtensionAmount", invoice.items_sum, invoice.currency)
    _money(sums, "cbc:TaxExclusiveAmount", invoice.net, invoice.currency)
    _money(sums, "cbc:TaxInclusiveAmount", invoice.total, invoice.currency)
    if invoice.allowances:
        _money(sums, "cbc:AllowanceTotalAmount", invoice.allowances_sum, invoice.currency)
    _money(sums, "cbc:PayableAmount", invoice.total, invoice.currency)


def _item(node: Element, item: Item, currency: str, quantity: str) -> None:
    _add(node, "cbc:ID", item.number)
    _add(node, quantity, figure(item.quantity), unitCode=item.unit)
    _money(node, "cbc:LineExtensionAmount", item.amount, currency)
    if item.allowance:
        allowance = _group(node, "cac:AllowanceCharge")
        _add(allowance, "cbc:ChargeIndicator", "false")
        _add(allowance, "cbc:AllowanceChargeReasonCode", "95")
        if item.allowance_percent is not None:
            _add(allowance, "cbc:MultiplierFactorNumeric", figure(item.allowance_percent))
        _money(allowance, "cbc:Amount", item.allowance, currency)
        if item.allowance_percent is not None:
            _money(allowance, "cbc:BaseAmount", item.gross, currency)
    what = _group(node, "cac:Item")
    _add(what, "cbc:Description", item.detail)
    _add(what, "cbc:Name", item.name)
    _category(what, "cac:ClassifiedTaxCategory", item.category, item.rate)
    price = _group(node, "cac:Price")
    _money(price, "cbc:PriceAmount", figure(item.price), currency)
    if item.per != 1:
        _add(price, "cbc:BaseQuantity", figure(item.per), unitCode=item.unit)


def _money(parent: Element, name: str, amount: Decimal | str, currency: str) -> None:
    _add(parent, name, amount, currencyID=currency)
