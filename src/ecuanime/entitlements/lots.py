"""Opening lots that continue others, and what they say of where they come from. Only the room's actions use this."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from ecuanime.contracts.models import Contract, Grant, PlanVersion
from ecuanime.contracts.numbering import next_number
from ecuanime.entitlements.models import Lot
from ecuanime.foundation.errors import Refused
from ecuanime.rules import packs
from ecuanime.rules.calendars import end_of_day
from ecuanime.rules.packs import Tier, per_unit

CONTINUES = frozenset({Lot.Source.REVALUATION, Lot.Source.REPLACEMENT, Lot.Source.TRANSFER})
"""How a lot comes to be that goes on with the hours of another, which it `belongs_to`."""


def open_continuing(
    lot: Lot,
    contract: Contract,
    source: Lot.Source,
    *,
    granted: int,
    now: datetime,
    valid_from: date,
    expires_on: date | None,
    unit_price_paid: Decimal | None = None,
    usable_from: datetime | None = None,
    pack: Lot | None = None,
) -> Lot:
    """An empty lot that goes on with hours of `lot`, with its scope, priority and (unless given) price.

    With `pack` it is the bonus of that one. Its quantity comes with its movement.
    """
    opened = Lot.objects.create(
        contract=contract,
        code=f"{pack.code}-B" if pack else next_number(Lot, "code", "BN-"),
        unit=lot.unit,
        source=source,
        belongs_to=pack or lot,
        granted=granted,
        priority=lot.priority,
        is_bonus=lot.is_bonus,
        valid_from=valid_from,
        expires_on=expires_on,
        unit_price_paid=lot.unit_price_paid if unit_price_paid is None else unit_price_paid,
        currency=lot.currency,
        bought_at=now,
        usable_from=usable_from,
        next_due_at=end_of_day(expires_on, contract.time_zone) if expires_on else None,
    )
    opened.areas.set(lot.areas.all())
    opened.work_types.set(lot.work_types.all())
    opened.sites.set(lot.sites.all())
    return opened


def narrow(lot: Lot, grant: Grant) -> None:
    """Narrow a new lot to the work that its grant pays for, at the sites that its contract names."""
    lot.areas.set(grant.areas.all())
    lot.work_types.set(grant.work_types.all())
    lot.sites.set(lot.contract.sites.all())


def purchase_of(lot: Lot) -> Lot:
    """The purchase whose hours a lot goes on with; itself when it was bought."""
    while lot.source in CONTINUES and lot.belongs_to is not None:
        lot = lot.belongs_to
    return lot


def quantity_bought(lot: Lot) -> int:
    """How many hours or incidents the purchase behind a lot had: what decides its tier."""
    return purchase_of(lot).granted // per_unit(packs.Unit(lot.unit))


def price_to_pay_back(lot: Lot) -> Decimal:
    """What an hour of a lot is paid back at: the price paid; of revalued hours what their revaluation cost.

    What was paid before they expired is lost, as it would have been without the revaluation.
    """
    if lot.source not in CONTINUES or lot.belongs_to is None:
        return lot.unit_price_paid
    if lot.source == Lot.Source.REVALUATION:
        return lot.unit_price_paid - lot.belongs_to.unit_price_paid
    return price_to_pay_back(lot.belongs_to)


def tiers_of(version: PlanVersion) -> list[Tier]:
    """The prices by quantity of a plan version."""
    return [Tier(row.from_quantity, row.unit_price) for row in version.tiers.all()]


def require_running(contract: Contract, on: date) -> None:
    """Refuse `not_in_force` or `contract_ended` for a contract that takes no hours from a day on."""
    if not contract.is_binding:
        raise Refused("not_in_force", _("The client has not accepted this contract, so it takes no packs."))
    if contract.state == Contract.State.ENDED or (contract.ends_on and contract.ends_on < on):
        raise Refused(
            "contract_ended", _("This contract has ended, so it takes no more packs. Open a new one.")
        )
