"""Signed mail is read, encrypted mail is named as such, and what Outlook packed is unpacked."""

from __future__ import annotations

import random
import struct
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

from ecuanime.channels.email.reading.cms import signed_content
from ecuanime.channels.email.reading.parse import parse
from ecuanime.channels.email.reading.sealed import MOST_BLOCKS, without_armour
from ecuanime.channels.email.reading.tnef import MOST_FILES, files_in

HEAD = b"From: elvira@tierraparda.example\r\nSubject: Sellado\r\n"
INNER = (
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    b"El a\xc3\xb1o que viene.\r\n--b\r\nContent-Disposition: attachment; filename=horas.csv\r\n\r\na;1\r\n--b--\r\n"
)
# Made by GnuPG 2.2.
CLEARSIGNED = """-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

Hola:
- - uno
El año.
-----BEGIN PGP SIGNATURE-----

iHUEARYIAB0WIQRfgV0DV2+oeC/3uE1pJl3tab3stwUCawpPSQAKCRBpJl3tab3s
t0CoAP4wkFnSXi00lTbRhO6wop0JFOLHphVZz0a1iurWhG27CgD/fZVDbd04U0Oi
TWSoMy6ZbC/u7L3pvbiBobcX2eWLlws=
=S4hE
-----END PGP SIGNATURE-----"""
PGP_ENCRYPTED = """-----BEGIN PGP MESSAGE-----

jA0ECQMCf+Rz0rntM0f/0k4BtIIKN6B8SpxAk3JoioTXG84mOdO9pBiSepAVF5jx
uSiU2JA2fnZ2PmCgVGl2ID0X0zwx2OBaXfJqMcf96RRK/0mgItMccU4A+0TTZrA=
=x
-----END PGP MESSAGE-----"""


@pytest.fixture(scope="module")
def identity() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    """A key and a certificate signed by itself."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Elvira")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=9))
    return key, builder.sign(key, hashes.SHA256())


Identity = tuple[rsa.RSAPrivateKey, x509.Certificate]


def signed(identity: Identity, content: bytes, *options: pkcs7.PKCS7Options) -> bytes:
    key, certificate = identity
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(certificate, key, hashes.SHA256())
    encoding = Encoding.SMIME if pkcs7.PKCS7Options.DetachedSignature in options else Encoding.DER
    return builder.sign(encoding, [pkcs7.PKCS7Options.Binary, *options])


def envelope(content: bytes, kind: str = "", media_type: str = "application/pkcs7-mime") -> bytes:
    smime = f"; smime-type={kind}" if kind else ""
    head = f'Content-Type: {media_type}{smime}; name="smime.p7m"\r\nContent-Transfer-Encoding: binary\r\n\r\n'
    return HEAD + head.encode() + content


def files(raw: bytes) -> list[tuple[str, str | None]]:
    return [(one.name, one.ambiguous) for one in parse(raw).attachments]


def test_a_detached_signature_is_marked_and_the_words_are_read(identity: Identity) -> None:
    raw = HEAD + signed(identity, INNER, pkcs7.PKCS7Options.DetachedSignature)
    assert parse(raw).body_text.strip() == "El año que viene."
    assert files(raw) == [("horas.csv", None), ("smime.p7s", "signature")]


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("signed-data", "application/pkcs7-mime"),
        ("", "application/x-pkcs7-mime"),
        ("", "application/octet-stream"),
    ],
)
def test_a_mail_inside_its_signature_is_read_as_if_it_stood_outside(
    identity: Identity, kind: str, media_type: str
) -> None:
    raw = envelope(signed(identity, INNER), kind, media_type)
    assert parse(raw).body_text.strip() == "El año que viene."
    assert files(raw) == [("horas.csv", None), ("smime.p7m", "signature")]


def test_signatures_inside_each_other_are_opened_to_a_bound(identity: Identity) -> None:
    raw = INNER
    depths = {}
    for depth in range(1, 6):
        raw = envelope(signed(identity, raw), "signed-data")
        depths[depth] = parse(raw).body_text.strip()
    assert depths == dict.fromkeys((1, 2, 3), "El año que viene.") | {4: "", 5: ""}
    assert files(raw)[0] == ("smime.p7m", "packed")


def test_what_is_signed_is_bounded_like_a_mail_of_its_own(identity: Identity) -> None:
    bomb = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\n\r\n" * 2_000
    assert files(envelope(signed(identity, bomb), "signed-data")) == [("smime.p7m", "packed")]


def test_a_signed_file_among_others_stays_a_file(identity: Identity) -> None:
    """As Italian invoices come."""
    part = b"Content-Type: application/pkcs7-mime; name=fattura.xml.p7m\r\n\r\n" + signed(identity, b"<x/>")
    raw = (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHola\r\n--b\r\n"
        + part
        + b"\r\n--b--\r\n"
    )
    assert files(raw) == [("fattura.xml.p7m", None)]
    assert parse(raw).body_text.strip() == "Hola"


@pytest.mark.parametrize("kind", ["enveloped-data", ""])
def test_an_encrypted_mail_is_marked_as_such(identity: Identity, kind: str) -> None:
    _key, certificate = identity
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(INNER).add_recipient(certificate)
    raw = envelope(builder.encrypt(Encoding.DER, []), kind)
    assert files(raw) == [("smime.p7m", "encrypted")]
    assert parse(raw).body_text == ""


def test_pgp_beside_the_text_is_marked() -> None:
    def mail(kind: bytes, *parts: bytes) -> bytes:
        body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
        return HEAD + b"Content-Type: multipart/" + kind + b"; boundary=b\r\n\r\n" + body + b"--b--\r\n"

    signature = b"Content-Type: application/pgp-signature; name=signature.asc\r\n\r\nx"
    assert files(mail(b"signed", b"\r\nHola", signature)) == [("signature.asc", "signature")]
    control = b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1"
    sealed = b"Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\n" + PGP_ENCRYPTED.encode()
    for raw in (mail(b"encrypted", control, sealed), mail(b"mixed", b"\r\n", control, sealed)):
        assert files(raw) == [("encrypted.asc", "encrypted")]


def test_pgp_within_the_text_leaves_the_words_alone() -> None:
    raw = HEAD + f"Content-Type: text/plain; charset=utf-8\r\n\r\n{CLEARSIGNED}\r\n\r\nAl pie.\r\n".encode()
    assert parse(raw).body_text == "Hola:\n- uno\nEl año.\n\nAl pie.\n"
    assert files(raw) == [("signature.asc", "signature")]
    raw = HEAD + f"\r\nAntes.\r\n{PGP_ENCRYPTED}\r\nDespués.\r\n".encode()
    assert parse(raw).body_text == "Antes.\n\nDespués.\n"
    assert files(raw) == [("encrypted.asc", "encrypted")]


@pytest.mark.parametrize(
    "text",
    [
        "> -----BEGIN PGP MESSAGE-----\n> x\n> -----END PGP MESSAGE-----",
        "-----BEGIN PGP MESSAGE-----\nno end",
    ],
)
def test_armour_that_is_quoted_or_has_no_end_is_left_as_it_is(text: str) -> None:
    assert without_armour(text) == (text, [])


def test_a_mail_full_of_seals_and_packs_does_not_become_thousands_of_files() -> None:
    armour = HEAD + b"\r\n" + b"-----BEGIN PGP MESSAGE-----\r\n-----END PGP MESSAGE-----\r\n" * 10_000
    assert len(files(armour)) == MOST_BLOCKS
    part = b"--b\r\nContent-Type: application/ms-tnef\r\n\r\n" + packed(*[("A", "a", b"x")] * 300) + b"\r\n"
    packs = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 50
    assert MOST_FILES < len(files(packs)) < 2 * MOST_FILES


def test_a_program_is_not_hidden_behind_a_seal() -> None:
    part = b"Content-Type: application/pkcs7-signature; name=x.exe\r\n\r\nMZ"
    raw = (
        HEAD
        + b"Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nHola\r\n--b\r\n"
        + part
        + b"\r\n--b--\r\n"
    )
    assert files(raw) == [("x.exe", "runs_code")]


def test_bytes_in_pieces_of_unknown_length_are_put_together() -> None:
    """As OpenSSL writes while it streams."""
    data, kind = bytes.fromhex("06092a864886f70d010701"), bytes.fromhex("06092a864886f70d010702")
    octets = b"\x24\x80\x04\x02Ho\x04\x02la\0\0"
    content = b"\x30\x80" + data + b"\xa0\x80" + octets + b"\0\0\0\0"
    whole = b"\x30\x80" + kind + b"\xa0\x80\x30\x80\x02\x01\x01\x31\x00" + content + b"\0\0\0\0\0\0"
    assert signed_content(whole) == b"Hola"
    assert [signed_content(whole[:end]) for end in range(40)] == [None] * 40
    assert signed_content(b"\x30\x80" * 100_000) is None


def packed(*named: tuple[str, str, bytes]) -> bytes:
    """What Outlook makes of files: the title of eight letters, the long name and the bytes of each."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    for title, name, content in named:
        wide = name.encode("utf-16-le") + b"\0\0"
        text = struct.pack("<III", 0x3707001F, 1, len(wide)) + wide + b"\0" * (-len(wide) % 4)
        properties = struct.pack("<IIi", 2, 0x370B0003, -1) + text
        for attribute, value in (
            (0x00069002, b"\0" * 14),
            (0x00018010, title.encode() + b"\0"),
            (0x0006800F, content),
            (0x00069005, properties),
        ):
            out += (
                struct.pack("<BII", 2, attribute, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)
            )
    return out


def test_files_that_outlook_packed_are_unpacked_and_doubted_like_others() -> None:
    winmail = packed(("FACTUR~1.PDF", "Factura de año.pdf", b"%PDF-1.4"), ("A.EXE", "../a.exe", b"MZ"))
    raw = HEAD + b'Content-Type: application/ms-tnef; name="winmail.dat"\r\n\r\n' + winmail
    expected = [("winmail.dat", "packed"), ("Factura de año.pdf", None), ("a.exe", "runs_code")]
    assert files(raw) == expected
    assert files(raw.replace(b"application/ms-tnef", b"application/octet-stream")) == expected
    assert parse(raw).attachments[1].content == b"%PDF-1.4"
    assert parse(raw).attachments[1].media_type == "application/pdf"


def test_a_mail_enclosed_in_a_pack_is_unpacked_to_a_bound() -> None:
    inner = packed(("A.TXT", "a.txt", b"hola"))
    assert [one.name for one in files_in(packed(("M", "m", inner)))] == ["a.txt"]
    for _ in range(6):
        inner = packed(("M", "m", inner))
    assert [one.name for one in files_in(inner)] == ["m"]


def test_damaged_packs_give_what_is_whole_and_never_an_error() -> None:
    whole = packed(("A", "a.txt", b"hola"), ("B", "b.txt", b"y"))
    assert [one.name for one in files_in(whole)] == ["a.txt", "b.txt"]
    seeded = random.Random(7)
    for _ in range(500):
        damaged = bytearray(whole)
        for _byte in range(4):
            damaged[seeded.randrange(len(whole))] = seeded.randrange(256)
        assert len(files_in(bytes(damaged[: seeded.randrange(len(whole))]))) <= 2
