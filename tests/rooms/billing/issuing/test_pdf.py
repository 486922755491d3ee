"""The invoice as a person reads it: every figure there, in both languages, whatever the texts say."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import struct
import sys
import time
import zlib
from dataclasses import replace
from decimal import Decimal

import pytest
from pypdf import PdfReader

from ecuanime.billing.pdf import RenderError, render_invoice
from ecuanime.billing.pdf.document import (
    Annex,
    CorrectedInvoice,
    CountryBlock,
    DocumentKind,
    Draw,
    Fact,
    InvoiceDocument,
    Line,
    Note,
    Party,
    Payment,
    PaymentInstructions,
    Picture,
    TaxTotal,
    TicketTime,
    Withholding,
)
from ecuanime.billing.pdf.render import FONTS
from ecuanime.billing.pdf.text import covered, printable
from tests.rooms.billing.issuing.invoices_as_documents import (
    ALL_CHARGED,
    INVOICE,
    MONTHLY_FEE,
    OVERAGE,
    PACK,
    PART_FROM_PACK,
    in_english,
    with_many_entries,
    with_plain_lines,
)

ZERO_WIDTH_SPACE = "\N{ZERO WIDTH SPACE}"


def pages_of(document: InvoiceDocument) -> list[str]:
    """The text of each page with its white space made single."""
    reader = PdfReader(io.BytesIO(render_invoice(document)))
    texts = (page.extract_text().replace(ZERO_WIDTH_SPACE, "") for page in reader.pages)
    return [" ".join(text.split()) for text in texts]


def text_of(document: InvoiceDocument) -> str:
    return " ".join(pages_of(document))


def without_spaces(text: str) -> str:
    return "".join(text.split())


def one_pixel_png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_the_first_page_says_who_when_and_how_much() -> None:
    page = pages_of(INVOICE)[0]
    for figure in (
        "F-2026-0188",
        "31 de octubre de 2026",
        "15 de noviembre de 2026",
        "1–31 de octubre de 2026",
        "Nodo Alisio, S. L.",
        "B00000017",
        "Gestoría Valdeolmo, S. L.",
        "B00000025",
        "Remedios Cano",
        "1 mes 246,00 € 21 % 246,00 €",
        "1 h 08 30,00 €/h 21 % 34,00 €",
        "280,00 €",
        "58,80 €",
        "338,80 €",
        "ES00 0000 0000 0000 0000 0000",
        "Registro Mercantil de Madrid, tomo 00000, hoja M-000000",
    ):
        assert figure in page


def test_the_annex_explains_every_minute() -> None:
    annex = pages_of(in_english())[1]
    assert "Every minute, explained" in annex
    assert "Fri 23 Oct" in annex
    assert "Thu 22 Oct" in annex
    assert "19:05–20:01 Irene Maldonado 0:56:11 1 h 00 1 h 07.5 – 1 h 00 €30.00" in annex
    assert "Teléfono · fuera de horario ×1,5 · 1 h 00 at €30.00/h, line 2" in annex
    assert "10:00–10:50 Nuria Vega 0:50:10 1 h 00 1 h 00 0 h 52 0 h 08 €4.00" in annex
    assert "Remoto · fracción de 15 min · 0 h 52 from BN-0187 · 0 h 08 at €30.00/h, line 2" in annex
    assert "Total of #4688 0:50:10 1 h 00 1 h 00 0 h 52 0 h 08 €4.00" in annex
    assert "Total of the annex 1:46:21 2 h 00 2 h 07.5 0 h 52 1 h 08 €34.00" in annex
    assert "2 Horas fuera de plan, en horario 2 1 h 08 × €30.00/h €34.00" in annex
    assert "BN-0187 Bono de 45 h 0 h 52 0 h 00 −0 h 52 0 h 00 31 Jan 2027" in annex


def test_english_has_its_own_numbers_and_dates() -> None:
    page = pages_of(in_english())[0]
    for figure in ("Invoice F-2026-0188", "31 October 2026", "€338.80", "€30.00/h", "IVA 21% on €280.00"):
        assert figure in page


def test_labels_are_asked_for_in_the_language_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils.translation import get_language

    for module in ("sheet", "annex"):
        monkeypatch.setattr(f"ecuanime.billing.pdf.{module}._", lambda label: f"{get_language()}:{label}")
    spanish, english = text_of(INVOICE), text_of(in_english())
    assert "es:Description es:Quantity" in spanish
    assert "es:Rounded es:Weighted" in spanish
    assert "en:" not in spanish
    assert "en:Description en:Quantity" in english


def test_a_mexican_invoice_counts_in_pesos() -> None:
    page = pages_of(replace(INVOICE, territory="MX", currency="MXN"))[0]
    assert "$338.80" in page


def test_a_currency_without_cents_prints_none() -> None:
    yen = with_plain_lines(2)
    page = pages_of(replace(yen, currency="JPY"))[0]
    assert "JP¥242" in page
    assert "JP¥242." not in page


def test_a_price_shows_all_its_decimals() -> None:
    line = Line(description="Por minuto", minutes=90, price=Decimal("43.333333"), amount_minor=6500)
    tax = TaxTotal(category="IVA", rate=Decimal("5.2"), base_minor=6500, tax_minor=338)
    document = replace(
        INVOICE, lines=(line,), taxes=(tax,), total_minor=6838, amount_due_minor=6838, annex=None
    )
    page = pages_of(document)[0]
    assert "1 h 30 43,333333 €/h 65,00 €" in page
    assert "5,2 %" in page


def test_payments_and_withholding_lead_down_to_the_amount_due() -> None:
    document = replace(
        in_english(),
        withholdings=(
            Withholding(label="IRPF", rate=Decimal(15), base_minor=28000, amount_minor=4200),
            Withholding(label="ISR", rate=Decimal(1), base_minor=28000, amount_minor=280, in_total=True),
        ),
        payments=(
            Payment(received_on=dt.date(2026, 10, 30), description="Transferencia", amount_minor=10000),
        ),
        total_minor=33600,
        amount_due_minor=19400,
    )
    page = pages_of(document)[0]
    assert re.search(r"ISR 1% on €280.00 −€2.80 Total €336.00 IRPF 15% on €280.00 −€42.00", page)
    assert "Received 30 Oct 2026 Transferencia −€100.00" in page
    assert page.count("€194.00") == 2


def test_each_tax_gives_its_legal_reason() -> None:
    reason = "Inversión del sujeto pasivo, artículo 84 de la Ley 37/1992"
    taxes = (
        TaxTotal(category="IVA", rate=Decimal(21), base_minor=24600, tax_minor=5166),
        TaxTotal(category="IVA", rate=Decimal(0), base_minor=3000, tax_minor=0, reason=reason),
        TaxTotal(category="No sujeto", rate=None, base_minor=400, tax_minor=0),
    )
    page = pages_of(replace(in_english(), taxes=taxes, total_minor=33166, amount_due_minor=33166))[0]
    assert reason in page
    for row in ("IVA 21% on €246.00", "IVA 0% on €30.00", "No sujeto on €4.00"):
        assert row in page


def test_a_credit_note_names_what_it_corrects_and_why() -> None:
    negative = replace(OVERAGE, minutes=-68, amount_minor=-3400)
    document = replace(
        in_english(),
        kind=DocumentKind.CREDIT_NOTE,
        number="R-2026-0004",
        corrects=CorrectedInvoice(
            number="F-2026-0188", issued_on=dt.date(2026, 10, 31), reason="Hora cobrada dos veces"
        ),
        lines=(negative,),
        taxes=(TaxTotal(category="IVA", rate=Decimal(21), base_minor=-3400, tax_minor=-714),),
        total_minor=-4114,
        amount_due_minor=-4114,
        annex=None,
    )
    page = pages_of(document)[0]
    assert "Credit note R-2026-0004" in page
    assert "Corrects invoice F-2026-0188 of 31 October 2026. Reason: Hora cobrada dos veces" in page
    assert "−1 h 08 €30.00/h 21 % −€34.00" in page
    assert "−€41.14" in page


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (DocumentKind.PRO_FORMA, ("Pro-forma invoice F-2026-0188", "No fiscal value.")),
        (DocumentKind.ADVANCE_INVOICE, ("Advance invoice F-2026-0188",)),
    ],
)
def test_the_kind_is_said_in_the_headline(kind: DocumentKind, words: tuple[str, ...]) -> None:
    page = pages_of(replace(in_english(), kind=kind))[0]
    for word in words:
        assert word in page


def test_the_demo_mark_is_on_every_page_and_only_in_demos() -> None:
    document = with_many_entries(4, 15)
    pages = pages_of(replace(document, demo=True))
    assert len(pages) > 2
    assert all("DEMO, not valid" in page for page in pages)
    assert "DEMO" not in text_of(document)


def test_a_draft_has_no_number_and_says_so_on_every_page() -> None:
    pages = pages_of(replace(in_english(), number=""))
    assert all("DRAFT, not issued" in page for page in pages)


def test_a_document_without_lines_says_so() -> None:
    document = replace(in_english(), lines=(), taxes=(), total_minor=0, amount_due_minor=0, annex=Annex())
    pages = pages_of(document)
    assert "This document has no lines." in pages[0]
    assert "Total €0.00" in pages[0]
    assert "No time entries are behind this document." in pages[1]


def test_two_hundred_entries_repeat_their_headings_and_add_up() -> None:
    document = with_many_entries(10, 20)
    pages = pages_of(document)
    annex = pages[1:]
    assert len(annex) > 4
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
    with_entries = [page for page in annex if "19:05–20:01" in page]
    assert all("Rounded Weighted From lots Charged Amount" in page for page in with_entries)
    assert all(re.search(r"#50\d\d Asunto \d .*19:05–20:01", page) for page in with_entries)
    rows = re.findall(
        r"19:05–20:01 Irene Maldonado 0:56:11 1 h 00 1 h 07\.5 – 1 h 00 €([\d.]+)", " ".join(annex)
    )
    assert len(rows) == 200
    assert sum(int(row.replace(".", "")) for row in rows) == document.lines[0].amount_minor
    assert "200 h 00 × €43.333333/h €8,666.67" in annex[-1]


@pytest.mark.parametrize("count", range(16, 30))
def test_the_totals_never_stand_without_the_last_line(count: int) -> None:
    pages = pages_of(with_plain_lines(count))
    page_of_totals = next(page for page in pages if "Tax base" in page)
    assert f"Artículo {count:03d}" in page_of_totals
    assert f"Total €{count * 1.21:.2f}" in page_of_totals


def test_more_totals_than_fit_together_still_print() -> None:
    payments = tuple(
        Payment(received_on=dt.date(2026, 10, 1), description=f"Plazo {number}", amount_minor=100)
        for number in range(100)
    )
    document = replace(in_english(), payments=payments, amount_due_minor=23880)
    text = text_of(document)
    assert text.count("−€1.00") == 100
    assert "Plazo 99" in text


HOSTILE = (
    '#import "/etc/passwd": *',
    '#read("/etc/passwd")',
    '#panic("boom")',
    "$ x^2 $ *bold* _under_ `raw` = Heading",
    "{{7*7}} ${7*7} <script>alert(1)</script>",
    "file:///etc/passwd https://evil.example/@a",
    r"\u{41} \ // comment /* and */ <label> @ref",
    "-- --- ... \"quotes\" 'single' ~",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_texts_are_printed_letter_by_letter(words: str) -> None:
    document = replace(
        in_english(),
        customer=Party(name=words, tax_id=words, address=(words,), attention=words, email=words),
        lines=(replace(MONTHLY_FEE, description=words, detail=words, unit="mes"), OVERAGE),
        notes=(Note(title=words, text=words),),
        facts=(Fact(label="Pedido", value=words),),
        payment_instructions=PaymentInstructions(text=words, holder=words),
        annex=replace(
            INVOICE.annex,
            tickets=(
                TicketTime(number="1", subject=words, entries=(replace(ALL_CHARGED, reasons=(words,)),)),
                TicketTime(number="2", subject=words, entries=(replace(PART_FROM_PACK, person=words),)),
            ),
        ),
        registry=words,
    )
    text = without_spaces(text_of(document))
    assert text.count(without_spaces(words)) >= 14
    assert "root:" not in text


def test_letters_outside_the_fonts_do_not_stop_an_invoice() -> None:
    document = replace(
        INVOICE, customer=Party(name="日本 Peñalara 😀 \x00\x07\u202eabc\u202c Łódź Ελλάς Київ ①")
    )
    page = pages_of(document)[0]
    assert "�� Peñalara � abc Łódź Ελλάς Київ 1" in page


def test_the_fonts_are_the_ones_that_were_taken() -> None:
    listed = dict(re.findall(r"\| (\S+\.ttf) .* ([0-9a-f]{64}) \|", (FONTS / "VENDORED.md").read_text()))
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FONTS.glob("*.ttf")}
    assert found == listed


def test_every_character_that_is_promised_is_drawn() -> None:
    letters = "".join(
        character for character in map(chr, sorted(covered())) if printable(character) == character
    )
    assert len(letters) > 800
    groups = tuple(Note(text=letters[start : start + 60]) for start in range(0, len(letters), 60))
    assert render_invoice(replace(INVOICE, notes=groups)).startswith(b"%PDF-")


@pytest.mark.parametrize("words", ["Ñandú" * 60, "palabra larga " * 1500, "línea\n" * 300])
def test_long_texts_stay_inside_the_page(words: str) -> None:
    document = replace(
        INVOICE,
        customer=Party(name=words[:300], address=(words[:300],)),
        lines=(MONTHLY_FEE, replace(OVERAGE, description=words, detail=words)),
        annex=replace(
            INVOICE.annex,
            tickets=(
                TicketTime(number="1", subject=words, entries=(ALL_CHARGED,)),
                TicketTime(number="2", subject="", entries=(replace(PART_FROM_PACK, reasons=(words,)),)),
            ),
        ),
    )
    reader = PdfReader(io.BytesIO(render_invoice(document)))
    places: list[tuple[float, float]] = []

    def visit(text: str, page: list[float], own: list[float], _font: object, _size: float) -> None:
        if text.strip():
            x, y = own[4], own[5]
            places.append((x * page[0] + y * page[2] + page[4], x * page[1] + y * page[3] + page[5]))

    for page in reader.pages:
        page.extract_text(visitor_text=visit)
    width, height = float(reader.pages[0].mediabox.width), float(reader.pages[0].mediabox.height)
    assert all(0 < x < width and 0 < y < height for x, y in places)
    assert without_spaces(text_of(document)).count(without_spaces(words)[:200]) >= 4


def test_the_country_block_and_the_logo_are_drawn() -> None:
    picture = Picture(data=one_pixel_png(), alt="Código QR")
    for position in ("head", "foot"):
        block = CountryBlock(
            position=position, picture=picture, above=("QR tributario:",), below=("VERI*FACTU",)
        )
        document = replace(INVOICE, logo=Picture(data=one_pixel_png(), alt=""), country_block=block)
        page = pages_of(document)[0]
        assert "QR tributario:" in page
        assert "VERI*FACTU" in page
        images = PdfReader(io.BytesIO(render_invoice(document))).pages[0]["/Resources"]["/XObject"]
        assert images


def test_the_file_is_archivable_accessible_and_titled() -> None:
    reader = PdfReader(io.BytesIO(render_invoice(INVOICE)))
    catalogue = reader.trailer["/Root"]
    xmp = catalogue["/Metadata"].get_data().decode()
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "es-ES"
    assert re.search(r"pdfaid:part>3<.*pdfaid:conformance>A<", xmp, re.DOTALL)
    assert "pdfuaid:part>1<" in xmp
    assert reader.metadata is not None
    assert "F-2026-0188 · Nodo Alisio, S. L." in (reader.metadata.title or "")
    assert reader.metadata.creation_date == INVOICE.issued_at


def test_the_same_document_gives_the_same_bytes() -> None:
    assert render_invoice(INVOICE) == render_invoice(replace(INVOICE))
    assert render_invoice(INVOICE) != render_invoice(replace(INVOICE, number="F-2026-0189"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lines": (replace(MONTHLY_FEE, amount_minor=24601), OVERAGE)}, "line 1: quantity x price"),
        ({"lines": (MONTHLY_FEE, replace(OVERAGE, units=Decimal(1)))}, "both minutes and units"),
        ({"lines": (MONTHLY_FEE, replace(OVERAGE, minutes=None))}, "a price and no quantity"),
        ({"lines": (MONTHLY_FEE, replace(OVERAGE, price=Decimal("0.1234567")))}, "line 2"),
        ({"total_minor": 33881}, "against the total"),
        ({"amount_due_minor": 1}, "against the amount due"),
        ({"taxes": ()}, "against the tax bases"),
        ({"kind": DocumentKind.CREDIT_NOTE}, "must name the invoice"),
        ({"issued_at": dt.datetime(2026, 10, 31)}, "aware instant"),
        ({"currency": "XXXX"}, "unknown currency"),
        ({"logo": Picture(data=b"<svg/>", alt="")}, "neither PNG nor JPEG"),
        ({"logo": Picture(data=b"\xff\xd8\xff broken", alt="")}, "could not be drawn"),
        ({"logo": Picture(data=one_pixel_png() + b"0" * 600_000, alt="")}, "more than"),
    ],
)
def test_a_document_that_does_not_add_up_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(RenderError, match=message):
        render_invoice(replace(INVOICE, **change))


@pytest.mark.parametrize(
    ("annex", "message"),
    [
        (Annex(tickets=(TicketTime(number="1", subject="", entries=(ALL_CHARGED,)),)), "line 2, minutes"),
        (
            replace(INVOICE.annex, lots=(replace(PACK, drawn_minutes=50, closing_minutes=2),)),
            "minutes drawn in the annex",
        ),
        (replace(INVOICE.annex, lots=(replace(PACK, closing_minutes=1),)), "closing balance"),
        (replace(INVOICE.annex, lots=()), "without a summary: BN-0187"),
        (
            Annex(
                tickets=(
                    TicketTime(
                        number="1",
                        subject="",
                        entries=(replace(ALL_CHARGED, charges=(replace(ALL_CHARGED.charges[0], line=3),)),),
                    ),
                )
            ),
            "charges line 3",
        ),
        (
            Annex(
                tickets=(
                    TicketTime(
                        number="1",
                        subject="",
                        entries=(
                            replace(
                                ALL_CHARGED,
                                charges=(replace(ALL_CHARGED.charges[0], minutes=68, amount_minor=3399),),
                            ),
                        ),
                    ),
                )
            ),
            "line 2, amount",
        ),
    ],
)
def test_an_annex_that_does_not_explain_its_lines_is_refused(annex: Annex, message: str) -> None:
    with pytest.raises(RenderError, match=message):
        render_invoice(replace(INVOICE, annex=annex))


def test_durations_finer_than_the_ledger_are_refused() -> None:
    entry = replace(
        PART_FROM_PACK, weighted_minutes=Decimal("1.234"), draws=(Draw(lot="BN-0187", minutes=52),)
    )
    tickets = (
        TicketTime(number="1", subject="", entries=(ALL_CHARGED,)),
        TicketTime(number="2", subject="", entries=(entry,)),
    )
    with pytest.raises(RenderError, match="hundredths"):
        render_invoice(replace(INVOICE, annex=replace(INVOICE.annex, tickets=tickets)))


def test_the_time_a_page_takes_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    document = with_many_entries(10, 20)
    render_invoice(INVOICE)
    started = time.perf_counter()
    pdf = render_invoice(document)
    elapsed = time.perf_counter() - started
    pages = len(PdfReader(io.BytesIO(pdf)).pages)
    with capsys.disabled():
        sys.stdout.write(f"\n{pages} pages, {elapsed / pages * 1000:.0f} ms a page, {len(pdf) // 1024} KB\n")
    assert pages > 4
