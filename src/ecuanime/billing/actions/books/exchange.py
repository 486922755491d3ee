"""Noting what other currencies are worth."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.access import may_set_taxes
from ecuanime.billing.actions.common import locked_issued, require_biller
from ecuanime.billing.actions.money.payments import refuse_rate
from ecuanime.billing.models import ExchangeRate, Invoice
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import the_firm


@transaction.atomic
def note_exchange_rate(*, currency: str, on: date, rate: Decimal, by: User, now: datetime) -> ExchangeRate:
    """Keep the rate of a day: units of the firm's currency for one of another. What was booked before stays.

    Refused: `not_allowed`, `no_currency` (the firm's own, or no ISO code), `no_rate` (not above zero).
    """
    if not may_set_taxes(by):
        raise Refused("not_allowed", _("Only billing clerks and administrators note rates. Ask one of them."))
    code = currency.strip().upper()
    if len(code) != 3 or not (code.isascii() and code.isalpha()) or code == the_firm().currency:
        raise Refused("no_currency", _("Give the three letters of another currency, as in USD."))
    refuse_rate(rate)
    noted, _is_new = ExchangeRate.objects.update_or_create(
        currency=code, on=on, defaults={"rate": rate, "noted_by": by, "noted_at": now}
    )
    record("exchange_rate_noted", noted, now=now, currency=code, on=on, rate=rate)
    return noted


@transaction.atomic
def note_rate_of_document(*, invoice: Invoice, rate: Decimal, by: User, now: datetime) -> Invoice:
    """Say at which rate a document in another currency is booked, while nothing was paid on it.

    Refused: `not_allowed`, `not_issued`, `own_currency`, `no_rate`, `paid`.
    """
    require_biller(by)
    issued = locked_issued(invoice)
    if issued.currency == the_firm().currency:
        raise Refused("own_currency", _("It is in your firm's own currency."))
    refuse_rate(rate)
    if issued.payments.exists() or issued.corrections.exists():
        raise Refused(
            "paid", _("Something was paid or credited on it, so that its rate stays. Take that back first.")
        )
    issued.exchange_rate = rate
    issued.save(update_fields=["exchange_rate"])
    record("rate_of_document_noted", issued, now=now, number=issued.number, rate=rate)
    return issued
