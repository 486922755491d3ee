"""Noting what other currencies are worth."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.access import may_keep_books
from ecuanime.billing.actions.common import locked_invoice, require, require_biller
from ecuanime.billing.actions.money.payments import refuse_rate
from ecuanime.billing.books.exchange import DayRate, bear_rate, home_currencies
from ecuanime.billing.models import ExchangeRate, Invoice, RateSource
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.staff.countries import is_currency
from ecuanime.staff.queries import the_firm, today_at_firm

PESOS, MOST_DECIMALS_IN_PESOS = "MXN", 6
"""TipoCambio of a CFDI has no more (Anexo 20)."""


@transaction.atomic
def note_exchange_rate(
    *,
    currency: str,
    on: date,
    rate: Decimal,
    by: User,
    now: datetime,
    home: str = "",
    source: str = RateSource.OTHER,
) -> ExchangeRate:
    """Keep the rate of a day: units of `home` for one of another currency. What was booked before stays.

    An empty `home` is the firm's currency; noted again for the same day, the later one holds.
    Refused: `not_allowed`, `no_home` (neither the firm's nor its country's), `no_currency` (home itself, or no
    currency), `no_rate` (not above zero), `no_source`.
    """
    require(may_keep_books(by), _("Only billing clerks and administrators note rates. Ask one of them."))
    firm = the_firm()
    home, code = home or firm.currency, currency.strip().upper()
    if home not in home_currencies(firm):
        raise Refused("no_home", _("Rates are noted in your firm's currency, or in that of its country."))
    if not is_currency(code) or code == home:
        raise Refused("no_currency", _("Give the three letters of another currency, as in USD."))
    refuse_unfit_rate(rate, home, source)
    noted, _is_new = ExchangeRate.objects.update_or_create(
        currency=code,
        home=home,
        on=on,
        defaults={"rate": rate, "source": source, "noted_by": by, "noted_at": now},
    )
    record("exchange_rate_noted", noted, now=now, currency=code, home=home, on=on, rate=rate, source=source)
    return noted


@transaction.atomic
def note_rate_of_document(
    *,
    invoice: Invoice,
    rate: Decimal | None,
    by: User,
    now: datetime,
    on: date | None = None,
    source: str = RateSource.OTHER,
) -> Invoice:
    """Say at which rate a document in another currency is booked, while it is a draft or nothing was paid on it.

    The rate is of a day, that of the document if none is said. None takes a draft's own rate away again, so that the
    one noted for its day holds.
    Refused: `not_allowed`, `own_currency`, `no_rate`, `no_source`, `future`, `paid`, `stated` (its taxes were declared
    at its rate).
    """
    require_biller(by)
    found = locked_invoice(invoice)
    home = the_firm().currency
    if found.currency == home:
        raise Refused("own_currency", _("It is in your firm's own currency."))
    if rate is None and not found.is_draft:
        raise Refused("no_rate", _("An exchange rate is above zero."))
    refuse_unfit_rate(rate, home, source)
    if not found.is_draft:
        _refuse_settled(found)
    day = on or found.issued_on or today_at_firm(now)
    if day > today_at_firm(now):
        raise Refused("future", _("A rate is of today or of an earlier day."))
    bear_rate(found, None if rate is None else DayRate(rate, day, source))
    found.save(update_fields=["exchange_rate", "rate_on", "rate_source"])
    record("rate_of_document_noted", found, now=now, number=found.number, rate=rate, on=day, source=source)
    return found


def _refuse_settled(issued: Invoice) -> None:
    """Refused: `stated`, `paid`."""
    if issued.home_total is not None:
        raise Refused("stated", _("Its taxes were stated at the rate that it bears, so that its rate stays."))
    if issued.payments.exists() or issued.corrections.exists():
        raise Refused(
            "paid", _("Something was paid or credited on it, so that its rate stays. Take that back first.")
        )


def refuse_unfit_rate(rate: Decimal | None, home: str, source: str) -> None:
    """Refused: `no_rate` (not above zero, or finer than pesos go), `no_source`."""
    refuse_rate(rate)
    if rate is not None and home == PESOS and rate != round(rate, MOST_DECIMALS_IN_PESOS):
        raise Refused("no_rate", _("A rate in pesos has six decimals at most."))
    if source not in RateSource.values:
        raise Refused("no_source", _("Say who published the rate."))
