"""Invoices drafted from approved work, changed while they are drafts, issued, credited and paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Field, Path, Schema

from ecuanime.api.invoices import InvoiceWithLines, PaymentOut, invoice_with_lines, payment_out, router
from ecuanime.api.lists import Code, Key, Moment, one_of
from ecuanime.api.reader import ApiRequest, Reader
from ecuanime.api.writing import Given, Minor, left_out, line, writes
from ecuanime.billing.access import may_bill
from ecuanime.billing.actions import (
    add_line,
    credit_invoice,
    discard_draft,
    discount_time,
    hand_over,
    issue_invoice,
    note_elsewhere,
    record_payment,
    remove_line,
    run_invoices,
)
from ecuanime.billing.books.handing import handed_over
from ecuanime.billing.models import BY_HAND, Invoice, InvoiceLine, Payment, TaxRate
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused

Amount = Annotated[Decimal, Field(max_digits=14, decimal_places=6)]
ExchangeRate = Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=8)]
MethodWord = Annotated[Payment.Method, one_of(Payment.Method)]


class RunIn(Given):
    """The approved work that is to be drafted."""

    up_to: date = Field(description=gettext_noop("work done until this day"))


class RunOut(Schema):
    """A run: a job drafts client by client, and the drafts are listed among the invoices."""

    id: int
    up_to: date
    clients: int = Field(description=gettext_noop("how many have something to be billed"))
    started_at: Moment


class LineIn(Given):
    """A line added by hand to a draft."""

    description: Annotated[str, line(300)]
    units: Amount
    price: Amount = Field(description=gettext_noop("per unit"))
    kind: Annotated[str, Field(json_schema_extra={"enum": sorted(BY_HAND)})] = left_out(
        gettext_noop("service, goods or expense")
    )
    unit_name: Annotated[str, line(20)] = left_out()
    tax: Code = left_out(gettext_noop("a tax rate's code; left out: as the rest of the draft"))
    discount_percent: Amount = left_out()
    discount_amount: Minor = left_out(gettext_noop("in minor units"))


class DiscountIn(Given):
    """What is taken off a line of time: one of the two; neither, and nothing is."""

    percent: Amount = left_out()
    amount: Minor = left_out(gettext_noop("in minor units"))


class CreditIn(Given):
    """Why a document is cancelled."""

    reason: Annotated[str, line(300)]
    free_time: bool = Field(
        True, description=gettext_noop("its time goes back to review; false: it is billed anew")
    )


class PaymentIn(Given):
    """Money received; negative for money given back."""

    amount_minor: Minor = Field(description=gettext_noop("minor units of the currency: cents"))
    received_on: date
    method: MethodWord = left_out()
    reference: Annotated[str, line(120)] = left_out()
    exchange_rate: ExchangeRate = left_out(
        gettext_noop(
            "in another currency: units of the firm's for one of it; left out: the rate noted for the day"
        )
    )


def _bills(reader: Reader) -> bool:
    return may_bill(reader.user)


@writes(
    router,
    "POST",
    "/invoice-runs",
    RunOut,
    may=_bills,
    url_name="invoice_runs",
    summary=gettext_noop("Draft what is approved"),
    status=202,
)
def new_run(request: ApiRequest, given: RunIn) -> RunOut:
    run = run_invoices(up_to=given.up_to, by=request.auth.user, now=read_clock())
    return RunOut(id=run.pk, up_to=run.up_to, clients=run.clients_total, started_at=run.started_at)


@writes(
    router,
    "POST",
    "/invoices/{id}/lines",
    InvoiceWithLines,
    may=_bills,
    url_name="invoice_lines",
    summary=gettext_noop("Add a line to a draft"),
    status=201,
)
def new_line(request: ApiRequest, id: Path[Key], given: LineIn) -> InvoiceWithLines:
    wanted = given.changes()
    wanted |= _tax(wanted)
    add_line(invoice=_invoice(request, id), by=request.auth.user, now=read_clock(), **wanted)
    return invoice_with_lines(request, id)


@writes(
    router,
    "DELETE",
    "/invoices/{id}/lines/{position}",
    InvoiceWithLines,
    may=_bills,
    url_name="invoice_line",
    summary=gettext_noop("Take a line added by hand out of a draft"),
)
def drop_line(request: ApiRequest, id: Path[Key], position: Path[Key]) -> InvoiceWithLines:
    rows = InvoiceLine.objects.filter(invoice=_invoice(request, id)).select_related("invoice")
    remove_line(line=get_object_or_404(rows, position=position), by=request.auth.user, now=read_clock())
    return invoice_with_lines(request, id)


@writes(
    router,
    "PATCH",
    "/invoices/{id}/lines/{position}",
    InvoiceWithLines,
    may=_bills,
    url_name="invoice_line",
    summary=gettext_noop("Discount a line of time on a draft"),
)
def discount_line(
    request: ApiRequest, id: Path[Key], position: Path[Key], given: DiscountIn
) -> InvoiceWithLines:
    rows = InvoiceLine.objects.filter(invoice=_invoice(request, id)).select_related("invoice")
    line = get_object_or_404(rows, position=position)
    discount_time(line=line, by=request.auth.user, now=read_clock(), **given.changes())
    return invoice_with_lines(request, id)


@writes(
    router,
    "DELETE",
    "/invoices/{id}",
    None,
    may=_bills,
    url_name="invoice",
    summary=gettext_noop("Throw a draft away; its time can be billed again"),
    status=204,
)
def drop_draft(request: ApiRequest, id: Path[Key]) -> None:
    discard_draft(invoice=_invoice(request, id), by=request.auth.user, now=read_clock())


@writes(
    router,
    "POST",
    "/invoices/{id}/issue",
    InvoiceWithLines,
    may=_bills,
    url_name="invoice_issue",
    summary=gettext_noop("Issue a draft: it gets its number and never changes again"),
)
def issue_draft(request: ApiRequest, id: Path[Key]) -> InvoiceWithLines:
    issue_invoice(invoice=_invoice(request, id), by=request.auth.user, now=read_clock())
    return invoice_with_lines(request, id)


@writes(
    router,
    "POST",
    "/invoices/{id}/credit",
    InvoiceWithLines,
    may=_bills,
    url_name="invoice_credit",
    summary=gettext_noop("Cancel an issued document by a credit note, which is the answer"),
    status=201,
)
def cancel_invoice(request: ApiRequest, id: Path[Key], given: CreditIn) -> InvoiceWithLines:
    note = credit_invoice(
        invoice=_invoice(request, id), by=request.auth.user, now=read_clock(), **given.model_dump()
    )
    return invoice_with_lines(request, note.pk)


@writes(
    router,
    "POST",
    "/invoices/{id}/payments",
    PaymentOut,
    may=_bills,
    url_name="invoice_payments",
    summary=gettext_noop("Note money received"),
    status=201,
)
def new_payment(request: ApiRequest, id: Path[Key], given: PaymentIn) -> PaymentOut:
    wanted = given.changes()
    payment = record_payment(
        invoice=_invoice(request, id),
        amount=wanted.pop("amount_minor"),
        by=request.auth.user,
        idempotency_key=request.once,
        now=read_clock(),
        **wanted,
    )
    return payment_out(payment)


class HandOverIn(Given):
    """Which pro-formas are handed over to the program that issues the firm's invoices."""

    invoices: Annotated[list[Key], Field(min_length=1, max_length=500)] = Field(
        description=gettext_noop("the ids of issued pro-formas")
    )


class HandOverOut(Schema):
    """Pro-formas that were handed over together."""

    id: int
    made_at: Moment
    invoices: list[int]


class ElsewhereIn(Given):
    """The invoice that the other program issued of a pro-forma."""

    number: Annotated[str, line(60)]
    issued_on: date
    total_minor: Minor = Field(description=gettext_noop("minor units of the currency: cents"))


class ElsewhereOut(Schema):
    """A pro-forma that was handed over, and what the other program issued of it."""

    invoice: int
    hand_over: int
    number: str
    issued_on: date
    total_minor: int
    difference_minor: int = Field(description=gettext_noop("what it asks for more than the pro-forma"))


@writes(
    router,
    "POST",
    "/hand-overs",
    HandOverOut,
    may=_bills,
    url_name="hand_overs",
    summary=gettext_noop("Hand pro-formas over"),
    status=201,
)
def new_hand_over(request: ApiRequest, given: HandOverIn) -> HandOverOut:
    rows = [_invoice(request, pk) for pk in given.invoices]
    key = f"api:{request.auth.user.pk}:{request.headers['Idempotency-Key']}"[:100]
    made = hand_over(invoices=rows, by=request.auth.user, now=read_clock(), idempotency_key=key)
    return HandOverOut(
        id=made.pk, made_at=made.made_at, invoices=[item.invoice_id for item in made.items.order_by("pk")]
    )


@writes(
    router,
    "POST",
    "/invoices/{id}/elsewhere",
    ElsewhereOut,
    may=_bills,
    url_name="invoice_elsewhere",
    summary=gettext_noop("Note what the other program issued"),
    status=201,
)
def new_elsewhere(request: ApiRequest, id: Path[Key], given: ElsewhereIn) -> ElsewhereOut:
    item = handed_over(_invoice(request, id))
    if item is None:
        raise Refused("not_handed_over", _("It is not handed over, so no other program issues it."))
    noted = note_elsewhere(
        item=item,
        number=given.number,
        issued_on=given.issued_on,
        total=given.total_minor,
        by=request.auth.user,
        now=read_clock(),
    )
    return ElsewhereOut(
        invoice=noted.invoice_id,
        hand_over=noted.hand_over_id,
        number=noted.number,
        issued_on=given.issued_on,
        total_minor=given.total_minor,
        difference_minor=noted.difference,
    )


def _invoice(request: ApiRequest, pk: int) -> Invoice:
    return get_object_or_404(request.auth.invoices(), pk=pk)


def _tax(wanted: dict[str, Any]) -> dict[str, Any]:
    """The tax rate that a line names by its code, if it does; takes the code out of what was sent."""
    if "tax" not in wanted:
        return {}
    rate = TaxRate.objects.filter(code=wanted.pop("tax")).first()
    if rate is None:
        raise Refused("unknown_tax", _("There is no such tax rate."))
    return {"tax_rate": rate}
