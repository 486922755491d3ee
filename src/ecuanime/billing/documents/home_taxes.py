"""What the taxes of a document in another currency come to at home, where the law wants them stated there.

See docs/rules/tax-currency.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ecuanime.billing.models import Invoice, TaxLine
from ecuanime.rules.exchange import Rate, added

HOME_FIELDS = ("home_base", "home_amount", "home_surcharge")


@dataclass(frozen=True)
class Declared:
    """A tax as it is declared, in minor units of the currency that it is declared in."""

    base: int = 0
    amount: int = 0
    surcharge: int = 0

    def __add__(self, other: Declared) -> Declared:
        return Declared(self.base + other.base, self.amount + other.amount, self.surcharge + other.surcharge)

    @property
    def total(self) -> int:
        """All three."""
        return self.base + self.amount + self.surcharge


def sum_of(parts: Iterable[Declared]) -> Declared:
    """All of them together."""
    return sum(parts, Declared())


def stated(rate: Rate, tax: Declared, *, before: Declared, booked: Declared) -> Declared:
    """What a tax comes to at home beside those `before` it, which were `booked` there: each amount as `added`."""
    return Declared(
        added(rate, tax.base, before=before.base, booked=booked.base),
        added(rate, tax.amount, before=before.amount, booked=booked.amount),
        added(rate, tax.surcharge, before=before.surcharge, booked=booked.surcharge),
    )


def declared(tax: TaxLine, currency: str) -> Declared:
    """A tax of an issued document in the currency that the law declares it in.

    What was issued before its taxes were stated there goes by the rate that it was booked at since. Raises ValueError
    where there is none: nothing may be declared of it.
    """
    invoice = tax.invoice
    if invoice.currency == currency:
        return _charged(tax)
    if tax.home_base is not None:
        return Declared(tax.home_base, tax.home_amount or 0, tax.home_surcharge or 0)
    if invoice.exchange_rate is None:
        raise ValueError(f"document {invoice.pk} has no rate to declare its taxes at")
    value = Rate(invoice.exchange_rate, invoice.currency, currency).value
    return Declared(value(tax.base), value(tax.amount), value(tax.surcharge))


def state_taxes(draft: Invoice, home: str) -> None:
    """Write what each tax of a draft comes to at home, at the rate that the draft bears; the caller saves the draft.

    Each base, tax and surcharge is converted by itself, and the total is what they add up to. A correction takes off
    what then is stated too much, so that all corrections together leave what is left, rounded once. What restates
    others states what they do.
    """
    rows = list(draft.taxes.order_by("pk"))
    draft.texts["tax_currency"] = home
    if draft.is_replacement:
        draft.home_total = sum_of(declared(row, home) for row in rows).total
        draft.home_withheld = 0
        return
    if draft.exchange_rate is None:
        raise ValueError(f"draft {draft.pk} bears no rate")
    rate, before = Rate(draft.exchange_rate, draft.currency, home), _before(draft)
    for row in rows:
        stood = [each for each in before if each.tax_code == row.tax_code]
        at_home = stated(
            rate,
            _charged(row),
            before=sum_of(map(_charged, stood)),
            booked=sum_of(declared(each, home) for each in stood),
        )
        row.home_base, row.home_amount, row.home_surcharge = (
            at_home.base,
            at_home.amount,
            at_home.surcharge,
        )
    TaxLine.objects.bulk_update(rows, HOME_FIELDS)
    draft.home_total = sum_of(declared(row, home) for row in rows).total
    draft.home_withheld = _withheld(draft, rate)


def _charged(tax: TaxLine) -> Declared:
    return Declared(tax.base, tax.amount, tax.surcharge)


def _standing(note: Invoice) -> list[Invoice]:
    """What a correction corrects, and the corrections of it that stand already."""
    if note.corrects is None:
        return []
    others = note.corrects.corrections.filter(state=Invoice.State.ISSUED, annulled_at=None)
    return [note.corrects, *others.exclude(pk=note.pk)]


def _before(draft: Invoice) -> list[TaxLine]:
    rows = TaxLine.objects.filter(invoice__in=_standing(draft)).select_related("invoice")
    return list(rows.order_by("pk"))


def _withheld(draft: Invoice, rate: Rate) -> int:
    before = _standing(draft)
    booked = sum(
        rate.value(each.withheld) if each.home_withheld is None else each.home_withheld for each in before
    )
    return added(rate, draft.withheld, before=sum(each.withheld for each in before), booked=booked)
