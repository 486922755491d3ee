"""Reading what came back stamped: the TimbreFiscalDigital, and whether it is about what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from lxml import etree

from ecuanime.billing.packs.mx.cfdi.original import original_string, stamp_string
from ecuanime.billing.packs.mx.cfdi.xml import CFDI

TFD = "http://www.sat.gob.mx/TimbreFiscalDigital"
VERIFICATION = "https://verificacfdi.facturaelectronica.sat.gob.mx/default.aspx"
_UUID_LENGTH = 36
IN_PLACE_OF = "04"
"""c_TipoRelacion: sustitución de los CFDI previos."""


class Unreadable(Exception):
    """What came is no stamped CFDI; the text says in what way."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a stamped CFDI says of itself. `at` is the SAT's local time; `address` is where anybody verifies it."""

    uuid: str
    at: datetime
    pac_rfc: str
    sat_certificate: str
    seal: str
    sat_seal: str
    original: str
    certificate: str
    address: str


def read_stamp(content: bytes) -> Stamp:
    """The stamp of a CFDI. Raises `Unreadable`."""
    root = parse(content)
    stamp = root.find(f"{{{CFDI}}}Complemento/{{{TFD}}}TimbreFiscalDigital")
    if stamp is None:
        raise Unreadable("no stamp")
    uuid, seal = (stamp.get("UUID") or "").upper(), root.get("Sello") or ""
    if len(uuid) != _UUID_LENGTH or not seal or stamp.get("SelloCFD") != seal:
        raise Unreadable("a stamp of another document")
    try:
        at = datetime.fromisoformat(stamp.get("FechaTimbrado") or "")
    except ValueError as error:
        raise Unreadable("no date of the stamp") from error
    return Stamp(
        uuid=uuid,
        at=at,
        pac_rfc=stamp.get("RfcProvCertif") or "",
        sat_certificate=stamp.get("NoCertificadoSAT") or "",
        seal=seal,
        sat_seal=stamp.get("SelloSAT") or "",
        original=stamp_string(stamp),
        certificate=root.get("NoCertificado") or "",
        address=_address(root, uuid, seal),
    )


def same_document(sent: bytes, came: bytes) -> bool:
    """Whether what came back is what was sent but for its stamp: seal and every value that the seal signs."""
    ours, theirs = parse(sent), parse(came)
    return bool(ours.get("Sello") == theirs.get("Sello") and original_string(ours) == original_string(theirs))


def says_the_same(one: bytes, other: bytes) -> bool:
    """Whether two documents say the same but for when, with which certificate, and in whose place."""
    return _matter(one) == _matter(other)


def _matter(content: bytes) -> str:
    root = parse(content)
    for name in ("Fecha", "NoCertificado"):
        root.attrib.pop(name, None)
    for group in root.findall(f"{{{CFDI}}}CfdiRelacionados[@TipoRelacion='{IN_PLACE_OF}']"):
        root.remove(group)
    return original_string(root)


def parse(content: bytes) -> Any:
    """The root of a CFDI. No entity is resolved and nothing is fetched. Raises `Unreadable`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("no XML") from error
    if root.getroottree().docinfo.doctype or root.tag != f"{{{CFDI}}}Comprobante":
        raise Unreadable("no CFDI")
    return root


def _address(root: Any, uuid: str, seal: str) -> str:
    """Where the SAT verifies it (Anexo 20, I.D): the last eight characters of the seal tell it from a copy."""
    issuer = root.find(f"{{{CFDI}}}Emisor").get("Rfc")
    receiver = root.find(f"{{{CFDI}}}Receptor").get("Rfc")
    facts = {"id": uuid, "re": issuer, "rr": receiver, "tt": root.get("Total"), "fe": seal[-8:]}
    return f"{VERIFICATION}?" + "&".join(f"{name}={quote(value, safe='=')}" for name, value in facts.items())
