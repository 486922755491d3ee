"""The rate that a received invoice in another currency is stated at: given, and taken back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.books.closing import refuse_closed_change
from ecuanime.billing.actions.books.exchange import refuse_unfit_rate
from ecuanime.billing.actions.common import LONGEST_REASON, require_biller
from ecuanime.billing.books.exchange import DayRate, bear_rate, borne_by, tax_currency_of
from ecuanime.billing.books.received import (
    STATED_FIELDS,
    corrections_of,
    says_it_all,
    state_received,
    waits_for_rate,
)
from ecuanime.billing.models import RateSource, ReceivedInvoice
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import the_firm, today_at_firm


@transaction.atomic
def note_rate_of_received(
    *,
    received: ReceivedInvoice,
    rate: Decimal,
    by: User,
    now: datetime,
    on: date | None = None,
    source: str = RateSource.OTHER,
) -> ReceivedInvoice:
    """Say at which rate a received invoice is stated in the currency that taxes are paid in, and state it, once.

    The rate is of a day, that its tax falls due if none is said. Corrections of it that waited are stated too.
    Refused: `not_allowed`, `own_currency`, `stated`, `no_rate`, `no_source`, `future`.
    """
    require_biller(by)
    row = locked_received(received)
    home = tax_currency_of(the_firm())
    if row.currency == home:
        raise Refused("own_currency", _("It is in the currency that your taxes are paid in."))
    if row.home_total is not None:
        raise Refused("stated", _("It was stated at a rate already. Take that rate back first."))
    refuse_unfit_rate(rate, home, source)
    day = on or row.due_day
    if day > today_at_firm(now):
        raise Refused("future", _("A rate is of today or of an earlier day."))
    state_with_corrections(row, DayRate(rate, day, source), home)
    record("rate_of_received_noted", row, now=now, number=row.number, rate=rate, on=day, source=source)
    return row


@transaction.atomic
def take_back_rate_of_received(
    *, received: ReceivedInvoice, reason: str, by: User, now: datetime
) -> ReceivedInvoice:
    """Take the rate of a received invoice back, with what it was stated as: it waits for another then.

    Refused: `not_allowed`, `not_stated`, `no_reason`, `corrected` (a correction goes by it), `closed_period`.
    """
    require_biller(by)
    row = locked_received(received)
    why = " ".join(reason.split())[:LONGEST_REASON]
    if row.home_total is None:
        raise Refused("not_stated", _("It bears no rate that could be taken back."))
    if not why:
        raise Refused("no_reason", _("Say why its rate is taken back."))
    refuse_corrected(row)
    refuse_closed_change(row.issued_on)
    before = borne_by(row)
    bear_rate(row, None)
    row.home_currency, row.home_total, row.home_withheld = "", None, None
    row.save(update_fields=STATED_FIELDS)
    row.taxes.update(home_base=None, home_amount=None)
    rate = before.rate if before else None
    record("rate_of_received_taken_back", row, now=now, number=row.number, rate=rate, reason=why)
    return row


def locked_received(received: ReceivedInvoice) -> ReceivedInvoice:
    """The received invoice as it stands, locked."""
    return ReceivedInvoice.objects.select_for_update(no_key=True).get(pk=received.pk)


def refuse_corrected(row: ReceivedInvoice) -> None:
    """Refused: `corrected` (a correction was stated at its rate)."""
    if corrections_of(row).filter(home_total__isnull=False).exists():
        raise Refused(
            "corrected", _("A correction goes by its rate. Take back the rate of the correction first.")
        )


def state_with_corrections(row: ReceivedInvoice, known: DayRate | None, home: str) -> None:
    """State a received invoice, and at its rate those corrections of it that came before and waited."""
    state_received(row, known, home)
    for each in corrections_of(row).select_for_update(no_key=True):
        if waits_for_rate(each, home) and (known is not None or says_it_all(each)):
            state_received(each, known, home)
