"""Any record that was changed, taken out or put in is found; each control takes the database's guard away first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from ecuanime.billing import actions
from ecuanime.billing.models import FiscalChain, FiscalRecord, Invoice
from ecuanime.billing.verifying.records import verify_records
from ecuanime.records.verify import CHECKS
from tests.factories.billing import Billing
from tests.factories.fiscal import make_spanish_billing

pytestmark = pytest.mark.django_db


@pytest.fixture
def billing() -> Billing:
    """Three records: two invoices and the correction of the first."""
    billing = make_spanish_billing()
    for _ in range(2):
        billing.approved(10)
        billing.issue()
    first = Invoice.objects.order_by("pk").first()
    assert first
    actions.credit_invoice(invoice=first, reason="Error", by=billing.clerk, now=billing.now)
    return billing


@pytest.fixture
def unguarded(billing: Billing) -> None:
    """Somebody with the keys of the database: its triggers are off until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("billing_fiscalrecord", "billing_fiscalchain", "billing_invoice"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def replace_in(position: int, old: str, new: str) -> None:
    row = FiscalRecord.objects.get(position=position)
    assert old in row.xml
    FiscalRecord.objects.filter(pk=row.pk).update(xml=row.xml.replace(old, new))


@pytest.mark.usefixtures("billing")
def test_a_sound_chain_has_nothing_wrong() -> None:
    assert list(verify_records()) == []
    assert verify_records in [check.faults for check in CHECKS]


@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda: replace_in(1, ">8.87<", ">7.87<"), "it was changed"),
        (lambda: replace_in(2, "<sf:DescripcionOperacion>", "<sf:DescripcionOperacion>x"), "audit trail"),
        (lambda: FiscalRecord.objects.filter(position=1).update(total=1), "amounts"),
        (lambda: FiscalRecord.objects.filter(position=2).update(huella="0" * 64), "fingerprint"),
        (lambda: FiscalRecord.objects.filter(position=2).update(xml="<a/>"), "cannot be read"),
        (lambda: FiscalRecord.objects.filter(position=2).update(kind="anulacion"), "another kind"),
        (lambda: FiscalRecord.objects.filter(position=3).delete(), "it ends at record 2"),
        (lambda: FiscalChain.objects.update(nif="B00000026"), "is not about"),
        (lambda: Invoice.objects.filter(number="F-2026-0002").update(total=1), "not those of F-2026-0002"),
    ],
)
def test_what_was_altered_is_found(change: Callable[[], object], words: str) -> None:
    change()

    assert any(words in fault for fault in verify_records()), list(verify_records())


@pytest.mark.usefixtures("unguarded")
def test_a_record_that_was_taken_out_is_missed() -> None:
    gone, last = FiscalRecord.objects.get(position=2), FiscalRecord.objects.get(position=3)
    before = gone.previous_id
    FiscalRecord.objects.filter(pk=last.pk).update(previous=last)
    gone.delete()
    FiscalRecord.objects.filter(pk=last.pk).update(previous=before)

    found = list(verify_records())
    assert any("record 2 is missing" in fault for fault in found)
    assert any("does not follow" in fault for fault in found)
    assert any("F-2026-0002: it was issued without a record" in fault for fault in found)
