"""Taking expired paid hours over into a new lot, at today's price. See docs/rules/revaluation.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.contracts.models import Contract, PlanVersion
from ecuanime.contracts.queries import newest_version
from ecuanime.entitlements.actions.withdrawal import void_unused
from ecuanime.entitlements.booking import (
    book,
    earlier,
    expired_hundredths,
    lock_contract,
    lock_lots,
    refresh,
    refuse_key,
)
from ecuanime.entitlements.lots import (
    open_continuing,
    purchase_of,
    quantity_bought,
    require_running,
    tiers_of,
)
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.rules import ledger
from ecuanime.rules.calendars import last_day_of_term, local_date
from ecuanime.rules.packs import Unit, revaluation_price, tier_price


@dataclass(frozen=True)
class Revaluation:
    """What taking expired hours over comes to: hundredths of a minute, prices per hour, minor units before tax.

    `surcharge` is what today's price of the same tier asks beyond the price paid, never below 0.
    """

    hundredths: int
    price_paid: Decimal
    surcharge: Decimal
    amount: int


@dataclass(frozen=True)
class Revalued:
    """The new lot, and what it costs."""

    lot: Lot
    cost: Revaluation


def quote_revaluation(*, lot: Lot) -> Revaluation:
    """What taking over the expired hours of a lot would cost today. Writes nothing.

    Refused: `not_bought`, `not_usable`, `nothing_expired`, `no_price`.
    """
    return _cost(lot, _terms_today(lot))


@transaction.atomic
def revalue_expired(
    *, lot: Lot, now: datetime, idempotency_key: str, usable_from: datetime | None = None
) -> Revalued:
    """Take all that stands expired of a paid lot over into a new one, valid from today for the term of a new pack.

    Its price is the one paid or today's, whichever is higher; the caller charges the difference (`cost.amount`).
    Without `usable_from` nothing can be drawn from it until `make_usable`.
    Refused: `not_bought` (a bonus, an allowance), `not_usable` (never paid), `nothing_expired`, `no_price`,
    `contract_ended`, `key_reused`.
    """
    contract = lock_contract(lot.contract_id)
    lot = next(other for other in lock_lots(contract) if other.pk == lot.pk)
    before = earlier(contract, idempotency_key, Movement.Kind.REVALUATION)
    if before is not None:
        return _revalued_before(before, lot)
    today = local_date(now, contract.time_zone)
    require_running(contract, today)
    version = _terms_today(lot)
    cost = _cost(lot, version)
    months = version.grants.get().valid_months
    opened = open_continuing(
        lot,
        contract,
        Lot.Source.REVALUATION,
        granted=cost.hundredths,
        now=now,
        valid_from=today,
        expires_on=last_day_of_term(today, months) if months else None,
        unit_price_paid=cost.price_paid + cost.surcharge,
        usable_from=usable_from,
    )
    _book(contract, lot, opened, idempotency_key, now)
    record(
        "hours_revalued",
        lot,
        now=now,
        code=lot.code,
        into=opened.code,
        hundredths=cost.hundredths,
        amount=cost.amount,
    )
    return Revalued(opened, cost)


def _book(contract: Contract, lot: Lot, opened: Lot, key: str, now: datetime) -> None:
    """One movement: out of what expired, into the new lot."""
    parts = [ledger.revaluation(key, lot.pk, opened.granted), ledger.grant(key, opened.pk, opened.granted)]
    book(contract, Movement.Kind.REVALUATION, key, parts, now=now, cause=f"lot:{lot.pk}")
    refresh([lot, opened])


def _terms_today(lot: Lot) -> PlanVersion:
    """What the plan that the lot was bought on says today. Refused: `not_bought`, `not_usable`."""
    if lot.is_bonus or lot.is_allowance:
        raise Refused(
            "not_bought",
            _("Only what was paid for is revalued; %(code)s was free.") % {"code": lot.code},
        )
    if lot.usable_from is None:
        raise Refused(
            "not_usable", _("%(code)s was never paid, so there is nothing to revalue.") % {"code": lot.code}
        )
    return newest_version(purchase_of(lot).contract.version.plan)


def _cost(lot: Lot, version: PlanVersion) -> Revaluation:
    expired = expired_hundredths(lot)
    if not expired:
        raise Refused(
            "nothing_expired",
            _("Nothing of %(code)s stands expired, so there is nothing to revalue.") % {"code": lot.code},
        )
    try:
        today = tier_price(quantity_bought(lot), tiers_of(version))
    except ValueError as error:
        raise Refused(
            "no_price", _("The plan no longer sells packs of that size. Sell a new pack instead.")
        ) from error
    if version.currency != lot.currency:
        raise Refused("no_price", _("The plan is sold in another currency today. Sell a new pack instead."))
    paid = lot.unit_price_paid
    amount = revaluation_price(expired, paid, today, lot.currency, Unit(lot.unit))
    return Revaluation(expired, paid, max(Decimal(0), today - paid), amount)


def _revalued_before(movement: Movement, lot: Lot) -> Revalued:
    if movement.cause != f"lot:{lot.pk}":
        refuse_key()
    opened = Lot.objects.get(postings__movement=movement, postings__account="lot")
    surcharge = opened.unit_price_paid - lot.unit_price_paid
    before, after = lot.unit_price_paid, opened.unit_price_paid
    amount = revaluation_price(opened.granted, before, after, lot.currency, Unit(lot.unit))
    return Revalued(opened, Revaluation(opened.granted, lot.unit_price_paid, surcharge, amount))


@transaction.atomic
def cancel_revaluation(*, lot: Lot, reason: str, now: datetime, idempotency_key: str) -> None:
    """Void a revalued lot that nobody has used, and let its hours stand expired again where they came from.

    Repeated, it changes nothing. Refused: `not_revalued`, and as `void_unused`.
    """
    contract = lock_contract(lot.contract_id)
    if lot.source != Lot.Source.REVALUATION or lot.belongs_to is None:
        raise Refused(
            "not_revalued", _("%(code)s was not revalued from anything expired.") % {"code": lot.code}
        )
    key = f"{idempotency_key}:back"
    if earlier(contract, key, Movement.Kind.REVERSAL) is not None:
        return
    voided = void_unused(lot=lot, reason=reason, now=now, idempotency_key=idempotency_key)
    if voided is None:
        return
    movement = Movement.objects.get(
        kind=Movement.Kind.REVALUATION, postings__lot=lot, postings__account="granted"
    )
    taken = ledger.revaluation(movement.idempotency_key, lot.belongs_to.pk, lot.granted)
    back = ledger.reversal(key, taken)
    book(contract, Movement.Kind.REVERSAL, key, [back], now=now, note=reason[:300], corrects=movement)
    record("revaluation_cancelled", lot, now=now, code=lot.code, reason=reason)
