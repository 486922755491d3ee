"""Reading a kept record back: what a verification compares, taken from nothing but its XML."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from ecuanime.billing.packs.es.verifactu.huella import huella_of
from ecuanime.billing.packs.es.verifactu.xml import NAMESPACE

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=False)
_NAMES = {"sf": NAMESPACE}


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """What the XML of a record says: texts as they stand in it, empty where it says nothing.

    `computed` is the fingerprint that its values give, `huella` the one it bears.
    """

    is_registration: bool
    nif: str
    serial: str
    issued_on: str
    type: str
    quota_total: str
    total: str
    previous_huella: str
    previous_serial: str
    is_first: bool
    installation: str
    generated_at: str
    huella: str
    computed: str


def read_record(xml: str) -> ReadRecord:
    """Read a record. Raises `ValueError` when it is no XML of a record."""
    try:
        root = etree.fromstring(xml.encode(), _PARSER)
    except etree.XMLSyntaxError as error:
        raise ValueError("not a record") from error
    name = etree.QName(root).localname
    if name not in ("RegistroAlta", "RegistroAnulacion"):
        raise ValueError("not a record")
    end = "" if name == "RegistroAlta" else "Anulada"
    return _read(root, end)


def _read(root: etree._Element, end: str) -> ReadRecord:
    before = "Encadenamiento/sf:RegistroAnterior/sf:"
    fields = [
        (f"IDEmisorFactura{end}", _text(root, f"IDFactura/sf:IDEmisorFactura{end}")),
        (f"NumSerieFactura{end}", _text(root, f"IDFactura/sf:NumSerieFactura{end}")),
        (f"FechaExpedicionFactura{end}", _text(root, f"IDFactura/sf:FechaExpedicionFactura{end}")),
    ]
    if not end:
        fields += [(name, _text(root, name)) for name in ("TipoFactura", "CuotaTotal", "ImporteTotal")]
    previous, generated_at = _text(root, before + "Huella"), _text(root, "FechaHoraHusoGenRegistro")
    fields += [("Huella", previous), ("FechaHoraHusoGenRegistro", generated_at)]
    return ReadRecord(
        is_registration=not end,
        nif=fields[0][1],
        serial=fields[1][1],
        issued_on=fields[2][1],
        type=_text(root, "TipoFactura"),
        quota_total=_text(root, "CuotaTotal"),
        total=_text(root, "ImporteTotal"),
        previous_huella=previous,
        previous_serial=_text(root, before + "NumSerieFactura"),
        is_first=_text(root, "Encadenamiento/sf:PrimerRegistro") == "S",
        installation=_text(root, "SistemaInformatico/sf:NumeroInstalacion"),
        generated_at=generated_at,
        huella=_text(root, "Huella"),
        computed=huella_of(fields),
    )


def _text(root: etree._Element, path: str) -> str:
    return root.findtext(f"sf:{path}", default="", namespaces=_NAMES) or ""
