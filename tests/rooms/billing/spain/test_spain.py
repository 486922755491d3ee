"""What the firm declares, and the records that amend or take back those of an invoice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from ecuanime.accounts.models import Role, User
from ecuanime.billing import actions
from ecuanime.billing.actions import SpainChanges
from ecuanime.billing.documents.frozen import document_of
from ecuanime.billing.models import FiscalRecord, Invoice, SpainSettings
from ecuanime.billing.packs import Status, pack_for
from ecuanime.billing.packs.es.treatment import Amounts, details_of
from ecuanime.billing.packs.es.verifactu import read_record
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.billing.verifying.records import verify_records
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import Firm
from ecuanime.worklog.models import EntryState, TimeEntry
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing
from tests.factories.fiscal import PRODUCER_NIF, declare_program, make_spanish_billing, record_of
from tests.rooms.billing.snapshots import refused

pytestmark = pytest.mark.django_db

COMPLETE = SpainChanges(
    producer_name="Productora, S. L.",
    producer_nif=PRODUCER_NIF,
    producer_address="Calle Mayor, 1",
    declared_place="Sevilla",
    declared_on=date(2026, 11, 2),
)


@pytest.fixture
def billing() -> Billing:
    billing = make_spanish_billing()
    billing.approved(30)
    return billing


@pytest.fixture
def administrator() -> User:
    return make_person(Role.ADMINISTRATOR, name="Adela")


class TestSettings:
    def save(self, by: User, **changes: Any) -> SpainSettings:
        values = {name: getattr(COMPLETE, name) for name in COMPLETE.__dataclass_fields__}
        return actions.save_spain_settings(changes=SpainChanges(**(values | changes)), by=by, now=MONTH_END)

    @pytest.mark.usefixtures("billing")
    def test_complete_ones_make_invoices_legal(self, administrator: User) -> None:
        SpainSettings.objects.all().delete()
        assert pack_for("ES").status == Status.EXPORT_ONLY

        saved = self.save(administrator)

        assert pack_for("ES").status == Status.LEGAL
        assert (saved.effective_on, saved.effective_source[:12]) == (date(2027, 1, 1), "RD 1007/2023")
        assert len(saved.installation) == 32
        assert self.save(administrator, producer_name="Otra").installation == saved.installation

    def test_the_kind_of_firm_says_from_when(self, administrator: User) -> None:
        assert self.save(administrator, entity="self_employed").effective_on == date(2027, 7, 1)

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"producer_nif": "B 0000026"}, "producer_nif"),
            ({"system_code": "E"}, "system_code"),
            ({"effective_on": date(2028, 10, 1)}, "no_source"),
        ],
    )
    def test_what_does_not_fit_is_refused(
        self, administrator: User, changes: dict[str, Any], code: str
    ) -> None:
        with pytest.raises(Refused) as refusal:
            self.save(administrator, **changes)
        assert refusal.value.code == code
        assert not SpainSettings.objects.exists()

    def test_only_administrators_declare(self) -> None:
        with pytest.raises(Refused) as refusal:
            self.save(make_person(Role.BILLING))
        assert refusal.value.code == "not_allowed"


class TestAmending:
    def amend(self, billing: Billing, invoice: Invoice, **fields: Any) -> FiscalRecord:
        values = {"reason": "Descripción incompleta", "by": billing.clerk, "now": billing.now}
        return actions.amend_registration(invoice=invoice, **(values | fields))

    def test_a_new_registration_follows_and_the_invoice_stays(self, billing: Billing) -> None:
        issued = billing.issue()

        row = self.amend(billing, issued, description="Soporte  de noviembre", previous_rejection="S")

        assert (row.kind, row.is_amendment, row.position, row.type) == ("alta", True, 2, "F1")
        assert "<sf:Subsanacion>S</sf:Subsanacion><sf:RechazoPrevio>S</sf:RechazoPrevio>" in row.xml
        assert "<sf:DescripcionOperacion>Soporte de noviembre</sf:DescripcionOperacion>" in row.xml
        assert read_record(row.xml).serial == issued.number
        assert list(verify_records()) == list(verify_invoices()) == []

    def test_without_a_reason_or_a_record_it_is_refused(self, billing: Billing) -> None:
        issued = billing.issue()
        refused(lambda: self.amend(billing, issued, reason=" "), "no_reason")
        refused(lambda: self.amend(billing, issued, by=make_person()), "not_allowed")

    def test_what_was_taken_back_is_not_amended(self, billing: Billing, administrator: User) -> None:
        issued = billing.issue()
        actions.cancel_registration(invoice=issued, reason="Prueba", by=administrator, now=billing.now)

        refused(lambda: self.amend(billing, issued), "cancelled_record")


class TestCancelling:
    def cancel(self, billing: Billing, invoice: Invoice, by: User) -> FiscalRecord:
        return actions.cancel_registration(
            invoice=invoice, reason="Se emitió por error", by=by, now=billing.now
        )

    def test_nothing_is_owed_its_time_is_free_and_its_number_stays(
        self, billing: Billing, administrator: User
    ) -> None:
        issued = billing.issue()

        row = self.cancel(billing, issued, administrator)

        kept = Invoice.objects.get(pk=issued.pk)
        read = read_record(row.xml)
        assert (row.kind, row.position, read.serial) == ("anulacion", 2, "F-2026-0001")
        assert (kept.owed, kept.number, kept.annulled_at) == (0, "F-2026-0001", billing.now)
        assert not kept.can_be_credited
        assert TimeEntry.objects.exclude(state=EntryState.APPROVED).exists()
        assert list(verify_records()) == list(verify_invoices()) == []
        assert self.cancel(billing, issued, administrator) == row

    def test_only_administrators_do_it(self, billing: Billing) -> None:
        issued = billing.issue()

        refused(lambda: self.cancel(billing, issued, billing.clerk), "not_allowed")

    def test_what_was_paid_or_credited_did_exist(self, billing: Billing, administrator: User) -> None:
        issued = billing.issue()
        actions.record_payment(
            invoice=issued,
            amount=100,
            received_on=billing.now.date(),
            by=billing.clerk,
            now=billing.now,
            idempotency_key="one",
        )
        refused(lambda: self.cancel(billing, issued, administrator), "paid")

        billing.approved(5)
        second = billing.issue()
        note = actions.credit_invoice(invoice=second, reason="Error", by=billing.clerk, now=billing.now)
        refused(lambda: self.cancel(billing, second, administrator), "credited")
        refused(lambda: self.cancel(billing, note, administrator), "is_correction")


class TestCorrections:
    def credit(self, billing: Billing, invoice: Invoice, **fields: Any) -> Invoice:
        return actions.credit_invoice(
            invoice=invoice, reason="Error", by=billing.clerk, now=billing.now, **fields
        )

    def test_it_names_what_it_corrects(self, billing: Billing) -> None:
        row = record_of(self.credit(billing, billing.issue()))

        assert "<sf:TipoRectificativa>I</sf:TipoRectificativa><sf:FacturasRectificadas>" in row.xml
        assert "ImporteRectificacion" not in row.xml

    def test_a_kind_that_the_law_does_not_know_is_refused(self, billing: Billing) -> None:
        issued = billing.issue()

        refused(lambda: self.credit(billing, issued, correction_type="R9"), "wrong_kind")


def test_each_tax_has_its_place_in_the_breakdown() -> None:
    rows = [Amounts("IVA", category, Decimal(21), 100, 21) for category in ("S", "AE", "O", "E", "Z")]
    assert [each.treatment for each in details_of(rows, "ES")] == ["S1", "S2", "N2", "E1", "S1"]
    assert [each.treatment for each in details_of(rows, "IE")] == ["S1", "N2", "N2", "E1", "S1"]
    assert details_of([Amounts("IGIC", "S", Decimal(7), 100, 7)], "ES")[0].tax == "03"


class TestTheDayFromWhichRecordsAreCompulsory:
    """Midnight of 1 January 2027 in Madrid is 23:00 of the day before in UTC."""

    BEFORE, FROM = datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, 0, tzinfo=UTC)

    @pytest.fixture
    def undeclared(self) -> Billing:
        billing = make_spanish_billing()
        declare_program(producer_name="", effective_on=date(2027, 1, 1))
        billing.approved(30)
        return billing

    def issue(self, billing: Billing, at: datetime, time_machine: Any) -> Invoice:
        time_machine.move_to(at, tick=False)
        draft = Invoice.objects.get(state=Invoice.State.DRAFT)
        return actions.issue_invoice(invoice=draft, by=billing.clerk, now=at)

    def test_before_it_none_is_needed(self, undeclared: Billing, time_machine: Any) -> None:
        time_machine.move_to(self.BEFORE, tick=False)
        undeclared.draft()

        issued = self.issue(undeclared, self.BEFORE, time_machine)

        assert (issued.number, issued.kind) == ("F-2026-0001", Invoice.Kind.INVOICE)
        assert not issued.fiscal_records.exists()
        assert document_of(issued).country_block is None
        assert "1 January 2027" in pack_for("ES").meanwhile
        assert list(verify_records()) == []

    def test_from_it_the_chain_must_be_there(self, undeclared: Billing, time_machine: Any) -> None:
        time_machine.move_to(self.BEFORE, tick=False)
        undeclared.draft()

        refused(lambda: self.issue(undeclared, self.FROM, time_machine), "export_only")

        assert pack_for("ES").status == Status.EXPORT_ONLY
        assert pack_for("ES").meanwhile == ""
        declare_program(effective_on=date(2027, 1, 1))
        assert record_of(self.issue(undeclared, self.FROM, time_machine)).type == "F1"

    def test_who_can_keep_them_begins_earlier(self, undeclared: Billing, time_machine: Any) -> None:
        time_machine.move_to(self.BEFORE, tick=False)
        undeclared.draft()
        declare_program(effective_on=date(2027, 1, 1))

        assert record_of(self.issue(undeclared, self.BEFORE, time_machine)).position == 1
        assert pack_for("ES").meanwhile == ""

    @pytest.mark.parametrize("missing", ["settings", "nif", "foral"])
    def test_what_no_day_changes(self, undeclared: Billing, time_machine: Any, missing: str) -> None:
        time_machine.move_to(self.BEFORE, tick=False)
        undeclared.draft()
        if missing == "settings":
            SpainSettings.objects.all().delete()
        elif missing == "nif":
            Firm.objects.update(tax_id="B00000019")
        else:
            SpainSettings.objects.update(territory="foral")

        refused(lambda: self.issue(undeclared, self.BEFORE, time_machine), "export_only")
