"""An invoice's lines as the concepts of a CFDI, which knows no negative ones.

What is taken off a document (its discount, an advance deducted) is spread over the lines of the same tax as their
Descuento, so that every base and every total stays what the document says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from ecuanime.billing.models import InvoiceLine, MexicoSettings
from ecuanime.billing.packs.mx.cfdi import Concept, TaxPart, micros_of
from ecuanime.billing.packs.mx.cfdi.amounts import MICROS_PER_CENT
from ecuanime.billing.packs.mx.cfdi.values import ISR, IVA
from ecuanime.billing.packs.mx.taxes import USUAL
from ecuanime.foundation.errors import Refused
from ecuanime.rules.money import round_half_up, spread

HOUR, SERVICE, PIECE, ACTIVITY = "HUR", "E48", "H87", "ACT"
"""c_ClaveUnidad."""
ADVANCE_PRODUCT = "84111506"
"""Servicios de facturación: the key of advances (guía de llenado, apéndice 6)."""
NOT_SUBJECT, SUBJECT = "01", "02"
_TAKEN_OFF = (InvoiceLine.Kind.DISCOUNT, InvoiceLine.Kind.DEDUCTED)
_WITHHELD = {"ISR": ISR, "IVA": IVA}
WITHHELD_IVA_OF = USUAL
_MINUTES_PER_HOUR = 60
_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Row:
    """A line, its concept before taxes, and whether it is income that withholding is taken of."""

    line: InvoiceLine
    concept: Concept
    is_income: bool


def concepts_of(
    lines: Sequence[InvoiceLine], settings: MexicoSettings, sign: int, due: Mapping[str, int]
) -> list[Row]:
    """The concepts of a document with what is charged of IVA; `sign` is −1 for a credit, whose lines are negative.

    `due` is what the document says of each tax, in cents. Lines that come to nothing before discounts say nothing and
    are left out. Refused: `empty`, `mixed_signs`, `advance_above`.
    """
    shown = [line for line in lines if not _is_taken_off(line, sign) and line.gross]
    rows = [
        Row(line, _concept(line, settings, sign), _kind(line) != InvoiceLine.Kind.GOODS) for line in shown
    ]
    if not rows:
        raise Refused("empty", _("There is nothing on this document that a CFDI could state."))
    # Discounts first: an advance is taken off what is left of them.
    for line in sorted(lines, key=lambda line: line.kind == InvoiceLine.Kind.DEDUCTED):
        if _is_taken_off(line, sign):
            rows = _less(rows, line, -line.amount * sign)
    return _taxed(rows, due)


def withheld_from(rows: list[Row], held: Sequence[tuple[tuple[str, Decimal], int]], sign: int) -> list[Row]:
    """The rows with what the customer keeps back of income: each tax with its percent and what it comes to.

    Refused: `mixed_withholding` (IVA is withheld as two thirds of 16 %, and something bears another rate).
    """
    income = [place for place, row in enumerate(rows) if row.is_income and row.concept.net]
    if any(name == "IVA" for (name, _percent), _amount in held) and any(
        rows[place].line.tax_code != WITHHELD_IVA_OF for place in income
    ):
        raise Refused(
            "mixed_withholding",
            _("IVA is withheld as two thirds of 16 %: lines at another rate go on a document of their own."),
        )
    bases = [rows[place].concept.net for place in income]
    parts: dict[int, list[TaxPart]] = {place: [] for place in income}
    for (name, percent), amount in held:
        rate = percent / 100
        for place, base, each in zip(
            income, bases, _fitted(micros_of(rate, bases), amount * sign), strict=True
        ):
            parts[place].append(TaxPart(_WITHHELD[name], rate, base, each))
    return [
        replace(row, concept=replace(row.concept, withheld=tuple(parts.get(place, ()))))
        for place, row in enumerate(rows)
    ]


def _is_taken_off(line: InvoiceLine, sign: int) -> bool:
    """Whether it lowers what its document comes to. On a credit note a lower price is what the note is about."""
    return line.kind in _TAKEN_OFF and line.amount * sign <= 0


def _kind(line: InvoiceLine) -> str:
    """What a line charges; a lower price, what the line did that it takes from."""
    if line.kind == InvoiceLine.Kind.DISCOUNT and line.credits is not None:
        return line.credits.kind
    return line.kind


def _concept(line: InvoiceLine, settings: MexicoSettings, sign: int) -> Concept:
    amount, discount = line.gross * sign, line.discount * sign
    if amount < 0 or discount < 0 or discount > amount:
        raise Refused(
            "mixed_signs",
            _(
                "A line of this document goes the other way than the document, which no CFDI can state: %(line)s."
            )
            % {"line": line.description},
        )
    product, unit = _keys(line, settings)
    quantity, price = abs(_quantity(line)), abs(line.price)
    if not _agree(quantity, price, amount):
        quantity, price = Decimal(1), Decimal(amount).scaleb(-2)
        unit = ACTIVITY
    return Concept(product, unit, quantity, price, amount, _words(line), discount)


def _keys(line: InvoiceLine, settings: MexicoSettings) -> tuple[str, str]:
    """ClaveProdServ and ClaveUnidad."""
    kind = _kind(line)
    if kind == InvoiceLine.Kind.ADVANCE:
        return ADVANCE_PRODUCT, ACTIVITY
    if kind == InvoiceLine.Kind.GOODS:
        return settings.goods_key, PIECE
    if kind == InvoiceLine.Kind.EXPENSE:
        return settings.expense_key, SERVICE
    return settings.service_key, SERVICE if line.minutes is None else HOUR


def _words(line: InvoiceLine) -> str:
    """The words of a line; those of an advance begin as the guide wants them."""
    words = line.description.strip() or str(line.get_kind_display())
    return f"Anticipo del bien o servicio: {words}" if line.kind == InvoiceLine.Kind.ADVANCE else words


def _quantity(line: InvoiceLine) -> Decimal:
    minutes = line.minutes
    if minutes is None:
        return Decimal(line.units or 0)
    hours = Fraction(minutes) / _MINUTES_PER_HOUR
    return (Decimal(hours.numerator) / Decimal(hours.denominator)).quantize(_PLACES)


def _agree(quantity: Decimal, price: Decimal, amount: int) -> bool:
    """Whether quantity by price gives the amount within what the SAT lets it differ (guía de llenado, Importe)."""
    if not quantity or not price:
        return False
    low = (quantity - _half_of(quantity)) * (price - _half_of(price))
    high = (quantity + _half_of(quantity)) * (price + _half_of(price))
    cent, stated = Decimal("0.01"), Decimal(amount).scaleb(-2)
    return low.quantize(cent, ROUND_FLOOR) <= stated <= high.quantize(cent, ROUND_CEILING)


def _half_of(number: Decimal) -> Decimal:
    """Half a unit of the last decimal that is stated."""
    exponent = number.normalize().as_tuple().exponent
    decimals = min(6, max(0, -int(exponent)))
    return Decimal(5).scaleb(-decimals - 1)


def _less(rows: list[Row], line: InvoiceLine, amount: int) -> list[Row]:
    """The rows with an amount taken off those of the same tax: income and goods by share, an advance off income."""
    if not amount:
        return rows
    same = [place for place, row in enumerate(rows) if row.line.tax_code == line.tax_code]
    income = [place for place in same if rows[place].is_income]
    goods = [place for place in same if not rows[place].is_income]
    of_income, of_goods = (sum(rows[place].concept.net for place in each) for each in (income, goods))
    part = amount
    if line.kind == InvoiceLine.Kind.DISCOUNT and of_goods:
        part = round_half_up(Fraction(amount * of_income, of_income + of_goods))
    if amount < 0 or part > of_income or amount - part > of_goods:
        raise Refused(
            "advance_above",
            _("It takes off more than it charges under one tax, which no CFDI can state. Change its lines."),
        )
    taken = dict(zip(income, spread(part, [rows[place].concept.net for place in income]), strict=True))
    taken |= dict(
        zip(goods, spread(amount - part, [rows[place].concept.net for place in goods]), strict=True)
    )
    return [
        replace(row, concept=replace(row.concept, discount=row.concept.discount + taken.get(place, 0)))
        for place, row in enumerate(rows)
    ]


def _fitted(micros: list[int], due: int) -> list[int]:
    """The tax of each concept, so that they come to what the document says.

    A credit gives back what is left of a tax, which may be a cent off the rate on its own lines. Then each is stated
    in cents, rounded down or up as the SAT allows (guía de llenado, Importe of a Traslado).
    """
    if round_half_up(Fraction(sum(micros), MICROS_PER_CENT)) == due:
        return micros
    cents = [each // MICROS_PER_CENT for each in micros]
    more = due - sum(cents)
    uneven = [place for place, each in enumerate(micros) if each % MICROS_PER_CENT]
    if not 0 <= more <= len(uneven):
        return micros
    for place in uneven[:more]:
        cents[place] += 1
    return [each * MICROS_PER_CENT for each in cents]


def _taxed(rows: list[Row], due: Mapping[str, int]) -> list[Row]:
    """The rows with their IVA, to the millionth; what is outside of it, or comes to nothing, states none."""
    parts: dict[int, TaxPart] = {}
    for code in dict.fromkeys(row.line.tax_code for row in rows):
        same = [
            place
            for place, row in enumerate(rows)
            if row.line.tax_code == code and row.concept.net and row.line.tax_category != "O"
        ]
        if not same:
            continue
        first, bases = rows[same[0]].line, [rows[place].concept.net for place in same]
        rate = None if first.tax_category == "E" else first.tax_percent / 100
        micros = _fitted(micros_of(rate, bases), due.get(code, 0)) if rate is not None else [0] * len(bases)
        for place, base, each in zip(same, bases, micros, strict=True):
            parts[place] = TaxPart(IVA, rate, base, each)
    return [
        replace(
            row,
            concept=replace(
                row.concept,
                charged=(parts[place],) if place in parts else (),
                subject=SUBJECT if place in parts else NOT_SUBJECT,
            ),
        )
        for place, row in enumerate(rows)
    ]
