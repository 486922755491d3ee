"""Credit notes: what was issued is corrected by another document, and its time is free again."""

from __future__ import annotations

from datetime import date

import pytest

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.models import Charge, CoveredWork, Invoice, LineSegment
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.contracts.models import PlanKind
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import verify_ledger
from ecuanime.worklog.models import EntryState, TimeEntry
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing, make_billing, make_issuing_firm
from tests.factories.entitlements import make_lot
from tests.rooms.billing.snapshots import everything, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def billing() -> Billing:
    billing = make_billing()
    billing.approved(5, 5, 5)
    return billing


def credit(billing: Billing, invoice: Invoice, **fields: object) -> Invoice:
    values = {"reason": "Se apuntó dos veces", "by": billing.clerk, "now": billing.now} | fields
    return actions.credit_invoice(invoice=invoice, **values)  # type: ignore[arg-type]


def test_a_credit_note_mirrors_its_invoice_and_names_it(billing: Billing) -> None:
    issued = billing.issue()

    note = credit(billing, issued)

    issued.refresh_from_db()
    line = note.lines.get()
    assert (note.number, note.kind, note.corrects) == ("R-2026-0001", "credit_note", issued)
    assert (note.net, note.tax, note.total) == (-1100, -253, -1353)
    assert (line.minutes, line.amount) == (-15, -1100)
    assert [part.amount for part in line.segments.order_by("pk")] == [-367, -367, -366]
    assert note.texts["corrects"] == {
        "number": "F-2026-0001",
        "issued_on": "2026-11-30",
        "reason": "Se apuntó dos veces",
    }
    assert (issued.credited, issued.owed, note.owed) == (1353, 0, 0)
    assert list(verify_invoices()) == []


def test_its_time_goes_back_to_review_and_can_be_billed_when_approved_again(billing: Billing) -> None:
    credit(billing, billing.issue())

    assert set(TimeEntry.objects.values_list("state", flat=True)) == {EntryState.CLOSED}
    assert not LineSegment.objects.filter(is_live=True).exists()
    assert billing.run().clients_total == 0


def test_what_packs_gave_returns_to_them() -> None:
    billing = make_billing(PlanKind.HOUR_PACK)
    lot = make_lot(billing.contract, 10)
    billing.approved(5)
    billing.approved(30)
    issued = billing.issue()
    assert CoveredWork.objects.filter(is_live=True).count() == 1

    credit(billing, issued)

    lot.refresh_from_db()
    assert lot.left == 500
    assert not CoveredWork.objects.filter(is_live=True).exists()
    assert TimeEntry.objects.filter(state=EntryState.APPROVED).count() == 1
    assert list(verify_ledger()) == []


def test_when_only_the_document_was_wrong_the_approvals_stand(billing: Billing) -> None:
    credit(billing, billing.issue(), free_time=False)

    assert set(TimeEntry.objects.values_list("state", flat=True)) == {EntryState.APPROVED}
    again = billing.issue()
    assert (again.number, again.net) == ("F-2026-0002", 1100)
    assert LineSegment.objects.filter(is_live=True).count() == 3
    assert list(verify_invoices()) == []


def test_what_was_paid_is_owed_to_the_client(billing: Billing) -> None:
    issued = billing.issue()
    actions.record_payment(
        invoice=issued,
        amount=1353,
        received_on=date(2026, 11, 30),
        by=billing.clerk,
        now=billing.now,
        idempotency_key="paid",
    )

    credit(billing, issued)

    issued.refresh_from_db()
    assert issued.owed == -1353


def test_a_pro_forma_is_taken_off_by_a_negative_one() -> None:
    billing = make_billing()
    make_issuing_firm(country="ES")
    billing.approved(30)

    note = credit(billing, billing.issue())

    assert (note.number, note.kind, note.total) == ("P-2026-0002", "pro_forma", -2662)


class TestPacks:
    """A pack is cancelled whole while unused; then its unused hours are paid back."""

    @pytest.fixture
    def charge(self) -> Charge:
        self.billing = make_billing(PlanKind.HOUR_PACK)
        charge = self.billing.order(20, starts_on=date(2026, 1, 1))
        self.billing.issue(Invoice.objects.get())
        return charge

    def pay_back(self, charge: Charge, **fields: object) -> Invoice:
        values = {"reason": "El cliente cierra", "by": self.billing.clerk, "now": MONTH_END}
        values |= {"idempotency_key": "back"} | fields
        return actions.pay_back_pack(charge=charge, **values)  # type: ignore[arg-type]

    def test_crediting_its_invoice_voids_it(self, charge: Charge) -> None:
        note = credit(self.billing, Invoice.objects.get())

        assert note.total == -73800
        assert {(lot.left, lot.voided_at) for lot in Lot.objects.all()} == {(0, MONTH_END)}
        charge.refresh_from_db()
        assert charge.cancelled_at == MONTH_END
        assert list(verify_invoices()) == []
        assert list(verify_ledger()) == []

    def test_once_used_that_is_refused(self, charge: Charge) -> None:
        self.billing.approved(90)
        issued = Invoice.objects.get()

        refused(lambda: credit(self.billing, issued), "pack_used")

    def test_and_its_unused_hours_are_paid_back(self, charge: Charge) -> None:
        self.billing.approved(90)
        issued = Invoice.objects.get()

        note = self.pay_back(charge)

        issued.refresh_from_db()
        assert note.lines.get().minutes == -(20 * 60 - 30)  # the bonus hour was used before the paid ones
        assert (note.number, note.corrects) == ("R-2026-0001", issued)
        assert issued.credited == -note.total
        assert not Lot.objects.exclude(left=0).exists()
        assert list(verify_invoices()) == []
        assert list(verify_ledger()) == []

    def test_the_same_again_is_one_note(self, charge: Charge) -> None:
        note = self.pay_back(charge)
        before = everything()

        assert self.pay_back(charge).pk == note.pk
        assert everything() == before

    def test_what_was_paid_back_whole_is_not_again(self, charge: Charge) -> None:
        self.pay_back(charge)
        issued = Invoice.objects.get(corrects=None)

        refused(lambda: self.pay_back(charge, idempotency_key="more"), "credited")
        refused(lambda: credit(self.billing, issued), "credited")

    def test_a_pack_that_is_not_charged_yet_is_cancelled_instead(self, charge: Charge) -> None:
        other = self.billing.order(20)

        refused(lambda: self.pay_back(other, idempotency_key="other"), "not_issued")

    def test_only_who_bills_pays_back(self, charge: Charge) -> None:
        by = make_person(Role.TECHNICIAN)

        refused(lambda: self.pay_back(charge, by=by), "not_allowed")


class TestRefusals:
    """What is not credited."""

    def test_a_draft(self, billing: Billing) -> None:
        draft = billing.draft()
        refused(lambda: credit(billing, draft), "not_issued")

    def test_without_a_reason(self, billing: Billing) -> None:
        issued = billing.issue()
        refused(lambda: credit(billing, issued, reason=" "), "no_reason")

    def test_twice(self, billing: Billing) -> None:
        issued = billing.issue()
        credit(billing, issued)
        refused(lambda: credit(billing, issued), "credited")

    def test_a_credit_note(self, billing: Billing) -> None:
        note = credit(billing, billing.issue())
        refused(lambda: credit(billing, note), "is_correction")

    def test_by_a_technician(self, billing: Billing) -> None:
        issued, by = billing.issue(), make_person(Role.TECHNICIAN)
        refused(lambda: credit(billing, issued, by=by), "not_allowed")

    def test_an_invoice_where_only_pro_formas_leave_now(self, billing: Billing) -> None:
        issued = billing.issue()
        make_issuing_firm(country="MX")
        refused(lambda: credit(billing, issued), "export_only")
