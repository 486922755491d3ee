"""What is sold to the public in general: which invoices have no CFDI of their own, and the global invoice of a period.

Source: RMF 2.7.1.21; Anexo 20, guía de llenado del CFDI global 4.0. A global invoice states what was paid (PUE), each
sale as one concept with its number, within 24 hours of the end of its period.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import gettext as _

from ecuanime.billing.models import GLOBAL, Cfdi, Invoice, InvoiceLine, Payment, PublicSale, TaxLine
from ecuanime.billing.packs.mx.catalogues import AT_ONCE, NO_EFFECTS, NO_OBLIGATIONS, PUBLIC_NAME, PUBLIC_RFC
from ecuanime.billing.packs.mx.cfdi import Concept, Document, Issuer, Period, Receiver, TaxPart, sealed
from ecuanime.billing.packs.mx.cfdi.amounts import MICROS_PER_CENT
from ecuanime.billing.packs.mx.cfdi.values import IVA
from ecuanime.billing.packs.mx.complements import FORMS_OF_PAYMENT
from ecuanime.billing.packs.mx.concepts import ACTIVITY, NOT_SUBJECT, SUBJECT
from ecuanime.billing.packs.mx.declared import mexico_settings
from ecuanime.billing.packs.mx.mapping import INCOME, PESOS, local_time
from ecuanime.billing.packs.mx.periods import Span, span_of
from ecuanime.billing.packs.mx.receivers import generic_rfc, rfc_of
from ecuanime.billing.packs.mx.sealing import complete_settings, csd_of, keep_sealed, usable_seal
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import the_firm

SALE_PRODUCT, SALE = "01010101", "Venta"
"""ClaveProdServ and Descripcion of each sale (guía de llenado del CFDI global)."""
CASH = "01"


@dataclass(frozen=True, slots=True)
class Due:
    """The sales of a period that is over and that no global invoice names yet; the amount is in cents."""

    span: Span
    sales: int
    amount: int


def is_sold_to_public(invoice: Invoice) -> bool:
    """Whether an invoice being issued is named by a global one instead of having its own CFDI.

    So it is where the firm makes global invoices, its client has no RFC, and it is a plain sale in pesos: what
    concerns advances has its own.
    """
    settings = mexico_settings()
    if settings is None or not settings.public_period or invoice.kind != Invoice.Kind.INVOICE:
        return False
    if invoice.currency != PESOS or generic_rfc(invoice.client) != PUBLIC_RFC:
        return False
    return not invoice.lines.filter(kind__in=(InvoiceLine.Kind.ADVANCE, InvoiceLine.Kind.DEDUCTED)).exists()


def takes_off_unnamed(note: Invoice) -> bool:
    """Whether a credit note is of a sale that no global invoice names: the one to come states what is left."""
    return note.corrects_id is not None and unnamed().filter(invoice=note.corrects_id).exists()


def unnamed() -> QuerySet[PublicSale]:
    """The sales that no global invoice names which stands or may still be stamped."""
    gone = Q(cfdi=None) | Q(cfdi__state=Cfdi.State.REJECTED) | Q(cfdi__cancelled_at__isnull=False)
    return PublicSale.objects.filter(gone, invoice__annulled_at=None)


def payable_sales() -> QuerySet[PublicSale]:
    """Those of them that are wholly paid, with `settled_on`, the day of the last payment."""
    left = F("invoice__total") - F("invoice__withheld") - F("invoice__credited")
    rows = unnamed().filter(invoice__paid__gte=left, invoice__paid__gt=0)
    rows = rows.exclude(invoice__credited__gte=F("invoice__total") - F("invoice__withheld"))
    return rows.annotate(settled_on=Max("invoice__payments__received_on")).select_related("invoice")


def due_periods(today: date) -> list[Due]:
    """What is to be put in global invoices by now, the oldest period first."""
    settings = mexico_settings()
    if settings is None or not settings.public_period:
        return []
    found: dict[Span, list[Invoice]] = defaultdict(list)
    for row in payable_sales():
        span = span_of(vars(row)["settled_on"], settings.public_period)
        if span.last < today:
            found[span].append(row.invoice)
    return [
        Due(span, len(rows), sum(row.payable - row.credited for row in rows))
        for span, rows in sorted(found.items())
    ]


def seal_global(span: Span, now: datetime) -> Cfdi:
    """Seal the global invoice of a period; the caller holds the lock of the settings.

    Refused: `nothing_sold`, `export_only`, `unknown_key`, and the codes of `usable_seal`.
    """
    settings = complete_settings()
    rows = payable_sales().order_by("invoice__issued_on", "invoice_id")
    sales = [row for row in rows if span.first <= vars(row)["settled_on"] <= span.last]
    if not sales:
        raise Refused("nothing_sold", _("Nothing was sold to the public and paid in this period."))
    firm = the_firm()
    rfc, place = rfc_of(firm.tax_id), firm.postcode.strip()
    seal = usable_seal(rfc, now)
    documents = [sale.invoice for sale in sales]
    made = Document(
        kind=INCOME,
        series=GLOBAL,
        folio=f"{span.first:%Y%m%d}-{span.last:%Y%m%d}",
        at=local_time(now),
        currency=PESOS,
        place=place,
        issuer=Issuer(rfc, settings.name.strip(), settings.regime),
        receiver=Receiver(PUBLIC_RFC, PUBLIC_NAME, place, NO_OBLIGATIONS, NO_EFFECTS),
        concepts=_concepts(documents),
        form=_form(documents),
        method=AT_ONCE,
        period=Period(settings.public_period, f"{span.last.month:02d}", span.last.year),
    )
    row = Cfdi(kind=INCOME, method=AT_ONCE, seal=seal, period_from=span.first, period_until=span.last)
    row.sealed = sealed(made, csd_of(seal)).decode()
    keep_sealed(row, settings, now)
    PublicSale.objects.filter(pk__in=[sale.pk for sale in sales]).update(cfdi=row)
    return row


def _concepts(documents: Sequence[Invoice]) -> tuple[Concept, ...]:
    """One for each sale, less what credit notes took off it."""
    ids = [document.pk for document in documents]
    taxes: dict[int, list[TaxLine]] = defaultdict(list)
    for tax in TaxLine.objects.filter(invoice__in=ids).order_by("pk"):
        taxes[tax.invoice_id].append(tax)
    notes = TaxLine.objects.filter(invoice__corrects__in=ids, invoice__annulled_at=None).select_related(
        "invoice"
    )
    for tax in notes.filter(invoice__state=Invoice.State.ISSUED).order_by("pk"):
        assert tax.invoice.corrects_id is not None
        taxes[tax.invoice.corrects_id].append(tax)
    return tuple(_concept(document, taxes[document.pk]) for document in documents)


def _concept(document: Invoice, taxes: Iterable[TaxLine]) -> Concept:
    sums: dict[tuple[str, Decimal], list[int]] = {}
    for tax in taxes:
        base_and_amount = sums.setdefault((tax.category, tax.percent), [0, 0])
        base_and_amount[0] += tax.base
        base_and_amount[1] += tax.amount
    net = sum(base for base, _amount in sums.values())
    parts = tuple(
        TaxPart(IVA, None if category == "E" else percent / 100, base, amount * MICROS_PER_CENT)
        for (category, percent), (base, amount) in sums.items()
        if base and category != "O"
    )
    return Concept(
        SALE_PRODUCT,
        ACTIVITY,
        Decimal(1),
        Decimal(net).scaleb(-2),
        net,
        SALE,
        charged=parts,
        subject=SUBJECT if parts else NOT_SUBJECT,
        identifier=document.number or "",
    )


def _form(documents: Sequence[Invoice]) -> str:
    """How the largest sale was paid (guía de llenado del CFDI global, FormaPago)."""
    largest = max(documents, key=lambda each: each.payable - each.credited)
    came = largest.payments.filter(kind=Payment.Kind.RECEIVED, amount__gt=0).order_by("-amount", "pk").first()
    return FORMS_OF_PAYMENT.get(Payment.Method(came.method), CASH) if came else CASH
