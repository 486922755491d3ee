"""Mexico on screen: a clerk issues, is rejected, corrects and gets the stamp; an administrator sets it up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ecuanime.billing.actions import record_payment
from ecuanime.billing.models import Cfdi, MexicoSeal, MexicoSettings
from tests.csd import CSD_PASSWORD, csd_files
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


def test_an_administrator_sets_mexico_up(stamping: Stamping, admin: Client) -> None:
    MexicoSettings.objects.all().delete()
    MexicoSeal.objects.all().delete()
    assert "settings of Mexico have not been filled in" in page(admin, SETTINGS)
    values = {"name": "Escuela", "regime": "601", "service_key": "81111811", "goods_key": "43211500"}
    values |= {"expense_key": "81111811", "credit_form": "17", "pac": "finkok", "environment": "production"}
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
