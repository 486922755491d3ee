"""Facturae by its official schema, and a signature that a verifier accepts and a change breaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.xades import XAdESSignatureConfiguration, XAdESVerifier

from ecuanime.billing.einvoice.facturae import as_facturae, facturae_faults, signed_facturae
from ecuanime.billing.einvoice.facturae.signing import POLICY
from ecuanime.billing.einvoice.values import (
    Allowance,
    AtHome,
    Earlier,
    Kind,
    Offices,
    Party,
    TaxCurrency,
    Withholding,
)
from ecuanime.foundation.errors import Refused
from tests.rooms.billing.einvoice.test_faults import AE, BUYER, PLAIN, SELLER, TAX
from tests.schemas import faults, needs_schemas

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
HOME = replace(
    PLAIN,
    seller=replace(SELLER, street="Calle Mayor, 1", postcode="33201", email="hola@nodo.example"),
    buyer=replace(BUYER, street="Rúa Nova, 2", postcode="27001"),
    iban="ES9121000418450200051332",
)
ITEM = HOME.items[0]
OFFICES = Offices(accounting="L01270280", managing="L01270281", processing="L01270282")
HELD = Withholding(rate=Decimal(15), base=Decimal("100.00"), amount=Decimal("15.00"))
ABROAD = Party(
    name="Rossi", tax_id="IT00743110157", vat_id="IT00743110157", street="Via 1", city="Roma", country="IT"
)
OFF = Allowance(amount=Decimal("10.00"), reason="Descuento", category="S", rate=Decimal(21))
IN_EUROS = TaxCurrency(
    code="EUR",
    rate=Decimal("0.92000000"),
    rated_on=date(2026, 11, 27),
    tax=Decimal("19.32"),
    total=Decimal("111.32"),
    withheld=Decimal("13.80"),
)
IN_DOLLARS = {
    "currency": "USD",
    "tax_currency": IN_EUROS,
    "taxes": (replace(TAX, at_home=AtHome(base=Decimal("92.00"), amount=Decimal("19.32"))),),
    "withholdings": (replace(HELD, at_home=AtHome(base=Decimal("92.00"), amount=Decimal("13.80"))),),
}
CHANGES: dict[str, dict[str, Any]] = {
    "plain": {},
    "withheld": {"withholdings": (HELD,)},
    "administration": {"buyer": replace(HOME.buyer, offices=OFFICES)},
    "natural person": {"seller": replace(HOME.seller, name="Adela Ruiz Soto", tax_id="12345678Z")},
    "abroad": {"buyer": ABROAD, "taxes": (replace(AE, reason="Inversión del sujeto pasivo"),)},
    "surcharge": {"taxes": (replace(TAX, surcharge_rate=Decimal("5.2"), surcharge=Decimal("5.20")),)},
    "minutes": {
        "items": (replace(ITEM, quantity=Decimal(50), unit="MIN", price=Decimal(44), per=Decimal(60)),)
    },
    "less": {"items": (replace(ITEM, allowance=Decimal("3.70"), allowance_percent=Decimal(10)),)},
    "document discount": {"allowances": (OFF,)},
    "exempt": {
        "items": (replace(ITEM, category="E", rate=Decimal(0)),),
        "taxes": (replace(AE, category="E", reason="Artículo 20.Uno.9.º"),),
    },
    "dollars": IN_DOLLARS,
    "dollars back": IN_DOLLARS
    | {
        "kind": Kind.CREDIT_NOTE,
        "earlier": (Earlier(number="F-2026-0001", issued_on=date(2026, 11, 1)),),
        "reason": "Doble",
        "iban": "",
    },
    "period": {"first_day": date(2026, 11, 1), "last_day": date(2026, 11, 30)},
    "credit note": {
        "kind": Kind.CREDIT_NOTE,
        "earlier": (Earlier(number="F-2026-0001", issued_on=date(2026, 11, 1)),),
        "reason": "Doble",
        "iban": "",
    },
}


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def certificate(key: rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Nodo Alisio")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(NOW - timedelta(days=1)).not_valid_after(NOW + timedelta(days=1))
    return builder.sign(key, hashes.SHA256())


def verified(signed: bytes, certificate: x509.Certificate) -> object:
    then = XAdESSignatureConfiguration(verification_time=NOW)
    return XAdESVerifier().verify(
        signed, x509_cert=certificate, expect_signature_policy=POLICY, expect_config=then
    )


def objections(xml: bytes) -> list[str]:
    return faults("Facturaev3_2_2.xsd", etree.fromstring(xml), "facturae")


@pytest.fixture(scope="module")
def signing(key: rsa.RSAPrivateKey, certificate: x509.Certificate) -> dict[str, str]:
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {"pem": certificate.public_bytes(Encoding.PEM).decode(), "key_pem": secret.decode()}


@needs_schemas
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_official_schema_objects_to_nothing(change: dict[str, Any]) -> None:
    values = replace(HOME, **change)
    assert facturae_faults(values) == []

    assert objections(as_facturae(values)) == []


def test_what_is_withheld_is_taken_off_what_is_paid() -> None:
    root = etree.fromstring(as_facturae(replace(HOME, withholdings=(HELD,))))

    figures = {
        name: root.findtext(f".//InvoiceTotals/{name}") for name in ("TotalTaxesWithheld", "InvoiceTotal")
    }
    assert figures == {"TotalTaxesWithheld": "15.00", "InvoiceTotal": "106.00"}
    assert root.findtext(".//TaxesWithheld/Tax/TaxTypeCode") == "04"
    assert root.findtext(".//Installment/InstallmentAmount") == "106.00"


def test_the_three_offices_are_named_by_their_roles() -> None:
    root = etree.fromstring(as_facturae(replace(HOME, **CHANGES["administration"])))

    centres = [
        [each.findtext("RoleTypeCode"), each.findtext("CentreCode")]
        for each in root.iter("AdministrativeCentre")
    ]
    assert centres == [["01", "L01270280"], ["02", "L01270281"], ["03", "L01270282"]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"currency": "USD"}, "not in euros"),
        ({"currency": "USD", "tax_currency": replace(IN_EUROS, code="MXN")}, "not in euros"),
        ({"number": "F" * 21}, "20 characters"),
        ({"buyer": replace(HOME.buyer, postcode="270")}, "the client's postcode"),
        ({"seller": replace(HOME.seller, tax_id="")}, "your firm's tax id"),
        ({"kind": Kind.CREDIT_NOTE}, "corrects one invoice"),
    ],
)
def test_each_reason_is_said(change: dict[str, Any], words: str) -> None:
    assert any(words in fault for fault in facturae_faults(replace(HOME, **change)))


def test_the_signature_holds_and_names_the_policy(
    signing: dict[str, str], certificate: x509.Certificate
) -> None:
    signed = signed_facturae(as_facturae(HOME), **signing, now=NOW)

    assert objections(signed) == []
    assert verified(signed, certificate)
    words = signed.decode()
    assert "<xades:SigningTime>2026-11-30T12:00:00+00:00</xades:SigningTime>" in words
    assert "<xades:ClaimedRole>emisor</xades:ClaimedRole>" in words


def test_a_change_breaks_the_signature(signing: dict[str, str], certificate: x509.Certificate) -> None:
    signed = signed_facturae(as_facturae(HOME), **signing, now=NOW)

    with pytest.raises(Exception, match=r"(?i)digest"):
        verified(signed.replace(b">121.00<", b">122.00<"), certificate)


def test_an_expired_certificate_signs_nothing(signing: dict[str, str]) -> None:
    with pytest.raises(Refused, match="not valid"):
        signed_facturae(as_facturae(HOME), **signing, now=NOW + timedelta(days=2))
