"""Money that went back to clients: found by what was overpaid, noted as given back, and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from ecuanime.billing import actions
from ecuanime.billing.books.accounts import held_in
from ecuanime.billing.models import BankEntry, Invoice, Payment
from ecuanime.billing.queries.bank import paid_invoices_like, suggestions_for
from ecuanime.billing.verifying.invoices import verify_invoices
from tests.factories.bank import camt, entry, read, transaction
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.rooms.billing.snapshots import refused

pytestmark = pytest.mark.django_db
TODAY = MONTH_END.date()


@pytest.fixture
def billing(settings: Settings, tmp_path: Path) -> Billing:
    settings.ECUANIME_FILES = str(tmp_path)
    return make_billing()


def credited(billing: Billing) -> tuple[Invoice, Invoice]:
    """An invoice of 13.53 that was paid and credited, and its credit note."""
    billing.approved(15)
    issued = billing.issue()
    actions.record_payment(
        invoice=issued,
        amount=1353,
        received_on=TODAY,
        by=billing.clerk,
        now=MONTH_END,
        idempotency_key="paid",
    )
    note = actions.credit_invoice(invoice=issued, reason="mal", by=billing.clerk, now=MONTH_END)
    issued.refresh_from_db()
    return issued, note


def went(billing: Billing, amount: str = "13.53", text: str = "Devolución") -> BankEntry:
    told = transaction(amount, text=text)
    [found] = read(camt(entry(amount, told, reference=f"O{amount}", side="DBIT")), billing.clerk)
    assert found.state == BankEntry.State.OUT
    return found


def note(billing: Billing, found: BankEntry, *parts: tuple[Invoice, int], **fields: object) -> list[Payment]:
    values = {"left": found.left, "by": billing.clerk, "now": MONTH_END} | fields
    return actions.match_entry(entry=found, parts=parts, **values)  # type: ignore[arg-type]


def test_what_was_paid_back_is_suggested_and_noted(billing: Billing) -> None:
    issued, credit = credited(billing)
    found = went(billing, text=f"Abono {credit.number}")

    [suggested] = suggestions_for([found])[found.pk]
    assert suggested.parts == ((issued, 1353),)
    assert suggested.suggestion.is_strong
    assert paid_invoices_like(str(credit.number), "EUR") == [issued]
    [payment] = note(billing, found, *suggested.parts)

    found.refresh_from_db()
    issued.refresh_from_db()
    assert (found.state, found.left, issued.owed) == (BankEntry.State.MATCHED, 0, 0)
    assert (payment.kind, payment.amount) == (Payment.Kind.RETURNED, -1353)
    assert list(verify_invoices()) == []
    refused(lambda: note(billing, found, (issued, 1353), left=-1353), "changed")


def test_taken_back_it_is_money_out_again(billing: Billing) -> None:
    issued, _credit = credited(billing)
    found = went(billing)
    note(billing, found, (issued, 1353))

    actions.undo_match(entry=found, reason="Era otro", by=billing.clerk, now=MONTH_END)

    found.refresh_from_db()
    issued.refresh_from_db()
    assert (found.state, found.left, issued.owed) == (BankEntry.State.OUT, -1353, -1353)
    assert list(verify_invoices()) == []
    assert note(billing, found, (issued, 1353))[0].amount == -1353


def test_what_was_held_goes_back_too(billing: Billing) -> None:
    actions.record_deposit(
        client=billing.client,
        currency="EUR",
        amount=5000,
        received_on=TODAY,
        by=billing.clerk,
        now=MONTH_END,
        idempotency_key="deposit",
    )
    issued, _credit = credited(billing)
    found = went(billing, "33.53")

    note(billing, found, (issued, 1353), rest_for=billing.client)

    assert held_in(billing.client, "EUR") == 3000
    assert list(verify_invoices()) == []


def test_what_does_not_fit_is_refused(billing: Billing) -> None:
    issued, _credit = credited(billing)
    found = went(billing, "20.00")

    assert suggestions_for([found]) == {}
    refused(lambda: note(billing, found, (issued, 2001)), "above_entry")
    refused(lambda: note(billing, found, (issued, 2000)), "below_paid")
    refused(lambda: note(billing, found, rest_for=billing.client), "above_held")
    refused(lambda: note(billing, found), "nothing_chosen")
