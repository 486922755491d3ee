"""How a draft is written: approved segments become its lines of time, with every cent of them in the annex.

Only the room's actions use this; they hold the lock of the draft or of its client.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.billing.books.handing import issues_elsewhere
from ecuanime.billing.drafting.discounts import DISCOUNTS_FROM, kind_of_time, time_discounts_on
from ecuanime.billing.drafting.taxing import ChosenTax, put_tax, tax_of, write_totals
from ecuanime.billing.models import CoveredWork, Invoice, InvoiceLine, LineSegment, TaxRate
from ecuanime.billing.packs import Status, pack_for
from ecuanime.billing.packs.reasons import Why
from ecuanime.clients.models import Client
from ecuanime.contracts.models import Surcharge
from ecuanime.rules import lines as rules
from ecuanime.staff.queries import the_firm
from ecuanime.worklog.models import EntryState, RatedEntry, RatedSegment

IN_ADVANCE = (InvoiceLine.Kind.PACK, InvoiceLine.Kind.ADVANCE)
OF_A_CASE = "case:"
"""How the key of a draft begins that bills one case alone."""
AFTER_THE_TIME = 10_000
"""Lines of time come first; packs and what a person adds stand from this position on."""


def kind_here(usual: str) -> str:
    """The kind of a new document: a pro-forma where no pack is legal yet, or the firm issues elsewhere."""
    firm = the_firm()
    if issues_elsewhere():
        return Invoice.Kind.PRO_FORMA
    export_only = pack_for(firm.country, is_demo=firm.is_demo).status == Status.EXPORT_ONLY
    return Invoice.Kind.PRO_FORMA if export_only else usual


def new_draft(client: Client, kind: str, currency: str, now: datetime) -> Invoice:
    """An empty draft in the client's language."""
    return Invoice.objects.create(
        client=client,
        kind=kind,
        currency=currency,
        language=client.language,
        is_demo=the_firm().is_demo,
        dated_at=now,
        created_at=now,
    )


def open_draft(client: Client, currency: str) -> Invoice | None:
    """The client's draft of time in a currency, locked, of the kind that a new one would have.

    One that is only for a case takes nothing else.
    """
    drafts = Invoice.objects.select_for_update(of=("self",), no_key=True).select_related("client")
    in_advance = InvoiceLine.objects.filter(invoice=OuterRef("pk"), kind__in=IN_ADVANCE)
    return (
        drafts.filter(~Exists(in_advance), client=client, currency=currency, state=Invoice.State.DRAFT)
        .filter(kind=kind_here(Invoice.Kind.INVOICE))
        .exclude(idempotency_key__startswith=OF_A_CASE)
        .order_by("id")
        .first()
    )


def segments_on(invoice: Invoice) -> list[RatedSegment]:
    """The segments that a draft charges."""
    related = ("rating__contract__version", "rating__entry__work_type", "rating__entry__ticket")
    return list(
        RatedSegment.objects.filter(invoiced__line__invoice=invoice).select_related(*related).order_by("id")
    )


def write_time(invoice: Invoice, segments: Sequence[RatedSegment]) -> Invoice:
    """Make the draft's lines of time anew from these segments, and its annex, period, taxes and totals with them.

    What has the same contract, words, price and tax is one line (docs/rules/lines.md).
    """
    ordered = sorted(
        (segment for segment in segments if segment.due_minutes or segment.due_units), key=_order
    )
    by_id = {segment.pk: segment for segment in ordered}
    discounts = time_discounts_on(invoice)
    invoice.lines.filter(kind=InvoiceLine.Kind.WORK).delete()
    tax = tax_of(invoice)
    with override(invoice.language):
        joined = rules.join([_charge(segment, tax.rate.code) for segment in ordered], invoice.currency)
    for position, line in enumerate(joined, start=1):
        taken_off = discounts.get(kind_of_time(by_id[line.shares[0].charge_id]))
        _write_line(invoice, position, line if taken_off is None else rules.less(line, taken_off), by_id, tax)
    show_covered(invoice, [segment.rating.entry.work_on for segment in ordered])
    return write_totals(invoice)


def _order(segment: RatedSegment) -> tuple[str, date, int]:
    return segment.rating.contract.number, segment.rating.entry.work_on, segment.pk


def _charge(segment: RatedSegment, tax: str) -> rules.Charge:
    """A stored segment as the rule of lines takes it: the exact minutes, or pieces, that corrections have left."""
    if segment.price is None:
        raise ValueError(f"segment {segment.pk} has nothing to pay")
    pieces = segment.due_units
    return rules.Charge(
        id=segment.pk,
        contract_id=segment.rating.contract_id,
        label=_label(segment),
        tax=tax,
        quantity=segment.due_minutes if pieces is None else pieces,
        price=segment.price,
        unit=rules.Unit.MINUTES if segment.units is None else rules.Unit.PIECES,
    )


def _label(segment: RatedSegment) -> str:
    """What the line says: the work type, and the circumstance that changed its price."""
    work_type = str(segment.rating.entry.work_type)
    if segment.surcharge not in Surcharge.When.values:
        return work_type
    return _("%(work)s, %(when)s") % {"work": work_type, "when": Surcharge.When(segment.surcharge).label}


def _write_line(
    invoice: Invoice, position: int, line: rules.Line, segments: dict[int, RatedSegment], tax: ChosenTax
) -> None:
    contract = segments[line.shares[0].charge_id].rating.contract
    with override(invoice.language):
        detail = _("Contract %(number)s") % {"number": contract.number}
    is_time = line.unit == rules.Unit.MINUTES
    row = InvoiceLine(
        invoice=invoice,
        position=position,
        kind=InvoiceLine.Kind.WORK,
        description=line.label,
        detail=detail,
        contract=contract,
        minutes_numerator=line.quantity.numerator if is_time else None,
        minutes_denominator=line.quantity.denominator if is_time else 1,
        units=None if is_time else _pieces(line.quantity),
        price=line.price,
        discount_percent=line.discount_percent,
        discount=line.discount,
        amount=line.amount,
    )
    put_tax(row, tax, invoice.language).save()
    LineSegment.objects.bulk_create(
        LineSegment(
            line=row,
            segment_id=share.charge_id,
            minutes_numerator=share.quantity.numerator if is_time else 0,
            minutes_denominator=share.quantity.denominator if is_time else 1,
            amount=share.amount,
        )
        for share in line.shares
    )


def _pieces(quantity: Fraction) -> Decimal:
    thousandths = quantity * 1000
    if thousandths.denominator != 1:
        raise ValueError("pieces are counted to three decimals")
    return Decimal(thousandths.numerator).scaleb(-3)


def show_covered(invoice: Invoice, days: Sequence[date]) -> None:
    """Let the annex show what the client's packs covered whole, and goodwill, in the months that are charged.

    Older such work is in the hours ledger; it is not gathered for years until something is to be paid.
    """
    invoice.covered.all().delete()
    invoice.period_from, invoice.period_until = min(days, default=None), max(days, default=None)
    invoice.save(update_fields=["period_from", "period_until"])
    if not days:
        return
    CoveredWork.objects.bulk_create(
        CoveredWork(invoice=invoice, rating_id=rating_id)
        for rating_id in _covered(invoice, min(days).replace(day=1), max(days)).values_list("pk", flat=True)
    )


def _covered(invoice: Invoice, first: date, last: date) -> QuerySet[RatedEntry]:
    """Approved work of the client in these days, in the invoice's currency, with nothing to pay or to decide."""
    segments = RatedSegment.objects.filter(rating=OuterRef("pk"))
    shown = CoveredWork.objects.filter(rating=OuterRef("pk"), is_live=True)
    return RatedEntry.objects.filter(
        ~Exists(segments.filter(price__isnull=False)),
        ~Exists(segments.exclude(held_reason="")),
        ~Exists(shown),
        superseded_at__isnull=True,
        entry__client=invoice.client_id,
        entry__state=EntryState.APPROVED,
        entry__work_on__range=(first, last),
        contract__version__currency=invoice.currency,
    ).order_by("entry__work_on", "pk")


def add_after(invoice: Invoice, line: InvoiceLine, tax: TaxRate | None = None) -> InvoiceLine:
    """Put a line after all others, taxed as its kind is unless told otherwise, and add the draft up again."""
    others = invoice.lines.filter(position__lt=DISCOUNTS_FROM)
    last = others.aggregate(last=Max("position"))["last"] or 0
    line.invoice, line.position, line.own_tax = invoice, max(last + 1, AFTER_THE_TIME), tax
    put_tax(line, _own_or_usual(line, invoice), invoice.language).save()
    write_totals(invoice)
    return line


def _own_or_usual(line: InvoiceLine, invoice: Invoice) -> ChosenTax:
    return tax_of(invoice, line.kind) if line.own_tax is None else ChosenTax(line.own_tax, Why.CHOSEN)


def tax_the_rest(invoice: Invoice) -> None:
    """Tax packs and what a person added as lines of their kind are taxed, unless a line has a tax of its own.

    `write_time` adds it up.
    """
    after = invoice.lines.filter(position__range=(AFTER_THE_TIME, DISCOUNTS_FROM - 1))
    for line in after.select_related("own_tax"):
        put_tax(line, _own_or_usual(line, invoice), invoice.language).save()
