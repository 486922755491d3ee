"""What came through customs: their own document, filed with its tax, and the supplier's invoice of those goods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.books.closing import refuse_closed_change
from ecuanime.billing.actions.books.received import refuse_filed
from ecuanime.billing.actions.books.received_rates import locked_received
from ecuanime.billing.actions.common import require_biller
from ecuanime.billing.books.exchange import tax_currency_of
from ecuanime.billing.einvoice.reading.safe import LARGEST_FILE
from ecuanime.billing.models import ReceivedInvoice, ReceivedTax
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import store
from ecuanime.staff.queries import the_firm, today_at_firm

ROUNDINGS = 100
"""Customs round each item: so many minor units may a tax be from its rate on the sum."""


@dataclass(frozen=True)
class CustomsTax:
    """What customs charged at one rate, per cent, in minor units."""

    percent: Decimal
    base: int
    amount: int

    @property
    def is_its_rate(self) -> bool:
        """Whether the tax is its rate on its base, but for what is rounded."""
        return abs(Fraction(self.percent) * self.base / 100 - self.amount) <= ROUNDINGS


@transaction.atomic
def file_customs_document(
    *,
    content: bytes,
    number: str,
    supplier_name: str,
    supplier_tax_id: str,
    issued_on: date,
    taxes: Sequence[CustomsTax],
    is_deferred: bool,
    by: User,
    now: datetime,
    about: str = "",
) -> ReceivedInvoice:
    """File what customs charged on an import (in Spain the DUA) with its PDF, in the currency that taxes are paid in.

    `is_deferred` says that the tax was not paid at customs, but is with the declaration. The supplier's own invoice is
    filed by itself and marked by `mark_imported`.
    Refused: `not_allowed`, `no_number`, `no_name`, `no_tax_id`, `no_pdf`, `too_large`, `no_taxes`, `not_its_rate`,
    `future`, `already_filed`.
    """
    require_biller(by)
    plain = {
        "number": " ".join(number.split())[:60],
        "supplier_name": " ".join(supplier_name.split())[:200],
        "supplier_tax_id": "".join(supplier_tax_id.split()).upper()[:40],
    }
    _refuse_unnamed(plain)
    _refuse_no_document(content)
    _refuse_taxes(taxes)
    if issued_on > today_at_firm(now):
        raise Refused("future", _("That day is still to come."))
    file = store(content)
    known = ReceivedInvoice.objects.filter(file=file).first()
    if known is not None:
        refuse_filed(known)
    net, tax = sum(each.base for each in taxes), sum(each.amount for each in taxes)
    row, is_new = ReceivedInvoice.objects.get_or_create(
        supplier_tax_id=plain["supplier_tax_id"],
        number=plain["number"],
        issued_on=issued_on,
        defaults={
            "supplier_name": plain["supplier_name"],
            "currency": tax_currency_of(the_firm()),
            "net": net,
            "tax": tax,
            "total": net + tax,
            "about": " ".join(about.split())[:300],
            "customs": ReceivedInvoice.Customs.DEFERRED if is_deferred else ReceivedInvoice.Customs.PAID,
            "syntax": "dua",
            "file": file,
            "filed_at": now,
            "filed_by": by,
        },
    )
    if not is_new:
        refuse_filed(row)
    ReceivedTax.objects.bulk_create(
        ReceivedTax(invoice=row, category="S", percent=each.percent, base=each.base, amount=each.amount)
        for each in taxes
    )
    record("customs_document_filed", row, now=now, number=row.number, tax=tax, deferred=is_deferred)
    return row


@transaction.atomic
def mark_imported(
    *, received: ReceivedInvoice, is_imported: bool, by: User, now: datetime
) -> ReceivedInvoice:
    """Say whether a supplier's invoice is of goods that came through customs, which charge their tax; or take it back.

    Refused: `not_allowed`, `customs_document`, `taxed` (the supplier charged tax), `closed_period`.
    """
    require_biller(by)
    row = locked_received(received)
    if row.is_customs_document:
        raise Refused("customs_document", _("It is the customs document itself."))
    if is_imported and row.tax:
        raise Refused("taxed", _("The supplier charged tax on it, so that customs did not."))
    refuse_closed_change(row.issued_on)
    row.customs = ReceivedInvoice.Customs.GOODS if is_imported else ReceivedInvoice.Customs.NONE
    row.save(update_fields=["customs"])
    record("received_invoice_imported", row, now=now, number=row.number, imported=is_imported)
    return row


def _refuse_unnamed(plain: Mapping[str, str]) -> None:
    if not plain["number"]:
        raise Refused("no_number", _("Give the number of the customs document."))
    if not plain["supplier_name"]:
        raise Refused("no_name", _("Say who supplied the goods."))
    if not plain["supplier_tax_id"]:
        raise Refused("no_tax_id", _("Give the supplier's tax id in their country."))


def _refuse_no_document(content: bytes) -> None:
    if not content.startswith(b"%PDF"):
        raise Refused("no_pdf", _("The customs document is kept as a PDF."))
    if len(content) > LARGEST_FILE:
        raise Refused("too_large", _("The file is too large: 10 MB at most."))


def _refuse_taxes(taxes: Sequence[CustomsTax]) -> None:
    if not taxes or any(each.base <= 0 or each.amount < 0 for each in taxes):
        raise Refused("no_taxes", _("Give the base and the tax of each rate that customs charged."))
    for each in taxes:
        if not each.is_its_rate:
            raise Refused(
                "not_its_rate",
                _("The tax at %(percent)s %% is not that rate on its base.")
                % {"percent": f"{each.percent.normalize():f}"},
            )
