"""Sealing: RSA with SHA-256 over the original string, with the issuer's certificate of digital seal (CSD)."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from ecuanime.billing.packs.mx.cfdi.original import original_string
from ecuanime.billing.packs.mx.cfdi.payments import Receipt, receipt_element
from ecuanime.billing.packs.mx.cfdi.values import Document
from ecuanime.billing.packs.mx.cfdi.xml import element_of, written


@dataclass(frozen=True, slots=True)
class Csd:
    """A certificate of digital seal: its number of twenty digits, itself in base64 of DER, and its key in PEM."""

    number: str
    certificate: str
    key_pem: str = field(repr=False)


def sealed(document: Document, csd: Csd) -> bytes:
    """The document as XML with its seal, ready to be stamped."""
    return _sealed(element_of(document, csd.number, csd.certificate), csd)


def sealed_receipt(receipt: Receipt, csd: Csd) -> bytes:
    """The payment complement as XML with its seal."""
    return _sealed(receipt_element(receipt, csd.number, csd.certificate), csd)


def _sealed(root: Any, csd: Csd) -> bytes:
    root.set("Sello", signed(original_string(root), csd))
    return written(root)


def signed(words: str, csd: Csd) -> str:
    """The signature of a text in base64 (PKCS #1 v1.5, as Anexo 20 has it)."""
    key = load_pem_private_key(csd.key_pem.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return b64encode(key.sign(words.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
