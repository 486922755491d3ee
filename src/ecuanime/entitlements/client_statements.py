"""One statement over several contracts of a client: their movements in one row, with one balance of them all.

Each movement keeps its own contract's balance; that of them all is worked out from there, so that a page costs the
same wherever it begins. Quantities are hundredths of a minute, or incidents.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import OuterRef, Q, Subquery

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.models import Movement
from ecuanime.entitlements.statements import (
    AT_ONCE,
    EVER,
    Span,
    Statement,
    StatementLine,
    line_of,
    movements_in,
)
from ecuanime.foundation.paging import page_of
from ecuanime.rules.calendars import end_of_day, start_of_day


@dataclass(frozen=True)
class Part:
    """What a contract had before the first day of a statement, and has after its last."""

    contract: Contract
    opening: int
    closing: int


@dataclass(frozen=True)
class ClientStatement(Statement):
    """A page of the movements of several contracts, newest first; `parts` are those that ever had hours of the unit."""

    parts: tuple[Part, ...]


def units_of(contracts: Collection[Contract]) -> list[str]:
    """What has moved in these contracts: hours before incidents."""
    booked = Movement.objects.filter(contract__in=contracts).order_by("-unit")
    return list(booked.values_list("unit", flat=True).distinct())


def client_statement(
    contracts: Sequence[Contract], *, zone: str, unit: str, span: Span = EVER, after: str = "", size: int = 50
) -> ClientStatement:
    """A page of what moved in these contracts after the cursor of the page before it; days are those of `zone`.

    Seven queries, however many contracts and movements there are.
    """
    booked = Movement.objects.filter(contract__in=contracts, unit=unit).select_related("contract")
    page = page_of(movements_in(booked, span, zone), order=("-at", "-id"), after=after, size=size)
    opening = _before(contracts, unit, zone, span)
    closing = _until(contracts, unit, zone, span)
    known = opening.keys() | closing.keys()
    return ClientStatement(
        lines=tuple(_newest_first(contracts, unit, page.rows)),
        opening=sum(opening.values()),
        closing=sum(closing.values()),
        older=page.next,
        unit=unit,
        parts=tuple(
            Part(each, opening.get(each.pk, 0), closing.get(each.pk, 0))
            for each in contracts
            if each.pk in known
        ),
    )


def client_lines(
    contracts: Sequence[Contract], *, zone: str, unit: str, span: Span = EVER
) -> Iterator[StatementLine]:
    """Every line of the span, oldest first, read in parts: what a file or a printed statement lists."""
    balance = sum(_before(contracts, unit, zone, span).values())
    booked = Movement.objects.filter(contract__in=contracts, unit=unit).select_related("contract")
    for movement in movements_in(booked, span, zone).order_by("at", "id").iterator(chunk_size=AT_ONCE):
        line = line_of(movement)
        balance += line.change
        yield replace(line, balance=balance)


def _newest_first(
    contracts: Sequence[Contract], unit: str, movements: Sequence[Movement]
) -> Iterator[StatementLine]:
    """The lines of a page, from the balance after the newest of them down."""
    if not movements:
        return
    newest = movements[0]
    up_to = Q(at__lt=newest.at) | Q(at=newest.at, id__lte=newest.pk)
    balance = sum(_balances(contracts, unit, up_to).values())
    for movement in movements:
        line = line_of(movement)
        yield replace(line, balance=balance)
        balance -= line.change


def _before(contracts: Sequence[Contract], unit: str, zone: str, span: Span) -> Mapping[int, int]:
    if span.first is None:
        return {}
    return _balances(contracts, unit, Q(at__lt=start_of_day(span.first, zone)))


def _until(contracts: Sequence[Contract], unit: str, zone: str, span: Span) -> Mapping[int, int]:
    return _balances(contracts, unit, Q(at__lt=end_of_day(span.last, zone)) if span.last else Q())


def _balances(contracts: Sequence[Contract], unit: str, which: Q) -> dict[int, int]:
    """The balance of each contract after its last movement of those."""
    booked = Movement.objects.filter(which, contract=OuterRef("pk"), unit=unit).order_by("-at", "-id")
    of_each = Contract.objects.filter(pk__in=[each.pk for each in contracts]).annotate(
        last=Subquery(booked.values("balance")[:1])
    )
    return {pk: last for pk, last in of_each.values_list("pk", "last") if last is not None}
