"""The payment complement (Pagos 2.0): a CFDI of kind P that says what was paid of one document, and what is left.

Source: RMF 2.7.1.32; Anexo 20, complemento para recepción de pagos 2.0 and its guide.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from lxml import etree

from ecuanime.billing.packs.mx.cfdi.stamps import parse
from ecuanime.billing.packs.mx.cfdi.values import ISR, IVA, Issuer, Receiver, Related
from ecuanime.billing.packs.mx.cfdi.xml import (
    CFDI,
    XSI,
    add_to,
    money,
    parties,
    plain,
    relations,
    set_all,
    share,
    text,
)

PAYMENTS = "http://www.sat.gob.mx/Pagos20"
_PLACES = (
    f"{CFDI} http://www.sat.gob.mx/sitio_internet/cfd/4/cfdv40.xsd "
    f"{PAYMENTS} http://www.sat.gob.mx/sitio_internet/cfd/Pagos/Pagos20.xsd"
)
_MICRO, _CENT = Decimal("0.000001"), Decimal("0.01")
_CHARGED = {Decimal("0.16"): "IVA16", Decimal("0.08"): "IVA8", Decimal(0): "IVA0", None: "IVAExento"}
_HELD = {IVA: "IVA", ISR: "ISR"}


@dataclass(frozen=True, slots=True)
class PaidTax:
    """A tax of the document as far as it was paid, to the millionth; the rate is a share of 1, None when exempt."""

    tax: str
    rate: Decimal | None
    base: Decimal

    @property
    def amount(self) -> Decimal:
        """What it comes to."""
        return (self.base * (self.rate or 0)).quantize(_MICRO, ROUND_DOWN)


@dataclass(frozen=True, slots=True)
class PaidDocument:
    """The document that was paid: which instalment it is, what was owed before and what came, in cents."""

    uuid: str
    series: str
    folio: str
    instalment: int
    before: int
    paid: int
    charged: tuple[PaidTax, ...] = ()
    withheld: tuple[PaidTax, ...] = ()

    @property
    def left(self) -> int:
        """What is still owed, in cents."""
        return self.before - self.paid


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment. `at` and `paid_at` are local times; `rate` is pesos for one unit of its currency, 1 for pesos."""

    series: str
    folio: str
    at: datetime
    place: str
    issuer: Issuer
    receiver: Receiver
    paid_at: datetime
    form: str
    currency: str
    rate: Decimal
    document: PaidDocument
    reference: str = ""
    related: tuple[Related, ...] = ()


def paid_document(stamped: bytes, uuid: str, *, instalment: int, before: int, paid: int) -> PaidDocument:
    """A stamped document as one of its payments sees it: the share of each tax that was paid. Amounts in cents."""
    root = parse(stamped)
    whole = Decimal(root.get("Total"))
    part = Decimal(paid).scaleb(-2) / whole if whole else Decimal(0)
    return PaidDocument(
        uuid=uuid,
        series=root.get("Serie") or "",
        folio=root.get("Folio") or "",
        instalment=instalment,
        before=before,
        paid=paid,
        charged=_taxes_of(root, "Traslado", part),
        withheld=_taxes_of(root, "Retencion", part),
    )


def receipt_element(receipt: Receipt, certificate_number: str, certificate: str) -> Any:
    """The root of the CFDI with its certificate, and everything in it but the seal."""
    root = etree.Element(f"{{{CFDI}}}Comprobante", nsmap={"cfdi": CFDI, "xsi": XSI, "pago20": PAYMENTS})
    root.set(f"{{{XSI}}}schemaLocation", _PLACES)
    set_all(
        root,
        Version="4.0",
        Serie=receipt.series,
        Folio=receipt.folio,
        Fecha=_moment(receipt.at),
        NoCertificado=certificate_number,
        Certificado=certificate,
        SubTotal="0",
        Moneda="XXX",
        Total="0",
        TipoDeComprobante="P",
        Exportacion="01",
        LugarExpedicion=receipt.place,
    )
    relations(root, receipt.related)
    parties(root, receipt.issuer, receipt.receiver)
    add_to(
        add_to(root, "Conceptos"),
        "Concepto",
        ClaveProdServ="84111506",
        Cantidad="1",
        ClaveUnidad="ACT",
        Descripcion="Pago",
        ValorUnitario="0",
        Importe="0",
        ObjetoImp="01",
    )
    _payments(add_to(root, "Complemento"), receipt)
    return root


def _taxes_of(root: Any, name: str, part: Decimal) -> tuple[PaidTax, ...]:
    """The taxes that the concepts state, by tax and rate, as far as they were paid."""
    bases: dict[tuple[str, Decimal | None], Decimal] = {}
    for row in root.iterfind(f"{{{CFDI}}}Conceptos/{{{CFDI}}}Concepto//{{{CFDI}}}{name}"):
        rate = row.get("TasaOCuota")
        key = (row.get("Impuesto"), None if rate is None else Decimal(rate))
        bases[key] = bases.get(key, Decimal(0)) + Decimal(row.get("Base"))
    return tuple(
        PaidTax(tax, rate, (base * part).quantize(_MICRO, ROUND_HALF_UP))
        for (tax, rate), base in bases.items()
    )


def _payments(parent: Any, receipt: Receipt) -> None:
    paid = receipt.document
    node = _add(parent, "Pagos", Version="2.0")
    totals = _add(node, "Totales")
    for each in paid.withheld:
        _total(totals, f"TotalRetenciones{_HELD[each.tax]}", each.amount * receipt.rate)
    for each in paid.charged:
        name = _CHARGED[each.rate]
        _total(totals, f"TotalTrasladosBase{name}", each.base * receipt.rate)
        if each.rate is not None:
            _total(totals, f"TotalTrasladosImpuesto{name}", each.amount * receipt.rate)
    _total(totals, "MontoTotalPagos", Decimal(paid.paid).scaleb(-2) * receipt.rate)
    payment = _add(
        node,
        "Pago",
        FechaPago=_moment(receipt.paid_at),
        FormaDePagoP=receipt.form,
        MonedaP=receipt.currency,
        TipoCambioP=plain(receipt.rate),
        Monto=money(paid.paid),
        NumOperacion=text(receipt.reference)[:100],
    )
    _document(payment, paid, receipt.currency)
    _taxes(payment, "P", paid, "ImpuestosP")


def _document(payment: Any, paid: PaidDocument, currency: str) -> None:
    node = _add(
        payment,
        "DoctoRelacionado",
        IdDocumento=paid.uuid,
        Serie=paid.series,
        Folio=paid.folio,
        MonedaDR=currency,
        EquivalenciaDR="1",
        NumParcialidad=str(paid.instalment),
        ImpSaldoAnt=money(paid.before),
        ImpPagado=money(paid.paid),
        ImpSaldoInsoluto=money(paid.left),
        ObjetoImpDR="02" if paid.charged or paid.withheld else "01",
    )
    _taxes(node, "DR", paid, "ImpuestosDR")


def _taxes(parent: Any, suffix: str, paid: PaidDocument, name: str) -> None:
    """The taxes of the document (DR) or of the payment (P), which says of those withheld only what they come to."""
    if not (paid.charged or paid.withheld):
        return
    node = _add(parent, name)
    if paid.withheld:
        group = _add(node, f"Retenciones{suffix}")
        for each in paid.withheld if suffix == "DR" else _by_tax(paid.withheld):
            row = _add(group, f"Retencion{suffix}")
            if suffix == "DR":
                _state(row, each, suffix)
            else:
                set_all(row, ImpuestoP=each.tax, ImporteP=_six(each.amount))
    if paid.charged:
        group = _add(node, f"Traslados{suffix}")
        for each in paid.charged:
            _state(_add(group, f"Traslado{suffix}"), each, suffix)


def _by_tax(taxes: tuple[PaidTax, ...]) -> tuple[PaidTax, ...]:
    """Each tax once; no two rates of one are ever withheld together here."""
    return tuple({each.tax: each for each in taxes}.values())


def _state(row: Any, each: PaidTax, suffix: str) -> None:
    stated = {"Base": _six(each.base), "Impuesto": each.tax}
    stated["TipoFactor"] = "Exento" if each.rate is None else "Tasa"
    if each.rate is not None:
        stated |= {"TasaOCuota": share(each.rate), "Importe": _six(each.amount)}
    set_all(row, **{f"{name}{suffix}": value for name, value in stated.items()})


def _total(node: Any, name: str, amount: Decimal) -> None:
    node.set(name, f"{amount.quantize(_CENT, ROUND_HALF_UP):.2f}")


def _six(amount: Decimal) -> str:
    return f"{amount:.6f}"


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S")


def _add(parent: Any, name: str, **attributes: str) -> Any:
    node = etree.SubElement(parent, f"{{{PAYMENTS}}}{name}")
    set_all(node, **attributes)
    return node
