"""Payments of invoices that are paid later: a complement each, numbered, with what was owed before and after."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from lxml import etree
from pypdf import PdfReader

from ecuanime.billing import actions
from ecuanime.billing.actions.mexico import complement_payment
from ecuanime.billing.models import Cfdi, Invoice, MexicoReceiver, Payment
from ecuanime.billing.packs.mx.cfdi import read_stamp
from ecuanime.billing.packs.mx.cfdi.payments import PAYMENTS
from ecuanime.billing.packs.mx.complements import due_by, to_complement
from ecuanime.billing.packs.mx.pac.telling import tell_complements
from ecuanime.billing.packs.mx.paper import LEGEND
from ecuanime.billing.packs.mx.receipt_paper import complement_pdf
from ecuanime.delivery.models import OutgoingFile
from ecuanime.notices.models import Notice
from tests.factories.mexico import CLIENT_RFC, Stamping, cfdi_of
from tests.rooms.billing.snapshots import refused
from tests.rooms.billing.spain.test_fiscal_paper import page_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def paid(stamping: Stamping, issued: Invoice, amount: int, *, method: str = "transfer") -> Payment:
    """So many cents that came today."""
    return actions.record_payment(
        invoice=issued,
        amount=amount,
        received_on=stamping.now.date(),
        by=stamping.billing.clerk,
        now=stamping.now,
        idempotency_key=f"pago-{Payment.objects.count()}",
        method=method,
        reference=f"TRF {Payment.objects.count()}",
    )


def complement(stamping: Stamping, payment: Payment) -> Cfdi:
    return complement_payment(payment=payment, by=stamping.billing.clerk, now=stamping.now)


def node(row: Cfdi, name: str) -> Any:
    return etree.fromstring(row.sealed.encode()).find(f".//{{{PAYMENTS}}}{name}")


def plain_text(pdf: bytes) -> str:
    """What a paper says, without any space."""
    pages = (page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return "".join("".join(pages).replace("\u200b", "").split())


def test_two_parts_are_two_instalments_that_leave_nothing(stamping: Stamping) -> None:
    issued = stamping.stamped(100)
    first, second = paid(stamping, issued, 100_000), paid(stamping, issued, 83_666, method="cash")
    assert list(to_complement()) == [first, second]
    refused(lambda: complement(stamping, second), "earlier_first")

    row = complement(stamping, first)
    assert complement(stamping, first) == row
    refused(lambda: complement(stamping, second), "earlier_first")
    assert stamping.stamp() == 1
    last = complement(stamping, second)
    assert stamping.stamp() == 1

    names = ("NumParcialidad", "ImpSaldoAnt", "ImpPagado", "ImpSaldoInsoluto", "IdDocumento")
    uuid = Cfdi.objects.get(invoice=issued, payment=None).uuid
    told = [tuple(node(each, "DoctoRelacionado").get(name) for name in names) for each in (row, last)]
    assert told == [
        ("1", "1836.66", "1000.00", "836.66", uuid),
        ("2", "836.66", "836.66", "0.00", uuid),
    ]
    assert [node(each, "Pago").get("FormaDePagoP") for each in (row, last)] == ["03", "01"]
    taxed = [Decimal(node(each, "Totales").get("TotalTrasladosBaseIVA16")) for each in (row, last)]
    assert sum(taxed) == Decimal("1583.33")
    assert not to_complement()
    stamping.sent()
    stamping.sent()
    files = OutgoingFile.objects.filter(mail__purpose="complement").values_list("name", flat=True)
    rows = Cfdi.objects.filter(payment__isnull=False)
    assert sorted(files) == sorted(
        f"{issued.number}-{each.uuid}.{kind}" for each in rows for kind in ("pdf", "xml")
    )


def test_a_lost_answer_is_no_second_complement_and_a_rejected_one_is_sealed_anew(stamping: Stamping) -> None:
    issued = stamping.stamped()
    payment = paid(stamping, issued, 50_000)
    stamping.pac.refuses[CLIENT_RFC] = ("CRP20200", "El uso no corresponde")
    complement(stamping, payment)
    stamping.stamp()
    assert list(to_complement()) == [payment]

    del stamping.pac.refuses[CLIENT_RFC]
    row = complement(stamping, payment)
    assert row.attempt == 2
    stamping.pac.plan.append("lost")
    assert stamping.stamp() == 0
    assert stamping.stamp(after=timedelta(minutes=1)) == 1
    assert len(stamping.pac.stamped) == 2
    issued.refresh_from_db()
    assert not issued.is_held


def test_what_was_paid_at_once_or_taken_back_needs_none(stamping: Stamping) -> None:
    issued = stamping.stamped()
    mistake = paid(stamping, issued, 50_000)
    actions.correct_payment(
        payment=mistake, reason="Era de otro", by=stamping.billing.clerk, now=stamping.now
    )
    assert not to_complement()
    refused(lambda: complement(stamping, mistake), "no_complement")

    MexicoReceiver.objects.update(method="PUE", form="03")
    at_once = stamping.stamped()
    assert cfdi_of(at_once).method == "PUE"
    payment = paid(stamping, at_once, 50_000)
    refused(lambda: complement(stamping, payment), "no_complement")


def test_it_is_due_by_the_fifth_of_the_month_after_and_clerks_are_told(stamping: Stamping) -> None:
    assert due_by(date(2026, 11, 30)) == date(2026, 12, 5)
    assert due_by(date(2026, 12, 1)) == date(2027, 1, 5)

    paid(stamping, stamping.stamped(), 50_000)
    tell_complements(stamping.now)
    assert not Notice.objects.exists()
    for _again in range(2):
        tell_complements(stamping.now + DAY)
    assert Notice.objects.filter(user=stamping.billing.clerk).count() == 1


def test_its_paper_bears_the_code_the_seals_and_what_was_paid(stamping: Stamping) -> None:
    issued = stamping.stamped(100)
    row = complement(stamping, paid(stamping, issued, 100_000))
    stamping.stamp()
    row.refresh_from_db()
    stamp = read_stamp(row.stamped.encode())
    pdf = complement_pdf(row)
    assert page_of(pdf).code().text == stamp.address
    text = plain_text(pdf)
    invoice = Cfdi.objects.get(invoice=issued, payment=None)
    shown = (LEGEND, stamp.original, stamp.sat_seal, stamp.seal, row.uuid, invoice.uuid, "1,836.66", "836.66")
    for each in shown:
        assert "".join(each.split()) in text
