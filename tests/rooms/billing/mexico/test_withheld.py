"""What companies keep back of a natural person in Mexico: ISR and two thirds of the IVA, on document and CFDI."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ecuanime.billing import actions
from ecuanime.billing.actions.mexico import save_mexico_settings
from ecuanime.billing.documents.frozen import document_of
from ecuanime.billing.models import Invoice, MexicoSeal
from ecuanime.billing.packs.mx.catalogues import SIMPLIFIED
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.staff.models import Firm
from tests.factories.billing import MONTH_END
from tests.factories.mexico import SETTINGS, Stamping, keep_seal
from tests.rooms.billing.mexico.test_documents import add, issue, sealed, values_of
from tests.rooms.billing.snapshots import refused

pytestmark = pytest.mark.django_db
PERSON_RFC = "JUFA7608212V6"


@pytest.fixture
def person(stamping: Stamping) -> Stamping:
    """The firm is a natural person in the general regime of professionals."""
    become(stamping, "612")
    return stamping


def become(stamping: Stamping, regime: str) -> None:
    Firm.objects.update(tax_id=PERSON_RFC, legal_form=Firm.LegalForm.PROFESSIONAL)
    MexicoSeal.objects.update(retired_at=MONTH_END, key_sealed="")
    keep_seal(stamping.admin, rfc=PERSON_RFC)
    changes = SETTINGS.__class__(**{**SETTINGS.__dict__, "regime": regime, "name": "ADRIANA JUAREZ"})
    save_mexico_settings(changes=changes, by=stamping.admin, now=MONTH_END)


def withheld(root: Any) -> list[tuple[str | None, ...]]:
    return values_of(root, "Impuestos/Retenciones/Retencion", "Impuesto", "Importe")


def test_a_company_withholds_both_and_the_cfdi_says_each(person: Stamping) -> None:
    issued = person.issue(100)
    assert [(name, percent, amount) for name, percent, amount in issued.withheld_parts] == [
        ("ISR", "10", 15_833),
        ("IVA", "10.6667", 16_889),
    ]
    assert issued.payable == 183_666 - 32_722
    root = sealed(issued)
    assert withheld(root) == [("001", "158.33"), ("002", "168.89")]
    assert root.get("Total") == "1509.44"
    assert [each.amount_minor for each in document_of(issued).withholdings] == [15_833, 16_889]
    assert person.stamp() == 1


def test_in_the_regime_of_trust_the_income_tax_is_lower(stamping: Stamping) -> None:
    become(stamping, SIMPLIFIED)
    assert withheld(sealed(stamping.issue(100))) == [("001", "19.79"), ("002", "168.89")]


def test_natural_persons_and_clients_abroad_withhold_nothing(person: Stamping) -> None:
    person.billing.client.tax_id = "GODE561231GR8"
    person.billing.client.save()
    draft = person.draft()
    assert (draft.withheld, draft.withheld_why) == (0, "not_withheld_person")


def test_goods_and_discounts_are_as_the_document_has_them(person: Stamping) -> None:
    draft = person.draft(100)
    add(person, draft, "goods", "333.33", "3", "mx-16")
    actions.set_discount(
        invoice=draft, percent=Decimal("7.5"), amount=None, reason="", by=person.billing.clerk, now=MONTH_END
    )
    issued = issue(person, draft)
    root = sealed(issued)
    parts = [Decimal(str(amount)) * 100 for _tax, amount in withheld(root)]
    assert parts == [amount for _name, _percent, amount in issued.withheld_parts]
    assert Decimal(root.get("Total")) * 100 == issued.payable


def test_a_credit_gives_each_back(person: Stamping) -> None:
    issued = person.stamped(100)
    note = actions.credit_invoice(
        invoice=issued, reason="No era suyo", by=person.billing.clerk, now=person.now
    )
    assert withheld(sealed(note)) == [("001", "158.33"), ("002", "168.89")]
    assert person.stamp() == 1
    assert Invoice.objects.get(pk=issued.pk).owed == 0
    assert not list(verify_invoices())


def test_other_rates_of_iva_go_on_a_document_of_their_own(person: Stamping) -> None:
    draft = person.draft()
    add(person, draft, "service", "10.01", "1", "mx-0")
    refused(lambda: issue(person, draft), "mixed_withholding")

    actions.set_draft_withholding(
        invoice=draft, code="mx-professional-isr", by=person.billing.clerk, now=MONTH_END
    )
    assert withheld(sealed(issue(person, draft))) == [("001", "96.00")]
