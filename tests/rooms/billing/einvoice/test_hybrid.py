"""The PDF of an invoice carries its data: read back by two programs that are not ours."""

from __future__ import annotations

import io

import facturx
import pypdfium2
import pytest
from lxml import etree
from pypdf import PdfReader

from ecuanime.billing.einvoice.hybrid import marked_hybrid
from ecuanime.billing.einvoice.official import Syntax
from ecuanime.billing.einvoice.written import cii_of, drawn
from ecuanime.billing.models import Invoice
from ecuanime.billing.pdf import RenderError
from tests.factories.billing import Billing, make_billing, make_issuing_firm
from tests.rooms.billing.einvoice.judges import objections
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db
FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"


def _billing() -> Billing:
    billing = make_billing()
    billing.approved(50)
    return billing


made_billing = made_once(_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def xmp_of(pdf: bytes) -> etree._Element:
    stream = PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/Metadata"].get_data()
    return etree.fromstring(stream[stream.index(b"<x:xmpmeta") : stream.rindex(b"<?xpacket")])


def test_factur_x_reads_its_file_back(billing: Billing) -> None:
    issued = billing.issue()

    name, xml = facturx.get_xml_from_pdf(drawn(issued), check_xsd=True)

    assert (name, xml) == ("factur-x.xml", cii_of(issued))
    assert objections(xml, Syntax.CII) == []


def test_the_metadata_name_the_file_and_stay_archivable_and_accessible(billing: Billing) -> None:
    xmp = xmp_of(drawn(billing.issue()))

    names = {each.tag.removeprefix(FX): each.text for each in xmp.iter(f"{FX}*")}
    assert names == {
        "DocumentFileName": "factur-x.xml",
        "DocumentType": "INVOICE",
        "Version": "1.0",
        "ConformanceLevel": "EN 16931",
    }
    words = etree.tostring(xmp).decode()
    assert "<pdfaid:part>3</pdfaid:part>" in words
    assert "<pdfuaid:part>1</pdfuaid:part>" in words
    assert "Factur-X PDFA Extension Schema" in words


def test_the_file_is_an_alternative_of_the_whole_document(billing: Billing) -> None:
    root = PdfReader(io.BytesIO(drawn(billing.issue()))).trailer["/Root"]

    [attached] = root["/AF"]
    assert attached.get_object()["/AFRelationship"] == "/Alternative"
    assert attached.get_object()["/EF"]["/F"]["/Subtype"] == "/text/xml"


def test_another_reader_opens_it_and_sees_the_same_page(billing: Billing) -> None:
    issued = billing.issue()

    pdf = pypdfium2.PdfDocument(drawn(issued))

    assert issued.number in pdf[0].get_textpage().get_text_bounded()
    assert pdf.count_attachments() == 1


def test_the_same_invoice_gives_the_same_bytes(billing: Billing) -> None:
    issued = billing.issue()

    assert drawn(issued) == drawn(Invoice.objects.get(pk=issued.pk))


def test_a_pro_forma_carries_nothing(billing: Billing) -> None:
    make_issuing_firm(country="ES")

    assert not list(PdfReader(io.BytesIO(drawn(billing.issue()))).attachment_list)


def test_what_is_no_pdf_of_ours_is_not_marked() -> None:
    with pytest.raises(RenderError):
        marked_hybrid(b"%PDF-1.7\n%%EOF")
