"""Invoice documents for the tests: small, complete, and adding up."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from ecuanime.billing.pdf.document import (
    Annex,
    Charge,
    DocumentKind,
    Draw,
    Entry,
    InvoiceDocument,
    Line,
    LotSummary,
    Party,
    PaymentInstructions,
    Period,
    TaxTotal,
    TicketTime,
)

MONTHLY_FEE = Line(
    description="Plan Alisio 6, octubre",
    detail="6 h incluidas, usadas las 6 h 00",
    units=Decimal(1),
    unit="mes",
    price=Decimal("246.00"),
    amount_minor=24600,
    tax="21 %",
)
OVERAGE = Line(
    description="Horas fuera de plan, en horario",
    minutes=68,
    price=Decimal("30.00"),
    amount_minor=3400,
    tax="21 %",
)
PART_FROM_PACK = Entry(
    worked_on=dt.date(2026, 10, 22),
    started=dt.time(10, 0),
    ended=dt.time(10, 50),
    person="Nuria Vega",
    work_type="Remoto",
    worked_seconds=3010,
    rounded_minutes=60,
    weighted_minutes=60,
    draws=(Draw(lot="BN-0187", minutes=52),),
    charges=(Charge(line=2, minutes=8, amount_minor=400),),
    reasons=("fracción de 15 min",),
)
ALL_CHARGED = Entry(
    worked_on=dt.date(2026, 10, 23),
    started=dt.time(19, 5),
    ended=dt.time(20, 1),
    person="Irene Maldonado",
    work_type="Teléfono",
    worked_seconds=3371,
    rounded_minutes=60,
    weighted_minutes=Decimal("67.5"),
    charges=(Charge(line=2, minutes=60, amount_minor=3000),),
    reasons=("fuera de horario ×1,5",),
)
PACK = LotSummary(
    code="BN-0187",
    name="Bono de 45 h",
    opening_minutes=52,
    drawn_minutes=52,
    closing_minutes=0,
    expires_on=dt.date(2027, 1, 31),
)

INVOICE = InvoiceDocument(
    kind=DocumentKind.INVOICE,
    language="es",
    currency="EUR",
    number="F-2026-0188",
    issued_on=dt.date(2026, 10, 31),
    issued_at=dt.datetime(2026, 10, 31, 5, 0, tzinfo=dt.UTC),
    due_on=dt.date(2026, 11, 15),
    period=Period(first=dt.date(2026, 10, 1), last=dt.date(2026, 10, 31)),
    issuer=Party(name="Nodo Alisio, S. L.", tax_id="B00000017", address=("Calle del Molino, 4",)),
    customer=Party(name="Gestoría Valdeolmo, S. L.", tax_id="B00000025", attention="Remedios Cano"),
    lines=(MONTHLY_FEE, OVERAGE),
    taxes=(TaxTotal(category="IVA", rate=Decimal(21), base_minor=28000, tax_minor=5880),),
    total_minor=33880,
    amount_due_minor=33880,
    payment_instructions=PaymentInstructions(iban="ES0000000000000000000000", reference="F-2026-0188"),
    annex=Annex(
        tickets=(
            TicketTime(number="4659", subject="El correo rechaza adjuntos", entries=(ALL_CHARGED,)),
            TicketTime(number="4688", subject="Migrar la contabilidad", entries=(PART_FROM_PACK,)),
        ),
        lots=(PACK,),
    ),
    registry="Registro Mercantil de Madrid, tomo 00000, hoja M-000000",
)


def in_english(document: InvoiceDocument = INVOICE) -> InvoiceDocument:
    return replace(document, language="en")


def with_plain_lines(count: int) -> InvoiceDocument:
    """That many lines of one euro, no annex."""
    lines = tuple(
        Line(description=f"Artículo {number:03d}", amount_minor=100) for number in range(1, count + 1)
    )
    tax = TaxTotal(category="IVA", rate=Decimal(21), base_minor=100 * count, tax_minor=21 * count)
    return replace(
        in_english(),
        lines=lines,
        taxes=(tax,),
        total_minor=121 * count,
        amount_due_minor=121 * count,
        annex=None,
    )


def with_many_entries(tickets: int, entries_each: int) -> InvoiceDocument:
    """One hour an entry at 44,00 €/h, plus the odd cents of a price that does not divide."""
    count = tickets * entries_each
    exact = Decimal("43.333333") * count
    amount = int((exact * 100).quantize(Decimal(1)))
    share, rest = divmod(amount, count)
    amounts = iter([share + 1] * rest + [share] * (count - rest))
    hours = tuple(
        TicketTime(
            number=str(5000 + ticket),
            subject=f"Asunto {ticket}",
            entries=tuple(
                replace(ALL_CHARGED, charges=(Charge(line=1, minutes=60, amount_minor=next(amounts)),))
                for _ in range(entries_each)
            ),
        )
        for ticket in range(tickets)
    )
    line = Line(
        description="Horas",
        minutes=60 * count,
        price=Decimal("43.333333"),
        amount_minor=amount,
    )
    return replace(
        in_english(),
        lines=(line,),
        taxes=(TaxTotal(category="Exento", rate=None, base_minor=amount, tax_minor=0),),
        total_minor=amount,
        amount_due_minor=amount,
        annex=Annex(tickets=hours),
    )
