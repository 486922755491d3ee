"""Received invoices: filed as their file says, once, and charged again to a client, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NoReturn

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.books.received_rates import locked_received, state_with_corrections
from ecuanime.billing.actions.common import locked_draft, require_biller
from ecuanime.billing.actions.drafts.changes import add_line
from ecuanime.billing.books.exchange import DayRate, tax_currency_of
from ecuanime.billing.books.received import cost_in, rate_of_received, says_it_all
from ecuanime.billing.einvoice.reading import ReadInvoice, Unreadable, read_invoice
from ecuanime.billing.models import (
    SAID_BY_SUPPLIER,
    Invoice,
    InvoiceLine,
    ReceivedInvoice,
    ReceivedTax,
)
from ecuanime.contracts.models import Contract
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import store
from ecuanime.foundation.media_types import media_type_of
from ecuanime.rules.money import currency_exponent
from ecuanime.staff.queries import the_firm
from ecuanime.staff.tax_ids import with_country


@transaction.atomic
def file_received(*, content: bytes, by: User, now: datetime) -> ReceivedInvoice:
    """File a received electronic invoice with its file; the same file again gives the first one back.

    In another currency than taxes are paid in it is stated in that as it says itself, else at the rate that is known;
    without one it is filed all the same, and waits for it.
    Refused: `not_allowed`, `plain_paper` (a PDF or a scan without data, which a person types), `unreadable` (and why),
    `not_ours` (it names another buyer), `already_filed` (the same number of that supplier and day came with another
    file).
    """
    require_biller(by)
    read = _read(content)
    _refuse_others(read)
    file = store(content)
    known = ReceivedInvoice.objects.filter(file=file).first()
    if known is not None:
        return known
    home = tax_currency_of(the_firm())
    says_at_home = read.tax_currency == home != read.currency
    taxes = [
        ReceivedTax(
            category=each.category[:2],
            percent=each.rate,
            base=each.base,
            amount=each.amount,
            said_base=each.said_base if says_at_home else None,
            said_amount=each.said_amount if says_at_home else None,
        )
        for each in read.taxes
    ]
    row = enter_received(
        facts=_facts(read) | {"file": file, "filed_at": now, "filed_by": by},
        taxes=taxes,
        said=_said_rate(read) if says_at_home else None,
    )
    record(
        "received_invoice_filed",
        row,
        now=now,
        number=row.number,
        supplier=row.supplier_name,
        rate=row.exchange_rate,
    )
    return row


def enter_received(
    *, facts: Mapping[str, Any], taxes: Sequence[ReceivedTax], said: DayRate | None = None
) -> ReceivedInvoice:
    """Write a document into the book with its taxes, stated at home where the way is known; it waits otherwise.

    Refused: `already_filed` (a supplier at home is the same with their country's code before the tax id).
    """
    firm = the_firm()
    home, tax_id = tax_currency_of(firm), facts["supplier_tax_id"]
    same = (tax_id, with_country(firm.country, tax_id), tax_id.removeprefix(firm.country))
    once = {name: facts[name] for name in ("number", "issued_on")}
    known = ReceivedInvoice.objects.filter(supplier_tax_id__in=same, **once).first()
    if known is not None:
        refuse_filed(known)
    row, is_new = ReceivedInvoice.objects.get_or_create(supplier_tax_id=tax_id, **once, defaults=facts)
    if not is_new:
        refuse_filed(row)
    for each in taxes:
        each.invoice = row
    ReceivedTax.objects.bulk_create(taxes)
    if row.currency != home:
        _state(row, said, home)
    return row


def refuse_filed(row: ReceivedInvoice) -> NoReturn:
    """Refused: `already_filed`."""
    raise Refused(
        "already_filed",
        _("Invoice %(number)s of %(supplier)s is filed already.")
        % {"number": row.number, "supplier": row.supplier_name},
    )


def _state(row: ReceivedInvoice, said: DayRate | None, home: str) -> None:
    """State it at home where the way is known; it waits otherwise."""
    known = said or rate_of_received(row, home)
    if known is not None or says_it_all(row):
        state_with_corrections(row, known, home)


def _said_rate(read: ReadInvoice) -> DayRate | None:
    rate = read.proven_rate
    day = read.rate_on or read.accrued_on or read.issued_on
    return None if rate is None else DayRate(rate, day, SAID_BY_SUPPLIER)


@transaction.atomic
def charge_received(
    *, received: ReceivedInvoice, contract: Contract, draft: Invoice, by: User, now: datetime
) -> InvoiceLine:
    """Charge what a received invoice cost before tax to a contract's client, as an expense on one of their drafts.

    It is taxed as the rest of that draft. Once: until the draft is discarded or the line taken out, it is charged.
    One in another currency costs what its bases were stated as, where the draft is in the currency of that.
    Refused: `not_allowed`, `customs_document`, `already_charged`, `not_positive`, `not_theirs`, `other_currency`, and
    as `add_line`.
    """
    require_biller(by)
    row = locked_received(received)
    target = locked_draft(draft)
    cost = _cost(row, contract, target)
    words = _("%(supplier)s, invoice %(number)s") % {"supplier": row.supplier_name, "number": row.number}
    row.line = add_line(
        invoice=target,
        kind=InvoiceLine.Kind.EXPENSE,
        description=": ".join(filter(None, [row.about[:200], words])),
        units=1,
        price=Decimal(cost).scaleb(-currency_exponent(target.currency)),
        by=by,
        now=now,
    )
    row.contract = contract
    row.save(update_fields=["line", "contract"])
    record("received_invoice_charged", row, now=now, number=row.number, contract=contract.number)
    return row.line


def _read(content: bytes) -> ReadInvoice:
    try:
        return read_invoice(content)
    except Unreadable as error:
        if _is_plain(content, error):
            raise Refused(
                "plain_paper", _("It carries no data that a program could read. File it by hand.")
            ) from error
        raise Refused("unreadable", _why(error.code)) from error


def _is_plain(content: bytes, error: Unreadable) -> bool:
    """Whether it is a picture, or a PDF that carries no invoice."""
    kind = media_type_of(content)
    return kind is not None and (kind != "application/pdf" or error.code == "no_data")


def _why(code: str) -> str:
    return {
        "too_large": _("The file is too large: 10 MB at most, and 5 MB of XML."),
        "hostile": _("The file has a document type, which no electronic invoice has. It was not read."),
        "no_data": _("This PDF carries no invoice data. Ask the supplier for the XML, or file it by hand."),
        "unknown_format": _("This is none of UBL, CII, Factur-X and Facturae."),
        "incomplete": _("It lacks what a book of invoices needs: number, day, currency, supplier or tax id."),
        "does_not_add_up": _("Its figures do not add up: bases and taxes are not the total that it says."),
    }[code]


def _refuse_others(read: ReadInvoice) -> None:
    """Its buyer is the firm, where it says who the buyer is and the firm says who it is."""
    firm = the_firm()
    ours = {firm.tax_id, with_country(firm.country, firm.tax_id)}
    if read.buyer_tax_id and firm.tax_id and read.buyer_tax_id.replace(" ", "").upper() not in ours:
        raise Refused(
            "not_ours",
            _("It is addressed to %(tax_id)s, and your firm is %(ours)s.")
            % {"tax_id": read.buyer_tax_id, "ours": firm.tax_id},
        )


def _facts(read: ReadInvoice) -> dict[str, object]:
    names = (
        "supplier_tax_id",
        "number",
        "issued_on",
        "due_on",
        "currency",
        "net",
        "tax",
        "total",
        "withheld",
        "is_credit_note",
        "accrued_on",
        "syntax",
    )
    return {name: getattr(read, name) for name in names} | {
        "supplier_name": read.supplier_name[:200],
        "about": read.about[:300],
        "corrects": read.corrects[:60] if read.is_credit_note else "",
    }


def _cost(row: ReceivedInvoice, contract: Contract, draft: Invoice) -> int:
    """What it cost before tax, in minor units of the draft's currency."""
    if row.is_customs_document:
        raise Refused(
            "customs_document",
            _("It is what customs charged, not what the goods cost. Charge the supplier's invoice."),
        )
    if row.line_id is not None:
        raise Refused("already_charged", _("It is charged to a client already."))
    if row.net <= 0:
        raise Refused("not_positive", _("There is nothing to charge: it comes to zero or less."))
    if contract.client_id != draft.client_id:
        raise Refused("not_theirs", _("That draft is of another client than the contract's."))
    cost = cost_in(row, draft.currency)
    if cost is None:
        raise Refused(
            "other_currency",
            _(
                "The draft is in %(currency)s, and what it cost was not stated in that. Give it its exchange rate if "
                "that is where your taxes are paid, or convert it and add the expense by hand."
            )
            % {"currency": draft.currency},
        )
    return cost
