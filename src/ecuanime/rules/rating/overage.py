"""Overage: what becomes of work that no lot covers, as the contract chose: billed, overdrawn or held."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..money import amount_for_minutes
from .cutting import Piece
from .pricing import Price
from .trace import Code, Step, step
from .values import HoldReason, OveragePolicy, Terms

_CONSENTABLE = frozenset({HoldReason.CONSENT, HoldReason.LIMIT})


@dataclass(frozen=True, slots=True)
class Uncovered:
    """The part of a piece that no lot covers: `overage` of `weighted` hundredths, in `minutes` rounded
    minutes.

    `used` is the overage that counts against the contract's limit before it.
    """

    piece: Piece
    minutes: int
    weighted: int
    overage: int
    price: Price | None
    used: int

    def minutes_of(self, hundredths: int) -> Fraction:
        """Weighted hundredths back as exact rounded minutes."""
        return Fraction(self.minutes * hundredths, self.weighted) if self.weighted else Fraction(0)

    @property
    def is_beside_packs(self) -> bool:
        """Whether the contract lets it weigh nothing in packs, and charges its own price for it."""
        return not self.weighted and self.minutes > 0 and self.price is not None and self.price.is_fixed


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of it; hundredths, and for what is billed exact minutes and exact minor units."""

    overdraft: int = 0
    held: int = 0
    consented: int = 0
    hold_reason: HoldReason | None = None
    billed_minutes: Fraction = Fraction(0)
    amount: Fraction | None = None
    steps: tuple[Step, ...] = ()


def is_outside_contract(piece: Piece, terms: Terms) -> bool:
    """Whether a piece was done before the contract began or after it ended."""
    return piece.day < terms.starts_on or (terms.ends_on is not None and terms.ends_on < piece.day)


def settle(rest: Uncovered, terms: Terms) -> Settled:
    """Decide what becomes of the uncovered part, with the steps that explain it."""
    if not rest.overage and not rest.is_beside_packs:
        return Settled()
    policy, work_id = terms.overage.policy, rest.piece.work.id
    minutes = rest.minutes_of(rest.overage)
    steps = [step(Code.OVERAGE, work_id, hundredths=rest.overage, minutes=minutes, policy=policy)]
    held, reason, consented = _waiting(rest, terms)
    allowed = rest.overage - held - consented
    if reason is not None:
        steps.append(step(Code.HELD, work_id, reason=reason, hundredths=held))
    overdraft = allowed if policy == OveragePolicy.OVERDRAFT else 0
    if overdraft:
        steps.append(step(Code.OVERDRAFT, work_id, hundredths=overdraft, used=rest.used + overdraft))
    if consented:
        steps.append(step(Code.CONSENTED, work_id, hundredths=consented))
    beside_packs = rest.is_beside_packs and reason is None
    billed = Fraction(rest.minutes) if beside_packs else rest.minutes_of(allowed - overdraft + consented)
    if rest.price is None or not billed:
        return Settled(overdraft, held, consented, reason, steps=tuple(steps))
    amount = amount_for_minutes(billed, rest.price.per_hour, terms.currency)
    steps.append(_explain(rest.price, work_id, billed, amount, terms.currency))
    return Settled(overdraft, held, consented, reason, billed, amount or None, tuple(steps))


def _waiting(rest: Uncovered, terms: Terms) -> tuple[int, HoldReason | None, int]:
    """How much waits for a person and why, and how much would wait had the client not consented to it."""
    held, reason = _to_hold(rest, terms)
    if not terms.overage.is_consented or reason not in _CONSENTABLE:
        return held, reason, 0
    return (held, HoldReason.NO_RATE, 0) if rest.price is None else (0, None, held)


def _to_hold(rest: Uncovered, terms: Terms) -> tuple[int, HoldReason | None]:
    """How much waits for a person, and why."""
    choice = terms.overage
    if is_outside_contract(rest.piece, terms):
        return rest.overage, HoldReason.OUTSIDE_CONTRACT
    if choice.policy == OveragePolicy.HOLD:
        return rest.overage, HoldReason.CONSENT
    if choice.policy == OveragePolicy.BILL and rest.price is None:
        return rest.overage, HoldReason.NO_RATE
    if choice.limit_hundredths is None:
        return 0, None
    held = max(0, rest.overage - max(0, choice.limit_hundredths - rest.used))
    return held, HoldReason.LIMIT if held else None


def _explain(price: Price, work_id: int, minutes: Fraction, amount: Fraction, currency: str) -> Step:
    if price.is_fixed:
        facts = {"price_per_hour": price.per_hour}
    else:
        facts = {
            "base_per_hour": price.base,
            "type_weight": price.type_weight,
            "factor": price.surcharge_factor,
            "price_per_hour": price.per_hour,
        }
    code = Code.FIXED_PRICE if price.is_fixed else Code.PRICED
    return step(code, work_id, minutes=minutes, **facts, amount=amount, currency=currency)
