"""Holds CFDIs against the SAT's files. It runs as a program of its own and imports nothing of ours.

Its argument is the folder of the SAT's files; it reads a JSON list of CFDIs and writes a JSON list with, for each, what
is wrong as pairs of code and words: `XSD`, the schema; `SELLO`, the seal does not sign the official original string.
"""

from __future__ import annotations

import json
import sys
from base64 import b64decode
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

MOST_FAULTS = 3
_IMPORTED = {
    "http://www.sat.gob.mx/cfd/4": "4/cfdv40.xsd",
    "http://www.sat.gob.mx/Pagos20": "Pagos/Pagos20.xsd",
}
_SHEET = "4/cadenaoriginal_4_0/cadenaoriginal_4_0.xslt"


class Judge:
    """The SAT's files, compiled once."""

    def __init__(self, folder: Path) -> None:
        imports = "".join(
            f'<xs:import namespace="{name}" schemaLocation="{(folder / path).as_uri()}"/>'
            for name, path in _IMPORTED.items()
        )
        both = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
        self._schema = etree.XMLSchema(etree.fromstring(both))
        self._sheet = etree.XSLT(etree.parse(str(folder / _SHEET)))

    def faults(self, xml: bytes) -> list[tuple[str, str]]:
        """What is wrong with a CFDI."""
        root = etree.fromstring(xml)
        if not self._schema.validate(root):
            return [("XSD", str(error.message)) for error in self._schema.error_log][:MOST_FAULTS]
        return [] if self._is_sealed(root) else [("SELLO", "")]

    def _is_sealed(self, root: etree._Element) -> bool:
        certificate = x509.load_der_x509_certificate(b64decode(root.get("Certificado", "")))
        key = certificate.public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            return False
        original = str(self._sheet(root)).encode()
        try:
            key.verify(b64decode(root.get("Sello", "")), original, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True


def main() -> None:
    """Judge what comes in."""
    judge = Judge(Path(sys.argv[1]))
    documents: list[str] = json.loads(sys.stdin.buffer.read())
    sys.stdout.write(json.dumps([judge.faults(xml.encode()) for xml in documents]))


if __name__ == "__main__":
    main()
