"""Received invoices in other currencies: stated at home once, at one rate, to the cent; those without one wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.books.exchange import tax_currency_of
from ecuanime.billing.books.purchases import purchases_of, received_table, received_taxes
from ecuanime.billing.books.received import waiting_received
from ecuanime.billing.books.taxes import Period, summary_tables
from ecuanime.billing.einvoice.cii import as_cii
from ecuanime.billing.einvoice.facturae import as_facturae
from ecuanime.billing.einvoice.reading import read_invoice
from ecuanime.billing.einvoice.ubl import as_ubl
from ecuanime.billing.einvoice.values import AtHome, Earlier, ElectronicInvoice, Kind, Tax, TaxCurrency
from ecuanime.billing.models import ReceivedInvoice, ReceivedTax
from ecuanime.billing.queries.received import places_to_charge, received_csv
from ecuanime.billing.verifying.received import verify_received
from ecuanime.staff.models import Firm
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing, make_received
from tests.rooms.billing.einvoice.test_faults import PLAIN
from tests.rooms.billing.snapshots import refused
from tests.rules.examples import Row, cents, rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]
TODAY, RATED_ON = MONTH_END.date(), date(2026, 11, 27)
QUARTER, YEAR = Period.of(2026, "4T"), Period.of(2026, "0A")
DOLLARS = replace(PLAIN, currency="USD", buyer=replace(PLAIN.buyer, tax_id="B00000018", vat_id="ESB00000018"))


def note(billing: Billing, rate: str, on: date = RATED_ON, **fields: Any) -> None:
    values = {"currency": "USD", "on": on, "rate": Decimal(rate), "source": "ecb"} | fields
    actions.note_exchange_rate(by=billing.clerk, now=MONTH_END, **values)


def file(billing: Billing, content: bytes) -> ReceivedInvoice:
    return actions.file_received(content=content, by=billing.clerk, now=MONTH_END)


def give(billing: Billing, row: ReceivedInvoice, rate: str, **fields: Any) -> ReceivedInvoice:
    values = {"rate": Decimal(rate), "on": RATED_ON, "source": "ecb"} | fields
    return actions.note_rate_of_received(received=row, **({"by": billing.clerk, "now": MONTH_END} | values))


def take_back(billing: Billing, row: ReceivedInvoice, **fields: Any) -> ReceivedInvoice:
    values = {"reason": "Otro día", "by": billing.clerk, "now": MONTH_END} | fields
    return actions.take_back_rate_of_received(received=row, **values)


def credit(values: ElectronicInvoice, number: str, amount: str, tax: str) -> ElectronicInvoice:
    """A credit note of the plain document, which takes off an amount and its tax."""
    net, charged = Decimal(amount), Decimal(tax)
    item = replace(values.items[0], price=net, amount=net)
    return replace(
        values,
        kind=Kind.CREDIT_NOTE,
        number=number,
        due_on=None,
        items=(item,),
        taxes=(replace(values.taxes[0], base=net, amount=charged),),
        net=net,
        tax=charged,
        total=net + charged,
        earlier=(Earlier(number=values.number, issued_on=values.issued_on),),
    )


def in_euros(values: ElectronicInvoice, base: str, tax: str, rate: str = "") -> ElectronicInvoice:
    """The document as it states its taxes in euros itself."""
    at_home = AtHome(base=Decimal(base), amount=Decimal(tax))
    return replace(
        values,
        taxes=(replace(values.taxes[0], at_home=at_home),),
        tax_currency=TaxCurrency(
            code="EUR",
            rate=Decimal(rate or "0.92"),
            rated_on=RATED_ON,
            tax=Decimal(tax),
            total=Decimal(base) + Decimal(tax),
        ),
    )


def stated(row: ReceivedInvoice) -> tuple[Any, ...]:
    """Rate and source, and the euros of its one tax and of all of it."""
    row.refresh_from_db()
    tax = row.taxes.get()
    return row.exchange_rate, row.rate_source, tax.home_base, tax.home_amount, row.home_total


AT_092 = (Decimal("0.92"), "ecb", 9200, 1932, 11_132)
WAITS = (None, "", None, None, None)


def bought() -> list[Any]:
    return [each for tax in received_taxes(QUARTER) for each in purchases_of(tax)]


@pytest.mark.parametrize("write", [as_ubl, as_cii, as_facturae])
def test_it_is_stated_at_the_rate_of_the_day_its_tax_falls_due(billing: Billing, write: Any) -> None:
    note(billing, "0.92")
    row = file(billing, write(DOLLARS))

    assert stated(row) == AT_092
    assert (row.accrued_on, row.rate_on, row.home_currency, row.total) == (TODAY, RATED_ON, "EUR", 12_100)
    assert list(verify_received()) == []


def test_the_day_its_tax_falls_due_is_that_of_the_operation(billing: Billing) -> None:
    note(billing, "0.92")
    note(billing, "0.80", on=date(2026, 11, 9))

    row = file(billing, as_ubl(replace(DOLLARS, first_day=date(2026, 11, 1), last_day=date(2026, 11, 9))))

    assert (row.due_day, row.exchange_rate) == (date(2026, 11, 9), Decimal("0.80"))


def test_without_a_rate_it_is_filed_and_waits(billing: Billing) -> None:
    row = file(billing, as_ubl(DOLLARS))

    assert stated(row) == WAITS
    assert list(waiting_received("EUR")) == [row]
    assert bought() == []
    [line] = received_table(QUARTER, received_taxes(QUARTER)).rows
    assert (line[7:9], line[10], line[-5:-3]) == ((None, None), None, ("USD", Decimal("121.00")))
    assert list(verify_received()) == []


def test_it_is_stated_at_the_rate_that_is_given(billing: Billing) -> None:
    row = make_received(filed_by=billing.clerk, currency="USD", supplier_tax_id="A58818501")

    give(billing, row, "0.925", source="other", on=None)

    assert stated(row) == (Decimal("0.925"), "other", 9250, 2128, 11_378)
    assert row.rate_on == TODAY
    assert list(waiting_received("EUR")) == []
    assert list(verify_received()) == []


@pytest.mark.parametrize(
    ("rate", "fields", "code"),
    [
        ("0", {}, "no_rate"),
        ("-1", {}, "no_rate"),
        ("0.92", {"source": "nobody"}, "no_source"),
        ("0.92", {"on": date(2026, 12, 1)}, "future"),
    ],
)
def test_a_rate_that_is_none_is_refused(
    billing: Billing, rate: str, fields: dict[str, Any], code: str
) -> None:
    row = file(billing, as_ubl(DOLLARS))

    refused(lambda: give(billing, row, rate, **fields), code)


def test_who_may_and_what_needs_no_rate(billing: Billing) -> None:
    row, euros = file(billing, as_ubl(DOLLARS)), make_received(filed_by=billing.clerk)
    technician = make_person(Role.TECHNICIAN)

    refused(lambda: give(billing, row, "0.92", by=technician), "not_allowed")
    refused(lambda: give(billing, euros, "0.92"), "own_currency")
    give(billing, row, "0.92")
    refused(lambda: give(billing, row, "0.93"), "stated")
    refused(lambda: take_back(billing, row, by=technician), "not_allowed")


def test_a_wrong_rate_is_taken_back_with_a_reason_and_given_anew(billing: Billing) -> None:
    row = give(billing, file(billing, as_ubl(DOLLARS)), "9.2")
    refused(lambda: take_back(billing, row, reason=" "), "no_reason")

    take_back(billing, row)
    assert stated(row) == WAITS
    refused(lambda: take_back(billing, row), "not_stated")

    give(billing, row, "0.92")
    assert stated(row) == AT_092


def test_a_closed_period_keeps_what_it_says(billing: Billing) -> None:
    row = file(billing, as_ubl(replace(DOLLARS, issued_on=date(2026, 10, 30), due_on=None)))
    actions.close_books(through=date(2026, 10, 31), by=billing.clerk, now=MONTH_END)

    give(billing, row, "0.92", on=date(2026, 10, 30))

    refused(lambda: take_back(billing, row), "closed_period")


def test_the_database_keeps_what_was_stated(billing: Billing) -> None:
    row = give(billing, file(billing, as_ubl(DOLLARS)), "0.92")

    for change in (
        lambda: ReceivedInvoice.objects.filter(pk=row.pk).update(exchange_rate=Decimal("0.93")),
        lambda: ReceivedInvoice.objects.filter(pk=row.pk).update(home_total=1),
        lambda: ReceivedTax.objects.filter(invoice=row).update(home_base=1),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert stated(row) == AT_092


@pytest.mark.parametrize(
    "row", rows("tax-currency", "rate", "stated of", "taken off", "left stated", "goes back")
)
def test_corrections_take_off_what_is_stated_too_much(billing: Billing, row: Row) -> None:
    note(billing, row["rate"])
    base = Decimal(row["stated of"])
    plain = replace(
        DOLLARS,
        items=(replace(DOLLARS.items[0], price=base, amount=base),),
        taxes=(Tax(category="O", rate=None, base=base, amount=Decimal(0)),),
        net=base,
        tax=Decimal(0),
        total=base,
    )
    original = file(billing, as_ubl(plain))
    note(billing, "0.5" if row["rate"] != "0.5" else "0.7")

    left = [original.home_total or 0]
    for place, amount in enumerate(row["taken off"].split()):
        back = file(billing, as_ubl(credit(plain, f"N-{place}", amount, "0")))
        assert (back.corrects, back.exchange_rate) == (original.number, original.exchange_rate)
        left.append(left[-1] + (back.home_total or 0))

    assert left[1:] == [cents(each) for each in row["left stated"].split()]
    assert list(verify_received()) == []


def test_a_correction_waits_for_what_it_corrects_and_goes_with_it(billing: Billing) -> None:
    note(billing, "0.80")
    back = file(billing, as_ubl(credit(DOLLARS, "N-1", "40.00", "8.40")))
    assert stated(back) == WAITS

    original = file(billing, as_ubl(DOLLARS))

    assert stated(original)[0] == stated(back)[0] == Decimal("0.8")
    assert stated(back)[2:] == (-3200, -672, -3872)
    refused(lambda: take_back(billing, original), "corrected")
    take_back(billing, back)
    take_back(billing, original)


def test_a_correction_of_an_unnamed_invoice_takes_the_rate_that_is_given(billing: Billing) -> None:
    note(billing, "0.80")
    back = file(billing, as_ubl(replace(credit(DOLLARS, "N-1", "40.00", "8.40"), earlier=())))

    assert stated(back) == WAITS
    give(billing, back, "0.92")

    assert stated(back) == (Decimal("0.92"), "ecb", -3680, -773, -4453)
    assert list(verify_received()) == []


@pytest.mark.parametrize(
    "row",
    rows(
        "tax-currency",
        "base",
        "tax",
        "says base",
        "says tax",
        "rate it names",
        "rate given",
        "base stated",
        "tax stated",
    ),
)
def test_what_it_says_itself_holds(billing: Billing, row: Row) -> None:
    note(billing, "0.80", on=date(2026, 11, 1))
    says, given = (row["says base"], row["says tax"]), row["rate given"]
    write = as_facturae if row["says base"] else as_ubl
    paper = DOLLARS if says == ("", "") else in_euros(DOLLARS, says[0] or "0", says[1], row["rate it names"])
    received = file(billing, write(paper))

    if given:
        assert stated(received) == WAITS
        give(billing, received, given)

    rate, _source, base, tax, total = stated(received)
    assert (base, tax, total) == (
        cents(row["base stated"]),
        cents(row["tax stated"]),
        cents(row["base stated"]) + cents(row["tax stated"]),
    )
    assert rate == (None if row["rate it names"] == "3" else Decimal("0.92"))
    assert list(verify_received()) == []


def test_the_rate_that_it_names_is_the_suppliers(billing: Billing) -> None:
    row = file(billing, as_facturae(in_euros(DOLLARS, "92.01", "19.32")))

    assert stated(row)[:2] == (Decimal("0.92"), "supplier")
    assert row.rate_on == RATED_ON


def test_the_tax_of_bt_111_holds_in_cii_too(billing: Billing) -> None:
    row = give(billing, file(billing, as_cii(in_euros(DOLLARS, "92.00", "19.40"))), "0.92")

    assert stated(row)[2:] == (9200, 1940, 11_140)


def test_the_one_tax_of_bt_111_is_shared_among_the_rates() -> None:
    reduced = Tax(category="S", rate=Decimal(10), base=Decimal("50.00"), amount=Decimal("5.00"))
    both = replace(DOLLARS, net=Decimal("150.00"), tax=Decimal("26.00"), total=Decimal("176.00"))
    both = replace(both, taxes=(DOLLARS.taxes[0], reduced))
    for write in (as_ubl, as_cii):
        read = read_invoice(write(replace(both, tax_currency=in_euros(DOLLARS, "1", "23.93").tax_currency)))

        assert [each.said_amount for each in read.taxes] == [1933, 460]
        assert (read.tax_currency, read.proven_rate) == ("EUR", None)


def test_books_and_modelos_count_the_euros(billing: Billing) -> None:
    note(billing, "0.92")
    file(billing, as_ubl(DOLLARS))

    table = received_table(QUARTER, received_taxes(QUARTER))
    line = dict(zip(table.columns, table.rows[0], strict=True))
    assert [line[name] for name in ("Total factura", "Base imponible", "Tipo", "Cuota soportada")] == [
        *(Decimal("111.32"), Decimal("92.00"), 21, Decimal("19.32")),
    ]
    assert [line[name] for name in ("Moneda", "Total en moneda", "Tipo de cambio", "Fecha del cambio")] == [
        *("USD", Decimal("121.00"), Decimal("0.92"), RATED_ON),
    ]
    assert line["Fuente del cambio"] == "European Central Bank"
    boxes = {row[0]: row[2:] for row in summary_tables([], bought())["303"].rows}
    assert boxes["28 · 29"] == (Decimal("92.00"), Decimal("19.32"))
    [_columns, told] = received_csv(TODAY, TODAY)
    assert "EUR,92.00,19.32,111.32,0.92,2026-11-27,ecb" in told


def test_the_347_and_the_349_count_the_euros(billing: Billing) -> None:
    make_dollars(billing, supplier_tax_id="A58818501", net=300_000, tax=63_000, total=363_000)
    make_dollars(billing, supplier_tax_id="IE4749148U", net=10_000, tax=0, total=10_000)

    tables = summary_tables([], bought())

    [supplier] = tables["347"].rows
    assert (supplier[0], supplier[-1]) == ("A", Decimal("3339.60"))
    [operator] = tables["349"].rows
    assert (operator[0], operator[2:4]) == ("IE4749148U", ("I", Decimal("92.00")))


def test_the_349_names_what_a_correction_corrects(billing: Billing) -> None:
    make_dollars(billing, net=10_000, tax=0, total=10_000, number="V-1", issued_on=date(2026, 10, 5))
    back = {"net": -4000, "tax": 0, "total": -4000, "is_credit_note": True}
    make_dollars(billing, number="V-2", corrects="V-1", **back)
    make_dollars(billing, number="V-3", corrects="V-0", **back)
    make_dollars(billing, number="V-4", **back)

    found = {row[4]: row[3] for row in summary_tables([], bought())["349"].rows}

    assert found == {
        "": Decimal("92.00"),
        "2026-10 · V-1": Decimal("-36.80"),
        "V-0": Decimal("-36.80"),
        "V-4": Decimal("-36.80"),
    }


def make_dollars(billing: Billing, **fields: Any) -> ReceivedInvoice:
    """A supplier's invoice in dollars, stated at 0.92."""
    row = make_received(filed_by=billing.clerk, currency="USD", **fields)
    row.taxes.update(percent=21 if row.tax else 0, category="S" if row.tax else "AE")
    return give(billing, row, "0.92")


def test_it_is_charged_at_what_it_was_stated_as(billing: Billing) -> None:
    draft, row = billing.draft(), file(billing, as_ubl(DOLLARS))
    assert places_to_charge(row) == []
    charge = {"contract": billing.contract, "draft": draft, "by": billing.clerk, "now": billing.now}
    refused(lambda: actions.charge_received(received=row, **charge), "other_currency")

    give(billing, row, "0.92")

    assert places_to_charge(ReceivedInvoice.objects.get()) == [(draft, billing.contract)]
    assert actions.charge_received(received=row, **charge).amount == 9200


def test_a_firm_of_mexico_states_in_pesos(billing: Billing) -> None:
    Firm.objects.update(country="MX", currency="USD", tax_id="EKU9003173C9")
    note(billing, "18.123456", home="MXN", source="banxico")
    row = file(billing, as_ubl(replace(DOLLARS, buyer=replace(DOLLARS.buyer, vat_id="", tax_id=""))))

    assert stated(row) == (Decimal("18.123456"), "banxico", 181_235, 38_059, 219_294)
    assert row.home_currency == "MXN"
    take_back(billing, row)
    refused(lambda: give(billing, row, "18.1234567"), "no_rate")


@pytest.mark.parametrize(
    ("country", "currency", "paid_in"),
    [("ES", "GBP", "EUR"), ("MX", "USD", "MXN"), ("VE", "USD", "USD"), ("FR", "EUR", "EUR")],
)
def test_what_taxes_are_paid_in(country: str, currency: str, paid_in: str) -> None:
    assert tax_currency_of(Firm(country=country, currency=currency)) == paid_in


def test_verify_sees_what_is_not_its_rate(billing: Billing) -> None:
    row = give(billing, file(billing, as_ubl(DOLLARS)), "0.92")
    assert list(verify_received()) == []

    take_back(billing, row)
    row.taxes.update(home_base=9300, home_amount=1932)
    ReceivedInvoice.objects.filter(pk=row.pk).update(
        home_total=11_232, home_withheld=0, home_currency="EUR", exchange_rate=Decimal("0.92")
    )

    [said] = verify_received()
    assert "not their value at its rate" in said
