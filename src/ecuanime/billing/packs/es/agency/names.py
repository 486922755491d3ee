"""The namespaces of the agency's schemas, version 1.0, and reading XML that others wrote."""

from __future__ import annotations

from typing import Any

from lxml import etree

_SCHEMAS = "https://www2.agenciatributaria.gob.es/static_files/common/internet/dep/aplicaciones/es/aeat/tike/cont/ws/"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SF = f"{_SCHEMAS}SuministroInformacion.xsd"
SUBMIT = f"{_SCHEMAS}SuministroLR.xsd"
ANSWER = f"{_SCHEMAS}RespuestaSuministro.xsd"
ASK = f"{_SCHEMAS}ConsultaLR.xsd"
FOUND = f"{_SCHEMAS}RespuestaConsultaLR.xsd"
PREFIXES = {"soapenv": SOAP, "sf": SF, "sfLR": SUBMIT, "sfR": ANSWER, "sfLRC": ASK, "sfLRRC": FOUND}


class Unreadable(Exception):
    """What came is not what the agency's schemas describe; the text says in what way."""


def parse(content: bytes) -> Any:
    """The root element. No entity is resolved and nothing is fetched. Raises `Unreadable`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable("no XML") from error
    if root.getroottree().docinfo.doctype:
        raise Unreadable("a document type")
    return root


def text_at(element: Any, path: str) -> str:
    """The trimmed text at a path written with the usual prefixes; empty when there is none."""
    return (element.findtext(path, namespaces=PREFIXES) or "").strip()


def add(parent: Any, namespace: str, name: str, text: str | None = None) -> Any:
    """A new last child of `parent`."""
    child = etree.SubElement(parent, f"{{{namespace}}}{name}")
    child.text = text
    return child


def enveloped(namespace: str, name: str) -> tuple[Any, Any]:
    """An empty SOAP envelope and the one element in its body."""
    used = {"soapenv": SOAP, "sf": SF, "op": namespace}
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap=used)
    add(envelope, SOAP, "Header")
    return envelope, add(add(envelope, SOAP, "Body"), namespace, name)


def written(envelope: Any) -> bytes:
    """The envelope as it goes over the wire."""
    return bytes(etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))
