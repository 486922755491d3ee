"""What is between the firm and a client: money held, and every document and payment in the order of its day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.expressions import CombinedExpression

from ecuanime.billing.books.exchange import differences_between
from ecuanime.billing.models import PAYABLE, Invoice, Payment
from ecuanime.clients.models import Client


@dataclass(frozen=True)
class AccountRow:
    """A document or a payment: its day, the minor units that are owed more or less by it, and the balance after."""

    on: date
    what: Invoice | Payment
    amount: int
    balance: int

    @property
    def invoice(self) -> Invoice | None:
        """The document, if it is one."""
        return self.what if isinstance(self.what, Invoice) else None

    @property
    def payment(self) -> Payment | None:
        """The payment, if it is one."""
        return self.what if isinstance(self.what, Payment) else None


@dataclass(frozen=True)
class AccountStatement:
    """A client's account in one currency between two days, both inclusive. A balance above zero is owed to the firm.

    `by_rates` is what exchange rates brought or cost in the firm's currency. `next` is the cursor of the page after
    this one; empty on the last, and where all of it was asked for.
    """

    client: Client
    currency: str
    first: date
    last: date
    opening: int
    rows: tuple[AccountRow, ...]
    closing: int
    held: int
    next: str = ""
    by_rates: int = 0


def held_money(client: Client) -> dict[str, int]:
    """What is held for a client and not applied yet, by currency, where there is any."""
    rows = Payment.objects.filter(client=client, invoice__isnull=True).order_by().values("currency")
    return {row["currency"]: row["sum"] for row in rows.annotate(sum=Sum("amount")) if row["sum"]}


def held_in(client: Client, currency: str) -> int:
    """The same in one currency, minor units."""
    return held_money(client).get(currency, 0)


def currencies_of(client: Client) -> list[str]:
    """The currencies of the client's documents and payments, their own first."""
    documents = Invoice.objects.filter(client=client, state=Invoice.State.ISSUED).order_by()
    used = set(documents.values_list("currency", flat=True).distinct())
    used |= set(
        Payment.objects.filter(client=client).order_by().values_list("currency", flat=True).distinct()
    )
    return [client.currency, *sorted(used - {client.currency})]


def statement_of(
    client: Client, *, currency: str, first: date, last: date, after: str = "", size: int | None = None
) -> AccountStatement:
    """The account between two days, all of it, or a page of it after the cursor that the page before gave.

    A constant number of queries, and of rows read with a `size`. Credit that was applied is no movement: it came in
    as money before; nor is what restates simplified invoices, which stand there themselves.
    """
    issued = Invoice.objects.filter(client=client, currency=currency, state=Invoice.State.ISSUED)
    documents = issued.filter(is_held=False).exclude(kind=Invoice.Kind.REPLACEMENT)
    payments = Payment.objects.filter(client=client, currency=currency).exclude(kind=Payment.Kind.APPLIED)
    both = _Moves(documents, payments)
    opening = both.before(first).total
    closing = opening + both.between(first, last).total
    during, balance = both.between(first, last), opening
    if (place := _read(after)) is not None:
        balance += during.up_to(place).total
        during = during.beyond(place)
    found, rows = during.in_order(size), []
    for on, what, amount in found[:size]:
        balance += amount
        rows.append(AccountRow(on, what, amount, balance))
    return AccountStatement(
        client=client,
        currency=currency,
        first=first,
        last=last,
        opening=opening,
        rows=tuple(rows),
        closing=closing,
        held=held_in(client, currency),
        next=_write(rows[-1]) if len(found) > len(rows) else "",
        by_rates=differences_between(client.pk, currency, first, last),
    )


@dataclass(frozen=True)
class _Place:
    """A row of an account: its day, whether it is a payment (they follow the documents of their day), and its id."""

    on: date
    is_payment: bool
    pk: int


@dataclass(frozen=True)
class _Moves:
    """Documents and payments of one account."""

    documents: QuerySet[Invoice]
    payments: QuerySet[Payment]

    @property
    def total(self) -> int:
        """What they come to: owed more, or less than zero."""
        return _sum(self.documents, PAYABLE) - _sum(self.payments, F("amount"))

    def before(self, day: date) -> _Moves:
        """Those before a day."""
        return _Moves(self.documents.filter(issued_on__lt=day), self.payments.filter(received_on__lt=day))

    def between(self, first: date, last: date) -> _Moves:
        """Those of some days."""
        days = (first, last)
        return _Moves(
            self.documents.filter(issued_on__range=days), self.payments.filter(received_on__range=days)
        )

    def up_to(self, place: _Place) -> _Moves:
        """Those up to a place, it included."""
        of_day = Q(issued_on=place.on) if place.is_payment else Q(issued_on=place.on, pk__lte=place.pk)
        paid = Q(received_on=place.on, pk__lte=place.pk) if place.is_payment else Q(pk__in=())
        return _Moves(
            self.documents.filter(Q(issued_on__lt=place.on) | of_day),
            self.payments.filter(Q(received_on__lt=place.on) | paid),
        )

    def beyond(self, place: _Place) -> _Moves:
        """Those after a place."""
        of_day = Q(pk__in=()) if place.is_payment else Q(issued_on=place.on, pk__gt=place.pk)
        paid = Q(received_on=place.on, pk__gt=place.pk) if place.is_payment else Q(received_on=place.on)
        return _Moves(
            self.documents.filter(Q(issued_on__gt=place.on) | of_day),
            self.payments.filter(Q(received_on__gt=place.on) | paid),
        )

    def in_order(self, size: int | None) -> list[tuple[date, Invoice | Payment, int]]:
        """The first of them, documents before payments of a day; one more than `size` shows that there are more."""
        most = None if size is None else size + 1
        issued = self.documents.select_related("corrects").order_by("issued_on", "pk")[:most]
        found: list[tuple[date, Invoice | Payment, int]] = [
            (row.issued_on, row, row.payable) for row in issued if row.issued_on
        ]
        moved = self.payments.select_related("invoice").order_by("received_on", "pk")[:most]
        found += [(row.received_on, row, -row.amount) for row in moved]
        return sorted(found, key=lambda each: each[0])[:most]


def _write(row: AccountRow) -> str:
    return f"{row.on.isoformat()}.{int(row.payment is not None)}.{row.what.pk}"


def _read(cursor: str) -> _Place | None:
    """The place that a cursor names; none for one that cannot be read, since it comes from an address."""
    parts = re.fullmatch(r"(\d{4}-\d\d-\d\d)\.([01])\.(\d{1,18})", cursor, re.ASCII)
    if parts is None:
        return None
    try:
        return _Place(date.fromisoformat(parts[1]), parts[2] == "1", int(parts[3]))
    except ValueError:
        return None


def _sum(rows: QuerySet[Invoice] | QuerySet[Payment], amount: F | CombinedExpression) -> int:
    total: int = rows.aggregate(sum=Sum(amount))["sum"] or 0
    return total
