"""Facturae's signature: XAdES-EPES inside the document, by the signature policy 3.1 that the administration published.

Source: Orden HAP/1650/2015; the policy and its digest (SHA-1 of the published PDF) are those of the official signing
program.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from django.utils.translation import gettext as _
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.xades.xades import XAdESSignaturePolicy, XAdESSigner

from ecuanime.foundation.errors import Refused

POLICY = XAdESSignaturePolicy(
    Identifier="http://www.facturae.es/politica_de_firma_formato_facturae/"
    "politica_de_firma_formato_facturae_v3_1.pdf",
    Description="Política de Firma FacturaE v3.1",
    DigestMethod=DigestAlgorithm.SHA1,
    DigestValue="Ohixl6upD6av8N7pEvDABhEL6hM=",
)
ROLE = "emisor"
_XADES = "{http://uri.etsi.org/01903/v1.3.2#}"


class _Signer(XAdESSigner):
    """Takes the time of signing from whoever signs, not from the clock."""

    def __init__(self, now: datetime) -> None:
        super().__init__(
            signature_policy=POLICY,
            claimed_roles=[ROLE],
            signature_algorithm=SignatureMethod.RSA_SHA256,
            digest_algorithm=DigestAlgorithm.SHA256,
            c14n_algorithm=CanonicalizationMethod.CANONICAL_XML_1_0,
        )
        self.now = now

    def add_signing_time(
        self, signed_signature_properties: Any, sig_root: Any, signing_settings: Any
    ) -> None:
        node = etree.SubElement(signed_signature_properties, f"{_XADES}SigningTime", nsmap=self.namespaces)
        node.text = self.now.astimezone(UTC).isoformat(timespec="seconds")


def signed_facturae(xml: bytes, *, pem: str, key_pem: str, now: datetime) -> bytes:
    """The document with its signature as the last part of it, by the first certificate of the chain `pem`.

    Refused: `certificate_expired` where it is not valid at `now`: what it signs would be rejected.
    """
    certificate = x509.load_pem_x509_certificates(pem.encode())[0]
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise Refused("certificate_expired", _("The firm's certificate is not valid now. Upload another."))
    root = etree.fromstring(xml)
    signed = _Signer(now).sign(root, key=key_pem, cert=[certificate])
    return bytes(etree.tostring(signed, xml_declaration=True, encoding="UTF-8"))
