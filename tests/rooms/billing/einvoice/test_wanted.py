"""What a client's programs read: said no to before a number is taken, and sent beside the PDF."""

from __future__ import annotations

from decimal import Decimal

import pytest
from lxml import etree

from ecuanime.billing import actions
from ecuanime.billing.einvoice.of_invoice import electronic
from ecuanime.billing.einvoice.official import Syntax
from ecuanime.billing.einvoice.written import DataFile, written
from ecuanime.billing.models import Invoice, TaxRate
from ecuanime.clients.actions import update_client
from ecuanime.clients.models import InvoiceFormat
from ecuanime.delivery.models import OutgoingFile
from ecuanime.foundation.files import path_of
from tests.factories.billing import Billing, make_billing, make_issuing_firm
from tests.rooms.billing.einvoice.judges import objections
from tests.rooms.billing.snapshots import refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db


def _billing() -> Billing:
    billing = make_billing()
    billing.approved(50)
    return billing


made_billing = made_once(_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def wants(billing: Billing, kind: str) -> None:
    update_client(client=billing.client, invoice_format=kind, now=billing.now)


def unwritable(billing: Billing) -> Invoice:
    """A draft with a line that is not subject beside one that is."""
    outside = TaxRate.objects.create(
        code="outside", name="No sujeta", category="O", percent=Decimal(0), reason="Suplido"
    )
    draft = billing.draft()
    actions.add_line(
        invoice=draft,
        kind="expense",
        description="Tasa pagada en su nombre",
        units=1,
        price=Decimal(20),
        tax_rate=outside,
        by=billing.clerk,
        now=billing.now,
    )
    return draft


def test_what_cannot_be_written_is_not_issued_and_says_why(billing: Billing) -> None:
    wants(billing, InvoiceFormat.UBL)
    draft = unwritable(billing)

    words = refused(lambda: billing.issue(draft), "no_e_invoice")

    assert "not subject to VAT beside others" in words


def test_what_is_withheld_goes_out_as_facturae_alone(billing: Billing) -> None:
    wants(billing, InvoiceFormat.FACTUR_X)
    draft = billing.draft()
    held = {"withheld": 550, "withheld_percent": 15, "withheld_base": 3667}
    Invoice.objects.filter(pk=draft.pk).update(**held)

    words = refused(lambda: billing.issue(draft), "no_e_invoice")

    assert "Send it as Facturae" in words
    draft.refresh_from_db()
    assert electronic(draft).withheld == Decimal("5.50")


def test_a_facturae_leaves_signed_or_not_at_all(billing: Billing) -> None:
    update_client(client=billing.client, tax_id="IE4749148U", now=billing.now)
    wants(billing, InvoiceFormat.FACTURAE)

    words = refused(lambda: billing.issue(billing.draft()), "no_e_invoice")

    assert "no certificate" in words


def test_an_administration_has_three_offices_or_none(billing: Billing) -> None:
    changes = {"office_accounting": "L01270280", "office_managing": "L01270281"}

    refused(lambda: update_client(client=billing.client, now=billing.now, **changes), "offices")


def test_who_reads_the_pdf_alone_gets_it_all_the_same(billing: Billing) -> None:
    issued = billing.issue(unwritable(billing))

    done = actions.ensure_pdf(invoice=issued, now=billing.now)

    assert done.pdf is not None
    refused(lambda: written(issued, DataFile.CII, billing.now), "no_e_invoice")


def test_the_mail_carries_the_ubl(billing: Billing) -> None:
    wants(billing, InvoiceFormat.UBL)

    done = actions.ensure_pdf(invoice=billing.issue(), now=billing.now)

    assert done.mail is not None
    rows = OutgoingFile.objects.filter(mail=done.mail)
    names = {each.name: each.file_id for each in rows}
    assert set(names) == {f"{done.number}.pdf", f"{done.number}.xml"}
    assert objections(path_of(names[f"{done.number}.xml"]).read_bytes(), Syntax.UBL_INVOICE) == []


@pytest.mark.parametrize("kind", [InvoiceFormat.NONE, InvoiceFormat.FACTUR_X])
def test_the_mail_carries_the_pdf_alone(billing: Billing, kind: str) -> None:
    wants(billing, kind)

    done = actions.ensure_pdf(invoice=billing.issue(), now=billing.now)

    assert done.mail is not None
    assert done.mail.files.count() == 1


def test_a_draft_and_a_pro_forma_are_no_invoices(billing: Billing) -> None:
    draft = billing.draft()
    refused(lambda: written(draft, DataFile.UBL, billing.now), "not_invoice")
    make_issuing_firm(country="ES")
    actions.discard_draft(invoice=draft, by=billing.clerk, now=billing.now)

    pro_forma = billing.issue()

    refused(lambda: written(pro_forma, DataFile.UBL, billing.now), "not_invoice")


def test_a_file_says_which_schema_it_is_of(billing: Billing) -> None:
    update_client(client=billing.client, tax_id="IE4749148U", now=billing.now)
    issued = billing.issue()

    files = [DataFile.UBL, DataFile.CII, DataFile.FACTURAE]
    roots = [etree.fromstring(written(issued, file, billing.now)).tag.rpartition("}")[2] for file in files]

    assert roots == ["Invoice", "CrossIndustryInvoice", "Facturae"]
    refused(lambda: written(issued, DataFile.CFDI, billing.now), "no_e_invoice")


def test_an_unknown_format_is_refused(billing: Billing) -> None:
    refused(lambda: wants(billing, "edifact"), "unknown_format")
