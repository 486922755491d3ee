"""Closing accounting periods."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.access import may_keep_books
from ecuanime.billing.actions.common import require
from ecuanime.billing.books.closed import closed_from_now, closed_through
from ecuanime.billing.models import Closing
from ecuanime.foundation import formats
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import Firm
from ecuanime.staff.queries import today_at_firm


@transaction.atomic
def close_books(*, through: date, by: User, now: datetime, reason: str = "") -> Closing:
    """Close the accounting periods through a day, both documents and payments; an earlier day opens them again.

    Refused: `not_allowed`, `not_over` (the day is not over yet), `no_reason` (opening again says why).
    """
    require(may_keep_books(by), _("Only billing clerks and administrators close periods. Ask one of them."))
    if through >= today_at_firm(now):
        raise Refused("not_over", _("Only days that are over can be closed."))
    Firm.objects.select_for_update().get()  # whoever dates something now is done before the period closes
    before, why = closed_through(), " ".join(reason.split())[:300]
    if before is not None and through < before and not why:
        raise Refused("no_reason", _("Say why closed days are opened again."))
    closing = Closing.objects.create(through=through, reason=why, closed_by=by, closed_at=now)
    record("books_closed", closing, now=now, through=through, before=before, reason=why)
    return closing


def refuse_closed(day: date) -> None:
    """Refuse `closed_period` for a document or a payment that would be dated in a closed period."""
    _refuse(day, _("The books are closed through %(day)s, so nothing can be dated then. Choose a later day."))


def refuse_closed_change(day: date) -> None:
    """Refuse `closed_period` for a change of what a closed period says of a day."""
    _refuse(day, _("The books are closed through %(day)s, so what they say stays. Open them again first."))


def _refuse(day: date, words: str) -> None:
    closed = closed_from_now()
    if closed is not None and day <= closed:
        locale = formats.locale_for(get_language())
        raise Refused("closed_period", words % {"day": formats.long_date(closed, locale)})
