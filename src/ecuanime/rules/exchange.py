"""What amounts in another currency are worth at home, and what a payment gains or loses by its rate.

Amounts are minor units; a rate is the home currency's units for one of the other. See docs/rules/exchange.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ecuanime.rules.money import currency_exponent, round_half_up


@dataclass(frozen=True)
class Rate:
    """So many units of `home` for one of `currency`."""

    rate: Decimal
    currency: str
    home: str

    def value(self, amount: int) -> int:
        """An amount in minor units of the currency, in those of home, half-up once."""
        shift = currency_exponent(self.home) - currency_exponent(self.currency)
        return round_half_up(Fraction(amount) * Fraction(self.rate) * Fraction(10) ** shift)


def settled(issued_at: Rate, *, paid_before: int, amount: int, booked_before: int) -> int:
    """What a payment takes off the claim as it was booked when the document was issued.

    All payments together take off what was paid at the rate of issue, rounded once: so whatever the parts, a document
    that is paid whole leaves nothing open. `booked_before` is what those before took off.
    """
    return issued_at.value(paid_before + amount) - booked_before


def share(*, of_value: int, of_amount: int, amount: int) -> int:
    """The part of held money's value that goes with an amount of it, half-up; the last part takes what is left."""
    return round_half_up(Fraction(of_value * amount, of_amount))
