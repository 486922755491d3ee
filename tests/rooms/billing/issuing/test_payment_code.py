"""The code that pays an invoice, read back from its drawn page."""

from __future__ import annotations

import pytest

from ecuanime.billing.documents.frozen import document_of
from ecuanime.billing.documents.parties import issuer_of
from ecuanime.billing.documents.payment_code import payment_code
from ecuanime.billing.models import Invoice
from ecuanime.billing.pdf import render_invoice
from ecuanime.staff.models import Firm
from tests.factories.billing import Billing, make_billing
from tests.rooms.billing.spain.test_fiscal_paper import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def billing() -> Billing:
    billing = make_billing()
    billing.approved(15)
    return billing


def test_a_banks_app_reads_account_amount_and_number(billing: Billing) -> None:
    issued = Invoice.objects.get(pk=billing.issue().pk)

    [code] = page_of(render_invoice(document_of(issued))).codes()

    name = issued.issuer["name"]
    lines = ["BCD", "002", "1", "SCT", "", name, "IE29AIBK93115212345678", "EUR13.53", "", "", issued.number]
    assert code.text.split("\n") == lines
    assert code.ec_level == "M"


def test_only_what_is_to_be_transferred_has_one(billing: Billing) -> None:
    issuer, draft = issuer_of(Firm.objects.get()), billing.draft()
    assert payment_code(draft, issuer) is None
    issued = billing.issue(draft)
    assert payment_code(issued, issuer) is not None

    for name, value in {
        "currency": "USD",
        "is_demo": True,
        "corrects_id": 1,
        "withheld": issued.total,
    }.items():
        changed = Invoice.objects.get(pk=issued.pk)
        setattr(changed, name, value)
        assert payment_code(changed, issuer) is None, name
    for iban in ("", "GB29NWBK60161331926819"):
        assert payment_code(issued, issuer | {"iban": iban}) is None
