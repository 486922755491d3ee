"""Sums of a CFDI. What a tax comes to is rounded once, half-up, on the sum of what the concepts state of it.

Source: Anexo 20, guía de llenado 4.0, TotalImpuestosTrasladados and TotalImpuestosRetenidos.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

from ecuanime.billing.packs.mx.cfdi.values import Document, TaxPart
from ecuanime.rules.money import round_half_up

MICROS_PER_CENT = 10_000


@dataclass(frozen=True, slots=True)
class TaxSum:
    """A tax at a rate over the whole document: base and amount in cents."""

    tax: str
    rate: Decimal | None
    base: int
    amount: int


def micros_of(rate: Decimal, bases: Sequence[int]) -> list[int]:
    """What each base in cents bears at a rate, in millionths.

    Each may be up to a millionth off, never their sum: cut off at the millionth, it rounds to the cents that the
    exact one rounds to.
    """
    sums = [int(Fraction(rate) * base * MICROS_PER_CENT) for base in accumulate(bases)]
    return [after - before for before, after in zip([0, *sums], sums, strict=False)]


def charged_sums(document: Document) -> list[TaxSum]:
    """The taxes charged, by tax and rate."""
    return _sums(part for concept in document.concepts for part in concept.charged)


def withheld_sums(document: Document) -> list[TaxSum]:
    """The taxes withheld, by tax and rate."""
    return _sums(part for concept in document.concepts for part in concept.withheld)


def total_of(document: Document) -> int:
    """Total in cents: what the concepts come to, with the taxes charged and without those withheld."""
    net = sum(concept.net for concept in document.concepts)
    charged = sum(each.amount for each in charged_sums(document))
    return net + charged - sum(each.amount for each in withheld_sums(document))


def _sums(parts: Iterable[TaxPart]) -> list[TaxSum]:
    found: dict[tuple[str, Decimal | None], list[TaxPart]] = {}
    for part in parts:
        found.setdefault((part.tax, part.rate), []).append(part)
    return [
        TaxSum(
            tax,
            rate,
            sum(part.base for part in same),
            round_half_up(Fraction(sum(part.micros for part in same), MICROS_PER_CENT)),
        )
        for (tax, rate), same in found.items()
    ]
