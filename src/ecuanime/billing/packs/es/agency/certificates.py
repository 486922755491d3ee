"""The certificate that speaks for the issuer: read from a PKCS#12 file, and what it must be fit for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

MOST_BYTES = 100_000
_COMPANY = NameOID.ORGANIZATION_IDENTIFIER
_QC_STATEMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
_ESEAL = bytes.fromhex("060704008e46010602")
"""The object identifier 0.4.0.1862.1.6.2 (ETSI EN 319 412-5, 4.2.3) in DER: a certificate of electronic seal."""
_NIF = re.compile(r"[A-Z0-9]\d{7}[A-Z0-9]")
_ANY_USAGE = x509.ObjectIdentifier("2.5.29.37.0")


class Unfit(Exception):
    """Why a file cannot serve, in a code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with its key. `nifs` are those of its holder: of the company first, else of the person.

    `pem` is the chain, which is public; `key_pem` must be sealed before it is kept.
    """

    holder: str
    nifs: tuple[str, ...]
    issued_by: str
    serial: str
    valid_from: datetime
    valid_until: datetime
    is_seal: bool
    pem: str
    key_pem: str

    def __repr__(self) -> str:
        return f"<Certificate {self.serial}>"


def read_pkcs12(content: bytes, password: str) -> Certificate:
    """The certificate in a file, which may hold its chain too.

    Raises `Unfit`: `too_large`, `unreadable` (no PKCS#12, or another password), `no_key`, `other_key` (neither RSA
    nor elliptic), `no_signing` (its key usage allows no signature), `no_client` (not for proving who calls).
    """
    if len(content) > MOST_BYTES:
        raise Unfit("too_large")
    try:
        found = pkcs12.load_pkcs12(content, password.encode() or None)
    except ValueError as error:
        raise Unfit("unreadable") from error
    if found.cert is None or found.key is None:
        raise Unfit("no_key")
    if not isinstance(found.key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise Unfit("other_key")
    own = found.cert.certificate
    _refuse_other_usage(own)
    chain = [own, *(each.certificate for each in found.additional_certs)]
    return Certificate(
        holder=_holder(own.subject),
        nifs=_nifs(own.subject),
        issued_by=_first(own.issuer, NameOID.COMMON_NAME) or _first(own.issuer, NameOID.ORGANIZATION_NAME),
        serial=f"{own.serial_number:X}",
        valid_from=own.not_valid_before_utc,
        valid_until=own.not_valid_after_utc,
        is_seal=_is_seal(own),
        pem="".join(each.public_bytes(Encoding.PEM).decode() for each in chain),
        key_pem=found.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
    )


def _refuse_other_usage(certificate: x509.Certificate) -> None:
    """What does not say what its key is for may serve for all (RFC 5280, 4.2.1.3 and 4.2.1.12)."""
    try:
        extensions = certificate.extensions
    except ValueError as error:
        raise Unfit("unreadable") from error
    for extension in extensions:
        value = extension.value
        if isinstance(value, x509.KeyUsage) and not value.digital_signature:
            raise Unfit("no_signing")
        if isinstance(value, x509.ExtendedKeyUsage) and not {ExtendedKeyUsageOID.CLIENT_AUTH, _ANY_USAGE} & {
            *value
        }:
            raise Unfit("no_client")


def _first(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(oid)
    return str(found[0].value).strip() if found else ""


def _holder(subject: x509.Name) -> str:
    """The company, when it speaks for one, else the person."""
    company = _first(subject, NameOID.ORGANIZATION_NAME) if _first(subject, _COMPANY) else ""
    return (company or _first(subject, NameOID.COMMON_NAME))[:200]


def _nifs(subject: x509.Name) -> tuple[str, ...]:
    """As Spanish issuers write them: `VATES-B12345674` and `IDCES-12345678Z` (ETSI EN 319 412-1), or bare."""
    written = [_first(subject, oid).upper() for oid in (_COMPANY, NameOID.SERIAL_NUMBER)]
    plain = [text.rpartition("-")[2].replace(" ", "") for text in written]
    return tuple(dict.fromkeys(nif for nif in plain if _NIF.fullmatch(nif)))


def _is_seal(certificate: x509.Certificate) -> bool:
    for extension in certificate.extensions:
        if extension.oid == _QC_STATEMENTS and isinstance(extension.value, x509.UnrecognizedExtension):
            return _ESEAL in extension.value.value
    return False
