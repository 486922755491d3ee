"""The worked examples of docs/rules/rectification.md, on records as they are written."""

from __future__ import annotations

import re

import pytest

from ecuanime.billing import actions
from ecuanime.billing.crediting.writing import CreditPart
from ecuanime.billing.models import Invoice
from ecuanime.billing.verifying.records import verify_records
from tests.factories.billing import Billing
from tests.factories.fiscal import make_spanish_billing, record_of
from tests.rules.examples import Row, cents, rows
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


@pytest.mark.parametrize("row", rows("rectification", "corrected", "chosen", "kind"))
def test_its_kind(billing: Billing, row: Row) -> None:
    if row["corrected"] == "F2":
        billing.client.tax_id = ""
        billing.client.save()
    issued = billing.issue()
    assert record_of(issued).type == row["corrected"]

    note = actions.credit_invoice(
        invoice=issued, reason="Error", correction_type=row["chosen"], by=billing.clerk, now=billing.now
    )

    assert record_of(note).type == row["kind"]


@pytest.mark.parametrize(
    "row", rows("rectification", "taken off", "how", "record's total", "replaced base", "replaced tax")
)
def test_what_its_record_bears(billing: Billing, row: Row) -> None:
    issued = billing.issue()
    for place, amount in enumerate(row["taken off"].split()):
        note = take_off(billing, issued, cents(amount), f"{place}", by_substitution=row["how"] == "S")

    record = record_of(note)

    assert f"<sf:TipoRectificativa>{row['how']}</sf:TipoRectificativa>" in record.xml
    assert record.total == cents(row["record's total"])
    replaced = re.findall(r"<sf:(?:Base|Cuota)Rectificada>([0-9.]+)<", record.xml)
    assert replaced == [row[name] for name in ("replaced base", "replaced tax") if row[name]]
    assert list(verify_records()) == []


def take_off(billing: Billing, issued: Invoice, amount: int, key: str, *, by_substitution: bool) -> Invoice:
    return actions.credit_lines(
        invoice=issued,
        parts=[CreditPart(issued.lines.get(), amount=amount)],
        reason="Precio acordado",
        by=billing.clerk,
        now=billing.now,
        idempotency_key=key,
        by_substitution=by_substitution,
    )
