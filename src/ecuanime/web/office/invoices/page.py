"""What the page of a document shows: parties, lines with their why, taxes, and the annex down to each segment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ecuanime.billing.books.exchange import DayRate, rate_of_document
from ecuanime.billing.documents.home_taxes import declared
from ecuanime.billing.documents.parties import as_printed, as_seen_by_law, customer_of, issuer_of
from ecuanime.billing.documents.tags import InvoiceTag
from ecuanime.billing.documents.withheld import shares_of
from ecuanime.billing.drafting.taxing import choice_for
from ecuanime.billing.models import RATED_CATEGORIES, Invoice, InvoiceLine, RateSource, TaxLine
from ecuanime.billing.packs import Supply, pack_for, pack_of
from ecuanime.billing.packs.generic.paper import rate_told
from ecuanime.billing.packs.reasons import words_of
from ecuanime.billing.pdf.document import Party
from ecuanime.billing.queries import (
    ExplainedEntry,
    ExplainedLine,
    ExplainedTicket,
    InvoicePage,
    VatStanding,
)
from ecuanime.contracts.models import Surcharge
from ecuanime.foundation import formats
from ecuanime.rules.hours import SECONDS_PER_MINUTE
from ecuanime.staff.queries import the_firm
from ecuanime.tickets.models import Ticket
from ecuanime.web.components.traces import Teller
from ecuanime.worklog.models import EntryState, RatedSegment, TimeEntry
from ecuanime.worklog.words import TIMES, Told


@dataclass(frozen=True)
class ShownEntry:
    """An entry of the annex: when, by whom, what it comes to, the stretches it was cut into and why."""

    entry: TimeEntry
    day: str
    minutes: str
    amount: int
    reason: str
    stretches: tuple[str, ...]
    steps: tuple[Told, ...]
    url: str


@dataclass(frozen=True)
class ShownTicket:
    """The entries of a ticket."""

    ticket: Ticket
    url: str
    amount: int
    entries: tuple[ShownEntry, ...]


@dataclass(frozen=True)
class ShownLine:
    """A line, how its amount came to be, and the tickets behind it. `pay_back_url` of a pack with unused hours."""

    line: InvoiceLine
    quantity: str
    price: str
    discount: str
    tax: str
    steps: tuple[Told, ...]
    tickets: tuple[ShownTicket, ...]
    entry_count: int
    is_open: bool
    pay_back_url: str


def state_of(tag: str) -> str:
    """The name under which the screens know how a document stands."""
    return "credit_note" if tag == InvoiceTag.CORRECTION else tag


def title_of(invoice: Invoice) -> str:
    """What a document is called: `Invoice F-2026-0188`, `Draft invoice`, `Draft pro-forma`."""
    if invoice.is_draft:
        return _("Draft pro-forma") if invoice.is_pro_forma else _("Draft invoice")
    kind = (
        _("Pro-forma credit") if invoice.is_pro_forma and invoice.corrects_id else invoice.get_kind_display()
    )
    return f"{kind} {invoice.number}"


def parties_of(invoice: Invoice) -> tuple[Party, Party]:
    """Issuer and customer: as they were frozen, or for a draft as they are now."""
    issuer, customer = invoice.issuer, invoice.customer
    if invoice.is_draft:
        issuer, customer = issuer_of(the_firm()), customer_of(invoice.client)
    abroad = issuer["country"] != customer["country"]
    language = get_language() or invoice.language
    return as_printed(issuer, language, abroad=abroad), as_printed(customer, language, abroad=abroad)


def taxes_of(page: InvoicePage) -> list[dict[str, Any]]:
    """Each tax with its rate and amount, the surcharge after it; what is not charged says the law, all say why."""
    rows: list[dict[str, Any]] = []
    for row in page.taxes:
        rows.append({"label": _tax(row), "amount": row.amount, "reason": row.reason, "why": _whys(page, row)})
        if row.surcharge_percent:
            label = f"{_('Equivalence surcharge')} {_percent(row.surcharge_percent)}"
            rows.append({"label": label, "amount": row.surcharge})
    return rows


def _whys(page: InvoicePage, tax: TaxLine) -> list[str]:
    """The reasons for which lines bear a tax, each once."""
    codes = dict.fromkeys(each.line.tax_why for each in page.lines if each.line.tax_code == tax.tax_code)
    return [words for words in map(words_of, codes) if words]


def _tax(row: TaxLine) -> str:
    return _named_tax(row.name, row.category, row.percent)


@dataclass(frozen=True)
class Booking:
    """At which rate a draft in another currency would be booked today, and whether it cannot be issued without one."""

    day: date
    home: str
    known: DayRate | None
    is_needed: bool

    @property
    def source(self) -> str:
        """Who published the rate."""
        return str(RateSource(self.known.source or RateSource.OTHER).label) if self.known else ""


def booking_of(draft: Invoice, today: date) -> Booking:
    """What is foreseen of the rate of a draft."""
    firm = the_firm()
    pack = pack_of(firm)
    day = pack.accrued_on(draft, today)
    is_needed = bool(pack.states_taxes_in(draft)) and pack.must_state_taxes
    return Booking(day, firm.currency, rate_of_document(draft, day), is_needed)


def home_of(page: InvoicePage) -> dict[str, Any] | None:
    """What an issued document's taxes are in the currency that they are paid in; None where none is stated."""
    invoice = page.invoice
    if invoice.home_total is None:
        return None
    rows = [(row, declared(row, invoice.tax_currency)) for row in page.taxes]
    return {
        "currency": invoice.tax_currency,
        "taxes": [
            {"label": _tax(row), "base": each.base, "amount": each.amount + each.surcharge}
            for row, each in rows
        ],
        "total": invoice.home_total,
        "rate": rate_told(invoice, get_language() or invoice.language),
    }


def vat_warning(standing: VatStanding | None) -> str:
    """What must be said before an invoice leaves its tax out for a VAT number; empty where VIES called it valid."""
    if standing is None or standing.is_proven:
        return ""
    if standing.answer is None:
        return _(
            "It leaves its tax out for the client's VAT number %(number)s, which was not checked in VIES: without "
            "a valid one your firm owes that tax."
        ) % {"number": standing.number}
    day = standing.answer.asked_at.astimezone(the_firm().zone).date()
    return _(
        "It leaves its tax out for the client's VAT number %(number)s, which VIES called not valid on %(day)s: "
        "without a valid one your firm owes that tax."
    ) % {
        "number": standing.number,
        "day": formats.long_date(day, formats.locale_for(get_language())),
    }


def other_taxes(invoice: Invoice, today: date) -> list[str]:
    """Which other taxes there are for a draft's lines, each with the case in which it would be right."""
    firm = the_firm()
    names = {data.code: data for data in pack_for(firm.country).taxes(as_seen_by_law(issuer_of(firm)))}
    options = {
        option.code: option.when
        for supply in (Supply.SERVICES, Supply.GOODS)
        for option in choice_for(firm, invoice.client, supply, today).options
    }
    return [
        f"{_named_tax(_(names[code].name), names[code].category, names[code].percent)}: {words_of(when)}"
        for code, when in options.items()
    ]


def withheld_of(invoice: Invoice) -> dict[str, Any] | None:
    """What the customer keeps back and why; where the question is asked and nothing is kept back, why not."""
    why = words_of(invoice.withheld_why)
    if invoice.withheld_percent is None:
        return {"label": _("Withheld"), "amount": 0, "why": why} if why else None
    told = [f"{name} {_percent(percent)}" for name, percent in shares_of(invoice)]
    label = _("Withheld: %(taxes)s") % {"taxes": ", ".join(told)}
    return {"label": label, "amount": -invoice.withheld, "why": why}


def tax_of_line(line: InvoiceLine) -> str:
    """`IVA 21 %`, or only the name of a tax that has no rate."""
    return _named_tax(line.tax_name, line.tax_category, line.tax_percent)


def _named_tax(name: str, category: str, percent: Decimal) -> str:
    if category not in RATED_CATEGORIES:
        return name
    return f"{name} {_percent(percent)}"


def _percent(percent: Decimal) -> str:
    return formats.percent(percent / 100, formats.locale_for(get_language()))


class Annex:
    """Shows the lines of one document; the words of all its traces are read together."""

    def __init__(self, page: InvoicePage) -> None:
        self._page = page
        self._locale = formats.locale_for(get_language(), page.invoice.currency)
        self._taxed_apart = len(page.taxes) > 1
        tickets = [ticket for line in page.lines for ticket in line.tickets] + list(page.covered)
        self._teller = Teller(one.rating.trace for ticket in tickets for one in ticket.entries)

    def lines(self) -> list[ShownLine]:
        """The lines in order; the first one with time is open."""
        first = next((line.line.pk for line in self._page.lines if line.tickets), None)
        return [self._line(line, is_open=line.line.pk == first) for line in self._page.lines]

    def covered(self) -> list[ShownTicket]:
        """The work with nothing to pay."""
        return [self._ticket(ticket) for ticket in self._page.covered]

    def _line(self, explained: ExplainedLine, *, is_open: bool) -> ShownLine:
        line = explained.line
        return ShownLine(
            line=line,
            quantity=self._quantity(line),
            price=formats.price(line.price, self._page.invoice.currency, self._locale),
            discount=self._discount(line),
            tax=tax_of_line(line) if self._taxed_apart else "",
            steps=tuple(self._steps(explained)) if explained.tickets else (),
            tickets=tuple(self._ticket(ticket) for ticket in explained.tickets),
            entry_count=explained.entry_count,
            is_open=is_open,
            pay_back_url=self._pay_back_url(line),
        )

    def _quantity(self, line: InvoiceLine) -> str:
        minutes = line.minutes
        if minutes is not None:
            return formats.hours_of_minutes(minutes, self._locale)
        return f"{formats.number(line.units or 0, self._locale)} {line.unit_name}".strip()

    def _discount(self, line: InvoiceLine) -> str:
        """`3 × 12,345 € = 37,04 €, less 10 %: −3,70 €`."""
        if not line.discount:
            return ""
        price = formats.price(line.price, self._page.invoice.currency, self._locale)
        figures = {
            "gross": f"{self._quantity(line)} × {price} = {self._money(line.gross)}",
            "discount": self._money(-line.discount),
        }
        if line.discount_percent is None:
            return _("%(gross)s, less a discount: %(discount)s") % figures
        figures["percent"] = formats.percent(line.discount_percent / 100, self._locale)
        return _("%(gross)s, less %(percent)s: %(discount)s") % figures

    def _pay_back_url(self, line: InvoiceLine) -> str:
        """Hours of a pack that was charged and can still be given back."""
        invoice, charge = self._page.invoice, line.charge
        if charge is None or charge.lot is None or invoice.is_draft or invoice.corrects_id:
            return ""
        can = charge.lot.left > 0 and charge.cancelled_at is None and invoice.credited < invoice.payable
        return reverse("pack_pay_back", args=[charge.lot.code]) if can else ""

    def _steps(self, explained: ExplainedLine) -> Iterable[Told]:
        """From what was worked to the amount; on a credit note everything is taken off."""
        line, money = explained.line, self._money(explained.line.amount)
        entries = [one for ticket in explained.tickets for one in ticket.entries]
        if line.minutes is not None:
            yield from self._minute_steps(entries, line.minutes)
            price = _("%(price)s an hour") % {"price": self._price(line)}
        else:
            yield Told(_("Pieces charged"), formats.number(line.units or 0, self._locale))
            price = self._price(line)
        yield Told(_("Price of the contract"), f"{TIMES} {price}", line.detail)
        if line.discount:
            yield Told(_("Discount"), self._money(-line.discount))
        yield Told(_("Amount"), money, is_sum=True)

    def _minute_steps(self, entries: Sequence[ExplainedEntry], charged: Fraction) -> Iterable[Told]:
        sign = -1 if charged < 0 else 1
        segments = [segment for one in entries for segment in one.segments]
        worked = Fraction(sign * sum(each.elapsed_seconds for each in segments), SECONDS_PER_MINUTE)
        rounded = Fraction(sign * sum(each.rounded_minutes for each in segments))
        text = ngettext("Worked in %(count)s entry", "Worked in %(count)s entries", len(entries))
        yield Told(text % {"count": len(entries)}, self._hours(worked), self._people(entries))
        if rounded != worked:
            yield Told(
                _("Rounding and adjustments, as the contract says"), self._hours(rounded - worked, plus=True)
            )
        if charged != rounded:
            yield Told(_("What prepaid hours covered"), self._hours(charged - rounded, plus=True))
        yield Told(_("Charged"), self._hours(charged), is_sum=True)

    def _people(self, entries: Sequence[ExplainedEntry]) -> str:
        worked: dict[str, int] = {}
        for one in entries:
            name = one.rating.entry.user.name
            worked[name] = worked.get(name, 0) + sum(each.elapsed_seconds for each in one.segments)
        listed = (f"{name} {formats.hours_of_seconds(each, self._locale)}" for name, each in worked.items())
        return ", ".join(listed)

    def _ticket(self, explained: ExplainedTicket) -> ShownTicket:
        return ShownTicket(
            ticket=explained.ticket,
            url=reverse("ticket", args=[explained.ticket.number]),
            amount=explained.amount,
            entries=tuple(self._entry(one) for one in explained.entries),
        )

    def _entry(self, explained: ExplainedEntry) -> ShownEntry:
        rating = explained.rating
        entry, zone = rating.entry, rating.contract.time_zone
        return ShownEntry(
            entry=entry,
            day=formats.day_year(entry.work_on, self._locale),
            minutes=self._hours(explained.minutes) if explained.minutes else "",
            amount=explained.amount,
            reason=self._teller.reason(rating.trace, zone),
            stretches=tuple(self._stretch(each, explained) for each in explained.segments),
            steps=tuple(self._teller.steps(rating.trace, zone)),
            # A clerk sees approved entries only; what was freed by a credit note is the supervisor's again.
            url=reverse("hours_entry", args=[entry.pk]) if entry.state == EntryState.APPROVED else "",
        )

    def _stretch(self, segment: RatedSegment, explained: ExplainedEntry) -> str:
        """`17:40–18:00, 0 h 20 worked, after hours: 0 h 30 at 66,00 €`."""
        zone = explained.rating.contract.zone
        parts = []
        if segment.started_at and segment.ended_at:
            times = (segment.started_at.astimezone(zone), segment.ended_at.astimezone(zone))
            parts.append("–".join(formats.time_of_day(at) for at in times))
        worked = formats.hours_of_seconds(segment.elapsed_seconds, self._locale)
        parts.append(_("%(hours)s worked") % {"hours": worked})
        if segment.surcharge in Surcharge.When.values:
            parts.append(str(Surcharge.When(segment.surcharge).label))
        text = ", ".join(parts)
        if segment.price is None or segment.units is not None:
            return text
        minutes = Fraction(segment.charged_numerator, segment.charged_denominator)
        price = formats.price(segment.price, segment.currency, self._locale)
        charged = _("%(hours)s charged at %(price)s an hour")
        return f"{text}: {charged % {'hours': self._hours(minutes), 'price': price}}"

    def _hours(self, minutes: Fraction, *, plus: bool = False) -> str:
        return formats.hours_of_minutes(minutes, self._locale, plus=plus)

    def _money(self, minor: int) -> str:
        return formats.money(minor, self._page.invoice.currency, self._locale)

    def _price(self, line: InvoiceLine) -> str:
        return formats.price(line.price, self._page.invoice.currency, self._locale)
