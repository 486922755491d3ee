"""Certificates of digital seal made for a test, as the files that the SAT gives: .cer, and .key under a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from cryptography.x509.oid import NameOID

CSD_PASSWORD = "clave del sello"
CSD_NUMBER = "30001000000500003416"
COMPANY_RFC = "EKU9003173C9"


@dataclass(frozen=True)
class Files:
    """The two files."""

    certificate: bytes
    key: bytes


@cache
def _key(which: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def csd_files(
    rfc: str = COMPANY_RFC,
    *,
    number: str = CSD_NUMBER,
    since: datetime = datetime(2026, 1, 1, tzinfo=UTC),
    until: datetime = datetime(2030, 1, 1, tzinfo=UTC),
    is_signature: bool = False,
    other_key: bool = False,
) -> Files:
    """A CSD of that holder; with `is_signature` an e.firma, with `other_key` the key of another certificate."""
    key = _key(0)
    parts = {
        NameOID.COMMON_NAME: "ESCUELA KEMPER URGATE SA DE CV",
        NameOID.X500_UNIQUE_IDENTIFIER: f"{rfc} / VADA800927DJ3",
    }
    subject = x509.Name([x509.NameAttribute(oid, text) for oid, text in parts.items()])
    names = ("key_encipherment", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        data_encipherment=is_signature,
        key_agreement=is_signature,
        **dict.fromkeys(names, False),
    )
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(int.from_bytes(number.encode(), "big"))
    made = made.not_valid_before(since).not_valid_after(until).add_extension(usage, critical=True)
    return Files(
        made.sign(key, hashes.SHA256()).public_bytes(Encoding.DER),
        _key(1 if other_key else 0).private_bytes(
            Encoding.DER, PrivateFormat.PKCS8, BestAvailableEncryption(CSD_PASSWORD.encode())
        ),
    )
