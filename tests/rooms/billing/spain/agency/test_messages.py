"""What is asked of the agency and what it answers, against its schemas and its double; no network."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from ecuanime.billing.packs.es.agency.consultations import consultation, months_of, read_held
from ecuanime.billing.packs.es.agency.names import SOAP, Unreadable
from ecuanime.billing.packs.es.agency.submissions import (
    MOST_RECORDS,
    Faulted,
    Line,
    RecordId,
    State,
    matched,
    read_answer,
    record_id,
    submission,
)
from tests.agency import Agency, fault
from tests.rooms.billing.spain.agency.records import ISSUER, cancellation, registration
from tests.schemas import faults, needs_schemas

FIRST = RecordId("B12345674", "F-2026-0001", "30-11-2026")


def body(message: bytes) -> Any:
    return etree.fromstring(message).find(f"{{{SOAP}}}Body")[0]


def answered(agency: Agency, *records: bytes) -> list[Line]:
    """What the double says of records in one message."""
    status, content = agency.answer(submission(ISSUER, records))
    assert status == 200
    return matched([record_id(each) for each in records], read_answer(content).lines)


def test_the_records_go_as_they_are_stored_and_in_their_order() -> None:
    records = [registration("F-2026-0002"), cancellation(), registration("F-2026-0003")]
    sent = [row[0] for row in body(submission(ISSUER, records)).findall("{*}RegistroFactura")]
    assert [etree.tostring(each, method="c14n", exclusive=True) for each in sent] == [
        etree.tostring(etree.fromstring(each), method="c14n", exclusive=True) for each in records
    ]


@needs_schemas
@pytest.mark.parametrize("is_late", [False, True])
def test_a_message_is_as_the_official_schema_has_it(is_late: bool) -> None:
    message = submission(ISSUER, [registration(), cancellation()], is_late=is_late)
    assert faults("SuministroLR.xsd", body(message)) == []
    assert (b"<sf:Incidencia>S<" in message) is is_late


@needs_schemas
def test_the_schema_refuses_what_is_wrong() -> None:
    broken = submission(ISSUER, [registration().replace(b"<sf:TipoHuella>01", b"<sf:TipoHuella>02")])
    assert faults("SuministroLR.xsd", body(broken))


@needs_schemas
def test_a_consultation_is_as_the_official_schema_has_it() -> None:
    asked = consultation(ISSUER, year="2026", month="11", number="F-2026-0001")
    assert faults("ConsultaLR.xsd", body(asked)) == []


@pytest.mark.parametrize("count", [0, MOST_RECORDS + 1])
def test_no_message_is_empty_or_longer_than_the_schema_allows(count: int) -> None:
    with pytest.raises(ValueError, match="records"):
        submission(ISSUER, [registration()] * count)


def test_a_record_names_its_invoice_whatever_it_does() -> None:
    assert record_id(registration()) == FIRST
    assert record_id(cancellation()) == RecordId("B12345674", "F-2026-0001", "30-11-2026", True)
    with pytest.raises(Unreadable):
        record_id(b"<other/>")


def test_accepted_with_errors_refused_and_duplicate_are_told_apart() -> None:
    agency = Agency(
        refuses={"F-2026-0002": (1100, "Valor incorrecto")}, objects_to={"F-2026-0003": (2000, "Huella")}
    )
    numbers = ("F-2026-0001", "F-2026-0002", "F-2026-0003")
    lines = answered(agency, *(registration(number) for number in numbers))
    assert [(line.state, line.code) for line in lines] == [
        (State.ACCEPTED, None),
        (State.REJECTED, 1100),
        (State.WITH_ERRORS, 2000),
    ]
    again = answered(agency, registration("F-2026-0003"))[0]
    assert (again.is_duplicate, again.holds) == (True, "AceptadaConErrores")
    assert not lines[1].is_duplicate


def test_a_cancellation_twice_is_a_duplicate_too() -> None:
    agency = Agency()
    assert [line.state for line in answered(agency, registration(), cancellation())] == [State.ACCEPTED] * 2
    lines = answered(agency, registration(), cancellation())
    assert [(line.code, line.holds, line.is_duplicate) for line in lines] == [
        (3000, "Anulada", True),
        (3001, "Anulada", True),
    ]


def test_the_answer_carries_the_receipt_and_the_wait() -> None:
    answer = read_answer(Agency(wait_seconds=75).answer(submission(ISSUER, [registration()]))[1])
    assert (answer.csv, answer.wait_seconds) == ("A-000000000000001", 75)
    refused = Agency(refuses={"F-2026-0001": (1100, "no")}).answer(submission(ISSUER, [registration()]))[1]
    assert read_answer(refused).csv == ""


def test_lines_in_another_order_are_matched_to_their_records() -> None:
    agency = Agency(refuses={"F-2026-0002": (1100, "no")})
    records = [registration(), registration("F-2026-0002"), cancellation()]
    lines = read_answer(agency.answer(submission(ISSUER, records))[1]).lines
    ids = [record_id(each) for each in records]
    assert matched(ids, lines[::-1]) == list(lines)


@pytest.mark.parametrize("kept", [slice(0, 1), slice(0, 0)])
def test_an_answer_without_a_line_for_each_record_says_nothing(kept: slice) -> None:
    records = [registration(), registration("F-2026-0002")]
    lines = read_answer(Agency().answer(submission(ISSUER, records))[1]).lines
    with pytest.raises(Unreadable):
        matched([record_id(each) for each in records], lines[kept])
    with pytest.raises(Unreadable):
        matched([FIRST, FIRST], lines)


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_fault_says_whose_it_is(is_ours: bool) -> None:
    with pytest.raises(Faulted, match="4102") as raised:
        read_answer(fault("Codigo[4102].El XML no cumple el esquema.", is_ours=is_ours))
    assert raised.value.is_ours is is_ours


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>welcome</html>",
        b"<broken",
        b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        f'<e:Envelope xmlns:e="{SOAP}"><e:Body/></e:Envelope>'.encode(),
    ],
)
def test_what_is_no_answer_is_not_taken_for_one(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_answer(content)


def test_an_unknown_state_is_not_taken_for_one() -> None:
    content = Agency().answer(submission(ISSUER, [registration()]))[1]
    with pytest.raises(Unreadable, match="Quizás"):
        read_answer(content.replace(b"EstadoRegistro>Correcto", "EstadoRegistro>Quizás".encode()))


def test_what_the_agency_holds_is_read_with_its_hash() -> None:
    agency = Agency()
    agency.answer(submission(ISSUER, [registration(huella="C" * 64)]))
    asked = consultation(ISSUER, year="2026", month="11", number="F-2026-0001")
    [held] = read_held(agency.answer(asked)[1])
    assert (held.record, held.state, held.huella) == (FIRST, "Correcto", "C" * 64)
    assert (
        read_held(agency.answer(consultation(ISSUER, year="2026", month="10", number="F-2026-0001"))[1]) == []
    )


def test_a_record_is_looked_for_in_the_month_of_its_operation_and_in_that_of_its_issue() -> None:
    with_operation = registration().replace(
        b"<sf:DescripcionOperacion>",
        b"<sf:FechaOperacion>31-10-2026</sf:FechaOperacion><sf:DescripcionOperacion>",
    )
    assert months_of(with_operation) == [("2026", "10"), ("2026", "11")]
    assert months_of(cancellation()) == [("2026", "11")]
