"""The paper of a payment complement: what was paid of which invoice, its taxes, and the stamp with QR and seals.

Source: CFF, art. 29-A; RMF 2.7.1.7, printed representation of the CFDI; Anexo 20, complemento para recepción de pagos.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.billing.models import Cfdi
from ecuanime.billing.packs.mx.catalogues import FORMS
from ecuanime.billing.packs.mx.cfdi.payments import PAYMENTS
from ecuanime.billing.packs.mx.cfdi.stamps import parse
from ecuanime.billing.packs.mx.cfdi.xml import CFDI
from ecuanime.billing.packs.mx.paper import block_of, money_of, notes_of, tax_name
from ecuanime.billing.pdf import ReportDocument, ReportSection, render_report
from ecuanime.foundation import formats

Rows = tuple[tuple[str, ...], ...]


def complement_pdf(row: Cfdi) -> bytes:
    """The PDF of a stamped complement, in the language of its invoice. Raises `RenderError`."""
    root = parse(row.stamped.encode())
    payment = root.find(f".//{{{PAYMENTS}}}Pago")
    paid = payment.find(f"{{{PAYMENTS}}}DoctoRelacionado")
    with override(row.document.language):
        return render_report(_document(row, root, payment, paid))


def _document(row: Cfdi, root: Any, payment: Any, paid: Any) -> ReportDocument:
    locale = formats.locale_for(row.document.language, row.document.currency)
    folio = f"{root.get('Serie')} {root.get('Folio')}"
    return ReportDocument(
        language=row.document.language,
        territory="MX",
        title=_("Payment complement"),
        issuer=f"{row.document.issuer['name']} · RFC {root.find(f'{{{CFDI}}}Emisor').get('Rfc')}",
        customer=f"{row.document.customer['name']} · RFC {root.find(f'{{{CFDI}}}Receptor').get('Rfc')}",
        about=f"{folio} · {root.get('Fecha').replace('T', ' ')}",
        nothing=_("None."),
        sections=(
            ReportSection(_("Payment"), (_("What"), ""), _payment(payment, locale)),
            ReportSection(_("What it pays"), (_("What"), ""), _paid(paid, locale)),
            ReportSection(
                _("Taxes of what was paid"), (_("Tax"), _("Base"), _("Amount")), _taxes(paid, locale)
            ),
        ),
        closing="",
        mark="",
        page_label=_("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        made_at=row.answered_at or row.sealed_at,
        block=block_of(row),
        notes=notes_of(row),
    )


def _payment(payment: Any, locale: str) -> Rows:
    form, currency = payment.get("FormaDePagoP"), payment.get("MonedaP")
    rows = [
        (_("Paid on"), payment.get("FechaPago").replace("T", " ")),
        (_("Form of payment"), f"{form} {FORMS.get(form, '')}".strip()),
        (_("Amount"), money_of(payment.get("Monto"), currency, locale)),
    ]
    if currency != "MXN":
        rows.append((_("Exchange rate"), f"{payment.get('TipoCambioP')} MXN"))
    if payment.get("NumOperacion"):
        rows.append((_("Reference"), payment.get("NumOperacion")))
    return tuple(rows)


def _paid(paid: Any, locale: str) -> Rows:
    def amount(name: str) -> str:
        return money_of(paid.get(name), paid.get("MonedaDR"), locale)

    number = "-".join(filter(None, (paid.get("Serie"), paid.get("Folio"))))
    return (
        (_("Invoice"), number),
        (_("Fiscal folio (UUID)"), paid.get("IdDocumento")),
        (_("Instalment"), paid.get("NumParcialidad")),
        (_("Owed before"), amount("ImpSaldoAnt")),
        (_("Paid now"), amount("ImpPagado")),
        (_("Left to pay"), amount("ImpSaldoInsoluto")),
    )


def _taxes(paid: Any, locale: str) -> Rows:
    return tuple(
        (
            tax_name(tax.get("ImpuestoDR"), tax.get("TasaOCuotaDR"), is_held=name == "RetencionDR"),
            *_amounts(tax, paid.get("MonedaDR"), locale),
        )
        for name in ("TrasladoDR", "RetencionDR")
        for tax in paid.iter(f"{{{PAYMENTS}}}{name}")
    )


def _amounts(tax: Any, currency: str, locale: str) -> tuple[str, str]:
    return money_of(tax.get("BaseDR"), currency, locale), money_of(
        tax.get("ImporteDR") or "0", currency, locale
    )
