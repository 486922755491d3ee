"""Contracts in force come with what is left of their packs, and are drawn like any other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ecuanime.billing.models import Charge, Invoice
from ecuanime.clients.models import Client
from ecuanime.contracts.models import Contract, Fee, PlanKind
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.verification import verify_ledger
from tests.factories import make_client, make_firm, make_version, publish
from tests.rooms.imports.files import brought, csv_of, given, outcomes

pytestmark = pytest.mark.django_db
HEADERS = (
    "Cliente",
    "Plan",
    "Contrato",
    "Inicio",
    "Fin",
    "Quedan",
    "Precio pagado",
    "Caduca",
    "Bonificación",
)


@pytest.fixture(autouse=True)
def customer() -> Client:
    """A client whose contracts are brought."""
    make_firm(country="ES")
    return make_client(name="Óptica", code="C-0700")


def test_contracts_and_their_lots_come_once(customer: Client) -> None:
    plan = make_version().plan.code
    content = csv_of(
        HEADERS,
        ("C-0700", plan, "2025/1", "01/03/2026", "", "11:45", "30,00", "28/02/2030", ""),
        ("Óptica", plan, "2025/1", "01/03/2026", "", "0,5", "", "28/02/2030", "sí"),
        ("Óptica", "hour pack", "", "01/06/2026", "31/05/2030", "", "", "", ""),
    )
    assert (given("contracts", content).new, Contract.objects.count()) == (3, 0)
    assert brought("contracts", content).new == 3
    first, second = Contract.objects.order_by("id")
    assert (first.client, first.starts_on, second.ends_on) == (customer, date(2026, 3, 1), date(2030, 5, 31))
    paid, bonus = first.lots.order_by("id")
    assert (paid.left, paid.unit_price_paid, paid.source) == (70500, Decimal(30), Lot.Source.OPENING)
    assert (bonus.left, bonus.is_bonus, bonus.expires_on) == (3000, True, date(2030, 2, 28))
    assert list(verify_ledger()) == []
    assert not Charge.objects.exists()
    assert not Invoice.objects.exists()
    again = given("contracts", content)
    assert (again.new, again.known, again.wrong) == (0, 3, 0)
    assert (Contract.objects.count(), Lot.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("Nadie", "{plan}", "1", "01/03/2026", "", "", "", "", ""), "unknown_client"),
        (("C-0700", "none", "1", "01/03/2026", "", "", "", "", ""), "unknown_plan"),
        (("C-0700", "{plan}", "1", "", "", "", "", "", ""), "empty_cell"),
        (("C-0700", "{plan}", "1", "01/03/2026", "01/02/2026", "", "", "", ""), "ends_before_start"),
        (("C-0700", "{plan}", "1", "01/03/2026", "", "5:00", "", "", ""), "no_unit_price"),
        (("C-0700", "{plan}", "1", "01/03/2026", "", "5:00", "-1,00", "", ""), "no_unit_price"),
        (("C-0700", "{plan}", "1", "01/03/2026", "", "5:00", "3,00", "", "sí"), "no_unit_price"),
        (("C-0700", "{plan}", "1", "01/03/2026", "", "0:00", "3,00", "", ""), "no_quantity"),
        (("C-0700", "{plan}", "1", "01/03/2026", "", "200000", "3,00", "", ""), "no_quantity"),
        (("C-0700", "{plan}", "1", "01/03/2020", "", "5:00", "3,00", "01/01/2021", ""), "expired"),
        (("C-0700", "{plan}", "1", "01/03/2020", "01/03/2021", "5:00", "3,00", "", ""), "contract_ended"),
    ],
)
def test_what_cannot_be_in_force_is_refused_and_nothing_stays(row: tuple[str, ...], code: str) -> None:
    plan = make_version().plan.code
    file = given("contracts", csv_of(HEADERS, tuple(cell.format(plan=plan) for cell in row)))
    assert outcomes(file) == [(2, "wrong", code)]
    assert not Contract.objects.exists()
    assert not Lot.objects.exists()


def test_fees_of_the_past_are_not_charged_again() -> None:
    version = make_version(PlanKind.ON_DEMAND, is_published=False)
    Fee.objects.create(version=version, price=Decimal(90), every_months=1)
    plan = publish(version).plan.code
    old = csv_of(HEADERS, ("C-0700", plan, "1", "01/03/2026", "", "", "", "", ""))
    assert outcomes(given("contracts", old)) == [(2, "wrong", "fee_in_the_past")]
    now = csv_of(HEADERS, ("C-0700", plan, "1", "01/11/2026", "", "", "", "", ""))
    assert outcomes(given("contracts", now)) == [(2, "new", "")]
    left = csv_of(HEADERS, ("C-0700", plan, "1", "01/11/2026", "", "5:00", "3,00", "", ""))
    assert outcomes(given("contracts", left)) == [(2, "wrong", "nothing_left")]


def test_a_second_pack_that_is_alike_is_not_lost_silently() -> None:
    plan = make_version().plan.code
    rows = [
        ("C-0700", plan, "1", "01/03/2026", "", hours, "30,00", "28/02/2030", "")
        for hours in ("10:00", "5:00")
    ]
    assert outcomes(given("contracts", csv_of(HEADERS, *rows))) == [(2, "new", ""), (3, "wrong", "lot_twice")]
    assert not Lot.objects.exists()
