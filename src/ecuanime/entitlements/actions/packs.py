"""Putting bought hours into the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.contracts.models import PACKS, Contract, Grant, PlanVersion
from ecuanime.contracts.numbering import next_number
from ecuanime.entitlements.actions.overdraft import settle
from ecuanime.entitlements.booking import (
    bonus_of,
    book,
    earlier,
    lock_contract,
    lock_lots,
    refresh,
    refuse_key,
)
from ecuanime.entitlements.events import PackGranted
from ecuanime.entitlements.lots import narrow, require_running, tiers_of
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.entitlements.words import bought_words
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.rules import ledger, packs
from ecuanime.rules.calendars import end_of_day, last_day_of_term
from ecuanime.rules.packs import BonusRule, Purchase, purchase


@dataclass(frozen=True)
class PackGrant:
    """What buying a pack granted; `amount` is its price before tax, in minor units of the lots' currency."""

    paid: Lot
    bonus: Lot | None
    amount: int


@transaction.atomic
def grant_pack(
    *,
    contract: Contract,
    quantity: int,
    starts_on: date,
    now: datetime,
    idempotency_key: str,
    usable_from: datetime | None = None,
    version: PlanVersion | None = None,
) -> PackGrant:
    """Put bought hours or incidents and their bonus into new lots (BN-0001, bonus BN-0001-B), at their tier's price.

    What was overdrawn they settle as soon as they can be used.

    It is sold as the contract's version says, or as another `version` of its plan does.
    Without `usable_from` nothing can be drawn until `make_usable`. They expire `valid_months` after `starts_on`.
    Refused: `not_a_pack`, `not_in_force`, `contract_ended`, `no_price` (below the lowest tier), `key_reused`.
    """
    contract = lock_contract(contract.pk)
    version = version or contract.version
    grant = _grant_of(version)
    bought = _price(version, grant, quantity)
    before = earlier(contract, idempotency_key, Movement.Kind.GRANT)
    if before is not None:
        return _granted_before(before, bought, contract)
    require_running(contract, starts_on)
    paid = _open_lot(contract, grant, bought, starts_on, now, usable_from, pack=None)
    paid_part = ledger.grant(idempotency_key, paid.pk, bought.paid)
    book(contract, Movement.Kind.GRANT, idempotency_key, [paid_part], now=now)
    bonus = None
    if bought.bonus:
        bonus = _open_lot(contract, grant, bought, starts_on, now, usable_from, pack=paid)
        key = f"{idempotency_key}:bonus"
        part = ledger.bonus(key, bonus.pk, bought.bonus)
        book(contract, Movement.Kind.BONUS, key, [part], now=now)
    lots = [paid, bonus] if bonus else [paid]
    refresh(lots)
    if usable_from is not None:
        settle(contract, lots, now)
    record("pack_granted", paid, now=now, code=paid.code, quantity=quantity, bonus=bought.bonus)
    publish(PackGranted(lot_id=paid.pk))
    return PackGrant(paid, bonus, bought.amount)


def quote_pack(*, contract: Contract, quantity: int) -> Purchase:
    """What buying so many hours or incidents would grant and cost, before tax. Writes nothing.

    Refused: `not_a_pack`, `no_price`.
    """
    return _price(contract.version, _grant_of(contract.version), quantity)


def _grant_of(version: PlanVersion) -> Grant:
    if version.plan.kind in PACKS:
        return version.grants.get()
    raise Refused("not_a_pack", _("This contract is no pack, so nothing can be bought on it in advance."))


def _price(version: PlanVersion, grant: Grant, quantity: int) -> Purchase:
    bonus = BonusRule(grant.bonus, grant.bonus_every) if grant.bonus_every else None
    try:
        return purchase(quantity, tiers_of(version), version.currency, bonus, packs.Unit(grant.unit))
    except ValueError as error:
        raise Refused(
            "no_price",
            _("The plan has no price for %(quantity)s. Sell at least the smallest pack it names.")
            % {"quantity": bought_words(quantity, grant.unit)},
        ) from error


def _granted_before(movement: Movement, bought: Purchase, contract: Contract) -> PackGrant:
    paid = Lot.objects.get(postings__movement=movement, postings__account="lot")
    if paid.granted != bought.paid:
        refuse_key()
    bonus = paid.bonuses.filter(is_bonus=True).first()
    return PackGrant(paid, bonus, bought.amount)


def _open_lot(
    contract: Contract,
    grant: Grant,
    bought: Purchase,
    starts_on: date,
    now: datetime,
    usable_from: datetime | None,
    *,
    pack: Lot | None,
) -> Lot:
    """An empty lot for the bought hours, or for the bonus of `pack`; its quantity comes with its movement."""
    expires_on = last_day_of_term(starts_on, grant.valid_months) if grant.valid_months else None
    lot = Lot.objects.create(
        contract=contract,
        code=f"{pack.code}-B" if pack else next_number(Lot, "code", "BN-"),
        unit=grant.unit,
        grant=grant,
        source=Lot.Source.BONUS if pack else Lot.Source.PURCHASE,
        belongs_to=pack,
        granted=bought.bonus if pack else bought.paid,
        priority=grant.priority,
        is_bonus=pack is not None,
        valid_from=starts_on,
        expires_on=expires_on,
        unit_price_paid=0 if pack else bought.unit_price,
        currency=grant.version.currency,
        bought_at=now,
        usable_from=usable_from,
        next_due_at=end_of_day(expires_on, contract.time_zone) if expires_on else None,
    )
    narrow(lot, grant)
    return lot


@transaction.atomic
def make_usable(*, lot: Lot, now: datetime) -> Lot:
    """Let a pack and its bonus be drawn from now on (its invoice was issued or paid); again is a no-op.

    Refused: `void`.
    """
    contract = lock_contract(lot.contract_id)
    lots = lock_lots(contract)
    lot = next(other for other in lots if other.pk == lot.pk)
    if lot.voided_at is not None:
        raise Refused("void", _("This pack was voided, so nothing of it can be used. Sell a new one."))
    waiting = [other for other in (lot, *bonus_of(lot, lots)) if other.usable_from is None]
    for other in waiting:
        other.usable_from = now
        other.save(update_fields=["usable_from"])
    if waiting:
        record("pack_made_usable", lot, now=now, code=lot.code)
        settle(contract, waiting, now)
    return lot
