"""Payment complements: which payments are to have one, until when, and sealing it."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from ecuanime.billing.models import Cfdi, Invoice, Payment
from ecuanime.billing.packs.mx.catalogues import LATER, OF_PAYMENTS
from ecuanime.billing.packs.mx.cfdi import (
    Issuer,
    PaidDocument,
    Receipt,
    Receiver,
    Related,
    paid_document,
    sealed_receipt,
)
from ecuanime.billing.packs.mx.cfdi.payments import PAYMENTS
from ecuanime.billing.packs.mx.cfdi.stamps import parse
from ecuanime.billing.packs.mx.mapping import in_place_of, local_time, rate_of
from ecuanime.billing.packs.mx.receivers import facts_of, faults_of, generic_rfc, receiver_of, rfc_of
from ecuanime.billing.packs.mx.sealing import (
    complete_settings,
    csd_of,
    keep_sealed,
    refuse_unchanged,
    usable_seal,
)
from ecuanime.foundation.errors import Refused

PAYMENT = "P"
SERIES = "CP"
DAY_DUE = 5
"""Of the month after the payment (RMF 2.7.1.32)."""
NOON = time(12)
"""The hour of a payment is not known; the guide takes noon then."""
_CAME = (Payment.Kind.RECEIVED, Payment.Kind.APPLIED)
FORMS_OF_PAYMENT = {
    Payment.Method.TRANSFER: "03",
    Payment.Method.CARD: "04",
    Payment.Method.CASH: "01",
    Payment.Method.DIRECT_DEBIT: "03",
}


def due_by(received_on: date) -> date:
    """The last day for the complement of a payment."""
    year, month = divmod(received_on.year * 12 + received_on.month, 12)
    return date(year, month + 1, DAY_DUE)


def to_complement() -> QuerySet[Payment]:
    """Money that came on stamped invoices that are paid later (PPD) and has no live complement, the oldest first."""
    live = Cfdi.objects.live().filter(payment=OuterRef("pk"))
    later = Cfdi.objects.standing().filter(invoice=OuterRef("invoice"), payment=None, method=LATER)
    came = Payment.objects.filter(kind__in=_CAME, amount__gt=0, corrected_by=None, corrects=None)
    rows = came.filter(Exists(later), ~Exists(live)).select_related("invoice__client")
    return rows.order_by("received_on", "pk")


def seal_complement(payment: Payment, issued: Invoice, now: datetime) -> Cfdi:
    """Seal the complement of a payment on an invoice whose row the caller has locked.

    Refused: `no_complement` (it needs none, or has one), `earlier_first` (an earlier payment of the invoice has none
    that is stamped), `receiver`, `no_rate`, `export_only`, `unknown_key`, and the codes of `usable_seal`.
    """
    rows = list(to_complement().filter(invoice=issued))
    if payment not in rows:
        raise Refused("no_complement", _("This payment needs no complement, or has one already."))
    others = Cfdi.objects.filter(invoice=issued, payment__isnull=False).exclude(payment=payment)
    if rows[0] != payment or others.filter(state=Cfdi.State.TO_STAMP).exists():
        raise Refused(
            "earlier_first",
            _("An earlier payment of this invoice has no stamped complement yet: instalments are numbered."),
        )
    earlier = Cfdi.objects.standing().filter(invoice=issued, payment__isnull=False).select_related("payment")
    before = sum(row.payment.amount for row in earlier if row.payment)
    return _sealed(payment, issued, now, instalment=len(earlier) + 1, before=issued.payable - before)


def seal_complement_anew(replaced: Cfdi, payment: Payment, issued: Invoice, now: datetime) -> Cfdi:
    """Seal a complement that takes the place of a stamped one: the same instalment, with the client's data of now.

    Refused: `nothing_changes`, and as `seal_complement`.
    """
    was = parse(replaced.stamped.encode()).find(f".//{{{PAYMENTS}}}DoctoRelacionado")
    before = int(Decimal(was.get("ImpSaldoAnt")).scaleb(2))
    instalment = int(was.get("NumParcialidad"))
    return _sealed(payment, issued, now, instalment=instalment, before=before, replaces=replaced)


def _sealed(
    payment: Payment,
    issued: Invoice,
    now: datetime,
    *,
    instalment: int,
    before: int,
    replaces: Cfdi | None = None,
) -> Cfdi:
    settings, seal = complete_settings(), usable_seal(rfc_of(issued.issuer["tax_id"]), now)
    issuer = Issuer(rfc_of(issued.issuer["tax_id"]), settings.name.strip(), settings.regime)
    paid = _paid(payment, issued, instalment, before)
    receipt = _receipt(payment, issued, issuer, paid, in_place_of(replaces), now)
    xml = sealed_receipt(receipt, csd_of(seal))
    if replaces is not None:
        refuse_unchanged(replaces, xml)
    row = Cfdi(invoice=issued, payment=payment, kind=PAYMENT, seal=seal, replaces=replaces)
    row.sealed = xml.decode()
    return keep_sealed(row, settings, now)


def _paid(payment: Payment, issued: Invoice, instalment: int, before: int) -> PaidDocument:
    invoice = Cfdi.objects.current().get(invoice=issued, payment=None)
    content = invoice.stamped.encode()
    return paid_document(content, invoice.uuid, instalment=instalment, before=before, paid=payment.amount)


def _receipt(
    payment: Payment,
    issued: Invoice,
    issuer: Issuer,
    paid: PaidDocument,
    related: tuple[Related, ...],
    now: datetime,
) -> Receipt:
    local = local_time(now)
    return Receipt(
        series=SERIES,
        folio=f"{issued.number}-{paid.instalment}",
        at=local,
        place=issued.issuer["postcode"].strip(),
        issuer=issuer,
        receiver=_receiver(issued),
        paid_at=min(local, datetime.combine(payment.received_on, NOON)),
        form=_form(payment, issued),
        currency=issued.currency,
        rate=rate_of(issued.currency, payment.received_on) or Decimal(1),
        document=paid,
        reference=payment.reference,
        related=related,
    )


def _receiver(issued: Invoice) -> Receiver:
    """The client as the SAT has it now, with the use of payments. Refused: `receiver`."""
    client, facts = issued.client, facts_of(issued.client)
    if faults := faults_of(client, facts):
        raise Refused("receiver", " ".join(faults))
    known = receiver_of(client, facts, issued.issuer["postcode"].strip())
    return Receiver(known.rfc, known.name, known.postcode, known.regime, OF_PAYMENTS)


def _form(payment: Payment, issued: Invoice) -> str:
    """FormaDePagoP: how it came, or how the client is known to pay."""
    known = FORMS_OF_PAYMENT.get(Payment.Method(payment.method))
    if known:
        return known
    facts = None if generic_rfc(issued.client) else facts_of(issued.client)
    return facts.form if facts else "03"
