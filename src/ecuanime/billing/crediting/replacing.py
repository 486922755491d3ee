"""What a full invoice in place of simplified ones says: their lines and taxes, restated to the cent."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from ecuanime.billing.documents.home_taxes import declared
from ecuanime.billing.drafting.discounts import TAX_FACTS, TAX_OF_A_LINE
from ecuanime.billing.models import FiscalRecord, Invoice, InvoiceLine, TaxLine
from ecuanime.billing.packs.es.verifactu import InvoiceType
from ecuanime.clients.models import Client

_SAME = (
    "description",
    "detail",
    "minutes_numerator",
    "minutes_denominator",
    "units",
    "unit_name",
    "price",
    "discount_percent",
    "discount",
    "amount",
    *TAX_OF_A_LINE,
)
_KEPT_KINDS = (InvoiceLine.Kind.GOODS, InvoiceLine.Kind.EXPENSE, InvoiceLine.Kind.DISCOUNT)
_OF_A_TAX = ("tax_code", "name", "category", "percent", "reason", *TAX_FACTS)


def replaceable(client: Client) -> QuerySet[Invoice]:
    """The client's simplified invoices in whose place a full one may stand, the newest first."""
    simplified = Q(fiscal_records__type=InvoiceType.SIMPLIFIED, fiscal_records__is_amendment=False)
    simplified &= Q(fiscal_records__kind=FiscalRecord.Kind.REGISTRATION)
    rows = Invoice.objects.filter(simplified, client=client, corrects=None, replaced_by=None)
    rows = rows.filter(annulled_at=None, credited=0, written_off=0, withheld=0)
    return rows.order_by("-issued_on", "-pk")


def restated_lines(replacement: Invoice, replaced: Iterable[Invoice]) -> list[InvoiceLine]:
    """Their lines as those of the full invoice: nothing is billed by them, so they bear neither time nor charges."""
    lines = (line for each in replaced for line in each.lines.order_by("position"))
    return [
        InvoiceLine(
            invoice=replacement,
            position=position,
            kind=line.kind if line.kind in _KEPT_KINDS else InvoiceLine.Kind.SERVICE,
            **{name: getattr(line, name) for name in _SAME},
        )
        for position, line in enumerate(lines, start=1)
    ]


def restated_taxes(replaced: Iterable[Invoice]) -> list[TaxLine]:
    """Their taxes, each rate once: the sum of what each invoice charged, since each was rounded and declared alone."""
    found: dict[str, TaxLine] = {}
    for each in replaced:
        for tax in each.taxes.order_by("pk"):
            facts = {name: getattr(tax, name) for name in _OF_A_TAX}
            row = found.setdefault(tax.tax_code, TaxLine(base=0, amount=0, surcharge=0, **facts))
            row.base += tax.base
            row.amount += tax.amount
            row.surcharge += tax.surcharge
            if each.home_total is not None:
                stated = declared(tax, each.tax_currency)
                row.home_base = (row.home_base or 0) + stated.base
                row.home_amount = (row.home_amount or 0) + stated.amount
                row.home_surcharge = (row.home_surcharge or 0) + stated.surcharge
    return list(found.values())
