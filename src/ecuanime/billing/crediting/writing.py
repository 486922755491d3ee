"""How a credit note is written: what is left of each line, and the parts taken off.

Only the room's actions use this; they hold the lock of the document that is corrected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch, Sum
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.billing.crediting.standing import standing_credits
from ecuanime.billing.drafting.discounts import NOT_DISCOUNTED, TAX_OF_A_LINE
from ecuanime.billing.models import Invoice, InvoiceLine, LineSegment
from ecuanime.foundation.errors import Refused
from ecuanime.rules.credits import credit_of_part
from ecuanime.rules.hours import HUNDREDTHS_PER_MINUTE
from ecuanime.rules.lines import Unit, line_amount
from ecuanime.rules.money import currency_exponent, round_half_up, spread

_SAME_ON_BOTH = (
    "position",
    "description",
    "detail",
    "contract_id",
    "charge_id",
    "deducts_id",
    *TAX_OF_A_LINE,
)
_SHOWN = ("segment__rating__entry__user", "segment__rating__entry__work_type")
_SAME_QUANTITY = ("kind", "unit_name", "price")


@dataclass(frozen=True)
class CreditPart:
    """What is credited of a line: so many units, an amount in minor units, or the time of some entries (their ids).

    None of them is all that is left. `detail` says what an amount is for, if it is no lower price.
    """

    line: InvoiceLine
    units: Decimal | None = None
    amount: int | None = None
    entries: frozenset[int] = frozenset()
    detail: str = ""


@dataclass(frozen=True)
class LineLeft:
    """What credit notes have left of a line: minor units, units, and the segments still charged."""

    line: InvoiceLine
    amount: int
    units: Fraction
    segments: tuple[LineSegment, ...]
    is_whole: bool

    @property
    def is_fee(self) -> bool:
        """Whether it charges a fee, which may be billed again as time may."""
        return self.line.charge is not None and self.line.charge.lot is None


def note_of(key: str) -> Invoice | None:
    """The credit note that was issued for a form's key."""
    return Invoice.objects.filter(idempotency_key=f"credit:{key}", corrects__isnull=False).first()


def lines_left(original: Invoice) -> dict[int, LineLeft]:
    """Every line of a document by id, with what is left of it."""
    live = LineSegment.objects.filter(is_live=True).select_related(*_SHOWN).order_by("pk")
    lines = (
        original.lines.select_related("charge__lot", "charge__contract")
        .order_by("position")
        .prefetch_related(standing_credits(), "deducted_by", Prefetch("segments", live, to_attr="live"))
    )
    return {line.pk: _left(line) for line in lines}


def _left(line: InvoiceLine) -> LineLeft:
    before = list(line.credited_by.all())
    units = Fraction(line.units or 0)
    deducted = sum(each.amount for each in line.deducted_by.all())
    units += sum((Fraction(each.units or 0) for each in before if each.kind == line.kind), Fraction(0))
    return LineLeft(
        line=line,
        amount=line.amount + sum(each.amount for each in before) + deducted,
        units=units,
        segments=tuple(vars(line)["live"]),
        is_whole=not before and not deducted,
    )


def take_off(note: Invoice, left: LineLeft, part: CreditPart) -> None:
    """Write the part of a line on the note. Refused: `above_line`, `name_entries`, `pack_line`, `no_units`."""
    if part.amount is not None:
        _take_amount(note, left, part.amount, part.detail)
    elif part.units is not None:
        _take_units(note, left, Fraction(part.units))
    elif part.entries:
        _take_time(note, left, [row for row in left.segments if row.segment.rating.entry_id in part.entries])
    elif left.is_whole:
        _mirror(note, left.line)
    elif left.segments:
        _take_time(note, left, left.segments, rest=left.amount)
    elif left.amount:
        _plain(note, left.line, -left.amount, kind=left.line.kind)


def take_quantity_off(note: Invoice, left: LineLeft, quantity: int) -> None:
    """So much of a pack at the price paid: hundredths of a minute, or whole incidents. Refused: `above_line`."""
    line, same = left.line, {name: getattr(left.line, name) for name in _SAME_QUANTITY}
    if line.minutes_numerator is None:
        amount = line_amount(Fraction(quantity), line.price, Unit.PIECES, note.currency)
        same["units"] = -quantity
    else:
        minutes = Fraction(quantity, HUNDREDTHS_PER_MINUTE)
        amount = line_amount(minutes, line.price, Unit.MINUTES, note.currency)
        same |= {"minutes_numerator": -minutes.numerator, "minutes_denominator": minutes.denominator}
    if amount > left.amount:
        raise Refused("above_line", _above(line))
    _line(note, line, amount=-amount, **same)


def _mirror(note: Invoice, line: InvoiceLine) -> None:
    """A line's opposite with its annex."""
    opposite = _line(
        note,
        line,
        amount=-line.amount,
        discount=-line.discount,
        discount_percent=line.discount_percent,
        minutes_numerator=None if line.minutes_numerator is None else -line.minutes_numerator,
        minutes_denominator=line.minutes_denominator,
        units=None if line.units is None else -line.units,
        **{name: getattr(line, name) for name in _SAME_QUANTITY},
    )
    _free(opposite, list(line.segments.order_by("pk")))


def _take_units(note: Invoice, left: LineLeft, part: Fraction) -> None:
    line = left.line
    if line.kind == InvoiceLine.Kind.PACK:
        raise Refused(
            "pack_line", _("Hours of a pack are paid back from the pack, which takes them out of it.")
        )
    if line.units is None or left.segments:
        raise Refused("name_entries", _("Time is credited entry by entry. Choose which ones, or an amount."))
    if part <= 0 or (part * 1000).denominator != 1:
        raise Refused("no_units", _("Give how many are credited, with at most three decimals."))
    whole = Fraction(line.units)
    if line.amount <= 0 or part > left.units:
        raise Refused("above_line", _above(line))
    amount = credit_of_part(line.amount, whole, whole - left.units, part)
    if amount > left.amount:
        raise Refused("above_line", _above(line))
    gross = line_amount(part, line.price, Unit.PIECES, note.currency)
    if gross < amount:
        _plain(note, line, -amount, kind=line.kind)
        return
    _line(
        note,
        line,
        amount=-amount,
        discount=amount - gross,
        units=-Decimal((part * 1000).numerator).scaleb(-3),
        **{name: getattr(line, name) for name in _SAME_QUANTITY},
    )


def _take_amount(note: Invoice, left: LineLeft, amount: int, detail: str) -> None:
    if not 0 < amount <= left.amount:
        raise Refused("above_line", _above(left.line))
    with override(note.language):
        detail = detail or _("Lower price")
    _plain(note, left.line, -amount, kind=InvoiceLine.Kind.DISCOUNT, detail=detail)


def _take_time(
    note: Invoice, left: LineLeft, segments: Sequence[LineSegment], *, rest: int | None = None
) -> None:
    """The time of some segments: their cents, as minutes at the price where those multiply."""
    if not segments:
        raise Refused("above_line", _above(left.line))
    line, amount = left.line, sum(part.amount for part in segments) if rest is None else rest
    minutes = sum((part.minutes for part in segments), Fraction(0))
    printed = Fraction(round_half_up(minutes * HUNDREDTHS_PER_MINUTE), HUNDREDTHS_PER_MINUTE)
    if amount > left.amount:
        raise Refused("above_line", _above(line))
    is_time = line.minutes_numerator is not None
    if is_time and line_amount(printed, line.price, Unit.MINUTES, note.currency) == amount:
        opposite = _line(
            note,
            line,
            amount=-amount,
            minutes_numerator=-printed.numerator,
            minutes_denominator=printed.denominator,
            **{name: getattr(line, name) for name in _SAME_QUANTITY},
        )
    else:
        opposite = _plain(note, line, -amount, kind=line.kind)
    _free(opposite, segments, of=amount)


def _plain(note: Invoice, line: InvoiceLine, amount: int, **fields: Any) -> InvoiceLine:
    """An amount without a quantity of its own: once, at that price."""
    price = Decimal(abs(amount)).scaleb(-currency_exponent(note.currency))
    return _line(note, line, amount=amount, units=-1 if amount < 0 else 1, price=price, **fields)


def _line(note: Invoice, line: InvoiceLine, **fields: Any) -> InvoiceLine:
    same = {name: getattr(line, name) for name in _SAME_ON_BOTH}
    return InvoiceLine.objects.create(invoice=note, credits=line, **(same | fields))


def _free(opposite: InvoiceLine, segments: Sequence[LineSegment], *, of: int | None = None) -> None:
    """Put the segments on the note's annex and let them be charged again; `of` is what their cents must come to."""
    amounts = [part.amount for part in segments]
    if of is not None and sum(amounts) != of:
        amounts = spread(of, [part.amount for part in segments])
    LineSegment.objects.bulk_create(
        LineSegment(
            line=opposite,
            segment_id=part.segment_id,
            minutes_numerator=-part.minutes_numerator,
            minutes_denominator=part.minutes_denominator,
            amount=-amount,
            is_live=False,
        )
        for part, amount in zip(segments, amounts, strict=True)
    )
    LineSegment.objects.filter(pk__in=[part.pk for part in segments]).update(is_live=False)


def _above(line: InvoiceLine) -> str:
    return _("That is more than is left of “%(line)s”.") % {"line": line.description}


def take_discount_off(note: Invoice, left: dict[int, LineLeft]) -> None:
    """The document's discount goes back in the proportion in which the lines of its tax are credited."""
    bases: dict[str, int] = defaultdict(int)
    for each in left.values():
        if each.line.kind not in NOT_DISCOUNTED:
            bases[each.line.tax_code] += each.line.amount
    credited = _credited_by_tax(note)
    for each in left.values():
        line, base = each.line, bases[each.line.tax_code]
        if line.kind != InvoiceLine.Kind.DISCOUNT or base <= 0:
            continue
        target = round_half_up(Fraction(line.amount * min(credited.get(line.tax_code, 0), base), base))
        share = target - (line.amount - each.amount)
        if share < 0:
            _line(note, line, amount=-share, units=-1, price=_major(share, note), kind=line.kind)


def _major(minor: int, note: Invoice) -> Decimal:
    return Decimal(minor).scaleb(-currency_exponent(note.currency))


def _credited_by_tax(note: Invoice) -> dict[str, int]:
    """What this note and those before it take off, by tax, without the shares of the document's discount."""
    notes = InvoiceLine.objects.filter(invoice__corrects=note.corrects, invoice__annulled_at=None).exclude(
        credits__kind__in=NOT_DISCOUNTED
    )
    sums = notes.order_by().values("tax_code").annotate(sum=Sum("amount"))
    return {row["tax_code"]: -row["sum"] for row in sums}
