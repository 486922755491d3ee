"""Mexico on screen: a clerk issues, is rejected, corrects and gets the stamp; an administrator sets it up."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ecuanime.billing.actions import credit_invoice, record_payment
from ecuanime.billing.models import Cfdi, MexicoSeal, MexicoSettings
from ecuanime.billing.packs.mx.official import version
from tests.cfdi_schema import needs_satcfdi
from tests.csd import CSD_PASSWORD, csd_files
from tests.factories.billing import Billing
from tests.factories.mexico import CLIENT_RFC, Stamping, cfdi_of, stamping_firm

pytestmark = pytest.mark.django_db
STAMPING, SETTINGS = "/facturas/timbrado/", "/ajustes/mexico/"


@pytest.fixture
def stamping(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stamping]:
    with stamping_firm(monkeypatch) as made:
        for module in ("office.mexico.stamping", "office.settings.mexico", "office.invoices.common"):
            monkeypatch.setattr(f"ecuanime.web.{module}.read_clock", made.clock)
        yield made


@pytest.fixture
def clerk(stamping: Stamping) -> Client:
    client = Client()
    client.force_login(stamping.billing.clerk)
    return client


@pytest.fixture
def admin(stamping: Stamping) -> Client:
    client = Client()
    client.force_login(stamping.admin)
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_rejected_read_corrected_and_stamped(stamping: Stamping, clerk: Client) -> None:
    stamping.pac.refuses[CLIENT_RFC] = ("CFDI40145", "El campo Nombre <b> no corresponde")
    issued = stamping.issue()
    address = f"/facturas/{issued.number}/"
    assert "leaves by itself once it is stamped" in page(clerk, address)
    stamping.stamp()
    shown = page(clerk, address)
    assert "CFDI40145" in shown
    assert "Nombre &lt;b&gt; no corresponde" in shown
    assert "CFDI40145" in page(clerk, STAMPING)

    code = stamping.billing.client.code
    facts = {"postcode": "86991", "regime": "601", "use": "G03", "method": "PPD", "form": "03"}
    assert clerk.post(f"/clientes/{code}/sat/", {"name": "Robotica SA de CV", **facts}).status_code == 422
    assert clerk.post(f"/clientes/{code}/sat/", {"name": "robotica", **facts}).status_code == 302
    del stamping.pac.refuses[CLIENT_RFC]
    assert clerk.post(f"{address}sellar/").status_code == 302
    assert stamping.stamp() == 1
    uuid = cfdi_of(issued).uuid
    assert uuid in page(clerk, address)
    assert uuid in page(clerk, STAMPING)
    assert uuid.encode() in clerk.get(f"{address}datos/cfdi/").content
    for row in Cfdi.objects.all():
        assert b"ROBOTICA" in clerk.get(f"{STAMPING}{row.pk}/xml/").content


def test_what_waits_can_be_tried_at_once(stamping: Stamping, clerk: Client) -> None:
    issued = stamping.issue()
    stamping.pac.plan.append("503")
    stamping.stamp()
    assert "cannot serve now (status_503)" in page(clerk, f"/facturas/{issued.number}/")
    assert clerk.post(f"/facturas/{issued.number}/timbrar/").status_code == 302
    assert stamping.stamp() == 1


def test_paid_in_two_parts_each_gets_its_complement(stamping: Stamping, clerk: Client) -> None:
    issued = stamping.stamped(100)
    for key, amount in (("1", 100_000), ("2", 83_666)):
        record_payment(
            invoice=issued,
            amount=amount,
            received_on=stamping.now.date(),
            by=stamping.billing.clerk,
            now=stamping.now,
            idempotency_key=key,
        )
    assert "Payments without a complement" in page(clerk, STAMPING)
    for payment in issued.payments.order_by("pk"):
        assert "due by" in page(clerk, f"/facturas/{issued.number}/")
        assert clerk.post(f"/facturas/{issued.number}/cobros/{payment.pk}/complemento/").status_code == 302
        assert stamping.stamp() == 1
        assert cfdi_of(issued).uuid in page(clerk, f"/facturas/{issued.number}/")
    assert "Payments without a complement" not in page(clerk, STAMPING)


def test_an_administrator_cancels_at_the_sat(stamping: Stamping, clerk: Client, admin: Client) -> None:
    issued = stamping.stamped()
    address = f"{STAMPING}{cfdi_of(issued).pk}/cancelar/"
    assert "Cancel at the SAT" in page(admin, f"/facturas/{issued.number}/")
    assert "Cancel at the SAT" not in page(clerk, f"/facturas/{issued.number}/")
    assert "nothing of it is owed" in page(admin, address)
    assert admin.post(address, {"reason": "01"}).status_code == 422
    assert admin.post(address, {"reason": "02"}).status_code == 302
    assert "to be asked for" in page(admin, f"/facturas/{issued.number}/")
    stamping.cancel()
    stamping.cancel(after=timedelta(minutes=2))
    shown = page(admin, f"/facturas/{issued.number}/")
    assert "Cancelado sin aceptación" in shown
    assert "Ask the SAT" not in shown


def test_an_administrator_replaces_a_wrong_one(stamping: Stamping, clerk: Client, admin: Client) -> None:
    issued = stamping.stamped()
    old = cfdi_of(issued)
    address, shown = f"{STAMPING}{old.pk}/sustituir/", f"/facturas/{issued.number}/"
    assert "Replace the CFDI" not in page(clerk, shown)
    assert "may have three working days to say no" in page(admin, address)
    assert "would say the same" in admin.post(address, follow=True).content.decode()
    facts = {"postcode": "86991", "regime": "601", "use": "G01", "method": "PPD", "form": "03"}
    code = stamping.billing.client.code
    assert admin.post(f"/clientes/{code}/sat/", {"name": "robotica", **facts}).status_code == 302
    assert admin.post(address).status_code == 302
    assert "It takes the place of the one that stands" in page(admin, shown)
    stamping.stamp()
    stamping.sent()
    seen = page(admin, shown)
    new = cfdi_of(issued)
    assert "replaced" in page(clerk, STAMPING)
    assert all(text in seen for text in ("replaced", new.uuid, old.uuid, f"{STAMPING}{new.pk}/pdf/"))
    assert f'value="{new.uuid}"' in page(admin, f"{STAMPING}{old.pk}/cancelar/")
    for pdf in (f"{shown}pdf/", f"{STAMPING}{new.pk}/pdf/"):
        answer = clerk.get(pdf)
        assert answer.headers["Content-Type"] == "application/pdf"


def test_other_amounts_are_credited_and_billed_anew_step_by_step(
    stamping: Stamping, clerk: Client, admin: Client
) -> None:
    issued = stamping.stamped(60)
    address = f"/facturas/{issued.number}/otros-importes/"
    assert address in page(clerk, f"/facturas/{issued.number}/")
    assert address in page(admin, f"{STAMPING}{cfdi_of(issued).pk}/sustituir/")
    shown = page(clerk, address)
    assert "Credit it whole" in shown
    assert "Once what is wrong is credited" in shown

    note = credit_invoice(
        invoice=issued, reason="Horas", by=stamping.billing.clerk, now=stamping.now, free_time=False
    )
    shown = page(clerk, address)
    assert all(words in shown for words in (note.number, "waits for its stamp", "on no invoice"))
    assert "Nothing of it is left to be credited" in shown
    stamping.stamp()
    draft = Billing(stamping.billing.office, stamping.billing.clerk, stamping.now).draft()
    shown = page(clerk, address)
    assert "waits for its stamp" not in shown
    assert f'href="/facturas/{draft.key}/">on a draft' in shown
    for other in (note.number, draft.key):
        assert clerk.get(f"/facturas/{other}/otros-importes/").status_code == 404


def test_what_cannot_be_cancelled_says_why_and_where_its_time_is(stamping: Stamping, admin: Client) -> None:
    issued = stamping.stamped(60)
    note = credit_invoice(invoice=issued, reason="No era", by=stamping.billing.clerk, now=stamping.now)
    stamping.stamp()
    address = f"{STAMPING}{cfdi_of(note).pk}/cancelar/"
    shown = page(admin, address)
    assert all(
        words in shown for words in ("It cannot be cancelled", "let time be billed anew", "on no invoice")
    )
    assert "/facturas/preparar/" in shown
    assert 'name="reason"' not in shown
    refused = admin.post(address, {"reason": "02"})
    assert (refused.status_code, cfdi_of(note).cancellations.count()) == (422, 0)

    credited = page(admin, f"{STAMPING}{cfdi_of(issued).pk}/cancelar/")
    assert f"/facturas/{issued.number}/otros-importes/" in credited
    free = stamping.stamped(30)
    assert 'name="reason"' in page(admin, f"{STAMPING}{cfdi_of(free).pk}/cancelar/")


def test_an_administrator_gives_a_rejected_one_up(stamping: Stamping, clerk: Client, admin: Client) -> None:
    stamping.pac.refuses[CLIENT_RFC] = ("CFDI40145", "El nombre no corresponde")
    issued = stamping.issue()
    stamping.stamp()
    address, shown = f"/facturas/{issued.number}/abandonar/", f"/facturas/{issued.number}/"
    assert "Give it up" not in page(clerk, shown)
    assert "Give it up" in page(admin, shown)
    assert "its number stays used" in page(admin, address)
    assert admin.post(address, {"reason": ""}).status_code == 422
    assert admin.post(address, {"reason": "Otro cliente"}).status_code == 302
    assert "Seal anew" not in page(admin, shown)


def test_sales_to_the_public_are_put_in_a_global_invoice(
    stamping: Stamping, clerk: Client, admin: Client
) -> None:
    assert "gets a CFDI of their own" in page(clerk, f"{STAMPING}publico/")
    buyer = stamping.billing.client
    buyer.kind, buyer.tax_id = "consumer", ""
    buyer.save()
    MexicoSettings.objects.update(public_period="04")
    issued = stamping.issue()
    record_payment(
        invoice=issued,
        amount=issued.payable,
        received_on=stamping.now.date(),
        by=stamping.billing.clerk,
        now=stamping.now,
        idempotency_key="1",
    )
    stamping.now += timedelta(days=1)
    assert "1 sale" in page(clerk, f"{STAMPING}publico/")
    assert clerk.post(f"{STAMPING}publico/", {"day": "2027-01-01"}).status_code == 422
    assert clerk.post(f"{STAMPING}publico/", {"day": "2026-11-01"}).status_code == 302
    assert stamping.stamp() == 1
    row = Cfdi.objects.get()
    for address in (STAMPING, f"{STAMPING}publico/"):
        assert row.uuid in page(clerk, address)
    assert b"InformacionGlobal" in clerk.get(f"{STAMPING}{row.pk}/xml/").content
    paper = f"{STAMPING}{row.pk}/pdf/"
    assert paper not in page(clerk, f"{STAMPING}publico/")
    assert clerk.get(paper).headers["Location"] == f"{STAMPING}publico/"
    stamping.sent()
    assert paper in page(clerk, f"{STAMPING}publico/")
    assert (
        clerk.get(paper)
        .headers["Content-Disposition"]
        .startswith('attachment; filename="FG-20261101-20261130-')
    )
    cancelling = f"{STAMPING}{row.pk}/cancelar/"
    assert "want another global invoice" in page(admin, cancelling)
    assert admin.post(cancelling, {"reason": "02"}).headers["Location"] == f"{STAMPING}publico/"
    assert admin.get(f"{STAMPING}{row.pk}/sustituir/").status_code == 404


def test_the_list_asks_as_much_for_one_as_for_three(stamping: Stamping, clerk: Client) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            stamping.issue()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(clerk, STAMPING)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_without_satcfdi_the_settings_say_how_it_is_installed(
    stamping: Stamping, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_package(monkeypatch)
    shown = page(admin, f"{SETTINGS}?clave=soporte")
    assert "<code>make mexico</code>" in shown
    assert "not installed" in shown
    assert 'name="clave"' not in shown
    assert 'name="checks"' not in shown
    MexicoSettings.objects.update(checks=True)
    assert admin.post(SETTINGS, settings_values(goods_key="99999999")).status_code == 302
    kept = MexicoSettings.objects.get()
    assert (kept.goods_key, kept.checks) == ("99999999", True)


@needs_satcfdi
def test_with_it_keys_are_searched_and_held_against_the_catalogue(stamping: Stamping, admin: Client) -> None:
    shown = page(admin, SETTINGS)
    assert f"satcfdi {version()}" in shown
    assert "Servicios de soporte técnico o de mesa de ayuda" in shown
    found = page(admin, f"{SETTINGS}?clave=mantenimiento+hardware")
    assert "81112300" in found
    assert "No key has these words" in page(admin, f"{SETTINGS}?clave=zzzz")
    refused = admin.post(SETTINGS, settings_values(goods_key="99999999", checks="on"))
    assert refused.status_code == 422
    assert "has no 99999999" in html.unescape(refused.content.decode())
    assert admin.post(SETTINGS, settings_values(checks="on")).status_code == 302
    assert MexicoSettings.objects.get().checks
    assert admin.post(SETTINGS, settings_values()).status_code == 302
    assert not MexicoSettings.objects.get().checks


@needs_satcfdi
def test_an_invoice_says_which_checks_it_passed(stamping: Stamping, clerk: Client) -> None:
    before = stamping.stamped()
    assert "checked by their form" in page(clerk, f"/facturas/{before.number}/")
    MexicoSettings.objects.update(checks=True)
    after = stamping.stamped()
    assert f"original string (satcfdi {version()})" in page(clerk, f"/facturas/{after.number}/")


def settings_values(**values: str) -> dict[str, str]:
    """What the form of the settings sends."""
    kept = {"name": "Escuela", "regime": "601", "service_key": "81111811", "goods_key": "43211500"}
    kept |= {"expense_key": "81111811", "credit_form": "17", "pac": "finkok", "environment": "production"}
    return kept | values


def without_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where it is not installed."""
    for module in (
        "billing.packs.mx.keys",
        "billing.packs.mx.official.catalogues",
        "web.office.settings.mexico",
    ):
        monkeypatch.setattr(f"ecuanime.{module}.version", str)


def test_an_administrator_sets_mexico_up(stamping: Stamping, admin: Client) -> None:
    MexicoSettings.objects.all().delete()
    MexicoSeal.objects.all().delete()
    assert "settings of Mexico have not been filled in" in page(admin, SETTINGS)
    values = settings_values()
    assert admin.post(SETTINGS, {**values, "goods_key": "4"}).status_code == 422
    assert admin.post(SETTINGS, {**values, "username": "u", "password": "secreta"}).status_code == 302
    files = csd_files()
    sent = {
        "certificate": SimpleUploadedFile("sello.cer", files.certificate),
        "key": SimpleUploadedFile("sello.key", files.key),
    }
    wrong = admin.post(f"{SETTINGS}sello/", {**sent, "key_password": "otra"})
    assert (wrong.status_code, "The key does not open" in wrong.content.decode()) == (422, True)
    for file in sent.values():
        file.seek(0)
    assert admin.post(f"{SETTINGS}sello/", {**sent, "key_password": CSD_PASSWORD}).status_code == 302
    shown = page(admin, SETTINGS)
    assert "every invoice is sealed and stamped" in shown
    assert "secreta" not in shown
    assert "/facturas/libros/cambios/" in shown
    assert admin.post(f"{SETTINGS}sello/quitar/").status_code == 302
    assert "no certificate of digital seal" in page(admin, SETTINGS)
