"""What an invoice says as a CFDI: concepts, taxes, discounts, advances, credits, currencies, and whom it is for."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from ecuanime.billing import actions
from ecuanime.billing.actions.mexico import save_receiver
from ecuanime.billing.models import Invoice, InvoiceLine, MexicoReceiver, TaxRate
from ecuanime.billing.packs.mx.cfdi.xml import CFDI
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.clients.models import Client
from tests.factories.billing import MONTH_END, Billing
from tests.factories.mexico import RECEIVER, Stamping, cfdi_of
from tests.rooms.billing.snapshots import refused

pytestmark = pytest.mark.django_db


def sealed(issued: Invoice) -> Any:
    """The root of what was sealed."""
    return etree.fromstring(cfdi_of(issued).sealed.encode())


def values_of(root: Any, path: str, *names: str) -> list[tuple[str | None, ...]]:
    """Attributes of the elements at a path."""
    full = "/".join(f"{{{CFDI}}}{part}" for part in path.split("/"))
    return [tuple(each.get(name) for name in names) for each in root.findall(full)]


def add(
    stamping: Stamping, draft: Invoice, kind: str, price: str, units: str = "1", tax: str = ""
) -> InvoiceLine:
    """A line put on a draft by hand."""
    rate = TaxRate.objects.get(code=tax) if tax else None
    return actions.add_line(
        invoice=draft,
        kind=kind,
        description=f"Algo de {kind}",
        units=Decimal(units),
        price=Decimal(price),
        tax_rate=rate,
        by=stamping.billing.clerk,
        now=MONTH_END,
    )


def issue(stamping: Stamping, draft: Invoice) -> Invoice:
    draft.refresh_from_db()
    return Billing(stamping.billing.office, stamping.billing.clerk, stamping.now).issue(draft)


def test_time_is_hours_at_a_price_with_its_iva(stamping: Stamping) -> None:
    root = sealed(stamping.issue(100))

    names = ("ClaveProdServ", "ClaveUnidad", "Cantidad", "ValorUnitario", "Importe", "ObjetoImp")
    assert values_of(root, "Conceptos/Concepto", *names) == [
        ("81111811", "HUR", "1.666667", "950.00", "1583.33", "02")
    ]
    assert (root.get("SubTotal"), root.get("Total"), root.get("Fecha")) == (
        "1583.33",
        "1836.66",
        "2026-11-30T12:00:00",
    )
    assert (root.get("Serie"), root.get("Folio"), root.get("MetodoPago"), root.get("FormaPago")) == (
        "F-2026",
        "0001",
        "PPD",
        "99",
    )
    receiver = values_of(
        root, "Receptor", "Rfc", "DomicilioFiscalReceptor", "RegimenFiscalReceptor", "UsoCFDI"
    )
    assert receiver == [("URE180429TM6", "86991", "601", "G03")]


def test_a_discount_is_spread_and_each_tax_stays_what_the_document_says(stamping: Stamping) -> None:
    draft = stamping.draft(100)
    add(stamping, draft, "goods", "333.33", "3", "mx-16")
    add(stamping, draft, "service", "10.01", "1", "mx-0")
    add(stamping, draft, "expense", "77.77", "1", "mx-exempt")
    actions.set_discount(
        invoice=draft,
        percent=Decimal("7.5"),
        amount=None,
        reason="",
        by=stamping.billing.clerk,
        now=MONTH_END,
    )
    issued = issue(stamping, draft)
    assert stamping.stamp() == 1

    root = sealed(issued)
    assert Decimal(root.get("Total")) * 100 == issued.total
    assert Decimal(root.get("SubTotal")) - Decimal(root.get("Descuento")) == Decimal(issued.net) / 100
    taxes = values_of(root, "Impuestos/Traslados/Traslado", "TipoFactor", "TasaOCuota", "Base", "Importe")
    by_code = {row.tax_code: row for row in issued.taxes.all()}
    assert [(row[0], row[1]) for row in taxes] == [
        ("Tasa", "0.160000"),
        ("Tasa", "0.000000"),
        ("Exento", None),
    ]
    assert Decimal(str(taxes[0][3])) * 100 == by_code["mx-16"].amount
    assert [Decimal(str(row[2])) * 100 for row in taxes] == [
        by_code[code].base for code in ("mx-16", "mx-0", "mx-exempt")
    ]
    assert not list(verify_invoices())


def test_what_is_not_stamped_cannot_be_credited(stamping: Stamping) -> None:
    issued = stamping.issue(60)
    given = {"invoice": issued, "reason": "No era suyo", "by": stamping.billing.clerk, "now": stamping.now}
    refused(lambda: actions.credit_invoice(**given), "not_stamped")


def test_a_credit_is_an_egreso_about_what_it_credits(stamping: Stamping) -> None:
    issued = stamping.stamped(60)
    note = actions.credit_invoice(
        invoice=issued, reason="No era suyo", by=stamping.billing.clerk, now=stamping.now
    )
    assert stamping.stamp() == 1

    root = sealed(note)
    assert (root.get("TipoDeComprobante"), root.get("MetodoPago"), root.get("FormaPago")) == (
        "E",
        "PUE",
        "17",
    )
    assert (root.get("Total"), root.get("Serie")) == ("1102.00", "R-2026")
    assert values_of(root, "CfdiRelacionados", "TipoRelacion") == [("01",)]
    assert values_of(root, "CfdiRelacionados/CfdiRelacionado", "UUID") == [(cfdi_of(issued).uuid,)]
    assert values_of(root, "Receptor", "UsoCFDI") == [("G02",)]


def test_who_pays_at_once_says_how(stamping: Stamping) -> None:
    MexicoReceiver.objects.update(method="PUE", form="04")
    root = sealed(stamping.issue())
    assert (root.get("MetodoPago"), root.get("FormaPago")) == ("PUE", "04")


@pytest.mark.parametrize(
    ("client", "rfc"),
    [
        ({"country": "US", "tax_id": "12-3456789"}, "XEXX010101000"),
        ({"tax_id": "", "kind": Client.Kind.CONSUMER}, "XAXX010101000"),
    ],
)
def test_who_has_no_rfc_gets_a_generic_one(stamping: Stamping, client: dict[str, Any], rfc: str) -> None:
    MexicoReceiver.objects.all().delete()
    Client.objects.filter(pk=stamping.billing.client.pk).update(**client)
    root = sealed(stamping.issue())
    names = ("Rfc", "DomicilioFiscalReceptor", "RegimenFiscalReceptor", "UsoCFDI")
    assert values_of(root, "Receptor", *names) == [(rfc, "06500", "616", "S01")]
    assert stamping.stamp() == 1


def test_nothing_is_issued_for_who_is_not_known_to_the_sat(stamping: Stamping) -> None:
    draft = stamping.draft()
    MexicoReceiver.objects.all().delete()
    assert "Nothing is kept" in refused(lambda: issue(stamping, draft), "receiver")


def test_dollars_need_the_rate_of_the_day_or_of_the_last_one_before(stamping: Stamping) -> None:
    draft = stamping.draft()
    Invoice.objects.filter(pk=draft.pk).update(currency="USD")
    draft.refresh_from_db()
    given = {"currency": "USD", "by": stamping.billing.clerk, "now": MONTH_END}
    actions.note_exchange_rate(on=date(2026, 11, 20), rate=Decimal("17"), **given)
    refused(lambda: issue(stamping, draft), "no_rate")

    actions.note_exchange_rate(on=date(2026, 11, 27), rate=Decimal("18.4523"), **given)
    root = sealed(issue(stamping, draft))
    assert (root.get("Moneda"), root.get("TipoCambio")) == ("USD", "18.4523")
    assert stamping.stamp() == 1


def test_what_is_dated_too_long_ago_can_no_longer_be_stamped(stamping: Stamping) -> None:
    draft = stamping.draft()
    clerk = stamping.billing.clerk

    def dated(days: int) -> Invoice:
        on = MONTH_END.date() - timedelta(days=days)
        return actions.issue_invoice(invoice=draft, by=clerk, now=MONTH_END, dated=on)

    refused(lambda: dated(4), "too_old")
    assert sealed(dated(2)).get("Fecha") == "2026-11-28T23:59:59"


def test_a_receiver_is_kept_as_the_sat_writes_it(stamping: Stamping) -> None:
    facts = RECEIVER.__class__(" Universidad  robotica española ", "86991", "601", "S01")
    kept = save_receiver(
        client=stamping.billing.client, facts=facts, by=stamping.billing.clerk, now=MONTH_END
    )
    assert (kept.name, kept.use) == ("UNIVERSIDAD ROBOTICA ESPAÑOLA", "S01")
