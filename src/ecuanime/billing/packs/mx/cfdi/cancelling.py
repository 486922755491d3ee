"""Asking the SAT to cancel a CFDI: the request, signed as its schema has it (XML-DSig with RSA and SHA-1, enveloped).

SHA-1 is the SAT's choice: its service takes no other signature.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from lxml import etree

from ecuanime.billing.packs.mx.cfdi.sealing import Csd

CANCEL = "http://cancelacfd.sat.gob.mx"
DS = "http://www.w3.org/2000/09/xmldsig#"
_C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"


def cancellation_request(rfc: str, uuid: str, reason: str, substitute: str, at: datetime, csd: Csd) -> bytes:
    """The signed request for one CFDI; `at` is local time without zone, `substitute` the UUID that takes its place."""
    root = etree.Element(f"{{{CANCEL}}}Cancelacion", nsmap={None: CANCEL})
    root.set("RfcEmisor", rfc)
    root.set("Fecha", at.strftime("%Y-%m-%dT%H:%M:%S"))
    folio = etree.SubElement(etree.SubElement(root, f"{{{CANCEL}}}Folios"), f"{{{CANCEL}}}Folio")
    folio.set("UUID", uuid)
    folio.set("Motivo", reason)
    if substitute:
        folio.set("FolioSustitucion", substitute)
    root.append(_signature(_sha1(_canonical(root)), csd))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _signature(digest: str, csd: Csd) -> Any:
    # Canonical while it stands alone: inside its parent libxml2 loses the namespace that the parent declares.
    info = etree.Element(f"{{{DS}}}SignedInfo", nsmap={None: DS})
    _add(info, "CanonicalizationMethod", Algorithm=_C14N)
    _add(info, "SignatureMethod", Algorithm=f"{DS}rsa-sha1")
    reference = _add(info, "Reference", URI="")
    _add(_add(reference, "Transforms"), "Transform", Algorithm=f"{DS}enveloped-signature")
    _add(reference, "DigestMethod", Algorithm=f"{DS}sha1")
    _add(reference, "DigestValue").text = digest
    value = _signed(_canonical(info), csd)
    signature = etree.Element(f"{{{DS}}}Signature", nsmap={None: DS})
    signature.append(info)
    _add(signature, "SignatureValue").text = value
    _holder(_add(_add(signature, "KeyInfo"), "X509Data"), csd)
    return signature


def _holder(parent: Any, csd: Csd) -> None:
    certificate = x509.load_der_x509_certificate(b64decode(csd.certificate))
    serial = _add(parent, "X509IssuerSerial")
    _add(serial, "X509IssuerName").text = certificate.issuer.rfc4514_string()
    _add(serial, "X509SerialNumber").text = csd.number
    _add(parent, "X509Certificate").text = csd.certificate


def _signed(content: bytes, csd: Csd) -> str:
    key = load_pem_private_key(csd.key_pem.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return b64encode(key.sign(content, padding.PKCS1v15(), hashes.SHA1())).decode()  # noqa: S303  # the SAT's


def _sha1(content: bytes) -> str:
    digest = hashes.Hash(hashes.SHA1())  # noqa: S303  # the SAT's
    digest.update(content)
    return b64encode(digest.finalize()).decode()


def _canonical(element: Any) -> bytes:
    return bytes(etree.tostring(element, method="c14n"))


def _add(parent: Any, name: str, **attributes: str) -> Any:
    node = etree.SubElement(parent, f"{{{DS}}}{name}")
    for key, value in attributes.items():
        node.set(key, value)
    return node
