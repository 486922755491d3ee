"""What is left of an invoice given up as lost. It is no credit note: the document and its taxes stay as they are."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.access import may_keep_books
from ecuanime.billing.actions.books.closing import refuse_closed
from ecuanime.billing.actions.common import (
    locked_client,
    locked_issued,
    refuse_cancelling,
    refuse_held,
    require,
    require_reason,
)
from ecuanime.billing.actions.money.payments import keep, refuse_future
from ecuanime.billing.models import Invoice, Payment
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import today_at_firm


@transaction.atomic
def write_off(
    *, invoice: Invoice, owed: int, written_on: date, reason: str, by: User, now: datetime
) -> Payment:
    """Give up as lost all that an invoice still owes, so that it is neither asked for nor reminded of any more.

    `owed` is what the person saw as owed, minor units: what was paid meanwhile is not given up.
    Refused: `not_allowed`, `no_reason`, `not_issued`, `held`, `cancelling`, `nothing_owed`, `changed`, `future`,
    `closed_period`.
    """
    _require(by)
    reason = require_reason(reason)
    locked_client(invoice.client)
    issued = locked_issued(invoice)
    refuse_held(issued)
    refuse_cancelling(issued)
    if issued.owed <= 0:
        raise Refused("nothing_owed", _("%(number)s owes nothing any more.") % {"number": issued.number})
    if issued.owed != owed:
        raise Refused(
            "changed", _("Another amount is owed by now. Nothing was written off; look at it again.")
        )
    refuse_future(written_on, now)
    count = issued.payments.filter(kind=Payment.Kind.WRITE_OFF).count()
    row = Payment(
        kind=Payment.Kind.WRITE_OFF,
        received_on=written_on,
        amount=owed,
        method=Payment.Method.OTHER,
        reference=reason[:120],
        idempotency_key=f"write-off:{issued.pk}:{count}",
    )
    return keep(row, issued, issued, by, now)


@transaction.atomic
def undo_write_off(*, written: Payment, reason: str, by: User, now: datetime) -> Payment:
    """Take a write-off back by its negative, dated today: the invoice owes it again. Again is a no-op.

    Refused: `not_allowed`, `no_reason`, `not_written_off`, `closed_period` (the days it is dated in are closed).
    """
    _require(by)
    reason = require_reason(reason)
    locked_client(written.client)
    if written.kind != Payment.Kind.WRITE_OFF or written.invoice is None:
        raise Refused("not_written_off", _("That is no write-off."))
    before = Payment.objects.filter(corrects=written).first()
    if before is not None:
        return before
    refuse_closed(written.received_on)
    negative = Payment(
        kind=Payment.Kind.CORRECTION,
        received_on=today_at_firm(now),
        amount=-written.amount,
        method=written.method,
        reference=reason[:120],
        corrects=written,
        idempotency_key=f"correction:{written.pk}",
    )
    return keep(negative, locked_issued(written.invoice), written, by, now)


def _require(by: User) -> None:
    whose = _("Only billing clerks and administrators write off what is owed. Ask one of them.")
    require(may_keep_books(by), whose)
