"""The fingerprint and the text of Spain's records: the agency's own examples, and what a value may look like."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from ecuanime.billing.packs.es.verifactu import (
    Cancellation,
    Detail,
    InvoiceId,
    InvoiceType,
    Link,
    Recipient,
    Record,
    Registration,
    System,
    VerificationHost,
    amount_text,
    faults_of,
    qr_address,
    read_record,
    sealed,
    xml_of,
)
from tests.rules.examples import Row, cents, rows

SYSTEM = System("Productora, S. L.", "B00000018", "Ecuánime", "EC", "1.0", "INSTALACION-1")
RECORD = Registration(
    invoice=InvoiceId("89890001K", "F-2026-0001", date(2026, 11, 30)),
    issuer_name="Nodo Alisio, S. L.",
    type=InvoiceType.FULL,
    description="Soporte de noviembre",
    details=(Detail("S1", 10000, Decimal(21), 2100),),
    quota_total=2100,
    total=12100,
    previous=None,
    system=SYSTEM,
    generated_at=datetime.fromisoformat("2026-11-30T19:00:00+01:00"),
    recipients=(Recipient("Cliente, S. A.", nif="A58818501"),),
)
VECTORS = rows(
    "fiscal-chain",
    "record",
    "issuer",
    "number",
    "date",
    "kind",
    "tax",
    "total",
    "follows",
    "at",
    "fingerprint",
)


def day(text: str) -> date:
    return datetime.strptime(text, "%d-%m-%Y").date()  # noqa: DTZ007  # a date has no zone


def record_of(row: Row) -> Record:
    """The record of a row of the page, with the one before it."""
    before = next((each for each in VECTORS if each["record"] == row["follows"]), None)
    link = before and Link(
        InvoiceId(before["issuer"], before["number"], day(before["date"])), before["fingerprint"]
    )
    invoice = InvoiceId(row["issuer"], row["number"], day(row["date"]))
    at = datetime.fromisoformat(row["at"])
    if not row["kind"]:
        return Cancellation(invoice, link or None, SYSTEM, at)
    return replace(
        RECORD,
        invoice=invoice,
        type=InvoiceType(row["kind"]),
        quota_total=cents(row["tax"]),
        total=cents(row["total"]),
        previous=link or None,
        generated_at=at,
    )


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: row["record"])
def test_the_agency_s_own_fingerprints_are_reproduced(row: Row) -> None:
    record = sealed(record_of(row))

    assert record.huella == row["fingerprint"]
    assert read_record(xml_of(record)).computed == row["fingerprint"]


def test_an_inner_space_changes_the_fingerprint_and_outer_ones_do_not() -> None:
    def of(serial: str) -> str:
        return sealed(replace(RECORD, invoice=replace(RECORD.invoice, serial=serial))).huella

    assert of("F 1") != of("F1")
    assert of(" F1 ") == of("F1")


@pytest.mark.parametrize(
    ("amount", "text"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (12345, "123.45"), (-121000, "-1210.00")]
)
def test_amounts_have_two_decimals_always(amount: int, text: str) -> None:
    assert amount_text(amount) == text


def test_the_qr_is_the_agency_s_example() -> None:
    address = qr_address("89890001K", "12345678&G33", date(2024, 1, 1), "241.4", VerificationHost.TEST)

    assert address == (
        "https://prewww2.aeat.es/wlpl/TIKE-CONT/ValidarQR"
        "?nif=89890001K&numserie=12345678%26G33&fecha=01-01-2024&importe=241.4"
    )


def test_a_sound_record_has_no_fault() -> None:
    assert faults_of(RECORD) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"nif": "B0000001"}, "nif"),
        ({"nif": "B00000011"}, "nif"),
        ({"nif": "B 0000001"}, "nif"),
        ({"serial": ""}, "serial_empty"),
        ({"serial": "F" * 61}, "serial_long"),
        ({"serial": "F 2026/1"}, "serial_space"),
        ({"serial": "Ñ-1"}, "serial_characters"),
        ({"issued_on": date(2024, 10, 27)}, "date_early"),
        ({"issued_on": date(2026, 12, 1)}, "date_future"),
    ],
)
def test_what_names_the_invoice_is_checked(changes: dict[str, object], code: str) -> None:
    wrong = replace(RECORD, invoice=replace(RECORD.invoice, **changes))  # type: ignore[arg-type]

    assert [fault.code for fault in faults_of(wrong)] == [code]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"recipients": ()}, "recipient_missing"),
        ({"recipients": (Recipient("Cliente", nif="A 5881850"),)}, "recipient_nif"),
        ({"type": InvoiceType.ERROR_IN_LAW}, "correction_missing"),
        ({"description": " "}, "description"),
        ({"details": ()}, "details"),
        ({"details": (Detail("S1", 12100),), "quota_total": 0}, "rate_missing"),
        ({"details": (Detail("N2", 10000, Decimal(21), 2100),)}, "rate_unasked"),
        ({"details": (Detail("S1", 10000, Decimal(21), 2100, regime="08"),)}, "regime"),
        ({"total": 12101}, "totals"),
        ({"operation_on": date(2026, 12, 1)}, "operation_future"),
        ({"system": replace(SYSTEM, producer_nif="")}, "system"),
    ],
)
def test_what_the_agency_would_refuse_is_named(changes: dict[str, object], code: str) -> None:
    assert code in [fault.code for fault in faults_of(replace(RECORD, **changes))]  # type: ignore[arg-type]


def test_a_changed_record_no_longer_gives_its_fingerprint() -> None:
    xml = xml_of(sealed(RECORD))

    read = read_record(xml.replace("121.00", "12.10"))

    assert read.computed != read.huella
    with pytest.raises(ValueError, match="not a record"):
        read_record("<RegistroAlta/>x")
