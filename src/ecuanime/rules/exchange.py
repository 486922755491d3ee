"""What amounts in another currency are worth at home, and what a payment gains or loses by its rate.

What is added up in one currency is rounded once at home however it came: payments of a document, and the credit notes
that take off its taxes.

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


def added(rate: Rate, amount: int, *, before: int, booked: int) -> int:
    """What an amount comes to at home beside those `before` it, which were `booked` there.

    All of them together come to what their sum is worth, rounded once: so whatever the parts, a document that is paid
    whole leaves nothing open of what it was booked at, and one that is credited whole leaves no tax.
    """
    return rate.value(before + amount) - booked


def share(*, of_value: int, of_amount: int, amount: int) -> int:
    """The part of held money's value that goes with an amount of it, half-up; the last part takes what is left."""
    return round_half_up(Fraction(of_value * amount, of_amount))
