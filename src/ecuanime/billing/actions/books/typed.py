"""What a person types of a supplier's paper, which no program reads: filed with the paper, and withdrawn when wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.books.closing import refuse_closed_change
from ecuanime.billing.actions.books.received import enter_received, refuse_filed
from ecuanime.billing.actions.books.received_rates import locked_received, refuse_corrected
from ecuanime.billing.actions.common import LONGEST_REASON, require_biller
from ecuanime.billing.actions.money.payments import money_of
from ecuanime.billing.einvoice.reading.safe import LARGEST_FILE
from ecuanime.billing.einvoice.reading.values import LONGEST_NAME, LONGEST_NUMBER
from ecuanime.billing.models import TYPED, ReceivedInvoice, ReceivedTax, WaitingPaper
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import forget, store
from ecuanime.foundation.media_types import media_type_of
from ecuanime.foundation.models import StoredFile
from ecuanime.staff.countries import is_country, is_currency
from ecuanime.staff.queries import today_at_firm
from ecuanime.staff.tax_ids import checked_tax_id

TAXED = "S"
CATEGORIES = (TAXED, "AE", "E", "O")
"""As electronic invoices write them (UNCL 5305): taxed, reversed, exempt, not subject."""
HIGHEST_PERCENT = 100
ROUNDINGS = 10
"""Suppliers may round each line: so many minor units may a tax be from its rate on the sum."""


@dataclass(frozen=True)
class TypedTax:
    """What a paper charges at one rate, per cent, in minor units; below zero on a credit note."""

    percent: Decimal
    base: int
    amount: int
    category: str = TAXED

    def refuse_other_than_its_rate(self, roundings: int) -> None:
        """Refused: `not_its_rate`, where the tax is more than that many minor units from its rate on its base."""
        if abs(Fraction(self.percent) * self.base / 100 - self.amount) > roundings:
            raise Refused(
                "not_its_rate",
                _("The tax at %(percent)s %% is not that rate on its base.")
                % {"percent": f"{self.percent.normalize():f}"},
            )


@transaction.atomic
def file_typed_invoice(
    *,
    content: bytes,
    number: str,
    supplier_name: str,
    supplier_tax_id: str,
    country: str,
    issued_on: date,
    currency: str,
    taxes: Sequence[TypedTax],
    to_pay: int,
    by: User,
    now: datetime,
    withheld: int = 0,
    due_on: date | None = None,
    accrued_on: date | None = None,
    is_credit_note: bool = False,
    corrects: str = "",
    about: str = "",
) -> ReceivedInvoice:
    """File a supplier's invoice as a person types it from its paper: a PDF, or a scan as PDF, JPEG or PNG.

    Amounts are in minor units of `currency`, a credit note's below zero; `to_pay` is what the paper asks for, bases
    and taxes less what is `withheld`. In another currency than taxes are paid in it is stated in that, or waits, as
    by `file_received`.
    Refused: `not_allowed`, `unknown_country`, `bad_tax_id`, `unknown_currency`, `no_taxes`, `bad_category`,
    `bad_percent`, `not_its_rate`, `untaxed` (a tax where none is charged), `bad_sum`, `below_zero`, `above_zero`,
    `bad_withheld`, and as `file_paper`.
    """
    require_biller(by)
    if not is_currency(currency):
        raise Refused(
            "unknown_currency", _("There is no such currency. Use its three letters, as in EUR or MXN.")
        )
    _refuse_taxes(taxes)
    total = sum(each.base + each.amount for each in taxes)
    _refuse_sum(total, withheld, to_pay, currency)
    _refuse_sign(total, is_credit_note)
    row = file_paper(
        content=content,
        facts={
            "number": number,
            "supplier_name": supplier_name,
            "supplier_tax_id": _tax_id(country, supplier_tax_id),
            "issued_on": issued_on,
            "due_on": due_on,
            "accrued_on": accrued_on,
            "currency": currency,
            "withheld": withheld,
            "is_credit_note": is_credit_note,
            "corrects": " ".join(corrects.split())[:LONGEST_NUMBER] if is_credit_note else "",
            "about": about,
            "syntax": TYPED,
        },
        taxes=taxes,
        by=by,
        now=now,
    )
    record(
        "received_invoice_typed",
        row,
        now=now,
        number=row.number,
        supplier=row.supplier_name,
        total=row.total,
        currency=currency,
        rate=row.exchange_rate,
    )
    return row


def file_paper(
    *, content: bytes, facts: Mapping[str, Any], taxes: Sequence[TypedTax], by: User, now: datetime
) -> ReceivedInvoice:
    """Write what was typed of a paper into the book, with the paper itself.

    Refused: `no_number`, `no_name`, `no_tax_id`, `no_paper` (neither PDF nor JPEG nor PNG), `too_large`, `future`,
    `already_filed`.
    """
    plain = {
        "number": " ".join(facts["number"].split())[:LONGEST_NUMBER],
        "supplier_name": " ".join(facts["supplier_name"].split())[:LONGEST_NAME],
        "supplier_tax_id": "".join(facts["supplier_tax_id"].split()).upper()[:40],
        "about": " ".join(facts["about"].split())[:300],
    }
    _refuse_unnamed(plain)
    _refuse_no_paper(content)
    if facts["issued_on"] > today_at_firm(now):
        raise Refused("future", _("That day is still to come."))
    file = _stored(content)
    net, tax = sum(each.base for each in taxes), sum(each.amount for each in taxes)
    sums = {"net": net, "tax": tax, "total": net + tax}
    WaitingPaper.objects.filter(file=file).delete()
    return enter_received(
        facts={**facts, **plain, **sums, "file": file, "filed_at": now, "filed_by": by},
        taxes=[
            ReceivedTax(category=each.category, percent=each.percent, base=each.base, amount=each.amount)
            for each in taxes
        ],
    )


@transaction.atomic
def keep_paper(*, content: bytes, name: str, by: User, now: datetime) -> WaitingPaper:
    """Keep a paper until a person has typed what it says, which files it; the same again gives the first one back.

    Refused: `not_allowed`, `no_paper`, `too_large`, `already_filed`.
    """
    require_biller(by)
    _refuse_no_paper(content)
    row, is_new = WaitingPaper.objects.get_or_create(
        file=_stored(content),
        defaults={"name": " ".join(name.split())[:200], "kept_at": now, "kept_by": by},
    )
    if is_new:
        record("paper_kept", row, now=now, name=row.name, file=row.file_id)
    return row


@transaction.atomic
def discard_paper(*, paper: WaitingPaper, by: User, now: datetime) -> None:
    """Forget a paper that nobody is to type, with its file; one that waits no more is left. Refused: `not_allowed`."""
    require_biller(by)
    row = WaitingPaper.objects.select_for_update().filter(pk=paper.pk).first()
    if row is None:
        return
    record("paper_discarded", row, now=now, name=row.name, file=row.file_id)
    file = row.file
    row.delete()
    forget(file)


@transaction.atomic
def withdraw_received(*, received: ReceivedInvoice, reason: str, by: User, now: datetime) -> None:
    """Take what was typed wrongly out of the book, with its paper: the audit trail keeps what it said and why.

    It can be filed again. What a file said itself stays as it is.
    Refused: `not_allowed`, `not_typed`, `no_reason`, `already_charged`, `corrected` (a correction goes by its rate),
    `closed_period`.
    """
    require_biller(by)
    row = locked_received(received)
    why = " ".join(reason.split())[:LONGEST_REASON]
    if not row.is_typed:
        raise Refused("not_typed", _("It says what its file says. Only what was typed can be wrong here."))
    if not why:
        raise Refused("no_reason", _("Say why it is withdrawn."))
    if row.line_id is not None:
        raise Refused(
            "already_charged",
            _("It is charged to a client. Take it off the draft first, if it is not issued."),
        )
    refuse_corrected(row)
    refuse_closed_change(row.issued_on)
    record(
        "received_invoice_withdrawn",
        row,
        now=now,
        number=row.number,
        supplier=row.supplier_name,
        tax_id=row.supplier_tax_id,
        issued_on=row.issued_on,
        total=row.total,
        currency=row.currency,
        file=row.file_id,
        reason=why,
    )
    file = row.file
    row.delete()
    forget(file)


def _stored(content: bytes) -> StoredFile:
    """The paper's file, kept. Refused: `already_filed`."""
    file = store(content)
    known = ReceivedInvoice.objects.filter(file=file).first()
    if known is not None:
        refuse_filed(known)
    return file


def _tax_id(country: str, tax_id: str) -> str:
    """The supplier's tax id as their country writes it: where a supplier is, is told by it."""
    if not is_country(country):
        raise Refused("unknown_country", _("There is no such country. Choose one of the list."))
    try:
        return checked_tax_id(country, tax_id)
    except Refused as refusal:
        raise Refused(
            "bad_tax_id", _("No tax id of that country is written like that. Compare it with the paper.")
        ) from refusal


def _refuse_unnamed(plain: Mapping[str, str]) -> None:
    if not plain["number"]:
        raise Refused("no_number", _("Give the number that the paper has."))
    if not plain["supplier_name"]:
        raise Refused("no_name", _("Say who the supplier is."))
    if not plain["supplier_tax_id"]:
        raise Refused("no_tax_id", _("Give the supplier's tax id in their country."))


def _refuse_no_paper(content: bytes) -> None:
    if media_type_of(content) is None:
        raise Refused("no_paper", _("This file is no PDF, JPEG or PNG, whatever its name says."))
    if len(content) > LARGEST_FILE:
        raise Refused("too_large", _("The file is too large: 10 MB at most."))


def _refuse_taxes(taxes: Sequence[TypedTax]) -> None:
    if not taxes or not all(each.base for each in taxes):
        raise Refused("no_taxes", _("Give the base and the tax of each rate."))
    for each in taxes:
        if each.category not in CATEGORIES:
            raise Refused("bad_category", _("A base is taxed, reversed, exempt or not subject."))
        if each.category != TAXED and (each.percent or each.amount):
            raise Refused(
                "untaxed", _("What is exempt, not subject or reversed bears neither rate nor amount.")
            )
        if each.category == TAXED and not 0 < each.percent <= HIGHEST_PERCENT:
            raise Refused("bad_percent", _("What is taxed has its rate, above 0 % and at most 100 %."))
        each.refuse_other_than_its_rate(ROUNDINGS)


def _refuse_sum(total: int, withheld: int, to_pay: int, currency: str) -> None:
    if not 0 <= withheld * total <= total * total:
        raise Refused("bad_withheld", _("What is withheld is a part of the total."))
    if total - withheld != to_pay:
        raise Refused(
            "bad_sum",
            _(
                "Bases and taxes, less what is withheld, come to %(sum)s, and the total was typed as %(to_pay)s. One "
                "of the figures is not what the paper says."
            )
            % {"sum": money_of(total - withheld, currency), "to_pay": money_of(to_pay, currency)},
        )


def _refuse_sign(total: int, is_credit_note: bool) -> None:
    if total < 0 and not is_credit_note:
        raise Refused("below_zero", _("It comes to less than zero: then it is a credit note."))
    if total > 0 and is_credit_note:
        raise Refused("above_zero", _("A credit note takes off, so that it comes to less than zero."))
