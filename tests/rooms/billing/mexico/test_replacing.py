"""A wrong CFDI is replaced: relation 04, reason 01 with its folio, the client's new paper, and each refusal."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ecuanime.billing import actions
from ecuanime.billing.actions.mexico import cancel_cfdi, replace_cfdi, save_receiver
from ecuanime.billing.models import Cfdi, CfdiCancellation, Invoice
from ecuanime.billing.packs.mx.pac.telling import tell_cancellation
from ecuanime.billing.queries.pdfs import current_pdf
from ecuanime.billing.verifying.cfdis import verify_cfdis
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.delivery.models import OutgoingFile, OutgoingMail
from ecuanime.foundation.files import path_of
from ecuanime.notices.models import Notice
from tests.cfdi_schema import schema_faults
from tests.factories.mexico import CLIENT_RFC, RECEIVER, Stamping, cfdi_of
from tests.rooms.billing.mexico.test_complements import complement, paid
from tests.rooms.billing.snapshots import refused

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=2)


def put_right(stamping: Stamping, **values: Any) -> None:
    """What the client is to the SAT, corrected."""
    facts = replace(RECEIVER, **(values or {"name": "UNIVERSIDAD ROBOTICA"}))
    save_receiver(client=stamping.billing.client, facts=facts, by=stamping.admin, now=stamping.now)


def replaced(stamping: Stamping, cfdi: Cfdi) -> Cfdi:
    return replace_cfdi(cfdi=cfdi, by=stamping.admin, now=stamping.now)


def test_the_new_one_is_stamped_then_the_old_one_is_cancelled(stamping: Stamping) -> None:
    issued = stamping.stamped()
    stamping.sent()
    old = cfdi_of(issued)
    before = Invoice.objects.values("number", "total", "customer", "pdf", "credited").get()
    put_right(stamping)
    new = replaced(stamping, old)
    assert replaced(stamping, old) == new
    assert f'<cfdi:CfdiRelacionados TipoRelacion="04"><cfdi:CfdiRelacionado UUID="{old.uuid}"/>' in new.sealed
    assert 'Nombre="UNIVERSIDAD ROBOTICA"' in new.sealed
    assert schema_faults(new.sealed.encode()) == []
    assert current_pdf(issued) == issued.pdf

    assert stamping.stamp() == 1
    stamping.sent()
    old.refresh_from_db()
    new.refresh_from_db()
    assert old.superseded_at == stamping.now
    asked = old.cancellations.get()
    assert (asked.reason, asked.substitute, asked.requested_by) == ("01", new.uuid, stamping.admin)
    assert Invoice.objects.values("number", "total", "customer", "pdf", "credited").get() == before
    paper = current_pdf(issued)
    assert paper == new.pdf != issued.pdf
    mail = OutgoingMail.objects.latest("pk")
    assert old.uuid in mail.text
    names = OutgoingFile.objects.filter(mail=mail).values_list("name", flat=True)
    assert sorted(names) == [f"{issued.number}-{new.uuid}.{kind}" for kind in ("pdf", "xml")]

    stamping.cancel()
    stamping.cancel(after=SOON)
    issued.refresh_from_db()
    assert stamping.pac.cancelled == {old.uuid: "01"}
    assert (issued.annulled_at, issued.owed) == (None, issued.payable)
    assert not [*verify_invoices(), *verify_cfdis()]


def test_rejected_the_old_one_stands_and_it_is_tried_again(stamping: Stamping) -> None:
    issued = stamping.stamped()
    old = cfdi_of(issued)
    put_right(stamping)
    stamping.pac.refuses[CLIENT_RFC] = ("CFDI40145", "El nombre no corresponde")
    replaced(stamping, old)
    stamping.stamp()
    assert Cfdi.objects.standing().get() == old
    assert not CfdiCancellation.objects.exists()
    stamping.pac.refuses.clear()
    assert replaced(stamping, old).attempt == 3
    assert stamping.stamp() == 1


def test_the_receiver_says_no_and_both_stand(stamping: Stamping) -> None:
    issued = stamping.stamped()
    put_right(stamping, use="G01")
    stamping.pac.acceptance = "denied"
    replaced(stamping, cfdi_of(issued))
    stamping.stamp()
    stamping.cancel()
    stamping.cancel(after=SOON)
    asked = CfdiCancellation.objects.select_related("cfdi__invoice").get()
    assert asked.state == CfdiCancellation.State.REFUSED
    tell_cancellation(asked, now=stamping.now)
    assert "Both stand" in Notice.objects.filter(user=stamping.admin).latest("pk").text
    new = Cfdi.objects.current().get()
    again = {"cfdi": asked.cfdi, "reason": "01", "substitute": new.uuid}
    assert cancel_cfdi(by=stamping.admin, now=stamping.now, **again) != asked


def test_a_complement_keeps_its_instalment(stamping: Stamping) -> None:
    issued = stamping.stamped()
    for amount in (100, 200):
        complement(stamping, paid(stamping, issued, amount))
        stamping.stamp()
    first = Cfdi.objects.filter(payment__isnull=False).earliest("pk")
    put_right(stamping)
    new = replaced(stamping, first)
    assert stamping.stamp() == 1
    for text in ('NumParcialidad="1"', 'ImpPagado="1.00"', 'TipoRelacion="04"', "UNIVERSIDAD ROBOTICA"):
        assert text in new.sealed
    assert schema_faults(new.sealed.encode()) == []
    assert Cfdi.objects.standing().filter(payment=first.payment).get() == new
    stamping.sent()
    new.refresh_from_db()
    assert new.pdf is not None
    assert path_of(new.pdf.sha256).read_bytes().startswith(b"%PDF")


def test_each_refusal(stamping: Stamping) -> None:
    issued = stamping.issue()
    refused(lambda: replaced(stamping, cfdi_of(issued)), "not_stamped")
    stamping.stamp()
    row = cfdi_of(issued)
    refused(lambda: replace_cfdi(cfdi=row, by=stamping.billing.clerk, now=stamping.now), "not_allowed")
    refused(lambda: replaced(stamping, row), "nothing_changes")
    put_right(stamping)
    payment = paid(stamping, issued, 100)
    complement(stamping, payment)
    refused(lambda: replaced(stamping, row), "others_about_it")
    stamping.stamp()

    credited = stamping.stamped()
    actions.credit_invoice(invoice=credited, reason="No era", by=stamping.admin, now=stamping.now)
    refused(lambda: replaced(stamping, Cfdi.objects.get(invoice=credited)), "others_about_it")
    stamping.stamp()

    wrong = stamping.stamped()
    cancel_cfdi(cfdi=cfdi_of(wrong), reason="02", by=stamping.admin, now=stamping.now)
    refused(lambda: replaced(stamping, cfdi_of(wrong)), "cancelling")
