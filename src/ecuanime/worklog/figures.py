"""What an entry comes to, in one shape: as it would be rated now, or as it was rated when it was approved."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Figures:
    """Hundredths of a minute, whole minutes, and exact minor units of `currency`.

    `draws` are (lot code, hundredths) in the order drawn. `held_reason` is empty, or why `held` waits for a person.
    `is_final` says that it was drawn; otherwise it is what approving it now would do. `trace` feeds `words.tell`.
    """

    elapsed_seconds: int
    billed_seconds: int
    rounded_minutes: int
    weighted: int
    draws: tuple[tuple[str, int], ...]
    overage: int
    held: int
    held_reason: str
    amount: Fraction
    currency: str
    units: int | None
    trace: list[dict[str, Any]]
    is_final: bool

    @property
    def drawn(self) -> int:
        """What the lots cover, in hundredths of a minute."""
        return sum(quantity for _code, quantity in self.draws)

    @property
    def is_goodwill(self) -> bool:
        """Worked and not charged."""
        return self.billed_seconds == 0 and self.elapsed_seconds > 0


@dataclass(frozen=True)
class Totals:
    """Sums over entries; money by currency, in minor units half-up once per currency."""

    entries: int
    elapsed_seconds: int
    goodwill_seconds: int
    rounded_minutes: int
    drawn: int
    overage: int
    amounts: tuple[tuple[str, int], ...]
    unpriced: int
    """How many entries have no figures because they have no contract yet."""
