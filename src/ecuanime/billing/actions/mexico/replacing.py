"""Replacing a wrong CFDI: another one takes its place (relation 04), and it is cancelled with its folio (reason 01)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_issued, require_administrator
from ecuanime.billing.documents.parties import customer_of
from ecuanime.billing.models import Cfdi, CfdiCancellation, Invoice
from ecuanime.billing.packs.mx.complements import seal_complement_anew
from ecuanime.billing.packs.mx.sealing import seal_anew
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused


@transaction.atomic
def replace_cfdi(*, cfdi: Cfdi, by: User, now: datetime) -> Cfdi:
    """Seal a CFDI that takes the place of a stamped one, with the client's data and the settings as they stand now.

    The document keeps its number, its lines and what is owed. Once the new one is stamped the SAT is asked to cancel
    the old one, and the client gets the new one; until then, and if the PAC rejects it, the old one stands. Asked
    again, it gives the one that waits back.
    Refused: `not_allowed` (administrators alone do it), `global`, `not_stamped`, `cancelling`, `others_about_it`
    (credit notes, payments or invoices name it: the SAT cancels none of which that is so), `nothing_changes`, and as
    `seal_document`.
    """
    require_administrator(by)
    if cfdi.invoice is None:
        raise Refused("global", _("A global invoice is cancelled and made anew."))
    issued = locked_issued(cfdi.invoice)
    wrong = Cfdi.objects.select_related("payment").get(pk=cfdi.pk)
    waiting = wrong.replacements.filter(state=Cfdi.State.TO_STAMP).first()
    if waiting is not None:
        return waiting
    _refuse_gone(wrong)
    _refuse_named(wrong, issued)
    if wrong.payment is not None:
        made = seal_complement_anew(wrong, wrong.payment, issued, now)
    else:
        attention = issued.customer.get("attention", "")
        made = seal_anew(wrong, issued, customer_of(issued.client) | {"attention": attention}, now)
    made.asked_by = by
    made.save(update_fields=["asked_by"])
    record("cfdi_replaced", wrong, now=now, number=issued.number, uuid=wrong.uuid, attempt=made.attempt)
    return made


def _refuse_gone(wrong: Cfdi) -> None:
    if wrong.state != Cfdi.State.STAMPED or wrong.cancelled_at or wrong.superseded_at:
        raise Refused("not_stamped", _("This CFDI does not stand, so nothing takes its place."))
    if wrong.cancellations.exclude(state=CfdiCancellation.State.REFUSED).exists():
        raise Refused("cancelling", _("The SAT was asked to cancel it. Wait for its answer."))


def _refuse_named(wrong: Cfdi, issued: Invoice) -> None:
    """The SAT cancels nothing that a valid CFDI is about."""
    if wrong.payment_id is not None:
        return
    live = Cfdi.objects.live()
    if live.filter(invoice=issued, payment__isnull=False).exists():
        raise Refused(
            "others_about_it",
            _("Payment complements name it. Cancel them first, and seal them anew once it is replaced."),
        )
    about = live.filter(invoice__corrects=issued) | live.filter(invoice__lines__deducts__invoice=issued)
    if about.filter(payment=None).exists():
        raise Refused(
            "others_about_it",
            _("A credit note, or an invoice that deducts it, names it. It can no longer be replaced."),
        )
