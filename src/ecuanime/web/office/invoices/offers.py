"""What a pack on a document would pay for of work that nothing covered: told where the pack was just sold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ecuanime.accounts.models import User
from ecuanime.billing.models import InvoiceLine
from ecuanime.billing.queries import uncovered_work
from ecuanime.worklog.access import may_review_time


@dataclass(frozen=True)
class Offer:
    """The pack's code, and how much of its contract's approved work nothing covers, in hundredths of a minute."""

    code: str
    uncovered: int


def offers_of(lines: Iterable[InvoiceLine], user: User) -> list[Offer]:
    """One for each pack on these lines that somebody who reviews time could let pay for earlier work."""
    return list(_offers(lines)) if may_review_time(user) else []


def _offers(lines: Iterable[InvoiceLine]) -> Iterator[Offer]:
    for line in lines:
        lot = line.charge.lot if line.charge else None
        if lot is None or line.contract is None or line.amount < 0 or not lot.left or lot.voided_at:
            continue
        uncovered = uncovered_work(line.contract)
        if uncovered:
            yield Offer(lot.code, uncovered)
