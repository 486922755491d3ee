"""Tax rates: noted for the firm's country, changed by people, frozen on documents."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.drafting.taxing import usual_tax
from ecuanime.billing.handlers import note_taxes
from ecuanime.billing.models import TaxRate
from ecuanime.billing.packs.generic import UNKNOWN_TAX
from ecuanime.staff.events import FirmSetUp
from tests.factories import NOW, make_firm, make_person
from tests.rooms.billing.snapshots import everything, refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("country", "percent"), [("ES", 21), ("MX", 16), ("IE", 23), ("DE", 19), ("GB", 20)])
def test_a_new_firm_has_its_countrys_rates(country: str, percent: int) -> None:
    make_firm(country=country)

    note_taxes(FirmSetUp(firm_id=1))

    default = TaxRate.objects.get(is_default=True)
    assert (default.percent, default.category) == (percent, "S")
    assert default.source
    before = everything()
    note_taxes(FirmSetUp(firm_id=1))
    assert everything() == before


def test_what_a_person_changed_stays() -> None:
    actions.seed_taxes("IE", now=NOW)
    TaxRate.objects.filter(code="ie-standard").update(percent=24)

    assert actions.seed_taxes("IE", now=NOW).percent == 24


def test_a_firm_that_moves_gets_the_rates_of_its_new_country() -> None:
    firm = make_firm(country="IE")
    actions.seed_taxes("IE", now=NOW)
    firm.country = "FR"

    assert usual_tax(firm).code == "fr-standard"
    assert TaxRate.objects.get(is_default=True).code == "fr-standard"


def test_a_country_without_known_rates_has_a_placeholder() -> None:
    assert actions.seed_taxes("JP", now=NOW).code == UNKNOWN_TAX


def save(**fields: object) -> TaxRate:
    values: dict[str, object] = {"code": "vat-9", "name": "VAT", "percent": Decimal("9"), "now": NOW}
    return actions.save_tax_rate(**(values | fields))  # type: ignore[arg-type]


def test_a_rate_is_added_changed_and_made_the_default() -> None:
    actions.seed_taxes("IE", now=NOW)
    by = make_person(Role.BILLING)

    save(by=by)
    rate = save(by=by, percent=Decimal("13.5"), is_default=True)

    assert str(rate) == "VAT 13.5 %"
    assert TaxRate.objects.get(is_default=True) == rate
    assert str(TaxRate.objects.get(code="eu-reverse")) == "Reverse charge"


def test_what_makes_no_sense_is_refused() -> None:
    by = make_person(Role.BILLING)

    refused(lambda: save(by=by, name=" "), "no_name")
    for percent in ("-1", "101", "NaN", "1.2345"):
        refused(lambda given=percent: save(by=by, percent=Decimal(given)), "bad_percent")  # type: ignore[misc]
    refused(lambda: save(by=by, category="E", percent=Decimal(0)), "no_reason")
    supervisor = make_person(Role.SUPERVISOR)
    refused(lambda: save(by=supervisor), "not_allowed")
