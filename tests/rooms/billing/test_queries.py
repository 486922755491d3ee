"""Lists, page and totals: right, and with as many queries for three rows as for one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecuanime.accounts.models import Role
from ecuanime.billing import actions, queries
from ecuanime.billing.access import contact_sees_invoices, may_bill, visible_invoices, visible_to_contact
from ecuanime.billing.books.export import invoices_csv
from ecuanime.billing.documents.tags import InvoiceTag
from ecuanime.billing.models import Invoice
from ecuanime.billing.queries import InvoiceFilter
from ecuanime.contracts.models import PlanKind
from ecuanime.delivery.models import OutgoingMail
from tests.factories import make_client, make_contact, make_person
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.factories.entitlements import make_lot
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db

TODAY = MONTH_END.date()
LATER = TODAY + timedelta(days=90)


made_billing = made_once(make_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def issued(billing: Billing, minutes: int = 30) -> Invoice:
    billing.approved(minutes)
    return actions.ensure_pdf(invoice=billing.issue(), now=billing.now)


def paid(billing: Billing, invoice: Invoice, amount: int) -> None:
    actions.record_payment(
        invoice=invoice,
        amount=amount,
        received_on=TODAY,
        by=billing.clerk,
        now=billing.now,
        idempotency_key=f"pay-{invoice.pk}-{amount}",
    )


def cost_of(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        read()
    return len(captured)


def tags(which: str = InvoiceFilter.ALL, today: date = TODAY) -> dict[str, str]:
    rows = queries.invoices_in(which, today=today).rows
    return {row.invoice.number or "draft": row.tag for row in rows}


@pytest.fixture
def ledger(billing: Billing) -> Billing:
    """Invoices in all states: paid, part of it paid, credited with its note, sent, not delivered, and a draft."""
    whole, part, wrong, sent, lost = (issued(billing) for _ in range(5))
    OutgoingMail.objects.filter(pk=sent.mail_id).update(state="sent")
    OutgoingMail.objects.filter(pk=lost.mail_id).update(state="failed", error="no such address")
    paid(billing, whole, whole.total)
    paid(billing, part, 100)
    actions.credit_invoice(invoice=wrong, reason="mal", by=billing.clerk, now=billing.now)
    billing.approved(45)
    billing.draft()
    return billing


def test_every_state_has_its_word(ledger: Billing) -> None:
    assert tags() == {
        "draft": InvoiceTag.DRAFT,
        "F-2026-0001": InvoiceTag.PAID,
        "F-2026-0002": InvoiceTag.PARTLY_PAID,
        "F-2026-0003": InvoiceTag.CREDITED,
        "F-2026-0004": InvoiceTag.SENT,
        "F-2026-0005": InvoiceTag.UNDELIVERED,
        "R-2026-0001": InvoiceTag.CORRECTION,
    }
    late = tags(today=LATER)
    assert (late["F-2026-0002"], late["F-2026-0004"]) == (InvoiceTag.OVERDUE, InvoiceTag.OVERDUE)


def test_each_tab_holds_its_own_and_counts_it(ledger: Billing) -> None:
    unpaid = {"F-2026-0002", "F-2026-0004", "F-2026-0005"}
    held = {which: set(tags(which, LATER)) for which in InvoiceFilter.values}

    assert held == {
        "all": set(tags()),
        "drafts": {"draft"},
        "unpaid": unpaid,
        "overdue": unpaid,
        "undelivered": {"F-2026-0005"},
        "paid": {"F-2026-0001"},
        "written_off": set(),
        "corrections": {"R-2026-0001"},
    }
    assert queries.counts_by_filter(today=LATER) == {which: len(rows) for which, rows in held.items()}
    assert tags("overdue", TODAY) == {}


def test_a_list_is_searched_paged_and_narrowed(ledger: Billing) -> None:
    def numbers(**fields: object) -> list[str | None]:
        rows = queries.invoices_in(today=TODAY, **fields).rows  # type: ignore[arg-type]
        return [row.invoice.number for row in rows]

    assert numbers(text="0004") == ["F-2026-0004"]
    assert len(numbers(text=ledger.client.code)) == 7
    assert numbers(client=make_client()) == []
    first = queries.invoices_in(today=TODAY, size=4)
    second = queries.invoices_in(today=TODAY, size=4, after=first.next)
    assert len(first.rows + second.rows) == 7
    assert len({row.invoice.pk for row in first.rows + second.rows}) == 7
    assert second.next == ""
    assert first.rows[0].about == "remote (es)"


def test_what_is_owed_both_ways(ledger: Billing) -> None:
    [figures] = queries.receivables(today=LATER)

    assert figures.owed == 3 * 2706 - 100
    assert (figures.owed_count, figures.overdue_count, figures.overdue) == (3, 3, figures.owed)
    assert figures.oldest_due_on == date(2026, 12, 30)
    assert (figures.drafts, figures.draft_count) == (4059, 1)
    assert (figures.unbilled, figures.unbilled_clients, figures.to_give_back) == (0, 0, 0)


def test_what_is_approved_and_unbilled_and_what_is_to_be_given_back(billing: Billing) -> None:
    invoice = issued(billing)
    paid(billing, invoice, invoice.total)
    actions.credit_invoice(invoice=invoice, reason="mal", by=billing.clerk, now=billing.now)
    billing.approved(5, 5, 5)

    [figures] = queries.receivables(today=TODAY, client=billing.client)

    assert (figures.unbilled, figures.unbilled_clients) == (1100, 1)
    assert figures.to_give_back == invoice.total
    [others] = queries.receivables(today=TODAY, client=make_client())
    assert (others.unbilled, others.to_give_back, others.owed) == (0, 0, 0)


def test_a_page_explains_each_line_by_ticket_and_entry() -> None:
    billing = make_billing(PlanKind.HOUR_PACK)
    make_lot(billing.contract, 30)
    covered, *_charged = billing.approved(30, 5, 5)
    invoice = issued(billing, 5)
    paid(billing, invoice, 100)

    page = queries.invoice_page(invoice, today=TODAY)

    [line] = page.lines
    assert (line.entry_count, line.line.amount) == (3, 1100)
    assert [entry.amount for entry in line.tickets[0].entries] == [367, 367, 366]
    assert [one.rating.entry for ticket in page.covered for one in ticket.entries] == [covered]
    assert [payment.amount for payment in page.payments] == [100]
    assert page.recipients == ("facturas@cliente.example",)


def test_a_document_is_found_by_number_and_a_draft_by_its_key(billing: Billing) -> None:
    billing.approved(30)
    draft = billing.draft()

    assert queries.find_invoice(queries.key_of(draft)) == draft
    number = billing.issue(draft).number
    assert queries.find_invoice(str(number)) == draft
    for key in (f"borrador-{draft.pk}", "borrador-", "borrador-x", "borrador-9999999999999999999", "F-1"):
        assert queries.find_invoice(key) is None


def test_reads_cost_the_same_for_one_as_for_three(billing: Billing) -> None:
    def costs(invoice: Invoice) -> list[int]:
        return [
            cost_of(lambda: queries.invoices_in(today=TODAY)),
            cost_of(lambda: queries.counts_by_filter(today=TODAY)),
            cost_of(lambda: queries.receivables(today=TODAY)),
            cost_of(lambda: queries.invoices_of_contact(billing.lead, today=TODAY)),
            cost_of(lambda: queries.invoice_page(invoice, today=TODAY)),
            cost_of(lambda: queries.latest_runs()),
            cost_of(lambda: list(invoices_csv(Invoice.objects.all()))),
        ]

    first = issued(billing)
    for_one = costs(Invoice.objects.select_related("client", "mail").get(pk=first.pk))
    issued(billing)
    billing.approved(10, 20, 30)
    third = issued(billing)

    assert costs(Invoice.objects.select_related("client", "mail").get(pk=third.pk)) == for_one


class TestWhoSeesWhat:
    """Whoever bills sees all; a client's readers and leads their own issued ones; nobody else anything."""

    @pytest.mark.parametrize(
        ("role", "bills"),
        [
            (Role.ADMINISTRATOR, True),
            (Role.SUPERVISOR, True),
            (Role.BILLING, True),
            (Role.CONSULTANT, False),
            (Role.TECHNICIAN, False),
        ],
    )
    def test_people_of_the_firm(self, billing: Billing, role: str, bills: bool) -> None:
        billing.approved(30)
        billing.draft()
        person = make_person(role)

        assert may_bill(person) is bills
        assert visible_invoices(person).exists() is bills

    def test_contacts(self, billing: Billing) -> None:
        invoice = issued(billing)
        billing.approved(30)
        billing.draft()
        reader = make_contact(billing.client, sees_invoices=True)
        other = make_contact(billing.client)
        stranger = make_contact(sees_invoices=True)
        gone = make_contact(billing.client, sees_invoices=True, is_active=False)

        assert list(visible_to_contact(reader)) == [invoice]
        assert list(visible_to_contact(billing.lead)) == [invoice]
        assert not visible_to_contact(other).exists()
        assert not visible_to_contact(stranger).exists()
        assert not contact_sees_invoices(gone)
        assert [row.invoice for row in queries.invoices_of_contact(reader, today=TODAY).rows] == [invoice]
