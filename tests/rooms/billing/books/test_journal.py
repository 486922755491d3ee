"""The journal: what was issued and paid on some days, balanced, on the accounts that the firm named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecuanime.accounts.models import Role as Office
from ecuanime.billing import actions
from ecuanime.billing.books.journal import Booked, accounts, entries_between, journal_table, missing
from ecuanime.billing.models import Invoice, JournalAccount, Payment
from ecuanime.rules.journal import Role
from ecuanime.staff.models import Firm
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.rooms.billing.snapshots import refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db
TODAY = MONTH_END.date()
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def _billing() -> Billing:
    billing = make_billing()
    billing.approved(15)
    return billing


made_billing = made_once(_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def told(entries: list[Booked]) -> list[dict[Role, int]]:
    return [{each.role: each.amount for each in booked.entry.postings} for booked in entries]


def pay(billing: Billing, issued: Invoice, amount: int, **fields: Any) -> Payment:
    values = {"received_on": TODAY, "by": billing.clerk, "now": MONTH_END}
    values |= {"idempotency_key": f"pay-{Payment.objects.count()}"} | fields
    return actions.record_payment(invoice=issued, amount=amount, **values)


def test_a_document_and_what_became_of_it(billing: Billing) -> None:
    issued = billing.issue()
    pay(billing, issued, 353, method=Payment.Method.CARD)
    mistake = pay(billing, issued, 500)
    actions.correct_payment(payment=mistake, reason="mal", by=billing.clerk, now=MONTH_END)
    actions.write_off(
        invoice=issued, owed=1000, written_on=TODAY, reason="Concurso", by=billing.clerk, now=MONTH_END
    )

    assert told(entries_between(*YEAR)) == [
        {Role.CLIENTS: 1353, Role.SERVICES: -issued.net, Role.TAX: -issued.tax},
        {Role.CARD: 353, Role.CLIENTS: -353},
        {Role.BANK: 500, Role.CLIENTS: -500},
        {Role.BANK: -500, Role.CLIENTS: 500},
        {Role.LOST: 1000, Role.CLIENTS: -1000},
    ]
    assert entries_between(date(2025, 1, 1), date(2025, 12, 31)) == []


def test_credit_notes_and_credit_that_is_applied(billing: Billing) -> None:
    issued = billing.issue()
    pay(billing, issued, 2000, keep_rest=True)
    actions.credit_invoice(invoice=issued, reason="mal", by=billing.clerk, now=MONTH_END)
    billing.approved(15)
    second = billing.issue()
    actions.apply_held(invoice=second, by=billing.clerk, now=MONTH_END, idempotency_key="apply")

    entries = told(entries_between(*YEAR))

    assert {Role.CLIENTS: -1353, Role.SERVICES: issued.net, Role.TAX: issued.tax} in entries
    assert {Role.BANK: 647, Role.HELD: -647} in entries
    assert {Role.HELD: 647, Role.CLIENTS: -647} in entries
    owed = sum(each.get(Role.CLIENTS, 0) for each in entries)
    assert owed == sum(each.owed for each in Invoice.objects.all())


def test_each_document_has_its_rows_on_the_named_accounts(billing: Billing) -> None:
    issued, named = billing.issue(), dict.fromkeys(Role, "1") | {Role.CLIENTS: "430{client}"}

    table = journal_table(entries_between(*YEAR), named)

    figures = "".join(filter(str.isdigit, billing.client.code))
    assert table.rows[0][:4] == (1, TODAY, issued.number, f"430{figures}")
    debits, credits = (sum(Decimal(str(row[at])) for row in table.rows) for at in (5, 6))
    assert debits == credits == Decimal("13.53")


def test_accounts_are_named_suggested_and_forgotten(billing: Billing) -> None:
    billing.issue()
    entries = entries_between(*YEAR)
    assert missing(entries, accounts()) == [Role.CLIENTS, Role.SERVICES, Role.TAX]

    def name(role: Role, account: str, by: Any = billing.clerk) -> None:
        actions.name_accounts(named={role: account}, by=by, now=MONTH_END)

    name(Role.CLIENTS, " 4300{client} ")
    assert accounts() == {Role.CLIENTS: "4300{client}"}
    name(Role.CLIENTS, "")
    assert accounts() == {}
    refused(lambda: name(Role.BANK, "572{client}"), "account")
    refused(lambda: name(Role.BANK, "=1+1"), "account")
    refused(lambda: name(Role.BANK, "1", make_person(Office.SUPERVISOR)), "not_allowed")
    assert not JournalAccount.objects.exists()

    Firm.objects.update(country="ES")
    assert accounts()[Role.TAX] == "477"
    assert missing(entries, accounts()) == []


def test_one_more_document_costs_no_query(billing: Billing) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            entries_between(*YEAR)
        return len(queries)

    pay(billing, billing.issue(), 1)
    one = asked()
    billing.approved(15)
    pay(billing, billing.issue(), 1)

    assert asked() == one
