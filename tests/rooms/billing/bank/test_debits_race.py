"""Two people collect the same invoice at once: one collection has it. The control shows what sees to that."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from ecuanime.billing import actions
from ecuanime.billing.models import CollectedInvoice, Collection, Invoice
from ecuanime.foundation.errors import Refused
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.rooms.billing.test_race import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def billing(settings: Settings, tmp_path: Path) -> Billing:
    settings.ECUANIME_FILES = str(tmp_path)
    billing = make_billing()
    billing.approved(30)
    actions.save_creditor(creditor_id="ES50ZZZM23456789", bic="", by=billing.clerk, now=MONTH_END)
    actions.note_mandate(
        client=billing.client,
        scheme="CORE",
        signed_on=MONTH_END.date(),
        holder="Cliente",
        iban="ES9121000418450200051332",
        by=billing.clerk,
        now=MONTH_END,
    )
    return billing


def collect(billing: Billing, invoice: Invoice, key: str) -> object:
    try:
        return actions.collect_invoices(
            invoices=[invoice],
            collect_on=date(2026, 12, 3),
            by=billing.clerk,
            now=MONTH_END,
            idempotency_key=key,
        )
    except Refused as refusal:
        return refusal.code


def test_an_invoice_is_in_one_of_two_collections(billing: Billing) -> None:
    issued = billing.issue()

    found = at_once([lambda: collect(billing, issued, "a"), lambda: collect(billing, issued, "b")])

    assert "under_way" in found
    assert Collection.objects.count() == CollectedInvoice.objects.count() == 1


def test_the_same_form_sent_twice_is_one_collection(billing: Billing) -> None:
    issued = billing.issue()

    at_once([lambda: collect(billing, issued, "a")] * 2)

    assert Collection.objects.count() == CollectedInvoice.objects.count() == 1
