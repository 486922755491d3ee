"""The walk over all invoices sees each kind of damage; the triggers that would prevent it are off here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.db import connection
from django.db.models import F

from ecuanime.billing import actions
from ecuanime.billing.models import Invoice, InvoiceLine, LineSegment, Payment, Series, TaxLine
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.worklog.models import RatedEntry
from tests.factories.billing import make_billing
from tests.shared import made_once

pytestmark = pytest.mark.django_db


def _two_invoices() -> None:
    """Two issued invoices, one of them paid."""
    billing = make_billing()
    billing.approved(5, 5, 5)
    first = billing.issue()
    billing.approved(30)
    billing.issue()
    actions.record_payment(
        invoice=first,
        amount=100,
        received_on=date(2026, 11, 30),
        by=billing.clerk,
        now=billing.now,
        idempotency_key="part",
    )


two_invoices = made_once(_two_invoices)


@pytest.fixture(autouse=True)
def _unguarded(two_invoices: None, db: None) -> Iterator[None]:
    """A database that keeps nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")


def first() -> Invoice:
    return Invoice.objects.get(number="F-2026-0001")


DAMAGES: dict[str, Callable[[], object]] = {
    "no document has the number 1": lambda: Invoice.objects.filter(sequence=1).update(sequence=9),
    "numbers beyond the counter": lambda: Series.objects.update(next_number=2),
    "its date is earlier": lambda: Invoice.objects.filter(sequence=1).update(issued_on=date(2026, 12, 31)),
    "the last date it keeps": lambda: Series.objects.update(last_issued_on=date(2026, 1, 1)),
    "quantity × price, less its discount, is not the amount": lambda: InvoiceLine.objects.update(
        amount=F("amount") + 1
    ),
    "no time stands behind it": lambda: LineSegment.objects.filter(line__invoice=first()).delete(),
    "cents of its entries": lambda: LineSegment.objects.update(amount=F("amount") + 1),
    "minutes of its entries": lambda: LineSegment.objects.update(minutes_numerator=1),
    "no longer approved": lambda: RatedEntry.objects.update(superseded_at="2026-12-01T00:00Z"),
    "do not add up to its base": lambda: Invoice.objects.update(net=F("net") + 1),
    "is not its rate on its lines": lambda: TaxLine.objects.update(amount=F("amount") + 1),
    "its taxes do not add up": lambda: TaxLine.objects.filter(invoice=first()).delete(),
    "base and tax are not its total": lambda: Invoice.objects.update(total=F("total") + 1),
    "what it says was paid": lambda: Payment.objects.all().delete(),
    "what it says was credited": lambda: Invoice.objects.update(credited=1),
}


def test_what_is_sound_has_no_words() -> None:
    assert list(verify_invoices()) == []


@pytest.mark.parametrize("words", DAMAGES)
def test_each_damage_is_seen(words: str) -> None:
    DAMAGES[words]()

    assert any(words in problem for problem in verify_invoices())
