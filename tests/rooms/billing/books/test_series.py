"""The firm's own series: several for each purpose, each with its code and the way its numbers read."""

from __future__ import annotations

import pytest

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.models import Invoice, Numbering
from ecuanime.billing.verifying.invoices import verify_invoices
from tests.factories import make_person
from tests.factories.billing import Billing, make_billing
from tests.rooms.billing.snapshots import refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db


made_billing = made_once(make_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def save(billing: Billing, code: str, purpose: str = "invoice", **fields: object) -> Numbering:
    values = {"by": billing.clerk, "now": billing.now} | fields
    return actions.save_numbering(code=code, purpose=purpose, **values)  # type: ignore[arg-type]


def issue(billing: Billing, numbering: Numbering | None = None) -> Invoice:
    billing.approved(15)
    return actions.issue_invoice(
        invoice=billing.draft(), by=billing.clerk, now=billing.now, numbering=numbering
    )


def test_the_usual_one_and_another_count_each_for_itself(billing: Billing) -> None:
    save(billing, "a", is_default=True, shape="short", digits=3)
    web = save(billing, "WEB", shape="year_first", digits=5)

    numbers = [issue(billing).number, issue(billing, web).number, issue(billing).number]

    assert numbers == ["A26-001", "2026-WEB-00001", "A26-002"]
    assert list(verify_invoices()) == []


def test_credit_notes_have_theirs(billing: Billing) -> None:
    save(billing, "RECT", "credit_note", is_default=True)
    issued = issue(billing)

    note = actions.credit_invoice(invoice=issued, reason="Mal", by=billing.clerk, now=billing.now)

    assert (issued.number, note.number) == ("F-2026-0001", "RECT-2026-0001")


def test_one_is_usual_for_each_purpose(billing: Billing) -> None:
    save(billing, "A", is_default=True)
    save(billing, "B", is_default=True)
    save(billing, "P", "pro_forma", is_default=True)

    assert list(Numbering.objects.filter(is_default=True).values_list("code", flat=True)) == ["B", "P"]


def test_once_used_its_numbers_keep_their_shape(billing: Billing) -> None:
    series = save(billing, "A", is_default=True)
    issue(billing)

    refused(lambda: save(billing, "A", shape="short"), "in_use")
    assert save(billing, "A", name="Mantenimiento") == series


@pytest.mark.parametrize("code", ["", "A1", "A-B", "ABCDEFG", "Ñ"])
def test_a_code_is_letters(billing: Billing, code: str) -> None:
    refused(lambda: save(billing, code), "bad_code")


def test_other_refusals(billing: Billing) -> None:
    notes = save(billing, "N", "credit_note")
    supervisor = make_person(Role.SUPERVISOR)
    refused(lambda: save(billing, "N"), "code_taken")
    refused(lambda: save(billing, "R"), "code_taken")
    refused(lambda: save(billing, "A", digits=9), "bad_digits")
    refused(lambda: save(billing, "A", by=supervisor), "not_allowed")
    billing.approved(15)
    draft = billing.draft()
    refused(
        lambda: actions.issue_invoice(invoice=draft, by=billing.clerk, now=billing.now, numbering=notes),
        "wrong_series",
    )
