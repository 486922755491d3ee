"""Every kind of document is written so that the official schemas and rules of EN 16931 object to nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from ecuanime.billing import actions
from ecuanime.billing.crediting.writing import CreditPart
from ecuanime.billing.einvoice.of_invoice import electronic
from ecuanime.billing.models import Invoice, TaxRate
from ecuanime.contracts.models import PlanKind
from tests.factories import make_work_type
from tests.factories.billing import Billing, by_the_minute, make_billing
from tests.rooms.billing.einvoice.judges import judged, sound
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db


def add(billing: Billing, draft: Invoice, price: str = "12.345", **fields: Any) -> Invoice:
    values = {"kind": "goods", "description": "Disco", "units": 3, "price": Decimal(price)}
    values |= {"by": billing.clerk, "now": billing.now}
    actions.add_line(invoice=draft, **(values | fields))
    return draft


def credit(billing: Billing, invoice: Invoice) -> Invoice:
    return actions.credit_invoice(invoice=invoice, reason="Doble", by=billing.clerk, now=billing.now)


def advance_of(billing: Billing, amount: int) -> Invoice:
    return actions.charge_advance(
        client=billing.client,
        currency="EUR",
        description="Anticipo",
        amount=amount,
        by=billing.clerk,
        now=billing.now,
        idempotency_key="advance",
    )


def _billing() -> Billing:
    billing = make_billing()
    billing.approved(20, 25)
    return billing


made_billing = made_once(_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def test_time_in_hours_where_they_are_exact(billing: Billing) -> None:
    [item] = sound(billing.issue()).items

    assert (item.quantity, item.unit, item.price, item.per) == (Decimal("0.75"), "HUR", 44, 1)


def test_time_in_minutes_where_hours_are_not_exact(billing: Billing) -> None:
    billing.approved(5)

    [item] = sound(billing.issue()).items

    assert (item.quantity, item.unit, item.price, item.per) == (50, "MIN", 44, 60)
    assert item.quantity * item.price / item.per == pytest.approx(item.amount, abs=Decimal("0.005"))


def test_goods_with_a_discount_of_their_own_and_one_of_the_document(billing: Billing) -> None:
    draft = add(billing, billing.draft(), discount_percent=Decimal(10), unit_name="m")
    actions.set_discount(invoice=draft, percent=Decimal("7.5"), by=billing.clerk, now=billing.now)

    values = sound(billing.issue(draft))

    assert (values.items[1].allowance, values.items[1].unit) == (Decimal("3.70"), "MTR")
    assert values.allowances_sum == values.items_sum - values.net


def test_a_line_below_zero_has_a_price_above(billing: Billing) -> None:
    [_time, item] = sound(billing.issue(add(billing, billing.draft(), "-5", units=2))).items

    assert (item.quantity, item.price, item.amount) == (-2, 5, -10)


def test_several_rates_and_a_document_discount_spread_over_them(billing: Billing) -> None:
    low = TaxRate.objects.create(code="low", name="VAT", percent=Decimal("13.5"))
    zero = TaxRate.objects.create(code="zero", name="VAT", category="Z", percent=Decimal(0))
    draft = add(billing, add(billing, billing.draft(), tax_rate=low), tax_rate=zero, description="Libro")
    actions.set_discount(invoice=draft, amount=1000, by=billing.clerk, now=billing.now)

    values = sound(billing.issue(draft))

    assert {tax.rate for tax in values.taxes} == {23, Decimal("13.5"), 0}
    assert len(values.allowances) == 3


def test_an_exempt_line_says_why(billing: Billing) -> None:
    exempt = TaxRate.objects.create(
        code="training", name="Exenta", category="E", percent=Decimal(0), reason="Artículo 20.Uno.9.º LIVA"
    )

    values = sound(billing.issue(add(billing, billing.draft(), tax_rate=exempt)))

    assert [tax.reason for tax in values.taxes if tax.category == "E"] == ["Artículo 20.Uno.9.º LIVA"]


def test_a_credit_note_mirrors_all_of_it(billing: Billing) -> None:
    draft = add(billing, billing.draft(), discount_percent=Decimal(10))
    actions.set_discount(invoice=draft, percent=Decimal(5), by=billing.clerk, now=billing.now)
    issued = billing.issue(draft)

    values = sound(credit(billing, issued))

    assert (values.kind.value, values.total) == ("381", Decimal(issued.total).scaleb(-2))
    assert [earlier.number for earlier in values.earlier] == [issued.number]
    assert values.allowances


def test_a_credit_note_of_a_lower_price(billing: Billing) -> None:
    issued = billing.issue(add(billing, billing.draft()))
    part = CreditPart(issued.lines.get(kind="goods"), amount=500)

    note = actions.credit_lines(
        invoice=issued, parts=[part], reason="Precio", by=billing.clerk, now=billing.now, idempotency_key="k"
    )

    assert [item.amount for item in sound(note).items] == [5]


def test_an_advance_and_the_invoice_that_deducts_it(billing: Billing) -> None:
    advance = billing.issue(advance_of(billing, 3000))
    draft = billing.draft()
    actions.deduct_advance(invoice=draft, advance=advance.lines.get(), by=billing.clerk, now=billing.now)

    assert sound(advance).kind.value == "386"
    values = sound(billing.issue(draft))
    assert [earlier.number for earlier in values.earlier] == [advance.number]
    assert sound(credit(billing, Invoice.objects.get(number=values.number))).total == values.total


def test_nothing_is_left_to_pay_after_an_advance(billing: Billing) -> None:
    advance = billing.issue(advance_of(billing, 10_000)).lines.get()
    draft = billing.draft()
    actions.deduct_advance(invoice=draft, advance=advance, by=billing.clerk, now=billing.now)

    assert sound(billing.issue(draft)).total == 0


def test_a_pack_is_paid_in_advance() -> None:
    billing = make_billing(PlanKind.HOUR_PACK)
    billing.order(40)

    values = sound(billing.issue(Invoice.objects.get()))

    assert values.kind.value == "386"
    assert values.contract == billing.contract.number


def test_pieces_at_a_price_each() -> None:
    billing = make_billing(version=by_the_minute(unit_prices=[("call-out", "35.50")]))
    billing.approved(30, work_type=make_work_type("call-out"), units=2)

    assert [(item.quantity, item.unit) for item in sound(billing.issue()).items] == [(2, "C62")]


def test_a_business_of_another_member_state_accounts_for_the_tax() -> None:
    billing = make_billing(country="ES", tax_id="B00000018", language="en")
    billing.approved(30)

    values = sound(billing.issue())

    assert (values.buyer.vat_id, values.taxes[0].code) == ("ESB00000018", "VATEX-EU-AE")


def test_a_business_outside_the_union_is_not_named_by_a_vat_number() -> None:
    billing = make_billing(country="CH", tax_id="CHE107787577", language="en")
    billing.approved(30)

    values = sound(billing.issue())

    assert (values.taxes[0].category, values.taxes[0].rate) == ("O", None)


def test_a_currency_without_decimals() -> None:
    billing = make_billing(version=by_the_minute("4400", currency="CLP"), currency="CLP")
    billing.approved(30)

    assert str(sound(billing.issue()).net) == "2200"


def test_texts_of_any_letters_are_written(billing: Billing) -> None:
    draft = add(billing, billing.draft(), description="Ñandú <b>&amp;</b> \x0b「箱」 ]]>")

    assert "「箱」" in sound(billing.issue(draft)).items[1].name


def test_the_period_of_the_work_is_named(billing: Billing) -> None:
    billing.approved(15, started_at=datetime(2026, 11, 5, 9, tzinfo=UTC))

    values = sound(billing.issue())

    assert values.first_day == date(2026, 11, 5)
    assert values.delivered_on == values.last_day


def test_a_wrong_sum_would_be_seen(billing: Billing) -> None:
    values = electronic(billing.issue())

    words = judged(replace(values, total=values.total + 1))

    assert any("BR-CO-15" in each for each in words)
