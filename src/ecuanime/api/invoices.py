"""Invoices with their lines, taxes and payments, and which recorded time each line charges."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Field, Path, Query, Router, Schema

from ecuanime.api.lists import Code, Filters, Key, Moment, Page, answers, one_of, page
from ecuanime.api.reader import ApiRequest
from ecuanime.billing.einvoice.written import DataFile, written
from ecuanime.billing.models import Invoice, InvoiceLine, LineSegment, Payment, TaxLine
from ecuanime.foundation.clock import read_clock

router = Router(tags=[_("Invoices")])
State = Annotated[Invoice.State, one_of(Invoice.State)]
Kind = Annotated[Invoice.Kind, one_of(Invoice.Kind)]
MINOR = _("minor units of the currency: cents")
HOME = _("in minor units of the tax currency; null where the document has none")


class InvoiceOut(Schema):
    """A draft or an issued document. A credit note has negative amounts and names what it corrects."""

    id: int
    number: str | None = Field(description=_("null while it is a draft"))
    kind: Kind
    state: State
    client: str = Field(description=_("the client's code"))
    issued_on: date | None
    due_on: date | None
    period_from: date | None
    period_until: date | None
    currency: str = Field(description=_("three letters, ISO 4217"))
    exchange_rate: Decimal | None = Field(
        description=_(
            "units of the firm's currency for one of this, as it is booked; null where it is not known"
        )
    )
    rate_on: date | None = Field(description=_("the day of that rate"))
    tax_currency: str = Field(
        description=_(
            "the currency that its taxes are stated in beside its own; empty where no law asks for it"
        )
    )
    home_total_minor: int | None = Field(
        description=_("what its bases and taxes come to there, in minor units of that currency")
    )
    net_minor: int = Field(description=MINOR)
    tax_minor: int = Field(description=MINOR)
    total_minor: int = Field(description=MINOR)
    withheld_minor: int = Field(
        description=_("income tax that the customer keeps back, in minor units; never off the total")
    )
    payable_minor: int = Field(description=_("what the document asks for: the total less what is withheld"))
    paid_minor: int = Field(description=MINOR)
    credited_minor: int = Field(description=_("taken off by credit notes, in minor units"))
    written_off_minor: int = Field(
        description=_("given up as lost, in minor units; neither paid nor credited")
    )
    owed_minor: int = Field(description=_("still to be paid, in minor units; negative to be given back"))
    corrects: str | None = Field(description=_("the number of the invoice that it corrects"))
    dated_at: Moment = Field(description=_("when it was drafted, then when it was issued"))


class ChargedTime(Schema):
    """Recorded time that stands on a line."""

    time_entry: int
    amount_minor: int = Field(description=MINOR)


class InvoiceLineOut(Schema):
    """A line: time at a price per hour, or units at a price each."""

    position: int
    description: str
    detail: str
    contract: str | None = Field(description=_("the contract's number"))
    minutes: Decimal | None = Field(description=_("as printed, exact to the hundredth; null for units"))
    kind: Annotated[InvoiceLine.Kind, one_of(InvoiceLine.Kind)]
    units: Decimal | None = Field(description=_("to three decimals; null for time"))
    unit: str = Field(description=_("what is counted: piece, km; may be empty"))
    price: Decimal = Field(description=_("per hour for time, else per unit"))
    discount_minor: int = Field(description=_("taken off quantity × price, in minor units"))
    amount_minor: int = Field(description=MINOR)
    tax_code: str
    tax_percent: Decimal
    time: list[ChargedTime]


class TaxOut(Schema):
    """The tax of one rate."""

    code: str
    name: str
    category: str = Field(description=_("UNCL 5305: S standard, Z zero, E exempt, AE reverse charge"))
    percent: Decimal
    base_minor: int = Field(description=MINOR)
    amount_minor: int = Field(description=MINOR)
    reason: str = Field(description=_("the law's words where it is not charged"))
    surcharge_percent: Decimal = Field(description=_("Spain's recargo de equivalencia"))
    surcharge_minor: int = Field(description=MINOR)
    home_base_minor: int | None = Field(description=HOME)
    home_amount_minor: int | None = Field(description=HOME)
    home_surcharge_minor: int | None = Field(description=HOME)


class PaymentOut(Schema):
    """Money received; a correction is negative."""

    id: int
    received_on: date
    amount_minor: int = Field(description=MINOR)
    kind: Annotated[Payment.Kind, one_of(Payment.Kind)]
    method: str
    reference: str
    exchange_rate: Decimal | None = Field(
        description=_("units of the firm's currency for one of the document's; null where it is not known")
    )
    exchange_difference_minor: int | None = Field(
        description=_(
            "what its rate brought, above zero, or cost, in the firm's currency; null where not known"
        )
    )


class InvoiceWithLines(InvoiceOut):
    """The same with all that stands on it."""

    lines: list[InvoiceLineOut]
    taxes: list[TaxOut]
    payments: list[PaymentOut]


class InvoiceFilters(Filters):
    """Which documents."""

    state: State | None = Field(None, description=_("only this state"))
    kind: Kind | None = Field(None, description=_("only this kind of document"))
    client: Code | None = Field(None, description=_("the client's code"))
    dated_since: Moment | None = Field(None, description=_("drafted or issued at this moment or later"))


_LOOKUPS = {
    "state": "state",
    "kind": "kind",
    "client": "client__code",
    "dated_since": "dated_at__gte",
}


@router.get("/invoices", response=answers(Page[InvoiceOut]), url_name="invoices", summary=_("List invoices"))
def invoices(request: ApiRequest, filters: Query[InvoiceFilters]) -> Page[InvoiceOut]:
    given = {lookup: getattr(filters, name) for name, lookup in _LOOKUPS.items()}
    wanted = Q(**{lookup: value for lookup, value in given.items() if value is not None})
    rows = request.auth.invoices().filter(wanted).select_related("client", "corrects")
    # Upwards: a draft that is issued meanwhile moves to a later page, never to one already read.
    order = ("dated_at", "id")
    return page(request, filters, rows, order=order, shown=lambda found: [*map(invoice_out, found)])


@router.get(
    "/invoices/{id}",
    response=answers(InvoiceWithLines, is_one=True),
    url_name="invoice",
    summary=_("One invoice with its lines"),
)
def invoice(request: ApiRequest, id: Path[Key]) -> InvoiceWithLines:
    return invoice_with_lines(request, id)


class ElectronicOut(Schema):
    """The same document by the European standard EN 16931, or as Facturae, signed with the firm's certificate."""

    file_name: str
    xml: str = Field(description=_("the whole file: write it in UTF-8 as it is"))


@router.get(
    "/invoices/{id}/data/{syntax}",
    response=answers(ElectronicOut, is_one=True),
    url_name="invoice_data",
    summary=_("One issued invoice as an electronic invoice: ubl, cii or facturae"),
)
def invoice_data(
    request: ApiRequest, id: Path[Key], syntax: Annotated[DataFile, one_of(DataFile)]
) -> ElectronicOut:
    found = get_object_or_404(request.auth.invoices().select_related("client", "corrects"), pk=id)
    xml = written(found, syntax, read_clock()).decode()
    return ElectronicOut(file_name=f"{found.number}-{syntax}.xml", xml=xml)


def invoice_with_lines(request: ApiRequest, pk: int) -> InvoiceWithLines:
    """A document that the reader may see, with all that stands on it."""
    charged = LineSegment.objects.select_related("segment__rating").order_by("pk")
    lines = InvoiceLine.objects.select_related("contract").prefetch_related(Prefetch("segments", charged))
    rows = request.auth.invoices().select_related("client", "corrects")
    row = get_object_or_404(rows.prefetch_related(Prefetch("lines", lines), "taxes", "payments"), pk=pk)
    return InvoiceWithLines(
        **invoice_out(row).model_dump(),
        lines=[*map(_line_out, row.lines.all())],
        taxes=[*map(_tax_out, row.taxes.all())],
        payments=[*map(payment_out, row.payments.all())],
    )


def invoice_out(row: Invoice) -> InvoiceOut:
    """A document as programs get it."""
    plain = (
        *("number", "issued_on", "due_on", "period_from", "period_until", "dated_at"),
        *("currency", "exchange_rate", "rate_on", "tax_currency"),
    )
    amounts = ("net", "tax", "total", "withheld", "payable", "paid", "credited", "written_off", "owed")
    return InvoiceOut(
        id=row.pk,
        kind=Invoice.Kind(row.kind),
        state=Invoice.State(row.state),
        client=row.client.code,
        corrects=row.corrects.number if row.corrects else None,
        home_total_minor=row.home_total,
        **{name: getattr(row, name) for name in plain},
        **{f"{name}_minor": getattr(row, name) for name in amounts},
    )


def _line_out(row: InvoiceLine) -> InvoiceLineOut:
    minutes = row.minutes
    time: dict[int, int] = {}
    for part in row.segments.all():
        entry = part.segment.rating.entry_id
        time[entry] = time.get(entry, 0) + part.amount
    return InvoiceLineOut(
        position=row.position,
        description=row.description,
        detail=row.detail,
        contract=row.contract.number if row.contract else None,
        minutes=None if minutes is None else Decimal(minutes.numerator) / Decimal(minutes.denominator),
        kind=InvoiceLine.Kind(row.kind),
        units=row.units,
        unit=row.unit_name,
        price=row.price,
        discount_minor=row.discount,
        amount_minor=row.amount,
        tax_code=row.tax_code,
        tax_percent=row.tax_percent,
        time=[ChargedTime(time_entry=entry, amount_minor=amount) for entry, amount in time.items()],
    )


def _tax_out(row: TaxLine) -> TaxOut:
    return TaxOut(
        code=row.tax_code,
        name=row.name,
        category=row.category,
        percent=row.percent,
        base_minor=row.base,
        amount_minor=row.amount,
        reason=row.reason,
        surcharge_percent=row.surcharge_percent,
        surcharge_minor=row.surcharge,
        home_base_minor=row.home_base,
        home_amount_minor=row.home_amount,
        home_surcharge_minor=row.home_surcharge,
    )


def payment_out(row: Payment) -> PaymentOut:
    """A payment as programs get it."""
    return PaymentOut(
        id=row.pk,
        received_on=row.received_on,
        kind=Payment.Kind(row.kind),
        amount_minor=row.amount,
        method=row.method,
        reference=row.reference,
        exchange_rate=row.exchange_rate,
        exchange_difference_minor=row.exchange_difference,
    )
