"""Credit notes of a part: a line, units, entries or a lower price, never above what is left."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import DatabaseError, transaction

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.crediting.writing import CreditPart
from ecuanime.billing.models import Invoice, InvoiceLine, LineSegment
from ecuanime.billing.packs.generic import GenericPack
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.contracts.models import PlanKind, Surcharge
from ecuanime.entitlements.queries import verify_ledger
from ecuanime.rules.money import round_half_up
from ecuanime.worklog.models import EntryState
from tests.factories import make_person
from tests.factories.billing import Billing, by_the_minute, make_billing
from tests.rooms.billing.snapshots import everything, refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db


def _billing() -> Billing:
    billing = make_billing()
    billing.approved(5, 5, 5)
    return billing


made_billing = made_once(_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


@pytest.fixture
def issued(billing: Billing) -> Invoice:
    """Time of 11.00 and three goods of 12.345 less 10 %."""
    draft = billing.draft()
    actions.add_line(
        invoice=draft,
        kind="goods",
        description="Disco",
        units=3,
        price=Decimal("12.345"),
        discount_percent=Decimal(10),
        by=billing.clerk,
        now=billing.now,
    )
    return billing.issue(draft)


def credit(billing: Billing, invoice: Invoice, *parts: CreditPart, **fields: object) -> Invoice:
    values = {"reason": "Estaba mal", "by": billing.clerk, "now": billing.now, "idempotency_key": "one"}
    return actions.credit_lines(invoice=invoice, parts=parts, **(values | fields))  # type: ignore[arg-type]


def time_of(invoice: Invoice) -> InvoiceLine:
    return invoice.lines.get(kind="work")


def goods_of(invoice: Invoice) -> InvoiceLine:
    return invoice.lines.get(kind="goods")


def sound() -> bool:
    return list(verify_invoices()) == []


class TestTime:
    """Entries, and exactly theirs, go back."""

    def test_one_entry_is_credited_and_freed(self, billing: Billing, issued: Invoice) -> None:
        line = time_of(issued)
        first, second, third = line.segments.order_by("pk")
        entry = first.segment.rating.entry

        note = credit(billing, issued, CreditPart(line, entries=frozenset({entry.pk})))

        entry.refresh_from_db()
        issued.refresh_from_db()
        assert (note.number, note.lines.get().minutes, note.net) == ("R-2026-0001", -5, -367)
        assert issued.credited == -note.total
        assert entry.state == EntryState.CLOSED
        assert set(LineSegment.objects.filter(is_live=True)) == {second, third}
        assert sound()

    def test_cents_that_no_minutes_give_are_an_amount(self, billing: Billing, issued: Invoice) -> None:
        line = time_of(issued)
        last = line.segments.order_by("pk")[2]

        note = credit(billing, issued, CreditPart(line, entries=frozenset({last.segment.rating.entry_id})))

        back = note.lines.get()
        assert (back.minutes, back.units, back.price, back.amount) == (None, -1, Decimal("3.66"), -366)
        assert sound()

    def test_entry_by_entry_empties_the_line(self, billing: Billing, issued: Invoice) -> None:
        line = time_of(issued)
        for place, part in enumerate(line.segments.order_by("pk")):
            chosen = CreditPart(line, entries=frozenset({part.segment.rating.entry_id}))
            credit(billing, issued, chosen, idempotency_key=f"part-{place}")

        assert not LineSegment.objects.filter(is_live=True).exists()
        assert sum(note.net for note in issued.corrections.all()) == -1100
        refused(
            lambda: credit(billing, issued, CreditPart(line, amount=1), idempotency_key="x"), "above_line"
        )
        assert sound()

    def test_what_was_only_written_wrong_is_billed_again(self, billing: Billing, issued: Invoice) -> None:
        credit(billing, issued, CreditPart(time_of(issued)), free_time=False)

        assert billing.draft().net == 1100
        assert sound()

    def test_a_lower_price_frees_nothing(self, billing: Billing, issued: Invoice) -> None:
        note = credit(billing, issued, CreditPart(time_of(issued), amount=100))

        assert (note.net, note.lines.get().kind) == (-100, "discount")
        assert LineSegment.objects.filter(is_live=True).count() == 3
        assert sound()

    def test_then_the_rest_of_the_line_is_what_is_left_of_it(self, billing: Billing, issued: Invoice) -> None:
        line = time_of(issued)
        credit(billing, issued, CreditPart(line, amount=100))

        note = credit(billing, issued, CreditPart(line), idempotency_key="rest")

        assert note.net == -1000
        assert not LineSegment.objects.filter(is_live=True).exists()
        assert sound()

    def test_an_entry_on_two_lines_is_freed_whole_or_not_at_all(self) -> None:
        version = by_the_minute(surcharges=[(Surcharge.When.AFTER_HOURS, "1.5")])
        billing = make_billing(version=version)
        billing.approved(180, started_at=datetime(2026, 11, 9, 15, 30, tzinfo=UTC))
        issued = billing.issue()
        day, night = issued.lines.order_by("position")

        refused(lambda: credit(billing, issued, CreditPart(day)), "part_of_entry")

        note = credit(billing, issued, CreditPart(day), CreditPart(night))
        assert note.total == -issued.total
        assert sound()


def make_second_line(billing: Billing) -> InvoiceLine:
    billing.approved(10)
    return billing.issue().lines.get()


class TestGoods:
    """Units go back one by one."""

    def test_units_come_to_the_whole(self, billing: Billing, issued: Invoice) -> None:
        line = goods_of(issued)
        notes = [
            credit(billing, issued, CreditPart(line, units=Decimal(1)), idempotency_key=f"unit-{place}")
            for place in range(3)
        ]

        assert [note.net for note in notes] == [-1111, -1112, -1111]
        assert [note.lines.get().units for note in notes] == [-1, -1, -1]
        assert sound()

    def test_no_more_units_than_are_left(self, billing: Billing, issued: Invoice) -> None:
        line = goods_of(issued)
        credit(billing, issued, CreditPart(line, units=Decimal("2.5")))

        refused(
            lambda: credit(billing, issued, CreditPart(line, units=Decimal(1)), idempotency_key="x"),
            "above_line",
        )

    def test_a_documents_discount_goes_back_with_them(self, billing: Billing) -> None:
        draft = billing.draft()
        actions.set_discount(invoice=draft, percent=Decimal(10), by=billing.clerk, now=billing.now)
        issued = billing.issue(draft)
        line = time_of(issued)
        entry = line.segments.order_by("pk")[0].segment.rating.entry_id

        first = credit(billing, issued, CreditPart(line, entries=frozenset({entry})))
        rest = credit(billing, issued, CreditPart(line), idempotency_key="rest")

        issued.refresh_from_db()
        assert (first.net, rest.net, issued.net) == (-330, -660, 990)
        assert issued.credited == issued.total
        assert sound()


def test_the_rest_of_the_document_after_a_part(billing: Billing, issued: Invoice) -> None:
    first = credit(billing, issued, CreditPart(goods_of(issued), units=Decimal(1)))

    rest = actions.credit_invoice(invoice=issued, reason="Todo", by=billing.clerk, now=billing.now)

    issued.refresh_from_db()
    assert first.total + rest.total == -issued.total
    assert (issued.credited, issued.owed) == (issued.total, 0)
    assert sound()


def test_the_same_key_is_one_note(billing: Billing, issued: Invoice) -> None:
    note = credit(billing, issued, CreditPart(goods_of(issued)))
    before = everything()

    assert credit(billing, issued, CreditPart(goods_of(issued))) == note
    assert everything() == before


class TestRefusals:
    """What is not credited, and changes nothing."""

    def test_more_than_is_left(self, billing: Billing, issued: Invoice) -> None:
        line = goods_of(issued)
        refused(lambda: credit(billing, issued, CreditPart(line, amount=3335)), "above_line")
        refused(lambda: credit(billing, issued, CreditPart(line, amount=0)), "above_line")
        refused(lambda: credit(billing, issued, CreditPart(line, units=Decimal(4))), "above_line")

    def test_nothing_or_a_line_of_another_document(self, billing: Billing, issued: Invoice) -> None:
        line, other = goods_of(issued), make_second_line(billing)
        refused(lambda: credit(billing, issued), "nothing_chosen")
        refused(lambda: credit(billing, issued, CreditPart(other)), "nothing_chosen")
        refused(lambda: credit(billing, issued, CreditPart(line), CreditPart(line)), "nothing_chosen")

    def test_time_by_the_unit(self, billing: Billing, issued: Invoice) -> None:
        part = CreditPart(time_of(issued), units=Decimal(1))
        refused(lambda: credit(billing, issued, part), "name_entries")

    @pytest.mark.parametrize("units", ["0", "-1", "0.0001"])
    def test_units_that_make_no_sense(self, billing: Billing, issued: Invoice, units: str) -> None:
        part = CreditPart(goods_of(issued), units=Decimal(units))
        refused(lambda: credit(billing, issued, part), "no_units")

    def test_what_is_not_there_to_be_credited(self, billing: Billing, issued: Invoice) -> None:
        part, by = CreditPart(goods_of(issued)), make_person(Role.TECHNICIAN)
        refused(lambda: credit(billing, issued, part, by=by), "not_allowed")
        refused(lambda: credit(billing, issued, part, reason=""), "no_reason")
        note = credit(billing, issued, part)
        refused(lambda: credit(billing, note, part, idempotency_key="x"), "is_correction")
        actions.credit_invoice(invoice=issued, reason="Todo", by=billing.clerk, now=billing.now)
        refused(lambda: credit(billing, issued, part, idempotency_key="x"), "credited")

    def test_the_database_keeps_credits_below_the_invoice(self, issued: Invoice) -> None:
        with pytest.raises(DatabaseError, match="credited_no_more_than_charged"), transaction.atomic():
            Invoice.objects.filter(pk=issued.pk).update(credited=issued.total + 1)


def test_a_discounted_pack_pays_back_what_was_paid() -> None:
    billing = make_billing(PlanKind.HOUR_PACK)
    charge = billing.order(20, starts_on=date(2026, 1, 1))
    draft = Invoice.objects.get()
    actions.set_discount(invoice=draft, percent=Decimal(10), by=billing.clerk, now=billing.now)
    issued = billing.issue(draft)

    note = actions.pay_back_pack(
        charge=charge, reason="Cierra", by=billing.clerk, now=billing.now, idempotency_key="back"
    )

    assert note.total == -issued.total
    assert sound()
    assert list(verify_ledger()) == []


def test_hours_of_a_pack_are_not_credited_by_the_unit() -> None:
    billing = make_billing(PlanKind.HOUR_PACK)
    billing.order(20)
    issued = billing.issue(Invoice.objects.get())
    line = issued.lines.get()

    refused(lambda: credit(billing, issued, CreditPart(line, units=Decimal(1))), "pack_line")
    note = credit(billing, issued, CreditPart(line))
    assert note.total == -issued.total
    line.charge.refresh_from_db()  # type: ignore[union-attr]
    assert line.charge.cancelled_at == billing.now  # type: ignore[union-attr]


def test_where_taxes_are_rounded_line_by_line_what_is_left_is_taxed_right(
    billing: Billing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GenericPack, "tax_per_line", True)
    draft = billing.draft()
    for number in range(3):
        actions.add_line(
            invoice=draft,
            description=f"Clavo {number}",
            units=1,
            price=Decimal("0.12"),
            by=billing.clerk,
            now=billing.now,
        )
    issued = billing.issue(draft)
    assert issued.tax_per_line
    nail = issued.lines.filter(kind=InvoiceLine.Kind.SERVICE).first()
    assert nail is not None

    note = credit(billing, issued, CreditPart(nail))
    assert (note.net, note.tax) == (-12, -3)
    assert sound()

    issued.refresh_from_db()
    actions.credit_invoice(invoice=issued, reason="Mal", by=billing.clerk, now=billing.now)
    assert sound()


class TestDiscountedTime:
    """A line of time less a discount, whose entries cost that much less."""

    def test_it_stays_when_more_time_comes_and_is_credited_as_it_was_charged(self, billing: Billing) -> None:
        draft = billing.draft()
        actions.discount_time(line=time_of(draft), percent=Decimal(10), by=billing.clerk, now=billing.now)
        billing.approved(30)
        billing.run()
        draft.refresh_from_db()
        line = time_of(draft)
        assert line.discount == round_half_up(Fraction(line.gross, 10))
        assert sum(part.amount for part in line.segments.all()) == line.amount
        issued = billing.issue(draft)
        assert sound()

        entry = line.segments.select_related("segment__rating").first()
        assert entry is not None
        note = credit(billing, issued, CreditPart(line, entries=frozenset({entry.segment.rating.entry_id})))
        assert note.net == -entry.amount
        actions.credit_invoice(invoice=issued, reason="Mal", by=billing.clerk, now=billing.now)
        assert sound()

    def test_it_ends_and_is_never_more_than_the_line(self, billing: Billing) -> None:
        draft = billing.draft()
        before = time_of(draft).amount

        def discount(**fields: object) -> Invoice:
            return actions.discount_time(line=time_of(draft), by=billing.clerk, now=billing.now, **fields)  # type: ignore[arg-type]

        assert time_of(discount(amount=before)).amount == 0
        assert time_of(discount()).amount == before
        refused(lambda: discount(amount=before + 1), "bad_discount")
        refused(lambda: discount(percent=Decimal(101)), "bad_discount")
        added = actions.add_line(
            invoice=draft, description="X", units=1, price=Decimal(1), by=billing.clerk, now=billing.now
        )
        refused(
            lambda: actions.discount_time(line=added, percent=Decimal(10), by=billing.clerk, now=billing.now),
            "not_time",
        )
