"""What a customer keeps back of a professional: it lowers what is to be paid, and never base, tax or total."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.books.accounts import statement_of
from ecuanime.billing.crediting.writing import CreditPart
from ecuanime.billing.documents.frozen import document_of
from ecuanime.billing.einvoice.faults import faults_of
from ecuanime.billing.einvoice.of_invoice import electronic
from ecuanime.billing.models import Invoice, InvoiceLine
from ecuanime.billing.packs import Party, pack_for
from ecuanime.billing.queries import receivables
from ecuanime.billing.verifying.invoices import verify_invoices
from tests.factories import make_person
from tests.factories.billing import Billing, make_billing, make_issuing_firm
from tests.rooms.billing.snapshots import everything, refused
from tests.rules.examples import Row, rows

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "row", rows("withholding", "legal form", "customer", "professional since", "day", "rate")
)
def test_who_withholds_and_how_much(row: Row) -> None:
    country, kind = row["customer"].split()
    since = row["professional since"]
    issuer = Party("Irene", "00000000T", "Calle 1", "Sevilla", "ES", legal_form=row["legal form"])
    if since:
        issuer = Party(
            *("Irene", "00000000T", "Calle 1", "Sevilla", "ES"),
            legal_form=row["legal form"],
            professional_since=date.fromisoformat(since),
        )
    customer = Party("Cliente", "", "Calle 2", "Town", country, is_business=kind == "business")

    choice = pack_for("ES").withholding_for(issuer, customer, date.fromisoformat(row["day"]))

    assert (f"{choice.rate.percent}" if choice.rate else "none") == row["rate"]
    assert choice.rate is None or choice.rate.source


def of_a_professional(**firm: Any) -> Billing:
    """A demo professional in Sevilla, who may issue, with a client in Madrid at 44.00 an hour."""
    client = {"country": "ES", "postcode": "28013", "city": "Madrid", "language": "en", "tax_id": "B58378431"}
    billing = make_billing(**client)
    values = {"tax_id": "00000000T", "postcode": "41003", "city": "Sevilla", "is_demo": True}
    make_issuing_firm(**({"country": "ES", "legal_form": "professional"} | values | firm))
    return billing


def hours(billing: Billing, minutes: int = 600) -> Invoice:
    billing.approved(minutes)
    return billing.draft()


def held(invoice: Invoice) -> tuple[int, int, int]:
    return invoice.total, invoice.withheld, invoice.payable


def test_it_lowers_what_is_to_be_paid_and_nothing_else() -> None:
    billing = of_a_professional()
    issued = billing.issue(hours(billing))

    assert held(issued) == (53240, 6600, 46640)
    assert (issued.withheld_name, issued.withheld_percent, issued.withheld_base) == ("IRPF", 15, 44000)
    assert (issued.withheld_why, issued.owed) == ("withheld", 46640)
    document = document_of(issued)
    assert (document.total_minor, document.amount_due_minor) == (53240, 46640)
    assert [row.amount_minor for row in document.withholdings] == [6600]
    (row,) = receivables(today=billing.now.date())
    assert (row.owed, row.owed_count) == (46640, 1)
    assert list(verify_invoices()) == []


def test_the_account_counts_what_is_to_be_paid_and_its_payment_settles_it() -> None:
    billing = of_a_professional()
    issued = billing.issue(hours(billing))

    actions.record_payment(
        invoice=issued,
        amount=46640,
        received_on=billing.now.date(),
        by=billing.clerk,
        now=billing.now,
        idempotency_key="one",
    )

    issued.refresh_from_db()
    days = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
    account = statement_of(billing.client, currency="EUR", **days)
    assert [row.amount for row in account.rows] == [46640, -46640]
    assert (issued.owed, account.closing) == (0, 0)
    assert receivables(today=billing.now.date())[0].owed == 0


def test_goods_are_no_income_of_the_activity() -> None:
    billing = of_a_professional()
    draft = hours(billing)
    line = {"description": "Disk", "units": 1, "price": Decimal(100), "by": billing.clerk, "now": billing.now}
    actions.add_line(invoice=draft, kind=InvoiceLine.Kind.GOODS, **line)

    draft.refresh_from_db()

    assert (draft.net, draft.withheld_base, draft.withheld) == (54000, 44000, 6600)


def test_a_credit_note_of_the_rest_leaves_nothing_withheld() -> None:
    billing = of_a_professional()
    first, _second = billing.approved(37, 613)
    issued = billing.issue()
    part = CreditPart(issued.lines.get(), entries=frozenset({first.pk}))
    common = {"by": billing.clerk, "now": billing.now}
    actions.credit_lines(invoice=issued, parts=[part], reason="One", idempotency_key="a", **common)

    issued.refresh_from_db()
    actions.credit_invoice(invoice=issued, reason="All the rest", **common)

    issued.refresh_from_db()
    notes = list(issued.corrections.all())
    assert issued.withheld + sum(note.withheld for note in notes) == 0
    assert (issued.owed, issued.credited, issued.is_credited) == (0, issued.payable, True)
    assert all(note.total < note.payable < 0 for note in notes)
    assert list(verify_invoices()) == []


def test_a_person_may_choose_another_rate_or_none() -> None:
    billing = of_a_professional()
    draft = hours(billing)
    common = {"by": billing.clerk, "now": billing.now}

    seven = actions.set_draft_withholding(invoice=draft, code="irpf-7", **common)
    assert (seven.withheld, seven.withheld_why) == (3080, "chosen")
    none = actions.set_draft_withholding(invoice=draft, code="none", **common)
    assert (none.withheld, none.withheld_percent) == (0, None)
    assert actions.set_draft_withholding(invoice=draft, code="", **common).withheld == 6600


def test_what_is_no_rate_or_not_theirs_is_refused_and_changes_nothing() -> None:
    billing = of_a_professional()
    draft = hours(billing)
    technician = make_person(Role.TECHNICIAN)
    before = everything()

    for code, by, why in (
        ("irpf-99", billing.clerk, "unknown_withholding"),
        ("none", technician, "not_allowed"),
    ):
        refused(
            lambda code=code, by=by: actions.set_draft_withholding(  # type: ignore[misc]
                invoice=draft, code=code, by=by, now=billing.now
            ),
            why,
        )
    assert everything() == before


def test_the_database_keeps_what_was_withheld_of_an_issued_document() -> None:
    billing = of_a_professional()
    issued = billing.issue(hours(billing))

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Invoice.objects.filter(pk=issued.pk).update(withheld=0)
    issued.refresh_from_db()
    assert issued.withheld == 6600


def test_a_company_has_nothing_withheld_and_is_told_no_reason() -> None:
    billing = of_a_professional(legal_form="company")
    draft = hours(billing)

    assert (draft.withheld, draft.withheld_why, draft.payable) == (0, "", draft.total)


def test_an_en_16931_file_of_it_is_refused_with_the_reason() -> None:
    billing = of_a_professional()
    issued = billing.issue(hours(billing))

    (fault,) = faults_of(electronic(issued))

    assert "Facturae" in fault
