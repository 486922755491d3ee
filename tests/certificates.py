"""Certificates made for a test: an authority, a server's, and those of holders in Spain as PKCS#12 files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from ipaddress import ip_address
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PASSWORD = "una clave de prueba"
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
UNTIL = datetime(2036, 1, 1, tzinfo=UTC)
SEAL = bytes.fromhex("3015301306060400 8e4601063009060704008e46010602".replace(" ", ""))
"""QCStatements with one QcType that is a seal."""


@dataclass(frozen=True)
class Issued:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def key_pem(self) -> str:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    def pkcs12(self, password: str = PASSWORD, *, with_key: bool = True) -> bytes:
        """The file that a person downloads from the authority."""
        sealed = BestAvailableEncryption(password.encode())
        key = self.key if with_key else None
        others = [authority().certificate]
        return pkcs12.serialize_key_and_certificates(b"prueba", key, self.certificate, others, sealed)


def name(**parts: str) -> x509.Name:
    """A subject by the names that `NameOID` gives to its parts."""
    return x509.Name(
        [x509.NameAttribute(getattr(NameOID, part.upper()), text) for part, text in parts.items()]
    )


@cache
def authority() -> Issued:
    """Who vouches for the rest."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = name(common_name="AC de prueba")
    usage = _usage(key_cert_sign=True, crl_sign=True)
    made = _builder(subject, subject, key, SINCE, UNTIL)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made = made.add_extension(usage, critical=True)
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return Issued(made.sign(key, hashes.SHA256()), key)


@cache
def server() -> Issued:
    """For a server at localhost."""
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    return _issued(name(common_name="localhost"), [(names, False)], ExtendedKeyUsageOID.SERVER_AUTH)


def of_person(nif: str = "12345678Z", **values: Any) -> Issued:
    """A natural person's."""
    return issued(name(common_name="ADELA PRUEBA", serial_number=f"IDCES-{nif}"), **values)


def of_company(nif: str = "B12345674", **values: Any) -> Issued:
    """A representative's, who speaks for a company."""
    parts = {"common_name": "12345678Z ADELA PRUEBA (R: B12345674)", "serial_number": "IDCES-12345678Z"}
    company = {"organization_name": "Prueba, S. L.", "organization_identifier": f"VATES-{nif}"}
    return issued(name(**parts, **company), **values)


def issued(
    subject: x509.Name,
    *,
    since: datetime = SINCE,
    until: datetime = UNTIL,
    usage: x509.KeyUsage | None = None,
    purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.CLIENT_AUTH,
    is_seal: bool = False,
) -> Issued:
    """A certificate for signing and proving who one is, unless said otherwise."""
    extensions: list[tuple[x509.ExtensionType, bool]] = [(usage or _usage(digital_signature=True), True)]
    if is_seal:
        statements = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3"), SEAL)
        extensions.append((statements, False))
    return _issued(subject, extensions, purpose, since, until)


def only_encrypts() -> x509.KeyUsage:
    """The key usage of a certificate that signs nothing."""
    return _usage(key_encipherment=True)


def _issued(
    subject: x509.Name,
    extensions: list[tuple[x509.ExtensionType, bool]],
    purpose: x509.ObjectIdentifier,
    since: datetime = SINCE,
    until: datetime = UNTIL,
) -> Issued:
    key, above = ec.generate_private_key(ec.SECP256R1()), authority()
    made = _builder(subject, above.certificate.subject, key, since, until)
    made = made.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    known = x509.AuthorityKeyIdentifier.from_issuer_public_key(above.key.public_key())
    made = made.add_extension(known, critical=False)
    for extension, is_critical in extensions:
        made = made.add_extension(extension, critical=is_critical)
    return Issued(made.sign(above.key, hashes.SHA256()), key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, since: datetime, until: datetime
) -> x509.CertificateBuilder:
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number())
    return made.not_valid_before(since).not_valid_after(until)


def _usage(**allowed: bool) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
    )
    every = (*names, "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**(dict.fromkeys(every, False) | allowed))
