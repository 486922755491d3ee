"""Documents in dollars of a firm in euros: booked, paid and taken back at the rates of their days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ecuanime.accounts.models import Role as Office
from ecuanime.billing import actions
from ecuanime.billing.books.accounts import statement_of
from ecuanime.billing.books.exchange import known_rate
from ecuanime.billing.books.journal import accounts, entries_between
from ecuanime.billing.models import ExchangeRate, Invoice, Payment
from ecuanime.billing.packs.mx.mapping import rate_of
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.rules.journal import Role
from ecuanime.staff.models import Firm
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.rooms.billing.snapshots import refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db
TODAY = MONTH_END.date()
NOVEMBER = (date(2026, 11, 1), TODAY)


made_billing = made_once(make_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def note(billing: Billing, rate: str, on: date = date(2026, 11, 10)) -> None:
    actions.note_exchange_rate(currency="usd", on=on, rate=Decimal(rate), by=billing.clerk, now=MONTH_END)


def brought(billing: Billing, total: int = 10_000, number: str = "US-1") -> Invoice:
    """An invoice of a hundred dollars of the 12th of November."""
    return actions.bring_invoice(
        client=billing.client,
        number=number,
        issued_on=date(2026, 11, 12),
        due_on=date(2026, 11, 20),
        total=total,
        paid=0,
        currency="USD",
        by=billing.clerk,
        now=MONTH_END,
    )


def pay(billing: Billing, invoice: Invoice, amount: int, rate: str = "", **fields: Any) -> Payment:
    values = {"received_on": TODAY, "by": billing.clerk, "now": MONTH_END}
    values |= {"idempotency_key": f"pay-{Payment.objects.count()}"} | fields
    given = Decimal(rate) if rate else None
    return actions.record_payment(invoice=invoice, amount=amount, exchange_rate=given, **values)


def in_dollars(draft: Invoice) -> Invoice:
    """A draft whose amounts are dollars, as of a client who pays in them."""
    Invoice.objects.filter(pk=draft.pk).update(currency="USD")
    draft.refresh_from_db()
    return draft


def booked() -> list[dict[Role, int]]:
    """The entries in the firm's currency: of dollar documents these are the differences alone."""
    entries = [each for each in entries_between(*NOVEMBER) if each.currency == "EUR"]
    return [{each.role: each.amount for each in one.entry.postings} for one in entries]


def test_a_document_takes_the_rate_of_its_day_and_a_payment_that_of_its_own(billing: Billing) -> None:
    note(billing, "0.92")
    note(billing, "0.95", on=TODAY)
    invoice = brought(billing)

    payment = pay(billing, invoice, 10_000)

    invoice.refresh_from_db()
    assert (invoice.exchange_rate, payment.exchange_rate) == (Decimal("0.92"), Decimal("0.95"))
    assert (payment.home_value, payment.home_booked, payment.exchange_difference) == (9500, 9200, 300)
    assert (invoice.owed, invoice.currency) == (0, "USD")
    assert booked() == [{Role.CLIENTS: 300, Role.RATE_GAIN: -300}]
    Firm.objects.update(country="ES")
    assert (accounts()[Role.RATE_GAIN], accounts()[Role.RATE_LOSS]) == ("768", "668")
    statement = statement_of(billing.client, currency="USD", first=NOVEMBER[0], last=NOVEMBER[1])
    assert (statement.closing, statement.by_rates) == (0, 300)
    assert list(verify_invoices()) == []


def test_parts_come_to_the_whole_and_a_given_rate_holds(billing: Billing) -> None:
    note(billing, "0.925")
    invoice = brought(billing)

    parts = [pay(billing, invoice, each, "0.90") for each in (3333, 3333, 3334)]

    assert [each.home_booked for each in parts] == [3083, 3083, 3084]
    assert sum(each.exchange_difference or 0 for each in parts) == 9001 - 9250
    assert [each[Role.RATE_LOSS] for each in booked()] == [83, 83, 83]


def test_what_is_taken_back_takes_its_difference_along(billing: Billing) -> None:
    note(billing, "0.333")
    invoice = brought(billing)
    first = pay(billing, invoice, 1, "0.5")
    pay(billing, invoice, 1, "0.5")

    back = actions.correct_payment(payment=first, reason="mal", by=billing.clerk, now=MONTH_END)
    rest = pay(billing, invoice, 9999, "0.4")

    assert first.exchange_difference == -(back.exchange_difference or 0) != 0
    rows = Payment.objects.filter(invoice=invoice)
    assert sum(each.home_booked or 0 for each in rows) == 3330
    assert rest.home_value == 4000
    assert list(verify_invoices()) == []


def test_what_is_held_is_worth_what_it_came_at(billing: Billing) -> None:
    note(billing, "0.92")
    first, second = brought(billing), brought(billing, number="US-2")
    pay(billing, first, 15_000, "0.95", keep_rest=True)

    applied = actions.apply_held(invoice=second, by=billing.clerk, now=MONTH_END, idempotency_key="apply")
    given_back = Payment.objects.filter(invoice=None).latest("pk")

    assert (applied.amount, applied.home_value, applied.home_booked) == (5000, 4750, 4600)
    assert (given_back.home_value, given_back.exchange_difference) == (-4750, 0)
    assert booked() == [
        {Role.CLIENTS: 300, Role.RATE_GAIN: -300},
        {Role.CLIENTS: 150, Role.RATE_GAIN: -150},
    ]
    back = actions.correct_payment(payment=applied, reason="mal", by=billing.clerk, now=MONTH_END)
    assert back.exchange_difference == -150
    out = actions.record_deposit(
        client=billing.client,
        currency="USD",
        amount=-5000,
        received_on=TODAY,
        by=billing.clerk,
        now=MONTH_END,
        idempotency_key="out",
        exchange_rate=Decimal("0.90"),
    )
    assert (out.home_value, out.home_booked, out.exchange_difference) == (-4500, -4750, 250)
    assert booked()[-1] == {Role.HELD: 250, Role.RATE_GAIN: -250}


def test_what_is_given_up_goes_as_it_was_booked(billing: Billing) -> None:
    note(billing, "0.92")
    note(billing, "0.50", on=TODAY)
    invoice = brought(billing)

    lost = actions.write_off(
        invoice=invoice, owed=10_000, written_on=TODAY, reason="Concurso", by=billing.clerk, now=MONTH_END
    )

    assert (lost.home_value, lost.exchange_difference) == (9200, 0)
    assert booked() == []


def test_without_a_rate_nothing_is_known_until_one_is_noted(billing: Billing) -> None:
    invoice = brought(billing)
    assert invoice.exchange_rate is None
    actions.note_rate_of_document(invoice=invoice, rate=Decimal("0.9"), by=billing.clerk, now=MONTH_END)

    unknown = pay(billing, invoice, 4000)
    known = pay(billing, invoice, 6000, "1")

    assert (unknown.exchange_difference, unknown.home_booked) == (None, 3600)
    assert known.exchange_difference == 600
    refused(
        lambda: actions.note_rate_of_document(
            invoice=invoice, rate=Decimal(1), by=billing.clerk, now=MONTH_END
        ),
        "paid",
    )


def test_a_rate_holds_for_five_days(billing: Billing) -> None:
    note(billing, "0.92", on=date(2026, 11, 7))
    assert brought(billing).exchange_rate == Decimal("0.92")
    ExchangeRate.objects.update(on=date(2026, 11, 6))
    assert brought(billing, number="US-2").exchange_rate is None


def test_a_firm_of_mexico_notes_what_others_are_worth_in_pesos(billing: Billing) -> None:
    Firm.objects.update(country="MX")
    values = {"currency": "USD", "on": TODAY, "by": billing.clerk, "now": MONTH_END}

    actions.note_exchange_rate(rate=Decimal("0.92"), **values)
    actions.note_exchange_rate(rate=Decimal("18.40"), home="MXN", source="banxico", **values)
    actions.note_exchange_rate(rate=Decimal("18.4523"), home="MXN", source="banxico", **values)

    rows = ExchangeRate.objects.order_by("home").values_list("home", "rate", "source")
    assert list(rows) == [("EUR", Decimal("0.92"), "other"), ("MXN", Decimal("18.4523"), "banxico")]
    assert (known_rate("USD", TODAY), rate_of("USD", TODAY)) == (Decimal("0.92"), Decimal("18.4523"))
    refused(lambda: actions.note_exchange_rate(rate=Decimal("18.1234567"), home="MXN", **values), "no_rate")
    refused(
        lambda: actions.note_exchange_rate(rate=Decimal("18.40"), home="MXN", source="x", **values),
        "no_source",
    )


def test_a_draft_bears_a_rate_of_its_own_until_it_is_taken_away(billing: Billing) -> None:
    billing.approved(30)
    draft = in_dollars(billing.draft())
    given = {"invoice": draft, "by": billing.clerk, "now": MONTH_END}
    yesterday = date(2026, 11, 29)

    actions.note_rate_of_document(rate=Decimal("0.9"), on=yesterday, source="ecb", **given)
    draft.refresh_from_db()
    assert (draft.exchange_rate, draft.rate_on, draft.rate_source) == (Decimal("0.9"), yesterday, "ecb")
    refused(lambda: actions.note_rate_of_document(rate=Decimal(1), on=date(2026, 12, 1), **given), "future")

    actions.note_rate_of_document(rate=None, **given)
    draft.refresh_from_db()
    assert (draft.exchange_rate, draft.rate_on, draft.rate_source) == (None, None, "")
    note(billing, "0.92", on=TODAY)
    issued = billing.issue(draft)
    assert (issued.exchange_rate, issued.rate_on) == (Decimal("0.92"), TODAY)


def test_the_own_currency_has_no_rate(billing: Billing) -> None:
    billing.approved(15)
    invoice = billing.issue()
    payment = pay(billing, invoice, 100, "2")

    assert (invoice.exchange_rate, payment.exchange_rate, payment.exchange_difference) == (None, None, None)
    refused(
        lambda: actions.note_rate_of_document(
            invoice=invoice, rate=Decimal(1), by=billing.clerk, now=MONTH_END
        ),
        "own_currency",
    )


@pytest.mark.parametrize(
    ("currency", "rate", "code"),
    [("EUR", "1", "no_currency"), ("US", "1", "no_currency"), ("USD", "0", "no_rate")],
)
def test_what_is_no_rate_is_refused(billing: Billing, currency: str, rate: str, code: str) -> None:
    values = {"currency": currency, "on": TODAY, "rate": Decimal(rate), "now": MONTH_END}
    refused(lambda: actions.note_exchange_rate(by=billing.clerk, **values), code)
    refused(lambda: actions.note_exchange_rate(by=billing.clerk, **(values | {"home": "MXN"})), "no_home")
    supervisor = make_person(Office.SUPERVISOR)
    refused(lambda: actions.note_exchange_rate(by=supervisor, **values), "not_allowed")
    invoice = brought(billing)
    refused(lambda: pay(billing, invoice, 100, "-1"), "no_rate")
