"""What the paper of a CFDI shows: the QR that verifies it, its stamp, seals and original string.

Source: CFF, art. 29-A; RMF 2.7.1.7, printed representation of the CFDI; Anexo 20, I.D for the QR.
"""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import segno
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.billing.models import Cfdi, Invoice, PublicSale
from ecuanime.billing.packs.mx.catalogues import REGIMES, USED
from ecuanime.billing.packs.mx.cfdi import Stamp, read_stamp
from ecuanime.billing.packs.mx.cfdi.stamps import parse
from ecuanime.billing.packs.mx.cfdi.values import ISR
from ecuanime.billing.packs.mx.cfdi.xml import CFDI
from ecuanime.billing.packs.mx.declared import mexico_settings
from ecuanime.billing.pdf.document import CountryBlock, Note, Picture
from ecuanime.foundation import formats
from ecuanime.staff.queries import the_firm

SIDE_MM = 34
"""Anexo 20 asks for 27.5 mm at least."""
QUIET_MM = 2
PIXELS_PER_MODULE = 6
LEGEND = "Este documento es una representación impresa de un CFDI"
"""In Spanish on every document: the rule gives its words."""
TEST = "TIMBRADO DE PRUEBA: SIN EFECTOS FISCALES"


def stamped_of(invoice: Invoice) -> Cfdi | None:
    """The stamped CFDI of a document, once there is one; of several, the one that took the place of the others."""
    return Cfdi.objects.current().filter(invoice=invoice, payment=None).first()


def stamp_block(invoice: Invoice) -> CountryBlock | None:
    """The QR with its legend, at the head of the first page."""
    row = stamped_of(invoice)
    return None if row is None else block_of(row)


def stamp_notes(invoice: Invoice) -> tuple[Note, ...]:
    """What the CFDI says besides what every document shows: the tax data of both, how it is paid, and its stamp."""
    row = stamped_of(invoice)
    if row is not None:
        return notes_of(row)
    if not PublicSale.objects.filter(invoice=invoice).exists():
        return ()
    with override(invoice.language):
        return (Note(title=_("Sale to the public in general"), text=_of_sale(invoice)),)


def language_of(row: Cfdi) -> str:
    """The language of its paper: that of its document; a global invoice stays with the firm."""
    return the_firm().language if row.invoice is None else row.invoice.language


def block_of(row: Cfdi) -> CountryBlock:
    """The QR of a stamped CFDI with its legend."""
    with override(language_of(row)):
        alt = _("QR code that verifies this invoice at the SAT")
    picture = Picture(data=qr_png(read_stamp(row.stamped.encode()).address), alt=alt)
    return CountryBlock(
        position="head",
        picture=picture,
        side_mm=SIDE_MM,
        quiet_mm=QUIET_MM,
        above=("CFDI 4.0",),
        below=(LEGEND, *((TEST,) if row.is_test else ())),
    )


def notes_of(row: Cfdi) -> tuple[Note, ...]:
    """The tax data of a stamped CFDI, and its stamp."""
    with override(language_of(row)):
        return (
            Note(title=_("Tax data"), text=_tax_data(row)),
            Note(title=_("Stamp of the SAT"), text=_stamp(read_stamp(row.stamped.encode()))),
        )


def _of_sale(invoice: Invoice) -> str:
    """What the receipt of a sale to the public says besides the rest (RMF 2.7.1.21)."""
    settings = mexico_settings()
    facts = [
        (_("Issuer's regime"), _named(settings.regime if settings else "")),
        (_("Place of issue"), invoice.issuer["postcode"]),
    ]
    lines = [f"{label}: {value}" for label, value in facts]
    return "\n".join([*lines, _("It is part of the global CFDI of the period in which it is paid.")])


def qr_png(address: str) -> bytes:
    """The code, error correction M; the white around it is left to the page."""
    drawn = io.BytesIO()
    segno.make(address, error="m", boost_error=False, micro=False).save(
        drawn, kind="png", scale=PIXELS_PER_MODULE, border=0
    )
    return drawn.getvalue()


def tax_name(tax: str, rate: str | None, *, is_held: bool = False) -> str:
    """A tax as papers name it, by its key and its TasaOCuota, which what is exempt has not."""
    name = "ISR" if tax == ISR else "IVA"
    shown = (
        f"{name} {(Decimal(rate) * 100).normalize():f} %" if rate else _("%(tax)s, exempt") % {"tax": name}
    )
    return _("%(tax)s, withheld") % {"tax": shown} if is_held else shown


def money_of(text: str, currency: str, locale: str) -> str:
    """An amount as a CFDI writes it; those of taxes are stated to the millionth and shown in cents."""
    return formats.money(round(Decimal(text) * 100), currency, locale)


def _tax_data(row: Cfdi) -> str:
    root = parse(row.stamped.encode())
    issuer, receiver = root.find(f"{{{CFDI}}}Emisor"), root.find(f"{{{CFDI}}}Receptor")
    use = receiver.get("UsoCFDI")
    facts = [
        (_("Issuer's regime"), _named(issuer.get("RegimenFiscal"))),
        (_("Place of issue"), root.get("LugarExpedicion")),
        (_("Receiver"), f"{receiver.get('Nombre')}, {receiver.get('Rfc')}"),
        (_("Receiver's postcode and regime"), _place_of(receiver)),
        (_("Use"), f"{use} {USED.get(use, '')}".strip()),
        (_("Kind, method and form of payment"), _payment(root)),
    ]
    rate = root.get("TipoCambio")
    if rate:
        facts.append((_("Exchange rate"), f"{rate} MXN"))
    related = [
        f"{group.get('TipoRelacion')}: {one.get('UUID')}"
        for group in root.iter(f"{{{CFDI}}}CfdiRelacionados")
        for one in group
    ]
    if related:
        facts.append((_("Related CFDIs"), "; ".join(related)))
    return "\n".join(f"{label}: {value}" for label, value in facts)


def _place_of(receiver: Any) -> str:
    values = receiver.attrib
    return f"{values['DomicilioFiscalReceptor']}, {_named(values['RegimenFiscalReceptor'])}"


def _payment(root: Any) -> str:
    values = (root.get(name) for name in ("TipoDeComprobante", "MetodoPago", "FormaPago"))
    return ", ".join(value for value in values if value)


def _named(regime: str) -> str:
    return f"{regime} {REGIMES.get(regime, '')}".strip()


def _stamp(stamp: Stamp) -> str:
    facts = [
        (_("Fiscal folio (UUID)"), stamp.uuid),
        (_("Stamped"), stamp.at.strftime("%Y-%m-%d %H:%M:%S")),
        (_("PAC's RFC"), stamp.pac_rfc),
        (_("Issuer's certificate"), stamp.certificate),
        (_("SAT's certificate"), stamp.sat_certificate),
        (_("Issuer's seal"), stamp.seal),
        (_("SAT's seal"), stamp.sat_seal),
        (_("Original string of the stamp"), stamp.original),
    ]
    return "\n".join(f"{label}: {value}" for label, value in facts)
