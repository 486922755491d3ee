"""Revaluations ordered: expired hours taken over into a new lot, the difference in price paid in advance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import require_biller
from ecuanime.billing.drafting.writing import add_after, kind_here, new_draft
from ecuanime.billing.models import Charge, Invoice, InvoiceLine
from ecuanime.entitlements.actions import Revalued, make_usable, revalue_expired
from ecuanime.entitlements.models import Lot
from ecuanime.foundation import formats
from ecuanime.foundation.audit import record
from ecuanime.rules.hours import HUNDREDTHS_PER_MINUTE


@dataclass(frozen=True)
class RevaluationOrder:
    """The lot that goes on with the hours, and what charges it: nothing where today's price is not higher."""

    lot: Lot
    charge: Charge | None


@transaction.atomic
def order_revaluation(*, lot: Lot, now: datetime, by: User, idempotency_key: str) -> RevaluationOrder:
    """Revalue the expired hours of a lot and draft the advance document that charges the difference.

    They can be used from the moment it is issued, or at once when there is nothing to pay. Discarding the draft lets
    the hours stand expired again. Repeated with the same key it gives the first order back.
    Refused: `not_allowed`, and as `entitlements.revalue_expired`.
    """
    require_biller(by)
    revalued = revalue_expired(lot=lot, now=now, idempotency_key=f"revaluation:{idempotency_key}")
    if not revalued.cost.amount:
        return RevaluationOrder(make_usable(lot=revalued.lot, now=now), None)
    # The revaluation has locked the contract, so of two equal orders the second finds the first one's charge.
    known = Charge.objects.filter(idempotency_key=idempotency_key).first()
    if known is not None:
        return RevaluationOrder(revalued.lot, known)
    charge = _charge(lot, revalued, idempotency_key, now)
    record("revaluation_ordered", charge, now=now, lot=lot.code, into=revalued.lot.code)
    _draft(charge, revalued, now)
    return RevaluationOrder(revalued.lot, charge)


def _charge(lot: Lot, revalued: Revalued, key: str, now: datetime) -> Charge:
    contract = revalued.lot.contract
    with override(contract.client.language):
        description = _("Revaluation of what had expired of %(code)s") % {"code": lot.code}
    return Charge.objects.create(
        client=contract.client,
        contract=contract,
        lot=revalued.lot,
        description=description,
        minutes=revalued.cost.hundredths // HUNDREDTHS_PER_MINUTE,
        price=revalued.cost.surcharge,
        currency=revalued.lot.currency,
        idempotency_key=key,
        created_at=now,
    )


def _draft(charge: Charge, revalued: Revalued, now: datetime) -> Invoice:
    draft = new_draft(charge.client, kind_here(Invoice.Kind.ADVANCE), charge.currency, now)
    minutes = Fraction(revalued.cost.hundredths, HUNDREDTHS_PER_MINUTE)
    line = InvoiceLine(
        kind=InvoiceLine.Kind.PACK,
        description=charge.description,
        detail=_detail(revalued, draft.language),
        contract=charge.contract,
        charge=charge,
        minutes_numerator=minutes.numerator,
        minutes_denominator=minutes.denominator,
        price=charge.price,
        amount=revalued.cost.amount,
    )
    add_after(draft, line)
    record("invoice_drafted", draft, now=now, pack=revalued.lot.code, total=draft.total)
    return draft


def _detail(revalued: Revalued, language: str) -> str:
    """The new lot, from which price to which, and its last day, in the client's words."""
    lot, cost = revalued.lot, revalued.cost
    locale = formats.locale_for(language, lot.currency)
    with override(language):
        prices = {
            "paid": formats.price(cost.price_paid, lot.currency, locale),
            "today": formats.price(lot.unit_price_paid, lot.currency, locale),
        }
        parts = [lot.code, _("from %(paid)s to %(today)s an hour") % prices]
        if lot.expires_on:
            parts.append(_("until %(day)s") % {"day": formats.long_date(lot.expires_on, locale)})
    return ", ".join(parts)
