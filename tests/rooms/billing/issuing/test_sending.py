"""The PDF and the mail: after the number, once, and tried again when they fail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ecuanime.accounts.models import Role
from ecuanime.billing import actions, jobs
from ecuanime.billing.actions.issuing import sending
from ecuanime.billing.documents.tags import InvoiceTag, tag_of
from ecuanime.billing.models import Invoice
from ecuanime.billing.pdf import RenderError
from ecuanime.clients.models import Client, Contact
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.files import read
from tests.factories import make_contact, make_person
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.rooms.billing.snapshots import everything, refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db


def make_approved() -> Billing:
    billing = make_billing()
    billing.approved(5, 5, 5)
    return billing


made_billing = made_once(make_approved)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


@pytest.fixture
def issued(billing: Billing) -> Invoice:
    return billing.issue()


def deliver(invoice: Invoice) -> Invoice:
    return actions.ensure_pdf(invoice=invoice, now=MONTH_END)


def sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """The regular job, an hour later."""
    monkeypatch.setattr(jobs, "read_clock", lambda: MONTH_END + timedelta(hours=1))
    jobs.finish_what_was_left(timestamp=0)


def test_the_pdf_is_drawn_and_mailed_in_the_clients_language(issued: Invoice) -> None:
    done = deliver(issued)

    assert done.pdf is not None
    assert read(done.pdf.sha256).startswith(b"%PDF")
    mail = OutgoingMail.objects.get(purpose="invoice")
    assert done.mail == mail
    assert mail.to == ["facturas@cliente.example"]
    assert "F-2026-0001" in mail.subject
    assert "13,53" in mail.text
    assert "30 de diciembre de 2026" in mail.text
    attached = mail.attachments.get()
    assert (attached.name, attached.file) == ("F-2026-0001.pdf", done.pdf)


def test_again_it_does_nothing(issued: Invoice) -> None:
    deliver(issued)
    before = everything()

    deliver(issued)

    assert everything() == before


def test_without_an_address_for_invoices_those_who_see_them_get_it(billing: Billing, issued: Invoice) -> None:
    Client.objects.update(invoice_email="")
    reader = make_contact(billing.client, sees_invoices=True)

    mail = deliver(issued).mail

    assert mail is not None
    assert mail.to == [reader.email]


def test_else_the_project_leads(billing: Billing, issued: Invoice) -> None:
    Client.objects.update(invoice_email="")

    mail = deliver(issued).mail

    assert mail is not None
    assert mail.to == [billing.lead.email]


def test_without_anybody_the_pdf_is_there_and_no_mail(issued: Invoice) -> None:
    Client.objects.update(invoice_email="")
    Contact.objects.update(email="")

    done = deliver(issued)

    assert done.pdf_id is not None
    assert done.mail is None


def test_a_pdf_that_fails_leaves_the_number_and_is_tried_again(
    issued: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = sending.drawn

    def fails(_document: object) -> bytes:
        raise RenderError("no font")

    monkeypatch.setattr(sending, "drawn", fails)
    with pytest.raises(RenderError):
        deliver(issued)
    issued.refresh_from_db()
    assert (issued.number, issued.pdf_id, issued.mail_id) == ("F-2026-0001", None, None)
    monkeypatch.setattr(sending, "drawn", whole)

    sweep(monkeypatch)

    issued.refresh_from_db()
    assert issued.pdf_id is not None
    assert issued.mail_id is not None


def test_the_sweep_goes_on_after_one_that_fails(
    billing: Billing, issued: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    billing.approved(10)
    other = billing.issue()
    whole = sending.drawn

    def fails_once(invoice: Invoice) -> bytes:
        if invoice.pk == issued.pk:
            raise RenderError("no font")
        return whole(invoice)

    monkeypatch.setattr(sending, "drawn", fails_once)

    sweep(monkeypatch)

    other.refresh_from_db()
    assert other.pdf_id is not None


def test_the_sweep_finishes_a_run_that_stopped(billing: Billing, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.run_invoices(up_to=MONTH_END.date(), by=billing.clerk, now=MONTH_END)

    sweep(monkeypatch)

    assert Invoice.objects.get().net == 1100


def test_a_delivery_that_failed_shows(issued: Invoice) -> None:
    deliver(issued)
    today = MONTH_END.date()
    OutgoingMail.objects.update(state="captured")
    assert tag_of(Invoice.objects.get(), today=today) == InvoiceTag.SENT

    OutgoingMail.objects.update(state="bounced", error="mailbox full")

    bounced = Invoice.objects.get()
    assert tag_of(bounced, today=today) == InvoiceTag.UNDELIVERED
    assert tag_of(bounced, today=today + timedelta(days=90)) == InvoiceTag.UNDELIVERED


def send(billing: Billing, invoice: Invoice, **fields: object) -> Invoice:
    values = {"by": billing.clerk, "now": billing.now, "idempotency_key": "once"} | fields
    return actions.send_invoice(invoice=invoice, **values)  # type: ignore[arg-type]


class TestSendingByHand:
    """Once more, or to somebody else."""

    def test_the_same_form_sent_twice_is_one_mail(self, billing: Billing, issued: Invoice) -> None:
        deliver(issued)
        first = send(billing, issued).mail
        before = everything()

        again = send(billing, issued, to=["otra@cliente.example"])

        assert again.mail == first
        assert everything() == before
        assert send(billing, issued, idempotency_key="another").mail != first

    def test_it_goes_to_others(self, billing: Billing, issued: Invoice) -> None:
        deliver(issued)

        again = send(billing, issued, to=["otra@cliente.example"])

        assert again.mail is not None
        assert again.mail.to == ["otra@cliente.example"]
        assert OutgoingMail.objects.filter(purpose="invoice").count() == 2

    def test_before_the_pdf_exists_it_is_drawn_and_sent_once(self, billing: Billing, issued: Invoice) -> None:
        send(billing, issued)

        assert OutgoingMail.objects.filter(purpose="invoice").count() == 1

    def test_refusals(self, billing: Billing, issued: Invoice) -> None:
        deliver(issued)
        billing.approved(10)
        draft, technician = billing.draft(), make_person(Role.TECHNICIAN)

        refused(lambda: send(billing, issued, by=technician), "not_allowed")
        refused(lambda: send(billing, draft), "not_issued")
        refused(lambda: send(billing, issued, to=["nobody"]), "bad_address")
        Client.objects.update(invoice_email="")
        Contact.objects.update(email="")
        refused(lambda: send(billing, issued), "no_address")
