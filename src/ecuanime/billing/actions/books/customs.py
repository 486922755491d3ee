"""What came through customs: their own document, filed with its tax, and the supplier's invoice of those goods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.books.closing import refuse_closed_change
from ecuanime.billing.actions.books.received_rates import locked_received
from ecuanime.billing.actions.books.typed import TypedTax, file_paper
from ecuanime.billing.actions.common import require_biller
from ecuanime.billing.books.exchange import tax_currency_of
from ecuanime.billing.models import TYPED_AT_CUSTOMS, ReceivedInvoice
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import the_firm

ROUNDINGS = 100
"""Customs round each item: so many minor units may a tax be from its rate on the sum."""


@transaction.atomic
def file_customs_document(
    *,
    content: bytes,
    number: str,
    supplier_name: str,
    supplier_tax_id: str,
    issued_on: date,
    taxes: Sequence[TypedTax],
    is_deferred: bool,
    by: User,
    now: datetime,
    about: str = "",
) -> ReceivedInvoice:
    """File what customs charged on an import (in Spain the DUA) with its paper, in the currency that taxes are paid in.

    `is_deferred` says that the tax was not paid at customs, but is with the declaration. The supplier's own invoice is
    filed by itself and marked by `mark_imported`.
    Refused: `not_allowed`, `no_taxes`, `not_its_rate`, and as `file_paper`.
    """
    require_biller(by)
    if not taxes or any(each.base <= 0 or each.amount < 0 for each in taxes):
        raise Refused("no_taxes", _("Give the base and the tax of each rate that customs charged."))
    for each in taxes:
        each.refuse_other_than_its_rate(ROUNDINGS)
    row = file_paper(
        content=content,
        facts={
            "number": number,
            "supplier_name": supplier_name,
            "supplier_tax_id": supplier_tax_id,
            "issued_on": issued_on,
            "currency": tax_currency_of(the_firm()),
            "about": about,
            "customs": ReceivedInvoice.Customs.DEFERRED if is_deferred else ReceivedInvoice.Customs.PAID,
            "syntax": TYPED_AT_CUSTOMS,
        },
        taxes=taxes,
        by=by,
        now=now,
    )
    record("customs_document_filed", row, now=now, number=row.number, tax=row.tax, deferred=is_deferred)
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
