"""An electronic invoice as Facturae 3.2.2, which Spain's administrations read and which has a place for withholding.

Source: Orden HAP/1650/2015 and the official schema, whose order the elements follow. A corrective invoice is written by
differences: what is taken off stands below zero. Time is written in hours; a line's cost is quantity × price rounded
half-up to the cent, as that order asks.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from ecuanime.billing.einvoice.facturae.codes import (
    DIFFERENCES,
    ROLES,
    TRANSFER,
    WITHHELD,
    country3,
    levy,
    person,
    residence,
    unit,
)
from ecuanime.billing.einvoice.values import (
    EXEMPT,
    OUTSIDE,
    AtHome,
    ElectronicInvoice,
    Item,
    Party,
    Tax,
    Withholding,
)
from ecuanime.billing.einvoice.writing import Element, Writer, as_bytes, figure

NAMESPACE = "http://www.facturae.gob.es/formato/Versiones/Facturaev3_2_2.xml"
_write = Writer({"fe": NAMESPACE, "ds": "http://www.w3.org/2000/09/xmldsig#"})
_add, _group = _write.add, _write.group
_CENT, _FINEST = Decimal("0.01"), Decimal("0.00000001")
_SPECIAL = {EXEMPT: "01", OUTSIDE: "02"}


def as_facturae(invoice: ElectronicInvoice) -> bytes:
    """The document in UTF-8, not signed. The caller has asked `facturae_faults` before."""
    sign = -1 if invoice.is_credit_note else 1
    root = _write.root("fe:Facturae")
    _file(root, invoice, sign)
    parties = _group(root, "Parties")
    for name, party in (("SellerParty", invoice.seller), ("BuyerParty", invoice.buyer)):
        _party(_group(parties, name), party)
    document = _group(_group(root, "Invoices"), "Invoice")
    _header(document, invoice)
    _issue(document, invoice)
    _taxes(document, invoice, sign)
    _totals(document, invoice, sign)
    items = _group(document, "Items")
    for item in invoice.items:
        _item(_group(items, "InvoiceLine"), item, invoice, sign)
    _payment(document, invoice)
    _closing(document, invoice)
    return as_bytes(root)


def _file(root: Element, invoice: ElectronicInvoice, sign: int) -> None:
    head = _group(root, "FileHeader")
    for name, text in (("SchemaVersion", "3.2.2"), ("Modality", "I"), ("InvoiceIssuerType", "EM")):
        _add(head, name, text)
    batch = _group(head, "Batch")
    _add(batch, "BatchIdentifier", f"{invoice.seller.tax_id}{invoice.number}"[:70])
    _add(batch, "InvoicesCount", 1)
    home = invoice.tax_currency
    for name in ("TotalInvoicesAmount", "TotalOutstandingAmount", "TotalExecutableAmount"):
        amount = sign * (invoice.total - invoice.withheld)
        _amount(batch, name, amount, None if home is None else sign * (home.total - home.withheld))
    _add(batch, "InvoiceCurrencyCode", invoice.currency)


def _amount(parent: Element, name: str, amount: Decimal, in_euros: Decimal | None = None) -> None:
    """An amount, and what it is in euros where it is in another currency."""
    node = _group(parent, name)
    _add(node, "TotalAmount", amount)
    if in_euros is not None:
        _add(node, "EquivalentInEuros", f"{in_euros:.2f}")


def _party(node: Element, party: Party) -> None:
    tax = _group(node, "TaxIdentification")
    _add(tax, "PersonTypeCode", person(party))
    _add(tax, "ResidenceTypeCode", residence(party.country))
    _add(tax, "TaxIdentificationNumber", party.tax_id if party.country == "ES" else party.vat_id)
    if party.offices:
        centres = _group(node, "AdministrativeCentres")
        for role, name in ROLES.items():
            centre = _group(centres, "AdministrativeCentre")
            _add(centre, "CentreCode", getattr(party.offices, name))
            _add(centre, "RoleTypeCode", role)
            _address(centre, party)
    if person(party) == "J":
        entity = _group(node, "LegalEntity")
        _add(entity, "CorporateName", party.name[:80])
    else:
        entity = _group(node, "Individual")
        _names(entity, party.name)
    _address(entity, party)
    _contact(entity, party)


def _names(entity: Element, name: str) -> None:
    """Given name and first surname, as far as one text tells: the first word, and the one after it."""
    first, _space, rest = name.partition(" ")
    surname, _space, second = rest.partition(" ")
    _add(entity, "Name", first[:40])
    _add(entity, "FirstSurname", (surname or first)[:40])
    _add(entity, "SecondSurname", second[:40])


def _address(node: Element, party: Party) -> None:
    at_home = party.country == "ES"
    address = _group(node, "AddressInSpain" if at_home else "OverseasAddress")
    _add(address, "Address", party.street[:80])
    if at_home:
        _add(address, "PostCode", party.postcode)
        _add(address, "Town", party.city[:50])
    else:
        _add(address, "PostCodeAndTown", f"{party.postcode} {party.city}".strip()[:50])
    _add(address, "Province", (party.region or party.city)[:20])
    _add(address, "CountryCode", country3(party.country))


def _contact(node: Element, party: Party) -> None:
    phone = party.phone.replace(" ", "")
    fits = len(phone) <= 15
    if not ((phone and fits) or party.email or party.contact):
        return
    contact = _group(node, "ContactDetails")
    if fits:
        _add(contact, "Telephone", phone)
    if len(party.email) <= 60:
        _add(contact, "ElectronicMail", party.email)
    _add(contact, "ContactPersons", party.contact[:40])


def _header(document: Element, invoice: ElectronicInvoice) -> None:
    head = _group(document, "InvoiceHeader")
    _add(head, "InvoiceNumber", invoice.number)
    _add(head, "InvoiceDocumentType", "FC")
    _add(head, "InvoiceClass", "OR" if invoice.is_credit_note else "OO")
    if not invoice.is_credit_note:
        return
    [earlier] = invoice.earlier
    corrective = _group(head, "Corrective")
    _add(corrective, "InvoiceNumber", earlier.number)
    _add(corrective, "ReasonCode", "10")
    _add(corrective, "ReasonDescription", "Detalle Operación")
    period = _group(corrective, "TaxPeriod")
    _add(period, "StartDate", invoice.first_day or earlier.issued_on)
    _add(period, "EndDate", invoice.last_day or earlier.issued_on)
    _add(corrective, "CorrectionMethod", DIFFERENCES)
    _add(corrective, "CorrectionMethodDescription", "Rectificación por diferencias")
    _add(corrective, "AdditionalReasonDescription", invoice.reason[:2500])
    _add(corrective, "InvoiceIssueDate", earlier.issued_on)


def _issue(document: Element, invoice: ElectronicInvoice) -> None:
    issue = _group(document, "InvoiceIssueData")
    _add(issue, "IssueDate", invoice.issued_on)
    _add(issue, "OperationDate", invoice.delivered_on)
    if invoice.first_day and invoice.last_day:
        period = _group(issue, "InvoicingPeriod")
        _add(period, "StartDate", invoice.first_day)
        _add(period, "EndDate", invoice.last_day)
    _add(issue, "InvoiceCurrencyCode", invoice.currency)
    if invoice.tax_currency:
        details = _group(issue, "ExchangeRateDetails")
        _add(details, "ExchangeRate", figure(invoice.tax_currency.rate))
        _add(details, "ExchangeRateDate", invoice.tax_currency.rated_on)
    _add(issue, "TaxCurrencyCode", invoice.tax_currency.code if invoice.tax_currency else invoice.currency)
    _add(issue, "LanguageName", invoice.language)
    _add(issue, "ReceiverContractReference", invoice.contract[:20])


def _taxes(document: Element, invoice: ElectronicInvoice, sign: int) -> None:
    taxes = _group(document, "TaxesOutputs")
    for tax in invoice.taxes:
        node = _tax(taxes, levy(tax.category), tax, sign)
        if tax.surcharge:
            _add(node, "EquivalenceSurcharge", f"{tax.surcharge_rate:.2f}")
            in_euros = sign * tax.at_home.surcharge if tax.at_home else None
            _amount(node, "EquivalenceSurchargeAmount", sign * tax.surcharge, in_euros)
    if invoice.withholdings:
        held = _group(document, "TaxesWithheld")
        for each in invoice.withholdings:
            _tax(held, WITHHELD, each, sign)


def _tax(parent: Element, code: str, tax: Tax | Withholding, sign: int) -> Element:
    node = _group(parent, "Tax")
    _add(node, "TaxTypeCode", code)
    _add(node, "TaxRate", figure(tax.rate or Decimal(0)))
    home = tax.at_home
    _amount(node, "TaxableBase", sign * tax.base, sign * home.base if home else None)
    _amount(node, "TaxAmount", sign * tax.amount, sign * home.amount if home else None)
    return node


def _totals(document: Element, invoice: ElectronicInvoice, sign: int) -> None:
    totals, payable = _group(document, "InvoiceTotals"), invoice.total - invoice.withheld
    _add(totals, "TotalGrossAmount", sign * invoice.items_sum)
    if invoice.allowances:
        discounts = _group(totals, "GeneralDiscounts")
        for allowance in invoice.allowances:
            discount = _group(discounts, "Discount")
            _add(discount, "DiscountReason", allowance.reason)
            _add(discount, "DiscountAmount", sign * allowance.amount)
        _add(totals, "TotalGeneralDiscounts", sign * invoice.allowances_sum)
    _add(totals, "TotalGrossAmountBeforeTaxes", sign * invoice.net)
    _add(totals, "TotalTaxOutputs", sign * invoice.tax)
    _add(totals, "TotalTaxesWithheld", sign * invoice.withheld)
    for name in ("InvoiceTotal", "TotalOutstandingAmount", "TotalExecutableAmount"):
        _add(totals, name, sign * payable)


def _item(node: Element, item: Item, invoice: ElectronicInvoice, sign: int) -> None:
    quantity = (item.quantity / item.per).quantize(_FINEST, rounding=ROUND_HALF_UP)
    _add(node, "ItemDescription", "\n".join(filter(None, [item.name, item.detail]))[:2500])
    _add(node, "Quantity", figure(sign * quantity))
    _add(node, "UnitOfMeasure", unit(item.unit))
    _add(node, "UnitPriceWithoutTax", figure(item.price))
    _add(node, "TotalCost", sign * item.gross)
    if item.allowance:
        discount = _group(_group(node, "DiscountsAndRebates"), "Discount")
        _add(discount, "DiscountReason", "Descuento")
        if item.allowance_percent is not None:
            _add(discount, "DiscountRate", figure(item.allowance_percent))
        _add(discount, "DiscountAmount", sign * item.allowance)
    _add(node, "GrossAmount", sign * item.amount)
    _tax(_group(node, "TaxesOutputs"), levy(item.category), _of_item(item, invoice), sign)
    if item.category in _SPECIAL:
        reason = next((tax.reason for tax in invoice.taxes if tax.category == item.category), "")
        event = _group(node, "SpecialTaxableEvent")
        _add(event, "SpecialTaxableEventCode", _SPECIAL[item.category])
        _add(event, "SpecialTaxableEventReason", reason)


def _of_item(item: Item, invoice: ElectronicInvoice) -> Tax:
    """The tax of a line alone, half-up to the cent as everything here."""
    amount = _cents(item.amount * (item.rate or 0) / 100)
    home = invoice.tax_currency
    return Tax(
        category=item.category,
        rate=item.rate,
        base=item.amount,
        amount=amount,
        at_home=AtHome(base=_cents(item.amount * home.rate), amount=_cents(amount * home.rate))
        if home
        else None,
    )


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)


def _payment(document: Element, invoice: ElectronicInvoice) -> None:
    if not invoice.iban or invoice.due_on is None:
        return
    payment = _group(_group(document, "PaymentDetails"), "Installment")
    _add(payment, "InstallmentDueDate", invoice.due_on)
    _add(payment, "InstallmentAmount", f"{invoice.total - invoice.withheld:.2f}")
    _add(payment, "PaymentMeans", TRANSFER)
    _add(_group(payment, "AccountToBeCredited"), "IBAN", invoice.iban)


def _closing(document: Element, invoice: ElectronicInvoice) -> None:
    """Why there is no tax, and what else must be said."""
    reasons = list(dict.fromkeys(tax.reason for tax in invoice.taxes if tax.reason))
    if reasons:
        literals = _group(document, "LegalLiterals")
        for reason in reasons:
            _add(literals, "LegalReference", reason[:250])
    said = "\n".join(filter(None, invoice.notes))
    if said:
        _add(_group(document, "AdditionalData"), "InvoiceAdditionalInformation", said[:2500])
