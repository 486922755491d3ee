"""The original strings (cadenas originales): what a seal signs, value after value between bars.

The order is that of the SAT's cadenaoriginal_4_0.xslt, Pagos20.xslt and
cadenaoriginal_TFD_1_1.xslt, as data.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

_TAX = ("Base", "Impuesto", "TipoFactor", "TasaOCuota", "Importe")
_ATTRIBUTES = {
    "Comprobante": (
        "Version",
        "Serie",
        "Folio",
        "Fecha",
        "FormaPago",
        "NoCertificado",
        "CondicionesDePago",
        "SubTotal",
        "Descuento",
        "Moneda",
        "TipoCambio",
        "Total",
        "TipoDeComprobante",
        "Exportacion",
        "MetodoPago",
        "LugarExpedicion",
        "Confirmacion",
    ),
    "InformacionGlobal": ("Periodicidad", "Meses", "Año"),
    "CfdiRelacionados": ("TipoRelacion",),
    "CfdiRelacionado": ("UUID",),
    "Emisor": ("Rfc", "Nombre", "RegimenFiscal", "FacAtrAdquirente"),
    "Receptor": (
        "Rfc",
        "Nombre",
        "DomicilioFiscalReceptor",
        "ResidenciaFiscal",
        "NumRegIdTrib",
        "RegimenFiscalReceptor",
        "UsoCFDI",
    ),
    "Concepto": (
        "ClaveProdServ",
        "NoIdentificacion",
        "Cantidad",
        "ClaveUnidad",
        "Unidad",
        "Descripcion",
        "ValorUnitario",
        "Importe",
        "Descuento",
        "ObjetoImp",
    ),
    "Traslado": _TAX,
    "Retencion": _TAX,
    "Pagos": ("Version",),
    "Totales": (
        "TotalRetencionesIVA",
        "TotalRetencionesISR",
        "TotalRetencionesIEPS",
        "TotalTrasladosBaseIVA16",
        "TotalTrasladosImpuestoIVA16",
        "TotalTrasladosBaseIVA8",
        "TotalTrasladosImpuestoIVA8",
        "TotalTrasladosBaseIVA0",
        "TotalTrasladosImpuestoIVA0",
        "TotalTrasladosBaseIVAExento",
        "MontoTotalPagos",
    ),
    "Pago": ("FechaPago", "FormaDePagoP", "MonedaP", "TipoCambioP", "Monto", "NumOperacion"),
    "DoctoRelacionado": (
        "IdDocumento",
        "Serie",
        "Folio",
        "MonedaDR",
        "EquivalenciaDR",
        "NumParcialidad",
        "ImpSaldoAnt",
        "ImpPagado",
        "ImpSaldoInsoluto",
        "ObjetoImpDR",
    ),
    "RetencionDR": tuple(f"{name}DR" for name in _TAX),
    "TrasladoDR": tuple(f"{name}DR" for name in _TAX),
    "RetencionP": ("ImpuestoP", "ImporteP"),
    "TrasladoP": tuple(f"{name}P" for name in _TAX),
}
"""By element. What follows in the document follows in the string too, except for the totals of the taxes."""
_TOTALS = {"Retenciones": "TotalImpuestosRetenidos", "Traslados": "TotalImpuestosTrasladados"}
"""Each stands after its rows."""
_STAMP = ("Version", "UUID", "FechaTimbrado", "RfcProvCertif", "Leyenda", "SelloCFD", "NoCertificadoSAT")


def original_string(root: Any) -> str:
    """The string of a CFDI, which has no stamp yet or whose stamp is not looked at."""
    return f"||{'|'.join(_values(root))}||"


def stamp_string(stamp: Any) -> str:
    """The string of a stamp (TimbreFiscalDigital 1.1), which the SAT's seal signs and the paper shows."""
    return f"||{'|'.join(_of(stamp, _STAMP))}||"


def _values(element: Any) -> Iterator[str]:
    name = etree.QName(element).localname
    if name == "TimbreFiscalDigital":
        return
    yield from _of(element, _ATTRIBUTES.get(name, ()))
    is_summary = name == "Impuestos" and etree.QName(element.getparent()).localname == "Comprobante"
    for child in element:
        yield from _values(child)
        if is_summary:
            yield from _of(element, (_TOTALS[etree.QName(child).localname],))


def _of(element: Any, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        value = element.get(name)
        if value is not None:
            yield " ".join(value.split())
