"""The sizes inside our drawings, as attribute values: no float reaches a template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

Ratio = int | Fraction | Decimal

BAR_KINDS = frozenset({"spend", "other", "hold", "spent", "used", "ok", "warn", "bad"})


@dataclass(frozen=True, slots=True)
class Slice:
    """A rectangle of a bar: where it begins and how wide it is, in per cent of the bar."""

    kind: str
    x: str
    width: str


def clamp(ratio: Ratio, low: int = 0, high: int = 1) -> Fraction:
    """The ratio kept between two limits: a drawing never leaves its frame."""
    return max(Fraction(low), min(Fraction(high), Fraction(ratio)))


def share(part: Ratio, whole: Ratio) -> Fraction:
    """Part of a whole between 0 and 1; nothing of nothing is nothing."""
    return clamp(Fraction(part) / Fraction(whole)) if whole else Fraction(0)


def percentage(ratio: Ratio) -> str:
    """A ratio of the whole as an SVG length or dash, two decimals at most: 1/8 is `12.5`."""
    exact = Fraction(ratio) * 100
    rounded = (Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{rounded.normalize():f}"


def slices(segments: Sequence[tuple[str, Ratio]], total: Ratio | None = None) -> list[Slice]:
    """Where each (kind, amount) stands on a bar of `total`, left to right in the order given.

    Without a total the amounts fill the bar. Amounts beyond the total are cut; empty ones are left out. An unknown
    kind is a mistake of the screen and raises ValueError.
    """
    whole = (
        Fraction(total)
        if total is not None
        else sum((Fraction(amount) for _, amount in segments), Fraction(0))
    )
    placed: list[Slice] = []
    start = Fraction(0)
    for kind, amount in segments:
        if kind not in BAR_KINDS:
            raise ValueError(f"no such segment of a bar: {kind}")
        end = clamp(start + max(Fraction(amount), Fraction(0)) / whole) if whole > 0 else start
        if end > start:
            placed.append(Slice(kind, percentage(start), percentage(end - start)))
        start = end
    return placed
