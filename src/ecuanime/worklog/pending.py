"""What work that is not approved yet would cost, by the same engine and without writing anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ecuanime.contracts.models import Contract
from ecuanime.worklog.figures import Figures
from ecuanime.worklog.models import TimeEntry


@dataclass(frozen=True)
class Pending:
    """What waits on a contract, in hundredths of a minute: in all, what each lot (by id) would give, what none would.

    `amount` is the exact money that the uncovered part would cost, in minor units of the contract's currency.
    """

    entries: int
    weighted: int
    by_lot: Mapping[int, int]
    uncovered: int
    amount: Fraction

    @property
    def covered(self) -> int:
        """What the lots would give: `balance.less(pending.covered)` is what would be left."""
        return sum(self.by_lot.values())


NOTHING = Pending(entries=0, weighted=0, by_lot={}, uncovered=0, amount=Fraction(0))


def preview(entries: Sequence[TimeEntry]) -> dict[int, Figures]:
    """What each entry would come to if these were approved together now, by its id.

    Entries without a contract have none; an approved one gives its rating. A constant number of queries.
    """
    raise NotImplementedError


def pending_of(contract: Contract) -> Pending:
    """What waits on one contract: everything worked and not approved by all whose approval it asks for."""
    return pending_for([contract])[contract.pk]


def pending_for(contracts: Sequence[Contract]) -> dict[int, Pending]:
    """What waits on each contract, by its id, in a constant number of queries."""
    raise NotImplementedError
