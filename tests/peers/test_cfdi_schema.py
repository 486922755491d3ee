"""Every kind of CFDI that we seal is valid by the SAT's own schema, and its original string is that of the SAT's sheet.

Both come with the package satcfdi: see tests/cfdi_schema.py.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from lxml import etree

from ecuanime.billing.packs.mx import catalogues
from ecuanime.billing.packs.mx.cfdi import (
    Concept,
    Csd,
    Document,
    Issuer,
    PaidDocument,
    PaidTax,
    Receipt,
    Receiver,
    Related,
    TaxPart,
    micros_of,
    original_string,
    sealed,
    sealed_receipt,
)
from ecuanime.billing.packs.mx.concepts import ACTIVITY, ADVANCE_PRODUCT, HOUR, PIECE, SERVICE
from ecuanime.billing.packs.mx.mapping import ADVANCE_USED, CREDIT_OF
from tests.cfdi_schema import catalogue, needs_satcfdi, official_string, schema_faults
from tests.csd import CSD_NUMBER, CSD_PASSWORD, csd_files

pytestmark = needs_satcfdi

UUID = "5FB2822E-396D-4725-8521-CDC4BDD20CCF"


def part(rate: str, base: int, tax: str = "002") -> TaxPart:
    return TaxPart(tax, Decimal(rate), base, micros_of(Decimal(rate), [base])[0])


WORK = Concept(
    "81111811",
    "HUR",
    Decimal("1.666667"),
    Decimal("950.005"),
    158_334,
    "Soporte | técnico  & «ñ»",
    1000,
    (part("0.16", 157_334),),
)
WITHHELD = replace(WORK, withheld=(part("0.1", 157_334, "001"), part("0.106667", 157_334)))
EXEMPT = Concept(
    "86101705", "E48", Decimal(1), Decimal(200), 20_000, "Curso", 0, (TaxPart("002", None, 20_000),)
)
FREE = Concept("43211500", "H87", Decimal(2), Decimal(100), 20_000, "Ratón", 20_000, subject="01")
DOCUMENT = Document(
    "I",
    "F-2026",
    "0188",
    datetime(2026, 11, 28, 10),
    "MXN",
    "06500",
    Issuer("EKU9003173C9", "ESCUELA KEMPER URGATE", "601"),
    Receiver("URE180429TM6", "UNIVERSIDAD ROBOTICA ESPAÑOLA", "86991", "601", "G03"),
    (WORK,),
    "99",
    "PPD",
)


def documents() -> Iterator[Document]:
    yield DOCUMENT
    yield replace(DOCUMENT, concepts=(WORK, EXEMPT, FREE), form="03", method="PUE")
    yield replace(DOCUMENT, concepts=(WITHHELD,), issuer=Issuer("JUFA7608212V6", "ADRIANA", "612"))
    yield replace(DOCUMENT, concepts=(EXEMPT,))
    yield replace(DOCUMENT, concepts=(FREE, replace(WORK, charged=(part("0", 157_334),))))
    yield replace(DOCUMENT, currency="USD", rate=Decimal("18.4523"))
    yield replace(DOCUMENT, receiver=Receiver("XEXX010101000", "CLIENT LTD", "06500", "616", "S01"))
    yield replace(DOCUMENT, kind="E", form="17", method="PUE", related=(Related("01", (UUID,)),))
    yield replace(DOCUMENT, related=(Related("04", (UUID,)), Related("07", (UUID, UUID))))


@pytest.fixture(scope="module")
def csd() -> Csd:
    files = csd_files()
    key = load_der_private_key(files.key, CSD_PASSWORD.encode())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return Csd(CSD_NUMBER, b64encode(files.certificate).decode(), pem)


@pytest.mark.parametrize("document", [*documents()])
def test_every_kind_of_document_is_valid(document: Document, csd: Csd) -> None:
    xml = sealed(document, csd)
    assert schema_faults(xml) == []
    assert original_string(etree.fromstring(xml)) == official_string(xml)


def receipts() -> Iterator[Receipt]:
    whole = (PaidTax("002", Decimal("0.16"), Decimal("1573.34")),)
    paid = PaidDocument(UUID, "F-2026", "0188", 1, 182_507, 182_507, whole)
    receipt = Receipt(
        "CP",
        "F-2026-0188-1",
        datetime(2026, 12, 2, 9),
        "06500",
        DOCUMENT.issuer,
        replace(DOCUMENT.receiver, use="CP01"),
        datetime(2026, 12, 1, 12),
        "03",
        "MXN",
        Decimal(1),
        paid,
        "TRF 77",
    )
    yield receipt
    held = (
        PaidTax("001", Decimal("0.1"), Decimal("524.446667")),
        PaidTax("002", Decimal("0.106667"), Decimal("524.446667")),
    )
    other = (
        PaidTax("002", Decimal("0.16"), Decimal("524.446667")),
        PaidTax("002", None, Decimal("66.666667")),
        PaidTax("002", Decimal(0), Decimal("1.5")),
    )
    yield replace(
        receipt,
        document=replace(paid, instalment=2, paid=60_000, charged=other, withheld=held),
        currency="USD",
        rate=Decimal("18.4523"),
        reference="",
    )
    yield replace(receipt, document=replace(paid, charged=()))


@pytest.mark.parametrize("receipt", [*receipts()])
def test_every_kind_of_payment_is_valid(receipt: Receipt, csd: Csd) -> None:
    xml = sealed_receipt(receipt, csd)
    assert schema_faults(xml) == []
    assert original_string(etree.fromstring(xml)) == official_string(xml)


def test_the_schema_would_find_what_is_wrong(csd: Csd) -> None:
    """The control."""
    xml = sealed(DOCUMENT, csd)
    assert schema_faults(xml.replace(b'UsoCFDI="G03"', b'UsoCFDI="X99"'))
    assert schema_faults(xml.replace(b'MetodoPago="PPD"', b'MetodoPago="PDP"'))


def test_our_keys_are_in_the_official_catalogues() -> None:
    known = {
        "c_RegimenFiscal": catalogues.REGIMES,
        "c_UsoCFDI": (*catalogues.USES, catalogues.OF_CREDITS, catalogues.NO_EFFECTS, catalogues.OF_PAYMENTS),
        "c_FormaPago": (*catalogues.FORMS, catalogues.TO_BE_KNOWN),
        "c_MetodoPago": catalogues.METHODS,
        "c_TipoRelacion": (CREDIT_OF, ADVANCE_USED),
        "c_ClaveProdServ": (ADVANCE_PRODUCT, "81111811", "43211500"),
        "c_ClaveUnidad": (HOUR, SERVICE, PIECE, ACTIVITY),
    }
    for name, keys in known.items():
        assert not set(keys) - catalogue(name), name
