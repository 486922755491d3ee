"""The engine: one run of rating, from approved works to drawdowns, money and trace."""

from __future__ import annotations

from collections.abc import Iterable

from ..packs import Lot
from .values import Booked, Rated, Terms, Work


def rate(
    works: Iterable[Work],
    terms: Terms,
    lots: Iterable[Lot] = (),
    booked: Iterable[Booked] = (),
    *,
    used_overage: int = 0,
) -> Rated:
    """Rate approved works of one contract, in their approval order.

    `lots` are the client's lots as they stand, `booked` what earlier runs booked of the works' groups, and
    `used_overage` the hundredths of a minute of overage that already count against the contract's limit. The order
    in which works, lots or booked rows are given does not matter.
    """
    raise NotImplementedError
