"""Spain's records: each issue writes one to the chain, or nothing is issued."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from ecuanime.billing import actions
from ecuanime.billing.models import FiscalChain, FiscalRecord, Invoice, SpainSettings
from ecuanime.billing.packs import Status, pack_for
from ecuanime.billing.packs.es.chain import digest_of
from ecuanime.billing.packs.es.verifactu import InvoiceType, read_record
from ecuanime.foundation.models import AuditEntry
from tests.factories.billing import Billing, make_issuing_firm, with_address
from tests.factories.fiscal import AT_HOME, FIRM_NIF, declare_program, make_spanish_billing, record_of
from tests.rooms.billing.snapshots import refused
from tests.rules.examples import rows
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db


def _billing() -> Billing:
    billing = make_spanish_billing()
    billing.approved(30)
    return billing


made_billing = made_once(_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def issue(billing: Billing, draft: Invoice) -> Invoice:
    return actions.issue_invoice(invoice=draft, by=billing.clerk, now=billing.now)


def test_an_issued_invoice_leaves_its_record(billing: Billing) -> None:
    issued = billing.issue()

    row = record_of(issued)
    read = read_record(row.xml)
    assert (row.kind, row.type, row.position, row.previous) == ("alta", "F1", 1, None)
    assert (row.chain.nif, row.chain.installation, row.chain.is_demo) == (FIRM_NIF, "INSTALACION-1", False)
    assert (row.quota_total, row.total) == (issued.tax, issued.total) == (462, 2662)
    assert (read.serial, read.issued_on, read.total) == ("F-2026-0001", "30-11-2026", "26.62")
    assert read.is_first
    assert read.huella == read.computed == row.huella
    assert read.generated_at == row.written_at.isoformat() == "2026-11-30T19:00:00+01:00"


def test_each_record_bears_the_fingerprint_of_the_one_before(billing: Billing) -> None:
    first = record_of(billing.issue())
    billing.approved(10)
    second = record_of(billing.issue())
    note = actions.credit_invoice(invoice=first.invoice, reason="Error", by=billing.clerk, now=billing.now)
    third = record_of(note)

    assert [second.previous, third.previous] == [first, second]
    assert [read_record(row.xml).previous_huella for row in (second, third)] == [first.huella, second.huella]
    assert FiscalChain.objects.get().next_position == 4


def test_the_whole_text_of_a_record_is_in_the_audit_trail(billing: Billing) -> None:
    row = record_of(billing.issue())

    entry = AuditEntry.objects.get(verb="fiscal_record_written")
    assert digest_of(row.xml) in entry.body
    assert row.huella in entry.body


def test_issued_again_it_writes_no_second_record(billing: Billing) -> None:
    issued = billing.issue()
    issue(billing, issued)

    assert FiscalRecord.objects.count() == 1


def test_a_record_is_never_earlier_than_the_one_before(billing: Billing) -> None:
    first = record_of(billing.issue())
    billing.approved(10)
    draft = billing.draft()
    now = billing.now - timedelta(minutes=5)
    second = record_of(actions.issue_invoice(invoice=draft, by=billing.clerk, now=now))

    assert second.generated_at == first.generated_at


def test_a_clock_that_went_back_is_refused(billing: Billing) -> None:
    billing.issue()
    billing.approved(10)
    draft = billing.draft()
    now = billing.now - timedelta(hours=2)

    refused(lambda: actions.issue_invoice(invoice=draft, by=billing.clerk, now=now), "clock_back")


@pytest.mark.parametrize(
    ("client", "code", "words"),
    [
        ({"tax_id": "A5881850"}, "recipient_nif", "Correct the client's"),
        ({"tax_id": "A 8818501"}, "recipient_nif", "without spaces"),
        ({"tax_id": "X" * 21, "country": "MX"}, "recipient_id", "20 characters"),
    ],
)
def test_a_client_that_a_record_cannot_name_is_refused(
    billing: Billing, client: dict[str, Any], code: str, words: str
) -> None:
    draft = billing.draft()
    with_address(billing.client, **(AT_HOME | client))

    assert words in refused(lambda: issue(billing, draft), code)


def test_a_wrong_nif_of_the_firm_keeps_it_from_issuing(billing: Billing) -> None:
    draft = billing.draft()
    make_issuing_firm(country="ES", tax_id="B 0000018", city="Sevilla")

    assert "NIF" in refused(lambda: issue(billing, draft), "export_only")


def test_without_nif_it_is_simplified_up_to_400_euros_and_refused_above(billing: Billing) -> None:
    with_address(billing.client, **(AT_HOME | {"tax_id": ""}))
    assert record_of(billing.issue()).type == InvoiceType.SIMPLIFIED

    billing.approved(8 * 60)
    draft = billing.draft()
    assert draft.total > 400_00 > draft.net

    refused(lambda: issue(billing, draft), "no_nif")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"producer_name": ""}, "the name of the program's producer"),
        ({"producer_nif": "B00000001"}, "the NIF of the program's producer"),
        ({"producer_address": " "}, "the postal address"),
        ({"declared_on": None}, "no date"),
        ({"declared_place": ""}, "no place"),
        ({"territory": SpainSettings.Territory.FORAL}, "TicketBAI"),
    ],
)
def test_an_incomplete_pack_issues_nothing_and_says_why(
    billing: Billing, fields: dict[str, Any], words: str
) -> None:
    draft = billing.draft()
    declare_program(**fields)

    assert pack_for("ES").status == Status.EXPORT_ONLY
    message = refused(lambda: issue(billing, draft), "export_only")
    assert words in message
    assert "pro-forma" in message


def test_an_incomplete_pack_stops_neither_time_nor_pro_formas(billing: Billing) -> None:
    SpainSettings.objects.all().delete()
    billing.approved(15)

    pro_forma = billing.issue()

    assert pro_forma.is_pro_forma
    assert pro_forma.number == "P-2026-0001"
    assert not FiscalRecord.objects.exists()


def test_the_database_lets_no_record_change_or_go(billing: Billing) -> None:
    row = record_of(billing.issue())

    for change in (
        lambda: FiscalRecord.objects.update(xml="<a/>"),
        lambda: FiscalRecord.objects.all()._raw_delete("default"),  # type: ignore[attr-defined]
        lambda: FiscalChain.objects.update(next_position=1),
        lambda: FiscalChain.objects.update(is_demo=True),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    row.refresh_from_db()
    assert read_record(row.xml).huella == row.huella


def test_a_demo_writes_records_that_nobody_could_take_for_real() -> None:
    billing = make_spanish_billing(is_demo=True)
    billing.approved(30)

    row = record_of(billing.issue())

    assert row.chain.is_demo
    assert row.chain.installation == "DEMO"
    assert "NO ES UN SISTEMA DECLARADO" in row.xml


def test_a_demo_without_a_spanish_nif_is_told_so() -> None:
    billing = make_spanish_billing(is_demo=True)
    billing.approved(30)
    draft = billing.draft()
    make_issuing_firm(country="ES", is_demo=True)

    assert "IE6388047V" in refused(lambda: issue(billing, draft), "nif")


def test_the_page_names_every_kind_of_invoice() -> None:
    assert [row["kind"] for row in rows("fiscal-chain", "kind", "when")] == sorted(InvoiceType)
