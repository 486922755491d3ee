"""What is between the firm and a client: money held, and every document and payment in the order of its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum

from ecuanime.billing.models import Invoice, Payment
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
    """A client's account in one currency between two days, both inclusive. A balance above zero is owed to the firm."""

    client: Client
    currency: str
    first: date
    last: date
    opening: int
    rows: tuple[AccountRow, ...]
    closing: int
    held: int


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


def statement_of(client: Client, *, currency: str, first: date, last: date) -> AccountStatement:
    """The account between two days, five queries whatever its length.

    Credit that was applied is no movement: it came in as money before.
    """
    documents = Invoice.objects.filter(client=client, currency=currency, state=Invoice.State.ISSUED)
    payments = Payment.objects.filter(client=client, currency=currency).exclude(kind=Payment.Kind.APPLIED)
    opening = _sum(documents.filter(issued_on__lt=first), "total")
    opening -= _sum(payments.filter(received_on__lt=first), "amount")
    rows, balance = [], opening
    for on, what, amount in _during(documents, payments, first, last):
        balance += amount
        rows.append(AccountRow(on, what, amount, balance))
    return AccountStatement(
        client=client,
        currency=currency,
        first=first,
        last=last,
        opening=opening,
        rows=tuple(rows),
        closing=balance,
        held=held_in(client, currency),
    )


def _during(
    documents: QuerySet[Invoice], payments: QuerySet[Payment], first: date, last: date
) -> list[tuple[date, Invoice | Payment, int]]:
    """What happened in these days, documents before payments of the same day."""
    issued = documents.filter(issued_on__range=(first, last)).select_related("corrects").order_by("pk")
    found: list[tuple[date, Invoice | Payment, int]] = [
        (row.issued_on, row, row.total) for row in issued if row.issued_on
    ]
    moved = payments.filter(received_on__range=(first, last)).select_related("invoice").order_by("pk")
    found += [(row.received_on, row, -row.amount) for row in moved]
    return sorted(found, key=lambda each: each[0])


def _sum(rows: QuerySet[Invoice] | QuerySet[Payment], field: str) -> int:
    total: int = rows.aggregate(sum=Sum(field))["sum"] or 0
    return total
