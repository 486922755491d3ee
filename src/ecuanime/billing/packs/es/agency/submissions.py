"""Submitting records: the message, and what the agency answers for each of them."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ecuanime.billing.packs.es.agency.names import (
    ANSWER,
    SF,
    SOAP,
    SUBMIT,
    Unreadable,
    add,
    enveloped,
    parse,
    text_at,
    written,
)

MOST_RECORDS = 1000
"""In one message: SuministroLR.xsd, RegistroFactura."""
DUPLICATE, CANCELLED_BEFORE = 3000, 3001
"""The agency's codes for what it holds already: an invoice's record, and its cancellation."""


class State(StrEnum):
    """What the agency says of a record: EstadoRegistroType."""

    ACCEPTED = "Correcto"
    WITH_ERRORS = "AceptadoConErrores"
    REJECTED = "Incorrecto"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who must issue the invoices: the name and NIF under which the agency knows them."""

    name: str
    nif: str


@dataclass(frozen=True, slots=True)
class RecordId:
    """Which record of which invoice, as both the record and the agency's answer name it; the date is dd-mm-yyyy."""

    nif: str
    number: str
    issued_on: str
    is_cancellation: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """The answer for one record. `holds` is the state in which the agency holds it already, when it says so."""

    record: RecordId
    state: State
    code: int | None = None
    words: str = ""
    holds: str = ""

    @property
    def is_duplicate(self) -> bool:
        """Whether it was refused only because the agency has it."""
        return self.state == State.REJECTED and self.code in (DUPLICATE, CANCELLED_BEFORE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the agency says of a message; `csv` is its receipt, which a message rejected as a whole has not."""

    csv: str
    wait_seconds: int
    lines: tuple[Line, ...]


class Faulted(Exception):
    """The agency took nothing of the message. `is_ours` when the message or its sender is at fault, not the service."""

    def __init__(self, words: str, *, is_ours: bool) -> None:
        super().__init__(words)
        self.words = words
        self.is_ours = is_ours


def submission(issuer: Issuer, records: Sequence[bytes], *, is_late: bool = False) -> bytes:
    """The message with these records as they are stored, in their order; at most 1000.

    `is_late` says that an incident kept them from being sent at once (Orden HAC/1177/2024, art. 16.4).
    """
    if not 0 < len(records) <= MOST_RECORDS:
        raise ValueError(f"{len(records)} records")
    envelope, request = enveloped(SUBMIT, "RegFactuSistemaFacturacion")
    header = add(request, SUBMIT, "Cabecera")
    obliged = add(header, SF, "ObligadoEmision")
    add(obliged, SF, "NombreRazon", issuer.name)
    add(obliged, SF, "NIF", issuer.nif)
    if is_late:
        add(add(header, SF, "RemisionVoluntaria"), SF, "Incidencia", "S")
    for record in records:
        add(request, SUBMIT, "RegistroFactura").append(parse(record))
    return written(envelope)


def record_id(record: bytes) -> RecordId:
    """What names a stored record. Raises `Unreadable`."""
    root = parse(record)
    suffix = {f"{{{SF}}}RegistroAlta": "", f"{{{SF}}}RegistroAnulacion": "Anulada"}.get(root.tag)
    if suffix is None:
        raise Unreadable("no record")
    return named(root.find(f"{{{SF}}}IDFactura"), suffix, is_cancellation=bool(suffix))


def body_of(content: bytes, namespace: str, name: str) -> Any:
    """The one element of an answer's SOAP body that was asked for. Raises `Faulted` and `Unreadable`."""
    body = parse(content).find(f"{{{SOAP}}}Body")
    if body is None:
        raise Unreadable("no SOAP")
    fault = body.find(f"{{{SOAP}}}Fault")
    if fault is not None:
        is_ours = text_at(fault, "faultcode").rpartition(":")[2].lower() == "client"
        raise Faulted(text_at(fault, "faultstring"), is_ours=is_ours)
    found = body.find(f"{{{namespace}}}{name}")
    if found is None:
        raise Unreadable("another answer")
    return found


def read_answer(content: bytes) -> Answer:
    """The answer to a submission. Raises `Faulted` and `Unreadable`."""
    answer = body_of(content, ANSWER, "RespuestaRegFactuSistemaFacturacion")
    lines = answer.findall(f"{{{ANSWER}}}RespuestaLinea")
    wait = text_at(answer, "sfR:TiempoEsperaEnvio")
    return Answer(
        csv=text_at(answer, "sfR:CSV"),
        wait_seconds=int(wait) if wait.isascii() and wait.isdigit() else 0,
        lines=tuple(_line(line) for line in lines),
    )


def matched(records: Sequence[RecordId], lines: Sequence[Line]) -> list[Line]:
    """The line of each record, in the records' order; equal ones in the order in which they were sent.

    Raises `Unreadable` when one has none: then nothing of the answer is known for sure.
    """
    waiting: dict[RecordId, deque[Line]] = defaultdict(deque)
    for line in lines:
        waiting[line.record].append(line)
    if len(records) != len(lines):
        raise Unreadable("not a line for each record")
    try:
        return [waiting[record].popleft() for record in records]
    except IndexError as error:
        raise Unreadable("not a line for each record") from error


def _line(line: Any) -> Line:
    state, code = text_at(line, "sfR:EstadoRegistro"), text_at(line, "sfR:CodigoErrorRegistro")
    if state not in list(State):
        raise Unreadable(f"the state {state!r}")
    operation = text_at(line, "sfR:Operacion/sf:TipoOperacion")
    return Line(
        record=named(line.find(f"{{{ANSWER}}}IDFactura"), is_cancellation=operation == "Anulacion"),
        state=State(state),
        code=int(code) if code.isascii() and code.isdigit() else None,
        words=text_at(line, "sfR:DescripcionErrorRegistro"),
        holds=text_at(line, "sfR:RegistroDuplicado/sf:EstadoRegistroDuplicado"),
    )


def named(place: Any, suffix: str = "", *, is_cancellation: bool = False) -> RecordId:
    """The invoice that an element names; `suffix` ends the names of its parts. Raises `Unreadable`."""
    if place is None:
        raise Unreadable("no invoice")
    return RecordId(
        nif=text_at(place, f"sf:IDEmisorFactura{suffix}"),
        number=text_at(place, f"sf:NumSerieFactura{suffix}"),
        issued_on=text_at(place, f"sf:FechaExpedicionFactura{suffix}"),
        is_cancellation=is_cancellation,
    )
