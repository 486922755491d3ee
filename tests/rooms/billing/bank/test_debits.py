"""Direct debits: mandates, the file for the bank, its money, and what comes back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files as files_of
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from lxml import etree
from pytest_django.fixtures import Settings

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.books.accounts import held_in
from ecuanime.billing.debits.pain import NAMESPACE, Creditor, Debit, as_pain, plain
from ecuanime.billing.models import CollectedInvoice, Collection, Invoice, Mandate
from ecuanime.billing.queries.debits import collections_page, debits_of, invoices_to_collect
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.foundation.files import path_of
from tests.factories import make_client, make_person
from tests.factories.bank import camt, entry, read
from tests.factories.bank import transaction as told_of
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.rooms.billing.snapshots import refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db
TODAY = MONTH_END.date()
DAY = TODAY + timedelta(days=3)
CREDITOR_ID, IBAN = "ES50ZZZM23456789", "ES9121000418450200051332"


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> None:
    settings.ECUANIME_FILES = str(tmp_path)


def make_creditor() -> tuple[Billing, Invoice]:
    """A firm that may collect, with an invoice of 13.53."""
    billing = make_billing()
    billing.approved(15)
    actions.save_creditor(creditor_id="ES50 ZZZ M23456789", bic="", by=billing.clerk, now=MONTH_END)
    return billing, billing.issue()


made = made_once(make_creditor)


@pytest.fixture
def both(made: tuple[Billing, Invoice]) -> tuple[Billing, Invoice]:
    return own(made)


@pytest.fixture
def billing(both: tuple[Billing, Invoice]) -> Billing:
    return both[0]


def sign(billing: Billing, **fields: Any) -> Mandate:
    values = {"client": billing.client, "scheme": "CORE", "signed_on": TODAY, "holder": "Umbría, S.L."}
    values |= {"iban": "ES91 2100 0418 4502 0005 1332", "by": billing.clerk, "now": MONTH_END}
    return actions.note_mandate(**(values | fields))


@pytest.fixture
def issued(both: tuple[Billing, Invoice]) -> Invoice:
    """The invoice, whose client has signed a mandate."""
    sign(both[0])
    return both[1]


def collect(billing: Billing, *invoices: Invoice, **fields: Any) -> Collection:
    values = {"collect_on": DAY, "by": billing.clerk, "now": MONTH_END}
    values |= {"idempotency_key": f"collect-{Collection.objects.count()}"} | fields
    return actions.collect_invoices(invoices=invoices, **values)


def only(collection: Collection) -> CollectedInvoice:
    return collection.items.get()


def owed(invoice: Invoice) -> int:
    return Invoice.objects.get(pk=invoice.pk).owed


class TestMandates:
    """What a client signs."""

    def test_it_gets_a_reference_and_ends_when_it_is_cancelled(self, billing: Billing) -> None:
        first = sign(billing)
        assert (first.reference, first.iban) == (f"{billing.client.code}-1", IBAN)
        refused(lambda: sign(billing), "has_mandate")

        actions.cancel_mandate(mandate=first, by=billing.clerk, now=MONTH_END)

        assert sign(billing).reference == f"{billing.client.code}-2"

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"iban": "ES9121000418450200051333"}, "iban"),
            ({"iban": "TR330006100519786457841326"}, "not_sepa"),
            ({"iban": "CH9300762011623852957"}, "bic"),
            ({"bic": "NO"}, "bic"),
            ({"signed_on": TODAY + timedelta(days=1)}, "future"),
            ({"reference": "ñ"}, "reference"),
        ],
    )
    def test_what_no_bank_would_take_is_refused(
        self, billing: Billing, fields: dict[str, Any], code: str
    ) -> None:
        refused(lambda: sign(billing, **fields), code)

    def test_a_reference_is_one_mandate(self, billing: Billing) -> None:
        sign(billing, reference="M-1")

        refused(lambda: sign(billing, client=make_client(), reference="M-1"), "reference_used")

    def test_who_the_firm_is_must_be_valid(self, billing: Billing) -> None:
        def save(identifier: str, by: Any) -> object:
            return actions.save_creditor(creditor_id=identifier, bic="", by=by, now=MONTH_END)

        refused(lambda: save("ES51ZZZM23456789", billing.clerk), "creditor_id")
        refused(lambda: save(CREDITOR_ID, make_person(Role.SUPERVISOR)), "not_allowed")


class TestTheFile:
    """pain.008.001.08 as banks read it."""

    def test_it_keeps_to_the_schema_with_a_part_for_each_scheme(self) -> None:
        facts = {"mandate": "M-1", "signed_on": TODAY, "holder": "Óptica Ñandú & Hijos", "iban": IBAN}
        debits = [
            Debit("R1-1", 1353, "CORE", text="F-2026-0001", **facts),
            Debit("R1-2", 100, "B2B", text="F-2026-0002", bic="CAIXESBB", **facts),
            Debit("R1-3", 5, "CORE", text="F-2026-0003", **facts),
        ]
        made_at = datetime(2026, 11, 30, 18, tzinfo=UTC)

        file = etree.fromstring(
            as_pain("R1", Creditor("Firma", IBAN, CREDITOR_ID), debits, collect_on=DAY, made_at=made_at)
        )

        schema = etree.XMLSchema(file=str(files_of("sepaxml") / "schemas/pain.008.001.08.xsd"))
        assert schema.validate(file), schema.error_log
        assert told(file, "GrpHdr/p:NbOfTxs", "GrpHdr/p:CtrlSum") == ["3", "14.58"]
        assert told(file, "PmtInf/p:PmtInfId", "PmtInf/p:CtrlSum") == ["R1-B2B", "R1-CORE", "1.00", "13.58"]
        assert told(file, "PmtInf/p:ReqdColltnDt") == [DAY.isoformat()] * 2
        assert told(file, "PmtInf/p:DrctDbtTxInf/p:Dbtr/p:Nm")[0] == "Optica Nandu Hijos"

    def test_texts_are_in_letters_that_every_bank_reads(self) -> None:
        assert plain("Niño\n¡Sí!  «A/b»", 9) == "Nino Si A"


def told(file: Any, *paths: str) -> list[str]:
    return [
        node.text
        for path in paths
        for node in file.iterfind(f"p:CstmrDrctDbtInitn/p:{path}", {"p": NAMESPACE})
    ]


class TestCollecting:
    """What is due, once."""

    def test_what_is_due_is_offered_and_collected_once(self, billing: Billing, issued: Invoice) -> None:
        assert invoices_to_collect(up_to=DAY + timedelta(days=60)) == [issued]

        collection = collect(billing, issued, idempotency_key="click")

        item = only(collection)
        assert (item.amount, item.state, item.end_to_end) == (1353, "open", f"R20261130-1-{issued.pk}")
        assert b"13.53" in path_of(collection.file_id).read_bytes()
        assert collect(billing, issued, idempotency_key="click") == collection
        assert invoices_to_collect(up_to=DAY + timedelta(days=60)) == []
        refused(lambda: collect(billing, issued), "under_way")
        [row] = collections_page().rows
        assert (row.number, vars(row)["total"], vars(row)["under_way"]) == ("R20261130-1", 1353, 1)

    def test_the_database_itself_refuses_it_twice(self, billing: Billing, issued: Invoice) -> None:
        item = only(collect(billing, issued))
        facts = {"collection": item.collection, "mandate": item.mandate, "amount": 1, "end_to_end": "other"}

        with pytest.raises(IntegrityError, match="in_one_open_collection"), transaction.atomic():
            CollectedInvoice.objects.create(invoice=issued, **facts)

    def test_no_reminder_leaves_meanwhile(self, billing: Billing, issued: Invoice) -> None:
        late = MONTH_END + timedelta(days=60)
        actions.save_reminder_ladder(days=[3], by=billing.clerk, now=MONTH_END)
        collection = collect(billing, issued)

        assert actions.send_reminder(invoice=issued, now=late) is None

        actions.withdraw_collection(collection=collection, by=billing.clerk, now=late)
        Invoice.objects.filter(pk=issued.pk).update(remind_on=late.date())
        assert actions.send_reminder(invoice=issued, now=late) is not None

    def test_what_cannot_be_collected_is_refused(self, billing: Billing, issued: Invoice) -> None:
        technician = make_person(Role.TECHNICIAN)
        dollars = brought(billing, sign(billing, client=make_client()).client, currency="USD")
        unsigned = brought(billing, make_client())

        refused(lambda: collect(billing, issued, by=technician), "not_allowed")
        refused(lambda: collect(billing), "nothing_chosen")
        refused(lambda: collect(billing, issued, collect_on=TODAY), "too_soon")
        refused(lambda: collect(billing, issued, collect_on=date(2026, 12, 25)), "closed_day")
        refused(lambda: collect(billing, issued, dollars), "not_euro")
        refused(lambda: collect(billing, issued, unsigned), "no_mandate")

    def test_a_mandate_that_was_not_used_for_three_years_is_none(
        self, billing: Billing, issued: Invoice
    ) -> None:
        Mandate.objects.update(signed_on=date(2023, 12, 2))
        refused(lambda: collect(billing, issued), "mandate_lapsed")

        collect(billing, issued, collect_on=date(2026, 12, 2))

        later = brought(billing, billing.client)
        assert only(collect(billing, later)).amount == 100

    def test_withdrawn_it_can_be_collected_again(self, billing: Billing, issued: Invoice) -> None:
        collection = collect(billing, issued)

        actions.withdraw_collection(collection=collection, by=billing.clerk, now=MONTH_END)

        assert only(collection).state == "cancelled"
        assert only(collect(billing, issued)).state == "open"
        refused(lambda: come_back(billing, only(collection)), "withdrawn")

    def test_by_hand_and_taken_back(self, billing: Billing, issued: Invoice) -> None:
        item = only(collect(billing, issued))
        [payment] = actions.note_collected(items=[item], collected_on=TODAY, by=billing.clerk, now=MONTH_END)
        assert (owed(issued), payment.method) == (0, "direct_debit")
        assert actions.note_collected(items=[item], collected_on=TODAY, by=billing.clerk, now=MONTH_END) == []

        actions.correct_payment(payment=payment, reason="mal", by=billing.clerk, now=MONTH_END)

        item.refresh_from_db()
        assert (item.state, item.payment, owed(issued)) == ("open", None, 1353)
        actions.note_collected(items=[item], collected_on=TODAY, by=billing.clerk, now=MONTH_END)
        assert owed(issued) == 0


def brought(billing: Billing, client: Any, **fields: Any) -> Invoice:
    """An open invoice of 1.00 of a former program."""
    values = {"client": client, "number": f"A/{client.pk}", "total": 100, "paid": 0, "by": billing.clerk}
    values |= {"issued_on": date(2026, 11, 1), "due_on": date(2026, 11, 9), "now": MONTH_END} | fields
    return actions.bring_invoice(**values)


def come_back(billing: Billing, item: CollectedInvoice, on: date = TODAY) -> Any:
    return actions.note_returned(item=item, reason="AC04", returned_on=on, by=billing.clerk, now=MONTH_END)


class TestReturns:
    """The debt is there again."""

    def test_what_was_collected(self, billing: Billing, issued: Invoice) -> None:
        item = only(collect(billing, issued))
        actions.note_collected(items=[item], collected_on=TODAY, by=billing.clerk, now=MONTH_END)

        come_back(billing, item)

        item.refresh_from_db()
        assert (item.state, item.reason, owed(issued)) == ("returned", "AC04", 1353)
        assert come_back(billing, item) is None
        assert list(verify_invoices()) == []
        assert only(collect(billing, issued)).amount == 1353

    def test_what_was_never_paid_is_free_to_be_collected_again(
        self, billing: Billing, issued: Invoice
    ) -> None:
        item = only(collect(billing, issued))

        assert come_back(billing, item) is None

        assert invoices_to_collect(up_to=DAY + timedelta(days=60)) == [issued]

    def test_what_was_held_since_the_invoice_was_paid_otherwise(
        self, billing: Billing, issued: Invoice
    ) -> None:
        item = only(collect(billing, issued))
        actions.record_payment(
            invoice=issued,
            amount=1353,
            received_on=TODAY,
            by=billing.clerk,
            now=MONTH_END,
            idempotency_key="own",
        )
        actions.note_collected(items=[item], collected_on=TODAY, by=billing.clerk, now=MONTH_END)
        assert held_in(billing.client, "EUR") == 1353

        come_back(billing, item)

        assert (held_in(billing.client, "EUR"), owed(issued)) == (0, 0)


class TestTheBank:
    """The statement brings the money, and takes it away."""

    def test_a_batch_of_exactly_what_was_collected(self, billing: Billing, issued: Invoice) -> None:
        billing.approved(15)
        second = billing.issue()
        collection = collect(billing, issued, second)
        [money] = read(camt(entry("27.06", reference="B1")), billing.clerk)
        found = debits_of([money])[money.pk]
        assert (len(found.items), found.is_named) == (2, False)

        actions.match_collected(entry=money, items=found.items, left=2706, by=billing.clerk, now=MONTH_END)

        money.refresh_from_db()
        assert (money.state, owed(issued), owed(second)) == ("matched", 0, 0)
        assert set(collection.items.values_list("state", flat=True)) == {"collected"}
        refused(lambda: match(billing, money, found.items, 2706), "changed")
        actions.undo_match(entry=money, reason="mal", by=billing.clerk, now=MONTH_END)
        assert set(collection.items.values_list("state", flat=True)) == {"open"}

    def test_one_debit_by_its_reference_and_its_return(self, billing: Billing, issued: Invoice) -> None:
        item = only(collect(billing, issued))
        paid = entry("13.53", told_of(end_to_end=item.end_to_end))
        back = entry("13.53", told_of(end_to_end=item.end_to_end, returned="AC04"), side="DBIT")
        money, taken = read(camt(paid, back), billing.clerk)
        assert debits_of([taken]) == {}
        refused(lambda: match(billing, money, [item], 1), "changed")

        match(billing, money, debits_of([money])[money.pk].items, 1353)
        assert owed(issued) == 0
        [found] = debits_of([taken])[taken.pk].items
        actions.match_returned(entry=taken, items=[found], left=-1353, by=billing.clerk, now=MONTH_END)

        taken.refresh_from_db()
        item.refresh_from_db()
        assert (taken.state, taken.left, item.state, item.reason, owed(issued)) == (
            "matched",
            0,
            "returned",
            "AC04",
            1353,
        )
        refused(
            lambda: actions.undo_match(entry=taken, reason="mal", by=billing.clerk, now=MONTH_END),
            "is_return",
        )
        assert list(verify_invoices()) == []

    def test_another_amount_is_refused(self, billing: Billing, issued: Invoice) -> None:
        item = only(collect(billing, issued))
        [money] = read(camt(entry("13.00")), billing.clerk)

        refused(lambda: match(billing, money, [item], 1300), "other_amount")


def match(billing: Billing, money: Any, items: Any, left: int) -> Any:
    return actions.match_collected(entry=money, items=items, left=left, by=billing.clerk, now=MONTH_END)


def test_a_mandate_for_one_collection_collects_once(both: tuple[Billing, Invoice]) -> None:
    billing, issued = both
    sign(billing, is_once=True)
    billing.approved(15)
    second = billing.issue()
    refused(lambda: collect(billing, issued, second), "mandate_used")

    made = collect(billing, issued)

    content = path_of(made.file.sha256).read_bytes()
    assert b"<SeqTp>OOFF</SeqTp>" in content
    assert f"<PmtInfId>{made.number}-CORE-1</PmtInfId>".encode() in content
    refused(lambda: collect(billing, second), "mandate_used")
    actions.withdraw_collection(collection=made, by=billing.clerk, now=MONTH_END)
    assert collect(billing, second).items.get().invoice == second
