"""Bank statements: filed once, their entries noted as payments by a person, and all of it taken back the same way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_client, require_biller, require_reason
from ecuanime.billing.actions.money.corrections import correct_payment
from ecuanime.billing.actions.money.held import record_deposit
from ecuanime.billing.actions.money.payments import money_of, record_payment
from ecuanime.billing.bank.camt import read_camt
from ecuanime.billing.bank.table import Columns, read_table
from ecuanime.billing.bank.values import ReadEntry, UnreadableStatement, identified
from ecuanime.billing.models import (
    BankEntry,
    BankFile,
    BankFormat,
    BankMatch,
    CollectedInvoice,
    Invoice,
    Payment,
)
from ecuanime.clients.models import Client
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import store

State = BankEntry.State
_KEY = "bank:"


@dataclass(frozen=True)
class Filed:
    """A file that was read: how many of its entries are new, and how many other files had already."""

    file: BankFile
    new: int
    known: int


@transaction.atomic
def file_statement(*, content: bytes, by: User, now: datetime, columns: BankFormat | None = None) -> Filed:
    """Read a statement and keep its entries, each once: camt.053, or CSV when its columns are given.

    The same file again, or one that overlaps, adds what is new in it. Refused: `not_allowed`, `unreadable` (and why).
    """
    require_biller(by)
    name, entries = _read(content, columns)
    file, _is_new = BankFile.objects.get_or_create(
        file=store(content), format=name, defaults={"filed_at": now, "filed_by": by}
    )
    ours = _debits_of_ours(entries)
    BankEntry.objects.bulk_create(
        [_entry(file, identity, entry, ours, now) for identity, entry in identified(entries)],
        batch_size=500,
        ignore_conflicts=True,
    )
    new = BankEntry.objects.filter(file=file, filed_at=now).count()
    record("bank_statement_filed", file, now=now, format=name, new=new, known=len(entries) - new)
    return Filed(file, new, len(entries) - new)


@transaction.atomic
def match_entry(
    *,
    entry: BankEntry,
    parts: Sequence[tuple[Invoice, int]],
    left: int,
    by: User,
    now: datetime,
    rest_for: Client | None = None,
    received_on: date | None = None,
) -> list[Payment]:
    """Note what came as payments: `parts` of it on invoices, the rest held for a client when one is named.

    Money that went is noted as given back, in the same way: `parts` on the invoices that it was paid back of, the rest
    out of what is held. Parts are above zero both ways.

    `left` is what of it the person saw as not noted yet: two people never note the same money twice. What is neither
    on an invoice nor held stays to be matched. Amounts in minor units; dated on the day of the entry unless said.
    Refused: `not_allowed`, `changed`, `nothing_chosen`, `no_amount`, `above_entry`, `other_currency`, and as
    `record_payment` and `record_deposit`.
    """
    require_biller(by)
    sign, waits = (1, State.TO_MATCH) if left > 0 else (-1, State.OUT)
    found = locked_waiting(entry, left, waits)
    rest = abs(left) - sum(amount for _invoice, amount in parts)
    _refuse_parts(found, parts, rest)
    owners = {invoice.client_id: invoice.client for invoice, _amount in parts}
    if rest_for is not None:
        owners[rest_for.pk] = rest_for
    for pk in sorted(owners):
        locked_client(owners[pk])
    day, noted = received_on or found.booked_on, _Noted(found, by, now)
    for invoice, amount in sorted(parts, key=lambda part: part[0].pk):
        noted.on_invoice(invoice, sign * amount, day)
    if rest_for is not None and rest:
        noted.held(rest_for, sign * rest, day)
    if not noted.payments:
        raise Refused("nothing_chosen", _("Choose at least one invoice, or the client whose money it is."))
    found.state = State.MATCHED if found.left == 0 else waits
    found.decided_by, found.decided_at = by, now
    found.save(update_fields=["matched", "state", "decided_by", "decided_at"])
    record("bank_entry_matched", found, now=now, amount=left - found.left, currency=found.currency)
    return noted.payments


@transaction.atomic
def undo_match(*, entry: BankEntry, reason: str, by: User, now: datetime) -> BankEntry:
    """Take back every payment that was noted from an entry, which waits again; without any it changes nothing.

    Refused: `not_allowed`, `no_reason`, `is_return` (what it took away is owed again), and as `correct_payment`.
    """
    require_biller(by)
    reason = require_reason(reason)
    found = _locked(entry)
    live = found.matches.filter(undone_at=None).select_related("payment__client")
    if found.amount < 0 and found.matched and not all(_is_refund(found, match) for match in live or [None]):
        raise Refused("is_return", _("A debit that came back stays so: collect its invoice again."))
    for match in live:
        correct_payment(payment=match.payment, reason=reason, by=by, now=now)
    found.refresh_from_db()
    return found


@transaction.atomic
def set_aside(*, entry: BankEntry, reason: str, by: User, now: datetime) -> BankEntry:
    """Say that money pays no invoice, and why; again it changes nothing.

    Refused: `not_allowed`, `no_reason`, `matched` (some of it is noted as a payment).
    """
    require_biller(by)
    reason = require_reason(reason)
    found = _locked(entry)
    if found.state == State.SET_ASIDE:
        return found
    if found.state != State.TO_MATCH or found.matched:
        raise Refused("matched", _("Some of this money is noted as a payment. Take that back first."))
    return _decided(found, State.SET_ASIDE, reason, by, now)


@transaction.atomic
def take_up_again(*, entry: BankEntry, by: User, now: datetime) -> BankEntry:
    """Let money that was set aside wait again; any other is left as it is. Refused: `not_allowed`."""
    require_biller(by)
    found = _locked(entry)
    return found if found.state != State.SET_ASIDE else _decided(found, State.TO_MATCH, "", by, now)


def _is_refund(entry: BankEntry, match: BankMatch | None) -> bool:
    """Whether a payment was noted from money that was given back, rather than from a debit that the bank took away."""
    return match is not None and match.payment.idempotency_key.startswith(f"{_KEY}{entry.pk}:")


class _Noted:
    """The payments that are noted from an entry, one after the other: all bear its bank reference, numbered."""

    def __init__(self, entry: BankEntry, by: User, now: datetime) -> None:
        self.entry, self.by, self.now = entry, by, now
        self.payments: list[Payment] = []
        self._count = entry.matches.count()

    def on_invoice(self, invoice: Invoice, amount: int, day: date) -> None:
        """A part on an invoice."""
        self._keep(record_payment(invoice=invoice, amount=amount, **self._facts(day)), amount)

    def held(self, client: Client, amount: int, day: date) -> None:
        """The rest, held for a client."""
        currency = self.entry.currency
        payment = record_deposit(client=client, currency=currency, amount=amount, **self._facts(day))
        self._keep(payment, amount)

    def _facts(self, day: date) -> dict[str, Any]:
        place, reference = self._count + len(self.payments), self.entry.bank_reference
        if reference and place:
            reference = f"{reference} · {place + 1}"
        key = f"{_KEY}{self.entry.pk}:{place}"
        return {
            "received_on": day,
            "by": self.by,
            "now": self.now,
            "reference": reference,
            "idempotency_key": key,
        }

    def _keep(self, payment: Payment, amount: int) -> None:
        BankMatch.objects.create(entry=self.entry, payment=payment, amount=amount)
        self.entry.matched += amount
        self.payments.append(payment)


def _read(content: bytes, columns: BankFormat | None) -> tuple[str, list[ReadEntry]]:
    try:
        if columns is None:
            return read_camt(content)
        return columns.name, read_table(content, columns_of(columns))
    except UnreadableStatement as error:
        raise Refused("unreadable", _why(error)) from error


def columns_of(kept: BankFormat) -> Columns:
    """The columns that were named for an account."""
    return Columns(
        account=kept.account,
        currency=kept.currency,
        separator=kept.separator,
        decimal_mark=kept.decimal_mark,
        date_format=kept.date_format,
        day=kept.day_column,
        amount=kept.amount_column,
        out=kept.out_column,
        text=kept.text_column,
        party_name=kept.name_column,
        party_account=kept.account_column,
        bank_reference=kept.reference_column,
    )


def _why(error: UnreadableStatement) -> str:
    return {
        "too_large": _("The file is too large: 5 MB at most."),
        "hostile": _("The file has a document type, which no statement has. It was not read."),
        "unknown_format": _("This is no camt.053 of version 2 or 8. For a CSV, choose its columns too."),
        "incomplete": _("An entry lacks its account, day or amount. Ask the bank for the file again."),
        "too_many": _("The file has too many entries: 20,000 at most. Ask the bank for fewer days."),
        "no_header": _("No row of the file names the columns that were chosen. Look at their names."),
        "wrong_day": _("Row %(row)s: the day is not written as those columns say. Nothing was kept."),
        "wrong_amount": _("Row %(row)s: the amount is not written as those columns say. Nothing was kept."),
    }[error.code] % {"row": error.row}


def _debits_of_ours(entries: Sequence[ReadEntry]) -> set[str]:
    """The end-to-end references of money that went by which the firm collected."""
    went = {each.end_to_end for each in entries if each.amount < 0} - {""}
    return set(CollectedInvoice.objects.filter(end_to_end__in=went).values_list("end_to_end", flat=True))


def _entry(file: BankFile, identity: str, read: ReadEntry, ours: set[str], now: datetime) -> BankEntry:
    facts = dict(vars(read))
    waits = read.amount > 0 or read.return_code or read.end_to_end in ours
    state = State.TO_MATCH if waits else State.OUT
    return BankEntry(file=file, identity=identity, state=state, filed_at=now, **facts)


def _locked(entry: BankEntry) -> BankEntry:
    """The entry as it stands, locked: always before clients and invoices."""
    return BankEntry.objects.select_for_update(no_key=True).get(pk=entry.pk)


def locked_waiting(entry: BankEntry, left: int, waits: str = State.TO_MATCH) -> BankEntry:
    """The same, of which `left` still waits as the person saw it. Refused: `changed`."""
    found = _locked(entry)
    if (found.state, found.left) != (waits, left):
        raise Refused(
            "changed", _("Somebody decided on this money meanwhile. Nothing was noted; look again.")
        )
    return found


def _refuse_parts(entry: BankEntry, parts: Sequence[tuple[Invoice, int]], rest: int) -> None:
    if any(amount <= 0 for _invoice, amount in parts):
        raise Refused("no_amount", _("Give an amount above zero for each invoice."))
    if rest < 0:
        raise Refused(
            "above_entry",
            _("That is more than there is: %(left)s are left of this money.")
            % {"left": money_of(abs(entry.left), entry.currency)},
        )
    if any(invoice.currency != entry.currency for invoice, _amount in parts):
        raise Refused(
            "other_currency",
            _("That invoice is in another currency than the money. Note the payment on the invoice by hand."),
        )


def _decided(entry: BankEntry, state: str, reason: str, by: User, now: datetime) -> BankEntry:
    entry.state, entry.set_aside_reason = state, reason
    entry.decided_by, entry.decided_at = by, now
    entry.save(update_fields=["state", "set_aside_reason", "decided_by", "decided_at"])
    record("bank_entry_decided", entry, now=now, state=state, reason=reason)
    return entry
