"""The XML of a CFDI, valid by the SAT's cfdv40.xsd, before its seal."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from lxml import etree

from ecuanime.billing.packs.mx.cfdi.amounts import (
    MICROS_PER_CENT,
    TaxSum,
    charged_sums,
    total_of,
    withheld_sums,
)
from ecuanime.billing.packs.mx.cfdi.values import Concept, Document, Issuer, Receiver, Related, TaxPart

CFDI = "http://www.sat.gob.mx/cfd/4"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PLACE = f"{CFDI} http://www.sat.gob.mx/sitio_internet/cfd/4/cfdv40.xsd"
SHARE_DECIMALS = 6


def element_of(document: Document, certificate_number: str, certificate: str) -> Any:
    """The root of the document with its certificate, and everything in it but the seal."""
    root = etree.Element(f"{{{CFDI}}}Comprobante", nsmap={"cfdi": CFDI, "xsi": XSI})
    root.set(f"{{{XSI}}}schemaLocation", _PLACE)
    discount = sum(concept.discount for concept in document.concepts)
    set_all(
        root,
        Version="4.0",
        Serie=document.series,
        Folio=document.folio,
        Fecha=document.at.strftime("%Y-%m-%dT%H:%M:%S"),
        FormaPago=document.form,
        NoCertificado=certificate_number,
        Certificado=certificate,
        SubTotal=money(sum(concept.amount for concept in document.concepts)),
        Descuento=money(discount) if discount else "",
        Moneda=document.currency,
        TipoCambio=plain(document.rate) if document.rate is not None else "",
        Total=money(total_of(document)),
        TipoDeComprobante=document.kind,
        Exportacion="01",
        MetodoPago=document.method,
        LugarExpedicion=document.place,
    )
    if document.period is not None:
        # “Año” has its accent in the schema too.
        period = {"Periodicidad": document.period.periodicity, "Meses": document.period.month}
        add_to(root, "InformacionGlobal", **period, **{"Año": str(document.period.year)})
    relations(root, document.related)
    parties(root, document.issuer, document.receiver)
    concepts = add_to(root, "Conceptos")
    for concept in document.concepts:
        _concept(concepts, concept)
    _taxes(root, charged_sums(document), withheld_sums(document))
    return root


def relations(root: Any, related: Iterable[Related]) -> None:
    """The earlier CFDIs that it is about."""
    for each in related:
        group = add_to(root, "CfdiRelacionados", TipoRelacion=each.kind)
        for uuid in each.uuids:
            add_to(group, "CfdiRelacionado", UUID=uuid)


def parties(root: Any, issuer: Issuer, receiver: Receiver) -> None:
    """Who issues it, and whom it is for."""
    add_to(root, "Emisor", Rfc=issuer.rfc, Nombre=text(issuer.name), RegimenFiscal=issuer.regime)
    add_to(
        root,
        "Receptor",
        Rfc=receiver.rfc,
        Nombre=text(receiver.name),
        DomicilioFiscalReceptor=receiver.postcode,
        RegimenFiscalReceptor=receiver.regime,
        UsoCFDI=receiver.use,
    )


def written(root: Any) -> bytes:
    """The bytes that are kept and sent."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def money(cents: int) -> str:
    """Cents as the schema writes money."""
    return f"{Decimal(cents).scaleb(-2):.2f}"


def share(rate: Decimal) -> str:
    """A rate as TasaOCuota."""
    return f"{rate:.{SHARE_DECIMALS}f}"


def plain(number: Decimal) -> str:
    """A number without exponent or zeros that say nothing, with at most six decimals."""
    return f"{round(number, SHARE_DECIMALS).normalize():f}"


def text(words: str) -> str:
    """Words as the schema takes them: in one line, and without the bar that parts values in the original string."""
    return " ".join(words.replace("|", "/").split())


def _concept(parent: Any, concept: Concept) -> None:
    node = add_to(
        parent,
        "Concepto",
        ClaveProdServ=concept.product,
        NoIdentificacion=text(concept.identifier)[:100],
        Cantidad=plain(concept.quantity),
        ClaveUnidad=concept.unit,
        Descripcion=text(concept.description)[:1000],
        ValorUnitario=price(concept.price),
        Importe=money(concept.amount),
        Descuento=money(concept.discount) if concept.discount else "",
        ObjetoImp=concept.subject,
    )
    if not (concept.charged or concept.withheld):
        return
    taxes = add_to(node, "Impuestos")
    for group, name, parts in (
        ("Traslados", "Traslado", concept.charged),
        ("Retenciones", "Retencion", concept.withheld),
    ):
        if parts:
            _parts(add_to(taxes, group), name, parts)


def price(amount: Decimal) -> str:
    """A price with two decimals at least: its number of decimals says how exactly it is known."""
    known = Decimal(plain(amount))
    return f"{known:.2f}" if known == round(known, 2) else f"{known:f}"


def _parts(parent: Any, name: str, parts: Iterable[TaxPart]) -> None:
    for part in parts:
        node = add_to(parent, name, Base=money(part.base), Impuesto=part.tax, TipoFactor=part.factor)
        if part.rate is not None:
            set_all(node, TasaOCuota=share(part.rate), Importe=of_concept(part.micros))


def of_concept(micros: int) -> str:
    """What a concept bears of a tax: in cents where it comes to them, since the SAT's bounds follow the decimals."""
    cents, rest = divmod(micros, MICROS_PER_CENT)
    return f"{Decimal(micros).scaleb(-SHARE_DECIMALS):.{SHARE_DECIMALS}f}" if rest else money(cents)


def _taxes(root: Any, charged: list[TaxSum], withheld: list[TaxSum]) -> None:
    """The taxes of the whole; withheld ones are told apart by tax alone."""
    if not (charged or withheld):
        return
    node = add_to(root, "Impuestos")
    if withheld:
        node.set("TotalImpuestosRetenidos", money(sum(each.amount for each in withheld)))
        group = add_to(node, "Retenciones")
        for tax in dict.fromkeys(each.tax for each in withheld):
            amount = sum(each.amount for each in withheld if each.tax == tax)
            add_to(group, "Retencion", Impuesto=tax, Importe=money(amount))
    if not charged:
        return
    rated = [each for each in charged if each.rate is not None]
    if rated:
        node.set("TotalImpuestosTrasladados", money(sum(each.amount for each in rated)))
    group = add_to(node, "Traslados")
    for each in charged:
        row = add_to(group, "Traslado", Base=money(each.base), Impuesto=each.tax)
        set_all(row, TipoFactor="Exento" if each.rate is None else "Tasa")
        if each.rate is not None:
            set_all(row, TasaOCuota=share(each.rate), Importe=money(each.amount))


def add_to(parent: Any, name: str, **attributes: str) -> Any:
    """A new last child of `parent`, in the namespace of the CFDI."""
    node = etree.SubElement(parent, f"{{{CFDI}}}{name}")
    set_all(node, **attributes)
    return node


def set_all(node: Any, **attributes: str) -> None:
    """Attributes that are there; the schema takes no empty ones."""
    for name, value in attributes.items():
        if value:
            node.set(name, value)
