"""The paper of a global invoice: its period, each sale with its taxes, and the stamp with QR and seals.

Source: RMF 2.7.1.21 and 2.7.1.7, printed representation of the CFDI; Anexo 20, guía de llenado del CFDI global.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.billing.models import Cfdi
from ecuanime.billing.packs.mx.catalogues import PERIODS
from ecuanime.billing.packs.mx.cfdi.stamps import parse
from ecuanime.billing.packs.mx.cfdi.xml import CFDI
from ecuanime.billing.packs.mx.paper import block_of, language_of, money_of, notes_of, tax_name
from ecuanime.billing.pdf import ReportDocument, ReportSection, render_report
from ecuanime.foundation import formats

Rows = tuple[tuple[str, ...], ...]


def global_pdf(row: Cfdi) -> bytes:
    """The PDF of a stamped global invoice, in the firm's language. Raises `RenderError`."""
    with override(language_of(row)):
        return render_report(_document(row, parse(row.stamped.encode())))


def _document(row: Cfdi, root: Any) -> ReportDocument:
    locale = formats.locale_for(language_of(row), root.get("Moneda"))
    issuer, receiver = root.find(f"{{{CFDI}}}Emisor"), root.find(f"{{{CFDI}}}Receptor")
    labels = (_("Sale"), _("Net"), _("Tax"), _("Total"))
    return ReportDocument(
        language=language_of(row),
        territory="MX",
        title=_("Global invoice"),
        issuer=f"{issuer.get('Nombre')} · RFC {issuer.get('Rfc')}",
        customer=f"{receiver.get('Nombre')} · RFC {receiver.get('Rfc')}",
        about=f"{root.get('Serie')} {root.get('Folio')} · {root.get('Fecha').replace('T', ' ')}",
        nothing=_("None."),
        sections=(
            ReportSection(_("Period"), (_("What"), ""), _period(row, root, locale)),
            ReportSection(_("Sales to the public"), labels, _sales(root, locale)),
            ReportSection(_("Taxes"), (_("Tax"), _("Base"), _("Amount")), _taxes(root, locale)),
        ),
        closing=f"{_('Total')}: {money_of(root.get('Total'), root.get('Moneda'), locale)}",
        mark="",
        page_label=_("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        made_at=row.answered_at or row.sealed_at,
        block=block_of(row),
        notes=notes_of(row),
    )


def _period(row: Cfdi, root: Any, locale: str) -> Rows:
    told = root.find(f"{{{CFDI}}}InformacionGlobal")
    key = told.get("Periodicidad")
    assert row.period_from is not None
    assert row.period_until is not None
    return (
        (_("From"), formats.long_date(row.period_from, locale)),
        (_("Until"), formats.long_date(row.period_until, locale)),
        (_("Periodicity"), f"{key} {PERIODS.get(key, '')}".strip()),
        (_("Month and year"), f"{told.get('Meses')} / {told.get('Año')}"),
    )


def _sales(root: Any, locale: str) -> Rows:
    return tuple(_sale(concept, root.get("Moneda"), locale) for concept in root.iter(f"{{{CFDI}}}Concepto"))


def _sale(concept: Any, currency: str, locale: str) -> tuple[str, ...]:
    net = _decimal(concept.get("Importe")) - _decimal(concept.get("Descuento"))
    tax = sum((_decimal(each.get("Importe")) for each in concept.iter(f"{{{CFDI}}}Traslado")), Decimal(0))
    shown = (money_of(str(amount), currency, locale) for amount in (net, tax, net + tax))
    return (concept.get("NoIdentificacion"), *shown)


def _taxes(root: Any, locale: str) -> Rows:
    currency, total = root.get("Moneda"), root.find(f"{{{CFDI}}}Impuestos")
    rows = [] if total is None else list(total.iter(f"{{{CFDI}}}Traslado"))
    return tuple(
        (
            tax_name(each.get("Impuesto"), each.get("TasaOCuota")),
            money_of(each.get("Base"), currency, locale),
            money_of(each.get("Importe") or "0", currency, locale),
        )
        for each in rows
    )


def _decimal(text: str | None) -> Decimal:
    return Decimal(text or "0")
