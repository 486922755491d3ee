"""Payment complements: which payments are to have one, until when, and sealing it."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from ecuanime.billing.models import Cfdi, Invoice, Payment
from ecuanime.billing.packs.mx.catalogues import LATER, OF_PAYMENTS
from ecuanime.billing.packs.mx.cfdi import Issuer, Receipt, Receiver, paid_document, sealed_receipt
from ecuanime.billing.packs.mx.mapping import rate_of
from ecuanime.billing.packs.mx.receivers import facts_of, faults_of, generic_rfc, receiver_of, rfc_of
from ecuanime.billing.packs.mx.sealing import complete_settings, csd_of, keep_sealed, usable_seal
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import the_firm

PAYMENT = "P"
SERIES = "CP"
DAY_DUE = 5
"""Of the month after the payment (RMF 2.7.1.32)."""
NOON = time(12)
"""The hour of a payment is not known; the guide takes noon then."""
_CAME = (Payment.Kind.RECEIVED, Payment.Kind.APPLIED)
_FORMS = {
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
    live = Cfdi.objects.filter(payment=OuterRef("pk"), cancelled_at=None).exclude(state=Cfdi.State.REJECTED)
    later = Cfdi.objects.filter(
        invoice=OuterRef("invoice"), payment=None, method=LATER, state=Cfdi.State.STAMPED, cancelled_at=None
    )
    came = Payment.objects.filter(kind__in=_CAME, amount__gt=0, corrected_by=None, corrects=None)
    rows = came.filter(Exists(later), ~Exists(live)).select_related("invoice__client")
    return rows.order_by("received_on", "pk")


def seal_complement(payment: Payment, issued: Invoice, now: datetime) -> Cfdi:
    """Seal the complement of a payment on an invoice whose row the caller has locked.

    Refused: `no_complement` (it needs none, or has one), `earlier_first` (an earlier payment of the invoice has none
    that is stamped), `receiver`, `no_rate`, `export_only`, and the codes of `usable_seal`.
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
    settings, seal = complete_settings(), usable_seal(rfc_of(issued.issuer["tax_id"]), now)
    issuer = Issuer(rfc_of(issued.issuer["tax_id"]), settings.name.strip(), settings.regime)
    receipt = _receipt(payment, issued, issuer, now)
    row = Cfdi(invoice=issued, payment=payment, kind=PAYMENT, seal=seal)
    row.sealed = sealed_receipt(receipt, csd_of(seal)).decode()
    return keep_sealed(row, settings, now)


def _receipt(payment: Payment, issued: Invoice, issuer: Issuer, now: datetime) -> Receipt:
    invoice = Cfdi.objects.get(invoice=issued, payment=None, state=Cfdi.State.STAMPED)
    earlier = Cfdi.objects.filter(
        invoice=issued, payment__isnull=False, state=Cfdi.State.STAMPED, cancelled_at=None
    ).select_related("payment")
    before = sum(row.payment.amount for row in earlier if row.payment)
    instalment = len(earlier) + 1
    paid = paid_document(
        invoice.stamped.encode(),
        invoice.uuid,
        instalment=instalment,
        before=issued.payable - before,
        paid=payment.amount,
    )
    local = now.astimezone(the_firm().zone).replace(tzinfo=None, microsecond=0)
    return Receipt(
        series=SERIES,
        folio=f"{issued.number}-{instalment}",
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
    known = _FORMS.get(Payment.Method(payment.method))
    if known:
        return known
    facts = None if generic_rfc(issued.client) else facts_of(issued.client)
    return facts.form if facts else "03"
