"""The journal for the firm's accountants: issued documents and money of some days, an entry for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ecuanime.billing.models import Invoice, InvoiceLine, JournalAccount, Payment
from ecuanime.clients.models import Client
from ecuanime.foundation.tables import Table
from ecuanime.rules.journal import (
    Entry,
    Move,
    Role,
    entry_of_document,
    entry_of_exchange,
    entry_of_payment,
)
from ecuanime.rules.money import currency_exponent
from ecuanime.staff.queries import the_firm

SPAIN = {
    Role.CLIENTS: "430",
    Role.HELD: "438",
    Role.BANK: "572",
    Role.CARD: "572",
    Role.CASH: "570",
    Role.SERVICES: "705",
    Role.GOODS: "700",
    Role.ADVANCES: "438",
    Role.TAX: "477",
    Role.WITHHELD: "473",
    Role.LOST: "650",
    Role.RATE_GAIN: "768",
    Role.RATE_LOSS: "668",
}
"""Where a Spanish firm has named no other: Plan General de Contabilidad (RD 1514/2007)."""
_SALES = {
    InvoiceLine.Kind.GOODS: Role.GOODS,
    InvoiceLine.Kind.ADVANCE: Role.ADVANCES,
    InvoiceLine.Kind.DEDUCTED: Role.ADVANCES,
}
_MONEY = {Payment.Method.CARD: Role.CARD, Payment.Method.CASH: Role.CASH}
_MOVES = {Payment.Kind.APPLIED: Move.APPLIED, Payment.Kind.WRITE_OFF: Move.LOST}
_OUTSIDE = (Invoice.Kind.PRO_FORMA, Invoice.Kind.BROUGHT, Invoice.Kind.REPLACEMENT)


@dataclass(frozen=True)
class Booked:
    """An entry with what it is of."""

    on: date
    document: str
    about: str
    client: Client
    currency: str
    entry: Entry


def accounts() -> dict[Role, str]:
    """The account of each role; those that the firm has not named, and its country does not suggest, are left out."""
    usual = SPAIN if the_firm().country == "ES" else {}
    named = JournalAccount.objects.values_list("role", "account")
    return usual | {Role(role): account for role, account in named}


def entries_between(first: date, last: date) -> list[Booked]:
    """Every entry of some days, both inclusive: by day, documents before money. A constant number of queries.

    Pro-formas and what is paid on them are left out, as are invoices that were taken back as never issued; of those of
    a former program only the money that came here is in it. What restates simplified invoices books nothing again.
    """
    found = [*_documents(first, last), *_payments(first, last)]
    return sorted(found, key=lambda each: each.on)


def missing(entries: Sequence[Booked], named: dict[Role, str]) -> list[Role]:
    """The roles that entries write on and that have no account."""
    used = {posting.role for each in entries for posting in each.entry.postings}
    return [role for role in Role if role in used and role not in named]


def journal_table(entries: Sequence[Booked], named: dict[Role, str]) -> Table:
    """The journal as a file: a row for each posting, its entry numbered within the file, in major units."""
    columns = (
        pgettext("journal", "Entry"),
        _("Date"),
        _("Document"),
        _("Account"),
        _("Concept"),
        pgettext("journal", "Debit"),
        pgettext("journal", "Credit"),
        _("Currency"),
        _("Client"),
        _("Name"),
    )
    rows = [row for number, each in enumerate(entries, start=1) for row in _rows(number, each, named)]
    return Table(_("Journal"), columns, rows)


def _rows(
    number: int, booked: Booked, named: dict[Role, str]
) -> Iterator[tuple[int | str | date | Decimal, ...]]:
    exponent = currency_exponent(booked.currency)
    for posting in booked.entry.postings:
        yield (
            number,
            booked.on,
            booked.document,
            account_of(named[posting.role], booked.client),
            " · ".join(filter(None, [booked.about, posting.detail])),
            Decimal(posting.debit).scaleb(-exponent),
            Decimal(posting.credit).scaleb(-exponent),
            booked.currency,
            booked.client.code,
            booked.client.legal_name or booked.client.name,
        )


def account_of(account: str, client: Client) -> str:
    """An account, with the figures of the client's code where it asks for them."""
    return account.replace("{client}", re.sub(r"\D", "", client.code))


def _documents(first: date, last: date) -> Iterator[Booked]:
    rows = Invoice.objects.filter(
        state=Invoice.State.ISSUED, issued_on__range=(first, last), annulled_at__isnull=True, is_held=False
    ).exclude(kind__in=_OUTSIDE)
    related = rows.select_related("client").prefetch_related("lines", "taxes")
    for row in related.order_by("issued_on", "pk"):
        entry = entry_of_document(
            payable=row.payable,
            withheld=row.withheld,
            sales=[
                (_SALES.get(InvoiceLine.Kind(line.kind), Role.SERVICES), line.amount)
                for line in row.lines.all()
            ],
            taxes=[(tax.name, tax.amount + tax.surcharge) for tax in row.taxes.all()],
        )
        if entry.postings and row.issued_on is not None:
            about = str(row.get_kind_display())
            yield Booked(row.issued_on, row.number or "", about, row.client, row.currency, entry)


def _payments(first: date, last: date) -> Iterator[Booked]:
    rows = Payment.objects.filter(received_on__range=(first, last)).exclude(kind=Payment.Kind.BROUGHT)
    rows = rows.filter(Q(invoice__isnull=True) | ~Q(invoice__kind=Invoice.Kind.PRO_FORMA))
    home = the_firm().currency
    for row in rows.select_related("client", "invoice", "corrects").order_by("received_on", "pk"):
        of = row if row.corrects is None else row.corrects
        entry = entry_of_payment(
            _MOVES.get(Payment.Kind(of.kind), Move.MONEY),
            row.amount,
            money=_MONEY.get(Payment.Method(row.method), Role.BANK),
            on_document=row.invoice is not None,
        )
        if entry is not None:
            document = (row.invoice.number or "") if row.invoice else ""
            about = " · ".join(filter(None, [str(row.get_kind_display()), row.reference]))
            yield Booked(row.received_on, document, about, row.client, row.currency, entry)
        by_rate = entry_of_exchange(row.exchange_difference or 0, on_document=row.invoice is not None)
        if by_rate is not None:
            document = (row.invoice.number or "") if row.invoice else ""
            about = _("Exchange difference")
            yield Booked(row.received_on, document, about, row.client, home, by_rate)
