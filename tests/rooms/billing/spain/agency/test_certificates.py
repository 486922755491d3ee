"""Certificates: whose they are, until when, and which files cannot serve."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from ecuanime.billing.packs.es.agency.certificates import MOST_BYTES, Unfit, read_pkcs12
from tests.certificates import PASSWORD, UNTIL, issued, name, of_company, of_person, only_encrypts


def test_a_representatives_certificate_names_its_company_first() -> None:
    made = of_company()
    read = read_pkcs12(made.pkcs12(), PASSWORD)
    assert (read.holder, read.nifs) == ("Prueba, S. L.", ("B12345674", "12345678Z"))
    assert (read.issued_by, read.valid_until, read.is_seal) == ("AC de prueba", UNTIL, False)
    assert read.serial == f"{made.certificate.serial_number:X}"
    assert len(x509.load_pem_x509_certificates(read.pem.encode())) == 2
    assert load_pem_private_key(read.key_pem.encode(), None).public_key() == made.key.public_key()  # type: ignore[comparison-overlap]


def test_a_persons_certificate_names_the_person() -> None:
    read = read_pkcs12(of_person().pkcs12(), PASSWORD)
    assert (read.holder, read.nifs) == ("ADELA PRUEBA", ("12345678Z",))


def test_a_seal_is_known_as_one() -> None:
    assert read_pkcs12(of_company(is_seal=True).pkcs12(), PASSWORD).is_seal


def test_a_bare_nif_is_read_and_another_countrys_number_is_not() -> None:
    bare = issued(name(common_name="X", serial_number="B12345674"))
    assert read_pkcs12(bare.pkcs12(), PASSWORD).nifs == ("B12345674",)
    other = issued(name(common_name="X", serial_number="PNOFR-1234"))
    assert read_pkcs12(other.pkcs12(), PASSWORD).nifs == ()


@pytest.mark.parametrize(
    ("content", "password", "code"),
    [
        (b"no certificate", PASSWORD, "unreadable"),
        (of_person().pkcs12(), "otra", "unreadable"),
        (of_person().pkcs12(), "", "unreadable"),
        (of_person().pkcs12(with_key=False), PASSWORD, "no_key"),
        (b"x" * (MOST_BYTES + 1), PASSWORD, "too_large"),
        (of_person(usage=only_encrypts()).pkcs12(), PASSWORD, "no_signing"),
        (of_person(purpose=ExtendedKeyUsageOID.SERVER_AUTH).pkcs12(), PASSWORD, "no_client"),
    ],
)
def test_files_that_cannot_serve_say_why(content: bytes, password: str, code: str) -> None:
    with pytest.raises(Unfit) as raised:
        read_pkcs12(content, password)
    assert raised.value.code == code


def test_the_key_is_in_no_representation() -> None:
    read = read_pkcs12(of_person().pkcs12(), PASSWORD)
    assert "PRIVATE" not in repr(read)
    assert read.key_pem not in f"{read}"
