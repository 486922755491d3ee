"""Sales to the public in general: no CFDI of their own, one global invoice for what was paid in a period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from lxml import etree

from ecuanime.billing import actions, jobs
from ecuanime.billing.access import visible_to_contact
from ecuanime.billing.actions import ensure_cfdi_pdf
from ecuanime.billing.actions.mexico import cancel_cfdi, make_global, replace_cfdi, save_mexico_settings
from ecuanime.billing.crediting.writing import CreditPart
from ecuanime.billing.models import Cfdi, Invoice, MexicoSettings, PublicSale
from ecuanime.billing.packs.mx.cfdi import original_string, read_stamp
from ecuanime.billing.packs.mx.cfdi.xml import CFDI
from ecuanime.billing.packs.mx.pac.telling import tell_public_sales
from ecuanime.billing.packs.mx.paper import LEGEND
from ecuanime.billing.packs.mx.periods import Span, span_of
from ecuanime.billing.packs.mx.public import due_periods
from ecuanime.billing.verifying.cfdis import verify_cfdis
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.clients.models import Client
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.files import path_of
from ecuanime.notices.models import Notice
from tests.cfdi_schema import needs_satcfdi, official_string, schema_faults
from tests.factories.mexico import SETTINGS, Stamping, stamping_firm
from tests.rooms.billing.mexico.test_complements import paid, plain_text
from tests.rooms.billing.snapshots import refused
from tests.rooms.billing.spain.test_fiscal_paper import page_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stamping]:
    """A firm that makes global invoices by the month, whose client is a person without RFC."""
    with stamping_firm(monkeypatch) as made:
        client = made.billing.client
        client.kind, client.tax_id, client.legal_name = Client.Kind.CONSUMER, "", ""
        client.save()
        save_mexico_settings(changes=replace(SETTINGS, public_period="04"), by=made.admin, now=made.now)
        yield made


def glob(shop: Stamping, day: date = NOVEMBER) -> Cfdi:
    return make_global(day=day, by=shop.billing.clerk, now=shop.now)


def sold(shop: Stamping, minutes: int, *, method: str = "transfer") -> Invoice:
    issued = shop.issue(minutes)
    paid(shop, issued, issued.payable, method=method)
    return issued


def node(row: Cfdi, path: str) -> Any:
    return etree.fromstring(row.sealed.encode()).find(path.replace("c:", f"{{{CFDI}}}"))


def test_what_is_paid_in_a_month_is_one_cfdi_with_a_concept_each(shop: Stamping) -> None:
    small, large, unpaid = sold(shop, 30), sold(shop, 100, method="card"), shop.issue(10)
    assert not Cfdi.objects.exists()
    assert not small.is_held
    shop.sent()
    assert OutgoingMail.objects.filter(purpose="invoice").count() == 3
    assert set(visible_to_contact(shop.billing.lead)) == {small, large, unpaid}
    refused(lambda: glob(shop), "not_over")

    shop.now += DAY
    assert [(each.sales, each.amount) for each in due_periods(shop.now.date())] == [
        (2, small.payable + large.payable)
    ]
    tell_public_sales(shop.now)
    assert Notice.objects.filter(user=shop.billing.clerk).count() == 1
    row = glob(shop)
    assert glob(shop) == row
    root = etree.fromstring(row.sealed.encode())
    assert dict(node(row, "c:InformacionGlobal").attrib) == {
        "Periodicidad": "04",
        "Meses": "11",
        "Año": "2026",
    }
    told = ("XAXX010101000", "PUBLICO EN GENERAL", "06500", "616", "S01")
    assert tuple(node(row, "c:Receptor").attrib.values()) == told
    concepts = root.findall(f".//{{{CFDI}}}Concepto")
    assert [each.get("NoIdentificacion") for each in concepts] == [small.number, large.number]
    assert {each.get("ClaveProdServ") for each in concepts} == {"01010101"}
    assert (root.get("Total"), root.get("FormaPago"), root.get("MetodoPago")) == (
        f"{(small.payable + large.payable) / 100:.2f}",
        "04",
        "PUE",
    )
    assert shop.stamp() == 1
    refused(lambda: glob(shop), "nothing_sold")
    assert not due_periods(shop.now.date())
    assert not [*verify_invoices(), *verify_cfdis()]


@needs_satcfdi
def test_it_is_valid_and_its_original_string_the_official_one(shop: Stamping) -> None:
    sold(shop, 30)
    shop.now += DAY
    xml = glob(shop).sealed.encode()
    assert schema_faults(xml) == []
    assert original_string(etree.fromstring(xml)) == official_string(xml)


def test_its_paper_names_each_sale_and_bears_the_code_and_the_seals(shop: Stamping) -> None:
    small, large = sold(shop, 30), sold(shop, 100)
    shop.now += DAY
    row = glob(shop)
    assert ensure_cfdi_pdf(cfdi=row, now=shop.now).pdf is None
    shop.stamp()
    shop.sent()
    row.refresh_from_db()
    assert row.pdf is not None
    assert not OutgoingMail.objects.filter(purpose="complement").exists()
    pdf = path_of(row.pdf.sha256).read_bytes()
    stamp = read_stamp(row.stamped.encode())
    assert page_of(pdf).code().text == stamp.address
    total = (small.payable + large.payable) / 100
    shown = (
        LEGEND,
        stamp.original,
        stamp.sat_seal,
        row.uuid,
        "PUBLICO EN GENERAL",
        "04 Mensual",
        f"{total:,.2f}",
    )
    text = plain_text(pdf)
    for each in (*shown, small.number, large.number, f"{small.net / 100:,.2f}", "IVA 16 %"):
        assert "".join(str(each).split()) in text


def test_a_paper_that_was_left_undrawn_is_drawn_later(
    shop: Stamping, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold(shop, 30)
    shop.now += DAY
    row = glob(shop)
    shop.stamp()
    assert [*Cfdi.objects.without_paper()] == [row]
    monkeypatch.setattr(jobs, "read_clock", lambda: shop.now + timedelta(minutes=6))
    jobs.finish_what_was_left(0)
    row.refresh_from_db()
    assert row.pdf is not None
    assert not Cfdi.objects.without_paper().exists()


def test_rejected_or_cancelled_its_sales_want_another_one(shop: Stamping) -> None:
    sold(shop, 30)
    shop.now += DAY
    shop.pac.refuses["XAXX010101000"] = ("CFDI40130", "Información global")
    first = glob(shop)
    shop.stamp()
    shop.pac.refuses.clear()
    second = glob(shop)
    assert shop.stamp() == 1
    second.refresh_from_db()
    refused(lambda: replace_cfdi(cfdi=second, by=shop.admin, now=shop.now), "global")
    cancel_cfdi(cfdi=second, reason="02", by=shop.admin, now=shop.now)
    shop.cancel()
    shop.cancel(after=timedelta(minutes=2))
    third = glob(shop)
    assert len({first.pk, second.pk, third.pk}) == 3
    assert PublicSale.objects.get().cfdi == third


def test_a_credit_note_lowers_what_comes_and_names_what_was(shop: Stamping) -> None:
    before, after = sold(shop, 60), sold(shop, 60)
    part = {"reason": "Precio", "by": shop.admin}

    def credit(issued: Invoice, key: str) -> Invoice:
        lines = [CreditPart(issued.lines.get(), amount=10_000)]
        return actions.credit_lines(invoice=issued, parts=lines, now=shop.now, idempotency_key=key, **part)

    first = credit(before, "1")
    assert not Cfdi.objects.filter(invoice=first).exists()
    shop.now += DAY
    row = glob(shop)
    assert etree.fromstring(row.sealed.encode()).get("Total") == (
        f"{(before.payable + first.payable + after.payable) / 100:.2f}"
    )
    refused(lambda: credit(after, "2"), "not_stamped")
    shop.stamp()
    row.refresh_from_db()
    second = credit(after, "2")
    made = Cfdi.objects.get(invoice=second)
    assert node(made, "c:CfdiRelacionados/c:CfdiRelacionado").get("UUID") == row.uuid
    assert (node(made, "c:Receptor").get("Nombre"), node(made, "c:Receptor").get("UsoCFDI")) == (
        "PUBLICO EN GENERAL",
        "G02",
    )
    assert schema_faults(made.sealed.encode()) == []
    shop.stamp()
    refused(lambda: cancel_cfdi(cfdi=row, reason="02", by=shop.admin, now=shop.now), "credited")
    assert not [*verify_invoices(), *verify_cfdis()]


def test_each_refusal_and_who_gets_a_cfdi_of_their_own(shop: Stamping) -> None:
    refused(lambda: make_global(day=NOVEMBER, by=shop.billing.office.technician, now=shop.now), "not_allowed")
    bad = replace(SETTINGS, public_period="05")
    refused(lambda: save_mexico_settings(changes=bad, by=shop.admin, now=shop.now), "public_period")
    shop.now += DAY
    refused(lambda: glob(shop), "nothing_sold")
    MexicoSettings.objects.update(public_period="")
    refused(lambda: glob(shop), "no_period")
    assert shop.stamped().is_held is False
    assert Cfdi.objects.get().name.startswith("F-2026")


@pytest.mark.parametrize(
    ("day", "periodicity", "span"),
    [
        (date(2026, 11, 30), "01", Span(date(2026, 11, 30), date(2026, 11, 30))),
        (date(2026, 12, 1), "02", Span(date(2026, 11, 30), date(2026, 12, 6))),
        (date(2026, 11, 15), "03", Span(date(2026, 11, 1), date(2026, 11, 15))),
        (date(2028, 2, 16), "03", Span(date(2028, 2, 16), date(2028, 2, 29))),
        (date(2027, 2, 3), "04", Span(date(2027, 2, 1), date(2027, 2, 28))),
    ],
)
def test_periods(day: date, periodicity: str, span: Span) -> None:
    assert span_of(day, periodicity) == span
