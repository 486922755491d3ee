"""Crediting a fee for the days that its contract does not have: proposed by a query, confirmed here, once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_issued, require_biller
from ecuanime.billing.actions.credits.notes import credit_lines
from ecuanime.billing.crediting.writing import CreditPart, note_of
from ecuanime.billing.drafting.fee_days import days_of
from ecuanime.billing.models import Charge, Invoice
from ecuanime.billing.queries.unused import UnusedFee, unused_fees
from ecuanime.entitlements.actions import fit_allowance
from ecuanime.foundation import formats
from ecuanime.foundation.errors import Refused


@transaction.atomic
def credit_unused_fee(*, charge: Charge, amount: int, reason: str, by: User, now: datetime) -> Invoice:
    """Credit what a fee was invoiced for days after its contract's last: a credit note over its line, issued at once.

    Where the plan divides what a period brings, that is fitted to the same days. `amount` is what the person saw, in
    minor units before tax. A second time gives the first credit note back.
    Refused: `not_allowed`, `nothing_unused`, `changed` (another amount is to be credited by now), and as
    `credit_lines`.
    """
    require_biller(by)
    key = f"unused-fee:{charge.pk}:{charge.contract.ends_on}"
    line = charge.lines.filter(invoice__corrects=None, invoice__state=Invoice.State.ISSUED).last()
    if line is None:
        raise _nothing()
    original = locked_issued(line.invoice)
    known = note_of(key)
    if known is not None:
        return known
    found = next((each for each in unused_fees(charge.contract) if each.charge.pk == charge.pk), None)
    if found is None:
        raise _nothing()
    if found.amount != amount:
        raise Refused(
            "changed", _("Another amount is to be credited by now. Nothing was issued; look at it again.")
        )
    part = CreditPart(found.line) if found.is_whole else _days_of(found, original)
    note = credit_lines(invoice=original, parts=[part], reason=reason, by=by, now=now, idempotency_key=key)
    fee = found.period.contract.version.fee
    if fee is not None and fee.divides_allowance:
        fit_allowance(period=found.period, days=days_of(found.period), now=now)
    return note


def _days_of(found: UnusedFee, original: Invoice) -> CreditPart:
    """The part of the line that pays for the days not had, in the words of the document."""
    locale = formats.locale_for(original.language, original.currency)
    until = found.charge.until or found.unused_from
    days = {
        "first": formats.long_date(found.unused_from, locale),
        "last": formats.long_date(until, locale),
    }
    with override(original.language):
        detail = _("Days that the contract does not have, from %(first)s to %(last)s") % days
    return CreditPart(found.line, amount=found.amount, detail=detail)


def _nothing() -> Refused:
    return Refused("nothing_unused", _("Nothing of this fee is to be credited. Nothing was issued."))
