"""Movements of the hours ledger in the client's words, each drawdown with the rating of the work behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from ecuanime.contracts.models import Contract, Unit
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.entitlements.queries import Span, StatementLine, lines_between
from ecuanime.web.components.traces import Teller
from ecuanime.worklog.models import RatedEntry, SegmentDraw, TimeEntry
from ecuanime.worklog.queries import entries_by_cause

_AT_ONCE = 500


@dataclass(frozen=True)
class PrintedLine:
    """A movement as a file or a printed statement lists it; quantities in hundredths of a minute."""

    at: datetime
    text: str
    why: str
    lots: str
    change: int
    balance: int
    unit: str


def printed_lines(contract: Contract, *, lot: Lot | None, span: Span) -> Iterator[PrintedLine]:
    """Every movement of the span, oldest first, read in parts, with its why in a few words."""
    return told(lines_between(contract, lot=lot, span=span), contract.time_zone)


def told(
    all_lines: Iterator[StatementLine], zone: str, *, names_contract: bool = False
) -> Iterator[PrintedLine]:
    """Lines as a file lists them, times on the clock of a zone; of several contracts each names its own."""
    while lines := list(islice(all_lines, _AT_ONCE)):
        entries = entries_by_cause(line.movement.cause for line in lines)
        ratings = ratings_of(lines)
        teller = Teller(rating.trace for rating in ratings.values())
        for line in lines:
            rating = ratings.get(line.movement.pk)
            reason = teller.reason(rating.trace, zone) if rating else ""
            yield PrintedLine(
                at=timezone.localtime(line.movement.at, ZoneInfo(zone)),
                text=text_of(line.movement, entries),
                why=" · ".join(part for part in (reason, line.movement.note) if part),
                lots=" · ".join([line.movement.contract.number] * names_contract + [lots_of_line(line)]),
                change=line.change,
                balance=line.balance,
                unit=line.unit,
            )


def text_of(movement: Movement, entries: Mapping[str, TimeEntry]) -> str:
    """What happened and for which work: `Used: #4702 The printer prints again`."""
    kind, entry = kind_of(movement), entries.get(movement.cause)
    if entry is None and movement.kind == Movement.Kind.BONUS and movement.note:
        return _("%(kind)s: %(subject)s") % {"kind": kind, "subject": movement.note}
    if entry is None:
        return kind
    subject = f"#{entry.ticket.number} {entry.note or entry.ticket.subject}"
    return _("%(kind)s: %(subject)s") % {"kind": kind, "subject": subject}


def lots_of_line(line: StatementLine) -> str:
    """The lots that a movement changed, each once, with the sites that one is limited to: `B-0007 (Warehouse)`."""
    return ", ".join(dict.fromkeys(lot_name(lot) for lot, _quantity in line.changes))


def lot_name(lot: Lot) -> str:
    """A lot by its code, and the sites where alone it pays, which a line of a statement has at hand."""
    names = vars(lot).get("site_names")
    sites = ", ".join(lot.sites.order_by("name").values_list("name", flat=True) if names is None else names)
    return f"{lot.code} ({sites})" if sites else lot.code


def kind_of(movement: Movement) -> str:
    """What a movement is to whoever bought the hours or incidents."""
    is_time = movement.unit == Unit.MINUTES
    return {
        Movement.Kind.GRANT: _("Hours bought") if is_time else _("Incidents bought"),
        Movement.Kind.BONUS: _("Bonus hours") if is_time else _("Bonus incidents"),
        Movement.Kind.DRAWDOWN: _("Used"),
        Movement.Kind.REVERSAL: _("Given back"),
        Movement.Kind.EXPIRY: _("Expired"),
        Movement.Kind.VOID: _("Cancelled"),
        Movement.Kind.REFUND: _("Paid back"),
        Movement.Kind.REVALUATION: _("Given a new validity"),
        Movement.Kind.TRANSFER: _("Moved between packs"),
        Movement.Kind.OVERDRAFT: _("Noted down for the next pack"),
        Movement.Kind.SETTLEMENT: _("Paid what was noted down"),
    }[Movement.Kind(movement.kind)]


def ratings_of(lines: Sequence[StatementLine]) -> dict[int, RatedEntry]:
    """The rating that each drawdown booked, by the movement's id: also one that was set aside since."""
    draws = SegmentDraw.objects.filter(movement__in=[line.movement.pk for line in lines])
    rows = draws.select_related("segment__rating").order_by("id")
    return {draw.movement_id: draw.segment.rating for draw in rows}
