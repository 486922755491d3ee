"""The way on for what is sealed: again after a rejection, the complement of a payment, another try at once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_issued, require_biller
from ecuanime.billing.documents.parties import customer_of
from ecuanime.billing.models import Cfdi, Invoice, Payment
from ecuanime.billing.packs.mx.complements import seal_complement
from ecuanime.billing.packs.mx.sealing import seal_document
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused


@transaction.atomic
def seal_again(*, invoice: Invoice, by: User, now: datetime) -> Cfdi:
    """Seal a rejected document anew, with the client's data as they stand now and today's settings; again is a no-op.

    It keeps its number and its lines. Refused: `not_allowed`, `not_issued`, `abandoned`, `not_rejected`, and as
    `seal_document`.
    """
    require_biller(by)
    issued = locked_issued(invoice)
    if issued.annulled_at is not None:
        raise Refused("abandoned", _("%(number)s was given up.") % {"number": issued.number})
    own = issued.cfdis.filter(payment=None)
    live = own.exclude(state=Cfdi.State.REJECTED).first()
    if live is not None:
        return live
    if not own.exists():
        raise Refused("not_rejected", _("No PAC has rejected this document."))
    issued.customer = customer_of(issued.client) | {"attention": issued.customer.get("attention", "")}
    issued.save(update_fields=["customer"])
    return seal_document(issued, now)


@transaction.atomic
def complement_payment(*, payment: Payment, by: User, now: datetime) -> Cfdi:
    """Seal the complement (Pagos 2.0) of a payment on an invoice that is paid later; again gives the live one back.

    Instalments follow the payments. Refused: `not_allowed`, and as `seal_complement`.
    """
    require_biller(by)
    if payment.invoice is None:
        raise Refused("no_complement", _("This payment needs no complement, or has one already."))
    issued = locked_issued(payment.invoice)
    live = Cfdi.objects.live().filter(payment=payment).first()
    return live or seal_complement(payment, issued, now)


@transaction.atomic
def stamp_now(*, invoice: Invoice, by: User, now: datetime) -> None:
    """Let a document that waits after a failure be tried at once. Refused: `not_allowed`, `nothing_waits`."""
    require_biller(by)
    waiting = Cfdi.objects.filter(
        invoice=invoice, state=Cfdi.State.TO_STAMP, claimed_until=None, not_before__gt=now
    )
    if not waiting.update(not_before=now):
        raise Refused("nothing_waits", _("Nothing waits for another try: what is due is stamped by itself."))
    record("cfdi_tried_at_once", invoice, now=now, number=invoice.number)
