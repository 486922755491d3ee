"""Asking the SAT to cancel a stamped CFDI: of an invoice or a credit note that should never have been, or a payment."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_issued, require_administrator
from ecuanime.billing.actions.credits.annulling import take_back
from ecuanime.billing.models import Cfdi, CfdiCancellation, Invoice
from ecuanime.billing.packs.mx.asking import ask_to_cancel
from ecuanime.foundation.errors import Refused

_UUID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")


@transaction.atomic
def cancel_cfdi(
    *, cfdi: Cfdi, reason: str, by: User, now: datetime, substitute: str = ""
) -> CfdiCancellation:
    """Ask the SAT to cancel a stamped CFDI; asked again, it gives the live request back.

    An invoice that was paid or credited did exist, and is corrected by a credit note instead. Once the SAT says that
    it is cancelled nothing of it is owed, its number stays used and its time goes back to review; what a credit note
    took off is owed again; a payment whose complement is cancelled wants another one, and so do the sales of a global
    invoice. Nothing follows for one that another has replaced. `substitute` is the UUID that takes its place, for
    reason 01 alone.
    Refused: `not_allowed` (administrators alone do it), `not_stamped`, `unknown_reason`, `substitute`,
    `later_instalment`, the codes of `refuse_settled` and `refuse_note_in_use`, `pack_used`, and those of `usable_seal`.
    """
    require_administrator(by)
    issued = locked_issued(cfdi.invoice) if cfdi.invoice is not None else None
    live = cfdi.cancellations.exclude(state=CfdiCancellation.State.REFUSED).first()
    if live is not None:
        return live
    if cfdi.state != Cfdi.State.STAMPED:
        raise Refused("not_stamped", _("It is not stamped, so there is nothing to cancel at the SAT."))
    named = _substitute_of(reason, substitute, cfdi)
    if issued is None:
        _refuse_corrected(cfdi)
    elif cfdi.superseded_at is None:
        _refuse_in_use(cfdi, issued, now)
    return ask_to_cancel(cfdi, reason, named, by, now)


def _substitute_of(reason: str, substitute: str, cfdi: Cfdi) -> str:
    """The UUID that takes its place, which reason 01 needs and the others do not take."""
    if reason not in CfdiCancellation.Reason.values:
        raise Refused("unknown_reason", _("Choose one of the reasons that are offered."))
    named = substitute.strip().upper()
    if reason != CfdiCancellation.Reason.WITH_SUBSTITUTE:
        if named:
            raise Refused("substitute", _("Only reason 01 names another CFDI."))
        return ""
    if not _UUID.fullmatch(named) or named == cfdi.uuid:
        raise Refused("substitute", _("Reason 01 needs the UUID of the CFDI that takes its place."))
    return named


def _refuse_corrected(cfdi: Cfdi) -> None:
    """A global invoice that credit notes name stays."""
    if Cfdi.objects.live().filter(invoice__corrects__public_sale__cfdi=cfdi).exists():
        raise Refused("credited", _("A credit note names this global invoice. Cancel that one first."))


def _refuse_in_use(cfdi: Cfdi, issued: Invoice, now: datetime) -> None:
    """What live CFDIs refer to cannot be cancelled; nor what our books could not follow."""
    if cfdi.payment_id is not None:
        later = Cfdi.objects.live().filter(
            invoice=issued, payment__isnull=False, payment_id__gt=cfdi.payment_id
        )
        if later.exists():
            raise Refused(
                "later_instalment", _("A later instalment has a complement. Cancel that one first.")
            )
        return
    # Tried and undone, so that what cannot be taken out is said before the SAT is asked.
    try:
        with transaction.atomic():
            take_back(issued, "", now)
            raise _Undo
    except _Undo:
        issued.refresh_from_db()


class _Undo(Exception):
    """Nothing of it is kept."""
