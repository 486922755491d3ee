"""Marks a PDF that carries `factur-x.xml` as the hybrid invoice that it is.

typst embeds the file; what names it in the metadata (XMP) it has no words for, so this adds them. The file grows at its
end by a new revision of that one object, as ISO 32000-1, 7.5.6 has it: nothing that was drawn is touched, and the
same bytes in give the same bytes out. Source: Factur-X 1.09, chapter 6.2, and ISO 19005-3.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from ecuanime.billing.pdf.errors import RenderError

FILE_NAME = "factur-x.xml"
LEVEL = "EN 16931"
_URN = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SCHEMAS = f"{{http://www.aiim.org/pdfa/ns/extension/}}schemas/{{{_RDF}}}Bag"
_PROPERTIES = {
    "DocumentFileName": (FILE_NAME, "The name of the embedded XML document"),
    "DocumentType": ("INVOICE", "The type of the hybrid document"),
    "Version": ("1.0", "The version of the standard of the embedded XML document"),
    "ConformanceLevel": (LEVEL, "The conformance level of the embedded XML document"),
}
_METADATA = re.compile(
    rb"\n(?P<id>\d+) 0 obj\s*<<[^>]*/Type/Metadata[^>]*>>\s*stream\n(?P<xmp>.*?)\nendstream", re.DOTALL
)
_TRAILER = re.compile(rb"trailer\s*<<(?P<entries>.*?)>>\s*startxref\s+(?P<table>\d+)\s+%%EOF\s*$", re.DOTALL)


def marked_hybrid(pdf: bytes) -> bytes:
    """The PDF with a revision that says what it carries. Raises RenderError where it is not as typst draws it."""
    found, trailer = _METADATA.search(pdf), _TRAILER.search(pdf)
    if found is None or trailer is None:
        raise RenderError("the PDF's metadata could not be found to name the file it carries")
    xmp = _with_names(found["xmp"])
    number = int(found["id"])
    head = b"\n%d 0 obj\n<</Length %d/Type/Metadata/Subtype/XML>>\nstream\n" % (number, len(xmp))
    start = len(pdf) + 1
    body = head + xmp + b"\nendstream\nendobj\n"
    table = b"xref\n0 1\n0000000000 65535 f\r\n%d 1\n%010d 00000 n\r\n" % (number, start)
    entries = trailer["entries"] + b"/Prev " + trailer["table"]
    end = b"trailer\n<<%s>>\nstartxref\n%d\n%%%%EOF" % (entries, len(pdf) + len(body))
    return pdf + body + table + end


def _with_names(xmp: bytes) -> bytes:
    """The metadata with the properties of the hybrid, and the schema that explains them, which PDF/A asks for."""
    start, end = xmp.index(b"<x:xmpmeta"), xmp.index(b"</x:xmpmeta>") + len(b"</x:xmpmeta>")
    root = etree.fromstring(xmp[start:end], etree.XMLParser(resolve_entities=False, no_network=True))
    described = root.find(f"{{{_RDF}}}RDF")
    bag = root.find(f".//{_SCHEMAS}")
    if described is None or bag is None:
        raise RenderError("the PDF's metadata is not as it should be")
    bag.append(_schema())
    node = etree.SubElement(described, f"{{{_RDF}}}Description", nsmap={"fx": _URN})
    node.set(f"{{{_RDF}}}about", "")
    for name, (value, _words) in _PROPERTIES.items():
        etree.SubElement(node, f"{{{_URN}}}{name}").text = value
    return xmp[:start] + bytes(etree.tostring(root)) + xmp[end:]


def _schema() -> Any:
    properties = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:category>external</pdfaProperty:category>'
        f"<pdfaProperty:description>{words}</pdfaProperty:description><pdfaProperty:name>{name}</pdfaProperty:name>"
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType></rdf:li>"
        for name, (_value, words) in _PROPERTIES.items()
    )
    return etree.fromstring(
        f'<rdf:li rdf:parseType="Resource" xmlns:rdf="{_RDF}" '
        'xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" '
        'xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
        "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{_URN}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
