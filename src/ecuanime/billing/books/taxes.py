"""The book of issued invoices of a Spanish firm and the figures that its declarations ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ecuanime.billing.documents.home_taxes import declared
from ecuanime.billing.models import Invoice, TaxLine
from ecuanime.billing.packs.es.declarations import BookRow, operators_349, parties_347
from ecuanime.billing.packs.es.form_303 import Box, boxes_303
from ecuanime.billing.packs.es.purchases import PurchaseRow
from ecuanime.foundation.tables import Table
from ecuanime.rules.money import currency_exponent
from ecuanime.staff.queries import the_firm

EURO = "EUR"
PERIODS = ("1T", "2T", "3T", "4T", *(f"{month:02}" for month in range(1, 13)), "0A")
"""As the agency writes them: quarters, months and the whole year."""

BOOK_COLUMNS = (
    "Ejercicio",
    "Periodo",
    "Tipo de factura",
    "Fecha expedición",
    "Serie",
    "Número",
    "NIF destinatario",
    "País",
    "Nombre destinatario",
    "Impuesto",
    "Clave de régimen",
    "Calificación o exención",
    "Total factura",
    "Base imponible",
    "Tipo",
    "Cuota repercutida",
    "Tipo recargo eq.",
    "Cuota recargo eq.",
    "Tipo retención IRPF",
    "Importe retenido IRPF",
    "Rectifica a",
    "Sustituye a",
    "Moneda",
    "Total en moneda",
    "Tipo de cambio",
    "Fecha del cambio",
)
"""Those of the unified books of IVA and IRPF (RD 1624/1992, arts. 63 and 70; orden HAC/773/2019), whose amounts are in
euros, and what they were converted from."""


@dataclass(frozen=True)
class Period:
    """A period of a year, by its first and last day."""

    year: int
    code: str
    first: date
    last: date

    @classmethod
    def of(cls, year: int, code: str) -> Period:
        """The period of this code; raises KeyError for one that is none."""
        if code not in PERIODS:
            raise KeyError(code)
        if code == "0A":
            return cls(year, code, date(year, 1, 1), date(year, 12, 31))
        start, length = (3 * int(code[0]) - 2, 3) if code.endswith("T") else (int(code), 1)
        end = start + length
        after = date(year + (end > 12), 1 if end > 12 else end, 1)
        return cls(year, code, date(year, start, 1), after - timedelta(days=1))


def issued_taxes(period: Period) -> QuerySet[TaxLine]:
    """The tax lines of the documents that the period's book holds; pro-formas, those of former programs, what was
    taken back as never issued and what waits for its stamp are in no book."""
    rows = TaxLine.objects.filter(
        invoice__state=Invoice.State.ISSUED,
        invoice__issued_on__range=(period.first, period.last),
        invoice__is_demo=the_firm().is_demo,
        invoice__annulled_at__isnull=True,
        invoice__is_held=False,
    )
    rows = rows.exclude(invoice__kind__in=(Invoice.Kind.PRO_FORMA, Invoice.Kind.BROUGHT))
    rows = rows.select_related("invoice__corrects", "invoice__series").prefetch_related("invoice__replaces")
    return rows.order_by("invoice__issued_on", "invoice_id", "pk")


def is_in_euros(invoice: Invoice) -> bool:
    """Whether its taxes are declared in euros; in another currency only where they were stated in them."""
    return EURO in (invoice.currency, invoice.tax_currency)


def row_of(tax: TaxLine) -> BookRow:
    """A tax line as the declarations take it: in euros, or in its own currency where there are none."""
    invoice = tax.invoice
    amounts = declared(tax, EURO if is_in_euros(invoice) else invoice.currency)
    is_converted = invoice.currency != EURO and invoice.home_total is not None
    if invoice.issued_on is None:
        raise ValueError(f"document {invoice.pk} bears no day")
    original = invoice.corrects
    return BookRow(
        number=invoice.number or "",
        issued_on=invoice.issued_on,
        customer=invoice.customer["name"],
        tax_id=invoice.customer["tax_id"],
        country=invoice.customer["country"],
        levy=tax.levy or "01",
        regime=tax.regime or "01",
        operation=tax.operation or _by_category(tax.category, invoice.customer["country"]),
        category=tax.category,
        percent=tax.percent,
        base=amounts.base,
        quota=amounts.amount,
        surcharge_percent=tax.surcharge_percent,
        surcharge=amounts.surcharge,
        total=(invoice.home_total or 0) if is_converted else invoice.total,
        withheld_percent=invoice.withheld_percent,
        withheld=(invoice.home_withheld or 0) if is_converted else invoice.withheld,
        corrects=(original.number or "") if original else "",
        corrects_on=original.issued_on if original else None,
        is_counted=not invoice.is_replacement,
    )


def _by_category(category: str, country: str) -> str:
    """What a tax line that was written before it said so itself is, by its category of UNCL 5305."""
    if category == "AE":
        return "S2" if country == "ES" else "N2"
    return {"E": "E1", "G": "E2", "K": "E5", "O": "N2"}.get(category, "S1")


def book_table(period: Period, taxes: Sequence[TaxLine]) -> Table:
    """The book of issued invoices, a row for each tax of a document."""
    return Table("Facturas expedidas", BOOK_COLUMNS, [_book_row(period, tax) for tax in taxes])


def _book_row(period: Period, tax: TaxLine) -> tuple[str | Decimal | date | int | None, ...]:
    invoice, row = tax.invoice, row_of(tax)
    currency = EURO if is_in_euros(invoice) else invoice.currency
    return (
        period.year,
        period.code,
        type_of(invoice),
        row.issued_on,
        invoice.series.code if invoice.series else "",
        row.number,
        row.tax_id,
        row.country,
        row.customer,
        row.levy,
        row.regime,
        row.operation,
        in_major(row.total, currency),
        in_major(row.base, currency),
        row.percent.normalize() + 0,
        in_major(row.quota, currency),
        row.surcharge_percent.normalize() + 0,
        in_major(row.surcharge, currency),
        row.withheld_percent,
        in_major(row.withheld, currency),
        row.corrects,
        ", ".join(each.number or "" for each in invoice.replaces.all()),
        invoice.currency,
        in_major(invoice.total, invoice.currency),
        invoice.exchange_rate if invoice.tax_currency else None,
        invoice.rate_on if invoice.tax_currency else None,
    )


def type_of(invoice: Invoice) -> str:
    """F1, F2 where nothing identifies the customer, F3 in place of such, or R for a correction as it was chosen."""
    if invoice.is_replacement:
        return "F3"
    if invoice.corrects_id is not None:
        return invoice.correction_type or "R1"
    return "F1" if invoice.customer["tax_id"] else "F2"


def in_major(minor: int, currency: str = EURO) -> Decimal:
    """Cents as euros, or the minor units of another currency as its major ones."""
    return Decimal(minor).scaleb(-currency_exponent(currency))


def said(box: Box) -> str:
    """What a box of the modelo 303 counts, in the reader's language."""
    if box.percent is None:
        return _(box.words)
    return _(box.words) % {"percent": f"{box.percent.normalize():f}"}


def summary_tables(
    rows: Sequence[BookRow],
    purchases: Sequence[PurchaseRow] = (),
    adjusted: Mapping[str, int] | None = None,
) -> dict[str, Table]:
    """The figures of the modelos 303, 347 and 349 by number; `adjusted` are the cents typed for boxes of the 303."""
    return {
        "303": Table(
            "Modelo 303",
            (_("Boxes"), _("What"), _("Base"), _("Tax")),
            [
                (
                    box.boxes,
                    said(box),
                    *(None if each is None else in_major(each) for each in (box.base, box.quota)),
                )
                for box in boxes_303(rows, purchases, adjusted)
            ],
        ),
        "347": Table(
            "Modelo 347",
            (_("Key"), _("Tax id"), _("Name"), "1T", "2T", "3T", "4T", _("Year")),
            [
                (party.key, party.tax_id, party.name, *map(in_major, party.quarters), in_major(party.year))
                for party in parties_347(rows, purchases)
            ],
        ),
        "349": Table(
            "Modelo 349",
            ("NIF-IVA", _("Name"), _("Key"), _("Base"), _("Corrects")),
            [
                (one.vat_number, one.name, one.key, in_major(one.base), " · ".join(one.corrects))
                for one in operators_349(rows, purchases)
            ],
        ),
    }
