"""Statements: the movements of a contract's hours, or of one lot, between two days, like a bank's.

Each movement keeps the balance after it, so a statement opens at any day with a handful of index look-ups, however
many movements there are. Quantities are hundredths of a minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet

from ecuanime.clients.models import Site
from ecuanime.contracts.models import Contract, Unit
from ecuanime.entitlements.models import Account, Lot, Movement, Posting
from ecuanime.foundation.paging import page_of
from ecuanime.rules.calendars import end_of_day, start_of_day

_SITE_NAMES = ArraySubquery(Site.objects.filter(lot=OuterRef("lot")).order_by("name").values("name"))

IN_BALANCE = (Account.LOT, Account.OVERDRAWN)
"""What a contract's balance is made of: what is left in its lots, and what was overdrawn, which stands negative."""
AT_ONCE = 500
"""How many are read at a time where all are listed."""


@dataclass(frozen=True)
class Span:
    """Some days, both inclusive, counted in the contract's zone; without one it is open to that side."""

    first: date | None = None
    last: date | None = None


EVER = Span()


@dataclass(frozen=True)
class StatementLine:
    """A movement with what it changed in each lot, in all, and the balance after it."""

    movement: Movement
    changes: tuple[tuple[Lot, int], ...]
    change: int
    balance: int

    @property
    def unit(self) -> str:
        """What it counts: time, or incidents."""
        return self.movement.unit


@dataclass(frozen=True)
class Statement:
    """A page of movements, newest first, with the balances before the first day and after the last of its span.

    `older` is the cursor of the next page, empty on the last. It counts in `unit`.
    """

    lines: tuple[StatementLine, ...]
    opening: int
    closing: int
    older: str
    unit: str


def statement(
    contract: Contract,
    *,
    lot: Lot | None = None,
    span: Span = EVER,
    unit: str = "",
    after: str = "",
    size: int = 50,
) -> Statement:
    """A page of the contract's ledger, or of one of its lots, after the cursor that the page before it gave.

    The balance counts all that stands in lots of the unit (hours, where there are any, unless given), also in those
    not yet usable, less what is overdrawn.
    """
    if lot is not None:
        return _of_lot(contract, lot, span, after, size)
    unit = unit or _usual_unit(contract)
    page = page_of(_movements(contract, unit, span), order=("-at", "-id"), after=after, size=size)
    return Statement(
        lines=tuple(map(line_of, page.rows)),
        opening=_balance_before(contract, unit, span),
        closing=_balance_until(contract, unit, span),
        older=page.next,
        unit=unit,
    )


def lines_between(
    contract: Contract, *, lot: Lot | None = None, span: Span = EVER, unit: str = ""
) -> Iterator[StatementLine]:
    """Every line of the span, oldest first, read in parts: what a file or a printed statement lists."""
    if lot is not None:
        postings = _postings(lot, _bounds(contract, lot, span)).order_by("movement_id", "id")
        yield from map(_line_of_lot, postings.iterator(chunk_size=AT_ONCE))
        return
    movements = _movements(contract, unit or _usual_unit(contract), span).order_by("at", "id")
    yield from map(line_of, movements.iterator(chunk_size=AT_ONCE))


def _usual_unit(contract: Contract) -> str:
    """Hours, unless only incidents have moved."""
    booked = Movement.objects.filter(contract=contract).order_by("-unit")
    return booked.values_list("unit", flat=True).first() or Unit.MINUTES


def _movements(contract: Contract, unit: str, span: Span) -> QuerySet[Movement]:
    return movements_in(Movement.objects.filter(contract=contract, unit=unit), span, contract.time_zone)


def movements_in(rows: QuerySet[Movement], span: Span, zone: str) -> QuerySet[Movement]:
    """Those booked on some days of a zone, with what `line_of` needs at hand."""
    if span.first is not None:
        rows = rows.filter(at__gte=start_of_day(span.first, zone))
    if span.last is not None:
        rows = rows.filter(at__lt=end_of_day(span.last, zone))
    postings = Posting.objects.filter(account__in=IN_BALANCE).select_related("lot").order_by("id")
    postings = postings.annotate(site_names=_SITE_NAMES)
    return rows.select_related("corrects").prefetch_related(Prefetch("postings", postings))


def _lot_of(posting: Posting) -> Lot:
    """The lot, with the names of the sites that it is limited to as `site_names`: read with the posting."""
    vars(posting.lot)["site_names"] = vars(posting)["site_names"]
    return posting.lot


def line_of(movement: Movement) -> StatementLine:
    """A movement with what it changed in the lots, and the balance of its contract after it."""
    changes = tuple((_lot_of(posting), posting.quantity) for posting in movement.postings.all())
    return StatementLine(movement, changes, sum(quantity for _, quantity in changes), movement.balance)


def _balance_before(contract: Contract, unit: str, span: Span) -> int:
    if span.first is None:
        return 0
    rows = Movement.objects.filter(contract=contract, unit=unit)
    return _last(rows.filter(at__lt=start_of_day(span.first, contract.time_zone)))


def _balance_until(contract: Contract, unit: str, span: Span) -> int:
    rows = Movement.objects.filter(contract=contract, unit=unit)
    if span.last is not None:
        rows = rows.filter(at__lt=end_of_day(span.last, contract.time_zone))
    return _last(rows)


def _last(movements: QuerySet[Movement]) -> int:
    return movements.order_by("-at", "-id").values_list("balance", flat=True).first() or 0


def _of_lot(contract: Contract, lot: Lot, span: Span, after: str, size: int) -> Statement:
    bounds = _bounds(contract, lot, span)
    own = Posting.objects.filter(lot=lot, account=Account.LOT).order_by("-movement_id", "-id")
    before = own.filter(movement_id__lte=bounds.before) if bounds.before is not None else own.none()
    until = own.filter(movement_id__lte=bounds.last) if bounds.last is not None else own
    page = page_of(_postings(lot, bounds), order=("-movement_id", "-id"), after=after, size=size)
    return Statement(tuple(map(_line_of_lot, page.rows)), _left(before), _left(until), page.next, lot.unit)


@dataclass(frozen=True)
class _Bounds:
    """A span by the ids of movements, which within a contract run as their moments do: the last one before it, and
    its own last one; 0 where there is none, None where it is open.
    """

    before: int | None
    last: int | None


def _bounds(contract: Contract, lot: Lot, span: Span) -> _Bounds:
    booked = Movement.objects.filter(contract=contract, unit=lot.unit).order_by("-at", "-id")

    def last_before(moment: datetime) -> int:
        return booked.filter(at__lt=moment).values_list("pk", flat=True).first() or 0

    return _Bounds(
        last_before(start_of_day(span.first, contract.time_zone)) if span.first else None,
        last_before(end_of_day(span.last, contract.time_zone)) if span.last else None,
    )


def _postings(lot: Lot, bounds: _Bounds) -> QuerySet[Posting]:
    # Movements are looked up after the page is cut: joined, the newest of the whole ledger would be walked first.
    rows = Posting.objects.filter(lot=lot, account=Account.LOT).annotate(site_names=_SITE_NAMES)
    rows = rows.prefetch_related("lot", "movement__corrects")
    if bounds.before is not None:
        rows = rows.filter(movement_id__gt=bounds.before)
    return rows if bounds.last is None else rows.filter(movement_id__lte=bounds.last)


def _line_of_lot(posting: Posting) -> StatementLine:
    changes = ((_lot_of(posting), posting.quantity),)
    return StatementLine(posting.movement, changes, posting.quantity, posting.left or 0)


def _left(postings: QuerySet[Posting]) -> int:
    return postings.values_list("left", flat=True).first() or 0
