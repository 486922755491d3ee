"""The QR on the paper of an invoice in Spain: read back from the drawn page and measured in millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from math import dist
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from ecuanime.billing import actions
from ecuanime.billing.crediting.writing import CreditPart
from ecuanime.billing.documents.frozen import document_of
from ecuanime.billing.models import Invoice
from ecuanime.billing.pdf import render_invoice
from tests.factories.billing import Billing
from tests.factories.fiscal import FIRM_NIF, make_spanish_billing, record_of
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db

DPI = 300
MM = 25.4 / DPI


def _billing() -> Billing:
    billing = make_spanish_billing()
    billing.approved(30)
    return billing


made_billing = made_once(_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def pdf_of(invoice: Invoice) -> bytes:
    return render_invoice(document_of(Invoice.objects.get(pk=invoice.pk)))


@dataclass(frozen=True)
class Page:
    """A page in shades of grey, a byte a pixel."""

    pixels: bytes
    width: int
    height: int
    stride: int

    def codes(self) -> list[Any]:
        """The QR codes on it, from the head down."""
        view = zxingcpp.ImageView(self.pixels, self.width, self.height, zxingcpp.ImageFormat.Lum, self.stride)
        found = zxingcpp.read_barcodes(view, formats=zxingcpp.BarcodeFormat.QRCode)
        return sorted(found, key=lambda each: each.position.top_left.y)

    def code(self) -> Any:
        """The first QR on it: what pays the invoice stands at its end."""
        return self.codes()[0]

    def darkest(self, left: int, top: int, right: int, bottom: int) -> int:
        """The darkest pixel of a rectangle, 255 for white."""
        return min(
            min(self.pixels[y * self.stride + left : y * self.stride + right]) for y in range(top, bottom)
        )


def page_of(pdf: bytes) -> Page:
    """The first page, drawn."""
    drawn = pypdfium2.PdfDocument(pdf)[0].render(scale=DPI / 72, grayscale=True)
    return Page(bytes(drawn.buffer), drawn.width, drawn.height, drawn.stride)


def text_of(pdf: bytes) -> str:
    return " ".join(PdfReader(BytesIO(pdf)).pages[0].extract_text().split())


def test_the_qr_says_where_the_invoice_is_verified(billing: Billing) -> None:
    code = page_of(pdf_of(billing.issue())).code()

    assert code.text == (
        "https://www2.agenciatributaria.gob.es/wlpl/TIKE-CONT/ValidarQR"
        f"?nif={FIRM_NIF}&numserie=F-2026-0001&fecha=30-11-2026&importe=26.62"
    )
    assert code.ec_level == "M"


def test_it_measures_what_the_order_asks_and_stands_at_the_head(billing: Billing) -> None:
    page = page_of(pdf_of(billing.issue()))
    at = page.code().position
    corners = [(point.x, point.y) for point in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
    sides = [dist(corners[each - 1], corners[each]) * MM for each in range(4)]

    assert all(30 <= side <= 40 for side in sides), sides
    assert max(y for _x, y in corners) * MM < 297 / 3


def test_there_is_white_around_it(billing: Billing) -> None:
    """Two millimetres at least, six advised: nothing is printed there."""
    page = page_of(pdf_of(billing.issue()))
    at, quiet = page.code().position, round(5.5 / MM)
    left, top, right, bottom = at.top_left.x, at.top_left.y, at.bottom_right.x, at.bottom_right.y
    margin = 3  # what the reader's corners may be off by
    for box in (
        (left - quiet, top - quiet, left - margin, bottom + quiet),
        (right + margin, top - quiet, right + quiet, bottom + quiet),
        (left - quiet, top - quiet, right + quiet, top - margin),
        (left - quiet, bottom + margin, right + quiet, bottom + quiet),
    ):
        assert page.darkest(*box) > 250


def test_its_legends_stand_above_and_below(billing: Billing) -> None:
    text = text_of(pdf_of(billing.issue()))

    above, below = (
        text.index("QR tributario:"),
        text.index("Factura verificable en la sede electrónica de la AEAT"),
    )
    assert above < below
    assert "VERI*FACTU" in text


def test_a_demo_says_that_nothing_is_sent_and_leads_to_the_tests() -> None:
    billing = make_spanish_billing(is_demo=True)
    billing.approved(30)
    pdf = pdf_of(billing.issue())

    assert page_of(pdf).code().text.startswith("https://prewww2.aeat.es/")
    assert "nunca se envía" in text_of(pdf)


def test_pro_formas_and_drafts_bear_none(billing: Billing) -> None:
    assert document_of(billing.draft()).country_block is None


@pytest.mark.parametrize(("by_substitution", "total"), [(False, "-12.10"), (True, "14.52")])
def test_the_qr_of_a_correction_bears_the_total_of_its_record(
    billing: Billing, by_substitution: bool, total: str
) -> None:
    issued = billing.issue()
    note = actions.credit_lines(
        invoice=issued,
        parts=[CreditPart(issued.lines.get(), amount=1000)],
        reason="Precio acordado",
        by=billing.clerk,
        now=billing.now,
        idempotency_key="one",
        by_substitution=by_substitution,
    )

    pdf = pdf_of(note)
    assert page_of(pdf).code().text.endswith(f"importe={total}")
    assert ("Lo que queda de F-2026-0001" in text_of(pdf)) is by_substitution
    assert record_of(note).type == "R1"
