"""Hours that go on in another lot: replaced after they expired, or transferred to another contract of the client."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.actions.expiry import reopen
from ecuanime.entitlements.actions.overdraft import settle
from ecuanime.entitlements.booking import (
    bonus_of,
    book,
    earlier,
    expired_hundredths,
    has_expired,
    lock_contract,
    lock_lots,
    refresh,
    refuse_key,
)
from ecuanime.entitlements.lots import open_continuing, require_running
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.rules import ledger
from ecuanime.rules.calendars import local_date
from ecuanime.rules.packs import bonus_along

LONGEST_REASON = 300


@transaction.atomic
def replace_expired(
    *,
    lot: Lot,
    expires_on: date,
    reason: str,
    now: datetime,
    idempotency_key: str,
    hundredths: int | None = None,
) -> Lot:
    """Open a lot with hours that stand expired on another (all, or `hundredths`), at its price, until a new last day.

    For hours that came back to a pack after its last day, or as a courtesy: that much of the expiry is reversed and
    transferred. Refused: `no_reason`, `past` (a last day gone by), `contract_ended`, `not_usable`, `not_enough`,
    `key_reused`.
    """
    contract = lock_contract(lot.contract_id)
    lot = next(other for other in lock_lots(contract) if other.pk == lot.pk)
    before = earlier(contract, idempotency_key, Movement.Kind.TRANSFER)
    if before is not None:
        return _opened_by(before, lot, hundredths)
    today = local_date(now, contract.time_zone)
    reason = _require_reason(reason)
    require_running(contract, today)
    _require_usable(lot)
    if expires_on < today:
        raise Refused("past", _("That last day has gone by. Give one from today on."))
    wanted = expired_hundredths(lot) if hundredths is None else hundredths
    reopen(contract, lot, wanted, key=f"{idempotency_key}:reopen", cause=f"lot:{lot.pk}", now=now)
    opened = open_continuing(
        lot,
        contract,
        Lot.Source.REPLACEMENT,
        granted=wanted,
        now=now,
        valid_from=today,
        expires_on=expires_on,
        usable_from=now,
    )
    part = ledger.transfer(idempotency_key, lot.pk, opened.pk, wanted)
    book(
        contract, Movement.Kind.TRANSFER, idempotency_key, [part], now=now, cause=f"lot:{lot.pk}", note=reason
    )
    refresh([lot, opened])
    record("hours_replaced", lot, now=now, code=lot.code, by=opened.code, hundredths=wanted, reason=reason)
    return opened


@transaction.atomic
def transfer_hours(
    *,
    lot: Lot,
    to: Contract,
    reason: str,
    now: datetime,
    idempotency_key: str,
    hundredths: int | None = None,
) -> Lot:
    """Move unused paid hours (all, or `hundredths`) to another contract of the client; their bonus goes along pro rata.

    They keep their price, scope and validity in a new lot. Refused: `same_contract`, `foreign_contract`,
    `other_currency`, `not_in_force`, `contract_ended`, `no_reason`, `bonus_follows`, `allowance_stays`,
    `not_usable`, `expired`, `too_much`, `key_reused`.
    """
    source, target, lots = _locked_pair(lot, to)
    lot = next(other for other in lots if other.pk == lot.pk)
    before = earlier(target, f"{idempotency_key}:in", Movement.Kind.TRANSFER)
    if before is not None:
        return _opened_by(before, lot, hundredths)
    reason = _require_reason(reason)
    _require_transferable(lot, source, target, now)
    wanted = lot.left if hundredths is None else hundredths
    if not 0 < wanted <= lot.left:
        raise Refused("too_much", _("No more can be moved than is left of what was paid for."))
    opened = _move(lot, target, wanted, idempotency_key, reason, now)
    _move_bonus(lot, opened, bonus_of(lot, lots), wanted, idempotency_key, reason, now)
    settle(target, [opened, *opened.bonuses.all()], now)
    record(
        "hours_transferred",
        lot,
        now=now,
        code=lot.code,
        into=opened.code,
        contract=target.number,
        hundredths=wanted,
        reason=reason,
    )
    return opened


def _locked_pair(lot: Lot, to: Contract) -> tuple[Contract, Contract, list[Lot]]:
    """Both contracts, locked in the order of their ids, and the lots of the one that gives."""
    if lot.contract_id == to.pk:
        raise Refused("same_contract", _("This is on that contract already. Choose another one."))
    contracts = {pk: lock_contract(pk) for pk in sorted((lot.contract_id, to.pk))}
    lots = {pk: lock_lots(contract) for pk, contract in contracts.items()}
    return contracts[lot.contract_id], contracts[to.pk], lots[lot.contract_id]


def _require_transferable(lot: Lot, source: Contract, target: Contract, now: datetime) -> None:
    if source.client_id != target.client_id:
        raise Refused(
            "foreign_contract", _("That contract belongs to another client. Choose one of this client.")
        )
    if lot.currency != target.version.currency:
        raise Refused(
            "other_currency",
            _("That contract counts in another currency, so the price paid would not hold there."),
        )
    if lot.is_bonus:
        raise Refused("bonus_follows", _("A bonus goes with the pack it came with. Move that pack instead."))
    if lot.is_allowance:
        raise Refused("allowance_stays", _("The hours of a period belong to its contract and are not moved."))
    _require_usable(lot)
    require_running(target, local_date(now, target.time_zone))
    if has_expired(lot, source, now):
        raise Refused("expired", _("%(code)s has expired already. Revalue it first.") % {"code": lot.code})


def _move(
    lot: Lot, target: Contract, hundredths: int, key: str, reason: str, now: datetime, pack: Lot | None = None
) -> Lot:
    """Book so much out of a lot and into a new one of another contract: one movement in each ledger."""
    opened = open_continuing(
        lot,
        target,
        Lot.Source.TRANSFER,
        granted=hundredths,
        now=now,
        valid_from=lot.valid_from,
        expires_on=lot.expires_on,
        usable_from=now,
        pack=pack,
    )
    kind = Movement.Kind.TRANSFER
    out, into = f"{key}:out", f"{key}:in"
    out_part, in_part = (
        ledger.transfer_out(out, lot.pk, hundredths),
        ledger.transfer_in(into, opened.pk, hundredths),
    )
    book(lot.contract, kind, out, [out_part], now=now, cause=f"lot:{opened.pk}", note=reason)
    book(target, kind, into, [in_part], now=now, cause=f"lot:{lot.pk}", note=reason)
    refresh([opened])
    return opened


def _move_bonus(
    lot: Lot, opened: Lot, bonus: Iterable[Lot], hundredths: int, key: str, reason: str, now: datetime
) -> None:
    """Move the unused bonus along in proportion to the paid hours, one new lot for each."""
    for other in bonus:
        part = bonus_along(hundredths, paid_left=lot.left, bonus_left=other.left)
        if part:
            _move(other, opened.contract, part, f"{key}:bonus:{other.pk}", reason, now, pack=opened)


def _opened_by(movement: Movement, lot: Lot, hundredths: int | None) -> Lot:
    """The lot that an earlier call with the same key opened. Refused: `key_reused`."""
    opened = Lot.objects.get(postings__movement=movement, postings__account="transferred_in")
    if opened.belongs_to_id != lot.pk or hundredths not in (None, opened.granted):
        refuse_key()
    return opened


def _require_usable(lot: Lot) -> None:
    if lot.usable_from is None or lot.voided_at is not None:
        raise Refused(
            "not_usable",
            _("%(code)s cannot be moved: it is not paid yet, or was voided.") % {"code": lot.code},
        )


def _require_reason(reason: str) -> str:
    plain = " ".join(reason.split())[:LONGEST_REASON]
    if not plain:
        raise Refused("no_reason", _("Say why: the client reads the reason in the statement."))
    return plain
