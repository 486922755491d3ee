"""An issued document as the CFDI of it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from ecuanime.billing.books.exchange import noted_rate
from ecuanime.billing.documents.withheld import withheld_of_each
from ecuanime.billing.models import Cfdi, Invoice, InvoiceLine, MexicoSettings, PublicSale
from ecuanime.billing.packs.mx.catalogues import (
    AT_ONCE,
    FOREIGN_RFC,
    LATER,
    NO_EFFECTS,
    NO_OBLIGATIONS,
    OF_CREDITS,
    PUBLIC_NAME,
    PUBLIC_RFC,
    TO_BE_KNOWN,
    may_use,
)
from ecuanime.billing.packs.mx.cfdi import IN_PLACE_OF, Document, Issuer, Receiver, Related, total_of
from ecuanime.billing.packs.mx.concepts import concepts_of, withheld_from
from ecuanime.billing.packs.mx.receivers import ReceiverFacts, facts_of, faults_of, receiver_of, rfc_of
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import the_firm

INCOME, CREDIT = "I", "E"
CREDIT_OF, ADVANCE_USED = "01", "07"
"""c_TipoRelacion: a credit note of the documents related, and an advance that is applied."""
PESOS = "MXN"
MOST_OLD = timedelta(hours=71)
"""A CFDI is stamped within 72 hours of its date (RMF, ficha 2.7.2; the PAC's code 401): an hour is left for that."""


def document_of(
    invoice: Invoice, settings: MexicoSettings, now: datetime, replaces: Cfdi | None = None
) -> Document:
    """The CFDI of a document that has its number, as settings and client stand; it may take the place of another.

    Refused: `receiver` (what the SAT would turn away, in words), `too_old`, `no_rate`, `not_stamped` (the document
    that it corrects, or whose advance it deducts), `amounts` (what it comes to is not what the document says), and
    the codes of `concepts_of`.
    """
    facts, sign = facts_of(invoice.client), -1 if invoice.corrects_id else 1
    if faults := faults_of(invoice.client, facts):
        way_on = _("Put it right on the client's page: Data, “Who the client is to the SAT”.")
        raise Refused("receiver", " ".join([*faults, way_on]))
    lines = list(invoice.lines.select_related("credits").order_by("position"))
    place = invoice.issuer["postcode"].strip()
    receiver = receiver_of(invoice.client, facts, place)
    due = {row.tax_code: row.amount * sign for row in invoice.taxes.all()}
    rows = withheld_from(concepts_of(lines, settings, sign, due), withheld_of_each(invoice), sign)
    series, _bar, folio = (invoice.number or "").rpartition("-")
    form, method = _payment(invoice, settings, facts)
    made = Document(
        kind=CREDIT if invoice.corrects_id else INCOME,
        series=series,
        folio=folio,
        at=local_time(now)
        if replaces is not None
        else _moment(invoice, now, is_again=invoice.cfdis.filter(payment=None).exists()),
        currency=invoice.currency,
        place=place,
        issuer=Issuer(rfc_of(invoice.issuer["tax_id"]), settings.name.strip(), settings.regime),
        receiver=_of_credit(invoice, receiver) if invoice.corrects_id else receiver,
        concepts=tuple(row.concept for row in rows),
        form=form,
        method=method,
        rate=_rate_of(invoice),
        related=(*in_place_of(replaces), *_related(invoice, lines)),
    )
    if total_of(made) != invoice.payable * sign:
        raise Refused(
            "amounts",
            _("A CFDI of these lines would come to another amount than the document. Make its lines anew."),
        )
    return made


def local_time(now: datetime) -> datetime:
    """An instant as a CFDI writes it: the time of the firm's place, without zone."""
    return now.astimezone(the_firm().zone).replace(tzinfo=None, microsecond=0)


def in_place_of(replaced: Cfdi | None) -> tuple[Related, ...]:
    """The relation to the CFDI whose place one takes."""
    return () if replaced is None else (Related(IN_PLACE_OF, (replaced.uuid,)),)


def _of_credit(invoice: Invoice, receiver: Receiver) -> Receiver:
    """A credit is used as one where the regime allows it (guía de llenado, CFDI de egresos).

    A named client with a generic RFC gives it no effects; what a global invoice named is credited to everybody.
    """
    if PublicSale.objects.filter(invoice=invoice.corrects_id).exists():
        return Receiver(PUBLIC_RFC, PUBLIC_NAME, receiver.postcode, NO_OBLIGATIONS, OF_CREDITS)
    is_generic = receiver.rfc in (PUBLIC_RFC, FOREIGN_RFC)
    use = OF_CREDITS if may_use(receiver.regime, OF_CREDITS) and not is_generic else NO_EFFECTS
    return Receiver(receiver.rfc, receiver.name, receiver.postcode, receiver.regime, use)


def _payment(invoice: Invoice, settings: MexicoSettings, facts: ReceiverFacts | None) -> tuple[str, str]:
    """FormaPago and MetodoPago; what is to be paid later says so, whoever the client is."""
    if invoice.corrects_id:
        return settings.credit_form, AT_ONCE
    if facts is None or facts.method == LATER:
        return TO_BE_KNOWN, LATER
    return facts.form, AT_ONCE


def _moment(invoice: Invoice, now: datetime, *, is_again: bool) -> datetime:
    """Now in the time of the place of issue, or the end of an earlier day that it is dated. Refused: `too_old`.

    What a PAC rejected is sealed anew as of now, when that day is past.
    """
    local = now.astimezone(the_firm().zone)
    issued_on = invoice.issued_on or local.date()
    at = local if issued_on >= local.date() else datetime.combine(issued_on, time(23, 59, 59), local.tzinfo)
    if now - at > MOST_OLD and is_again:
        at = local
    if now - at > MOST_OLD:
        raise Refused(
            "too_old",
            _("Mexico's invoices are stamped within 72 hours of their date. Date this one later."),
        )
    return at.replace(tzinfo=None, microsecond=0)


def _rate_of(invoice: Invoice) -> Decimal | None:
    """The rate that a document is booked at where the books are in pesos, else the one noted for its day."""
    is_booked = invoice.exchange_rate is not None and invoice.corrects_id is None
    if is_booked and the_firm().currency == PESOS != invoice.currency:
        return invoice.exchange_rate
    return rate_of(invoice.currency, invoice.issued_on)


def rate_of(currency: str, on: date | None) -> Decimal | None:
    """Pesos for one unit of a currency on a day, or on the last banking day (CFF, art. 20); none for pesos.

    Refused: `no_rate`.
    """
    if currency == PESOS or on is None:
        return None
    noted = noted_rate(currency, on, PESOS)
    if noted is None:
        raise Refused(
            "no_rate",
            _(
                "The exchange rate of the %(currency)s for %(day)s is not noted. Note it among the exchange rates."
            )
            % {"currency": currency, "day": on.isoformat()},
        )
    return noted.rate


def _related(invoice: Invoice, lines: list[InvoiceLine]) -> tuple[Related, ...]:
    """The CFDIs that it is about: what it credits, and the advances that it deducts. Refused: `not_stamped`."""
    found = []
    if invoice.corrects is not None:
        found.append(Related(CREDIT_OF, (_uuid_of(invoice.corrects),)))
    advances = {line.deducts.invoice_id: line.deducts.invoice for line in lines if line.deducts is not None}
    if advances:
        found.append(Related(ADVANCE_USED, tuple(_uuid_of(each) for each in advances.values())))
    return tuple(found)


def _uuid_of(invoice: Invoice) -> str:
    """The CFDI of a document, or the global one that names it. Refused: `not_stamped`."""
    stamped = Cfdi.objects.current().filter(invoice=invoice, payment=None).first()
    stamped = stamped or Cfdi.objects.standing().filter(sales__invoice=invoice).first()
    if stamped is None:
        raise Refused(
            "not_stamped",
            _("%(number)s is not stamped, so no CFDI can be about it. Have it stamped first.")
            % {"number": invoice.number},
        )
    return stamped.uuid
