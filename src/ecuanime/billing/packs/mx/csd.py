"""The certificate of digital seal (CSD): read from its .cer and .key files, and what it must be fit for."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from cryptography.x509.oid import NameOID

MOST_BYTES = 50_000
_NUMBER = re.compile(r"\d{20}")
_RFC = re.compile(r"[A-ZÑ&]{3,4}\d{6}[A-Z0-9]{2}[0-9A]")


class Unfit(Exception):
    """Why files cannot serve, in a code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Certificate:
    """A CSD. `der` is the certificate in base64, which is public; `key_pem` must be sealed before it is kept."""

    number: str
    rfc: str
    holder: str
    valid_from: datetime
    valid_until: datetime
    der: str
    key_pem: str = field(repr=False)


def read_csd(certificate: bytes, key: bytes, password: str) -> Certificate:
    """The certificate of two files as the SAT gives them: DER, and an encrypted PKCS #8 key.

    Raises `Unfit`: `too_large`, `no_certificate`, `no_number`, `is_signature` (an e.firma, which must not seal
    invoices), `no_rfc`, `key_locked` (no key, or another password), `other_key` (it is not the certificate's).
    """
    if max(len(certificate), len(key)) > MOST_BYTES:
        raise Unfit("too_large")
    try:
        found = x509.load_der_x509_certificate(certificate)
        der = b64encode(found.public_bytes(Encoding.DER)).decode()
    except ValueError as error:
        raise Unfit("no_certificate") from error
    _refuse_signature(found)
    return Certificate(
        number=_number(found),
        rfc=_rfc(found),
        holder=_first(found.subject, NameOID.COMMON_NAME)[:200],
        valid_from=found.not_valid_before_utc,
        valid_until=found.not_valid_after_utc,
        der=der,
        key_pem=_key_of(found, key, password),
    )


def _number(found: x509.Certificate) -> str:
    """The SAT writes the twenty digits of its numbers as the characters of the serial number."""
    serial = found.serial_number
    text = serial.to_bytes((serial.bit_length() + 7) // 8, "big").decode("latin-1")
    if not _NUMBER.fullmatch(text):
        raise Unfit("no_number")
    return text


def _refuse_signature(found: x509.Certificate) -> None:
    """An e.firma may encrypt and agree on keys too, a CSD only signs (SAT, estructura de certificados)."""
    try:
        usage = found.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return
    if usage.data_encipherment or usage.key_agreement:
        raise Unfit("is_signature")


def _rfc(found: x509.Certificate) -> str:
    """The holder's, which stands before the one of whoever represents it: `EKU9003173C9 / VADA800927DJ3`."""
    written = _first(found.subject, NameOID.X500_UNIQUE_IDENTIFIER).upper()
    rfc = written.split("/")[0].strip()
    if not _RFC.fullmatch(rfc):
        raise Unfit("no_rfc")
    return rfc


def _key_of(found: x509.Certificate, key: bytes, password: str) -> str:
    try:
        opened = load_der_private_key(key, password.encode() or None)
    except (ValueError, TypeError) as error:
        raise Unfit("key_locked") from error
    if not isinstance(opened, rsa.RSAPrivateKey) or opened.public_key() != found.public_key():
        raise Unfit("other_key")
    return opened.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _first(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(oid)
    return str(found[0].value).strip() if found else ""
