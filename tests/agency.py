"""A double of the tax agency's service on this machine, which speaks its WSDL over TLS and asks for a certificate.

It keeps what it takes as the agency does: an invoice once, a cancellation once, amendments over what is there. What
it is asked and answers is held against the official schemas where they are at hand. `plan` says what is done to the
next requests, one each; `refuses` and `objects_to` what it thinks of single invoices.
"""

from __future__ import annotations

import ssl
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from lxml import etree

from ecuanime.billing.packs.es.agency.names import (
    ANSWER,
    ASK,
    FOUND,
    SF,
    SOAP,
    SUBMIT,
    add,
    enveloped,
    written,
)
from tests.certificates import authority, server
from tests.schemas import faults
from tests.serving import Reply, served

Key = tuple[str, str, str]
NAMES = {"sf": SF, "sfLR": SUBMIT, "sfLRC": ASK}


@dataclass
class Kept:
    """What the agency holds of an invoice."""

    state: str
    huella: str


@dataclass
class Agency:
    """The double. `taken` are the hashes of the records it took, in order; `plan` may hold `slow` (takes the message
    and answers too late), `503`, `drop` (hangs up unread), `fault` (the message's), `server_fault` and `garbage`."""

    wait_seconds: int = 60
    slow_seconds: float = 1.5
    plan: deque[str] = field(default_factory=deque)
    refuses: dict[str, tuple[int, str]] = field(default_factory=dict)
    objects_to: dict[str, tuple[int, str]] = field(default_factory=dict)
    kept: dict[Key, Kept] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    seen_certificates: list[str] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    fault_words: str = "Codigo[4102].El XML no cumple el esquema."
    url: str = ""
    is_away: bool = False
    _lock: Lock = field(default_factory=Lock)

    def answer(self, content: bytes) -> tuple[int, bytes]:
        """Status and body for one request."""
        with self._lock:
            self.messages.append(content)
            todo = self.plan.popleft() if self.plan else ""
            if todo in ("503", "garbage"):
                return (503, b"<html>") if todo == "503" else (200, b"<html>welcome</html>")
            if todo in ("fault", "server_fault"):
                return 500, fault(self.fault_words, is_ours=todo == "fault")
            if any(f"TipoHuella><sf:Huella>{huella}".encode() in content for huella in self.unreadable):
                return 500, fault(self.fault_words, is_ours=True)
            status, body = self._understood(content)
        if todo == "slow":
            time.sleep(self.slow_seconds)
        return status, body

    def _understood(self, content: bytes) -> tuple[int, bytes]:
        request = etree.fromstring(content).find(f"{{{SOAP}}}Body")[0]
        is_submission = request.tag == f"{{{SUBMIT}}}RegFactuSistemaFacturacion"
        wrong = faults("SuministroLR.xsd" if is_submission else "ConsultaLR.xsd", request)
        if wrong:
            return 500, fault(f"Codigo[4102].El XML no cumple el esquema. {wrong[0]}", is_ours=True)
        answer = self._submitted(request) if is_submission else self._asked(request)
        body = answer.find(f"{{{SOAP}}}Body")[0]
        assert not faults("RespuestaSuministro.xsd" if is_submission else "RespuestaConsultaLR.xsd", body)
        return 200, written(answer)

    def _submitted(self, request: Any) -> Any:
        envelope, answer = enveloped(ANSWER, "RespuestaRegFactuSistemaFacturacion")
        judged = [(row[0], self._judged(row[0])) for row in request.findall("sfLR:RegistroFactura", NAMES)]
        refused = [state == "Incorrecto" for _record, (state, *_why) in judged]
        if not all(refused):
            add(answer, ANSWER, "CSV", f"A-{len(self.messages):015}")
            presented = add(answer, ANSWER, "DatosPresentacion")
            add(presented, SF, "NIFPresentador", "B12345674")
            add(presented, SF, "TimestampPresentacion", "2026-11-30T19:00:00+01:00")
        header = add(answer, ANSWER, "Cabecera")
        header.extend(request.find("sfLR:Cabecera", NAMES))
        add(answer, ANSWER, "TiempoEsperaEnvio", str(self.wait_seconds))
        whole = "Incorrecto" if all(refused) else "ParcialmenteCorrecto" if any(refused) else "Correcto"
        add(answer, ANSWER, "EstadoEnvio", whole)
        for record, verdict in judged:
            _line(answer, record, *verdict)
        return envelope

    def _judged(self, record: Any) -> tuple[str, int, str, str]:
        """State, code, words and what is held already, of one record; what is taken is kept."""
        key, huella = key_of(record), record.findtext("sf:Huella", namespaces=NAMES)
        held = self.kept.get(key)
        if key[1] in self.refuses:
            return "Incorrecto", *self.refuses[key[1]], ""
        if is_cancellation(record):
            if held is None:
                return "Incorrecto", 3002, "No existe el registro de facturación.", ""
            if held.state == "Anulada":
                return "Incorrecto", 3001, "El registro de facturación ya ha sido dado de baja.", "Anulada"
        elif record.findtext("sf:Subsanacion", namespaces=NAMES) == "S":
            if held is None and record.findtext("sf:RechazoPrevio", namespaces=NAMES) != "X":
                return "Incorrecto", 3002, "No existe el registro de facturación.", ""
        elif held is not None:
            return "Incorrecto", 3000, "Registro de facturación duplicado.", held.state
        objection = self.objects_to.get(key[1])
        state = "AceptadaConErrores" if objection else "Correcta"
        self.kept[key] = Kept("Anulada" if is_cancellation(record) else state, huella)
        self.taken.append(huella)
        return ("AceptadoConErrores", *objection, "") if objection else ("Correcto", 0, "", "")

    def _asked(self, request: Any) -> Any:
        envelope, answer = enveloped(FOUND, "RespuestaConsultaFactuSistemaFacturacion")
        header = add(answer, FOUND, "Cabecera")
        header.extend(request.find("sfLRC:Cabecera", NAMES))
        wanted = request.find("sfLRC:FiltroConsulta", NAMES)
        period = add(answer, FOUND, "PeriodoImputacion")
        year, month = (part.text for part in wanted.find("sfLRC:PeriodoImputacion", NAMES))
        add(period, FOUND, "Ejercicio", year)
        add(period, FOUND, "Periodo", month)
        number = wanted.findtext("sfLRC:NumSerieFactura", namespaces=NAMES)
        found = [key for key in self.kept if key[1] == number and key[2].endswith(f"{month}-{year}")]
        add(answer, FOUND, "IndicadorPaginacion", "N")
        add(answer, FOUND, "ResultadoConsulta", "ConDatos" if found else "SinDatos")
        for key in found:
            _held(answer, key, self.kept[key])
        return envelope


def _line(answer: Any, record: Any, state: str, code: int, words: str, held: str) -> None:
    line = add(answer, ANSWER, "RespuestaLinea")
    _invoice(line, ANSWER, key_of(record))
    operation = add(line, ANSWER, "Operacion")
    add(operation, SF, "TipoOperacion", "Anulacion" if is_cancellation(record) else "Alta")
    add(line, ANSWER, "EstadoRegistro", state)
    if code:
        add(line, ANSWER, "CodigoErrorRegistro", str(code))
        add(line, ANSWER, "DescripcionErrorRegistro", words)
    if held:
        duplicate = add(line, ANSWER, "RegistroDuplicado")
        add(duplicate, SF, "IdPeticionRegistroDuplicado", "20261130190000")
        add(duplicate, SF, "EstadoRegistroDuplicado", held)


def _held(answer: Any, key: Key, kept: Kept) -> None:
    row = add(answer, FOUND, "RegistroRespuestaConsultaFactuSistemaFacturacion")
    _invoice(row, FOUND, key)
    add(add(row, FOUND, "DatosRegistroFacturacion"), FOUND, "Huella", kept.huella)
    presented = add(row, FOUND, "DatosPresentacion")
    add(presented, SF, "NIFPresentador", "B12345674")
    add(presented, SF, "TimestampPresentacion", "2026-11-30T19:00:00+01:00")
    add(presented, SF, "IdPeticion", "20261130190000")
    state = add(row, FOUND, "EstadoRegistro")
    add(state, FOUND, "TimestampUltimaModificacion", "2026-11-30T19:00:00+01:00")
    words = {"Correcta": "Correcto", "AceptadaConErrores": "AceptadoConErrores", "Anulada": "Anulado"}
    add(state, FOUND, "EstadoRegistro", words[kept.state])


def _invoice(parent: Any, namespace: str, key: Key) -> None:
    place = add(parent, namespace, "IDFactura")
    for part, text in zip(("IDEmisorFactura", "NumSerieFactura", "FechaExpedicionFactura"), key, strict=True):
        add(place, SF, part, text)


def is_cancellation(record: Any) -> bool:
    """Whether a record takes an invoice back."""
    return bool(etree.QName(record).localname == "RegistroAnulacion")


def key_of(record: Any) -> Key:
    """Issuer, number and date of the invoice that a record is about."""
    nif, number, issued_on = (part.text for part in record.find("sf:IDFactura", NAMES))
    return nif, number, issued_on


def fault(words: str, *, is_ours: bool) -> bytes:
    """A SOAP fault, whose fault is the message's or the service's."""
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"env": SOAP})
    body = etree.SubElement(etree.SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{SOAP}}}Fault")
    etree.SubElement(body, "faultcode").text = "env:Client" if is_ours else "env:Server"
    etree.SubElement(body, "faultstring").text = words
    return written(envelope)


@contextmanager
def agency_on_this_machine(**fields: Any) -> Iterator[Agency]:
    """The double, listening until the block ends."""
    double = Agency(**fields)

    def answering(request: Any, content: bytes) -> Reply | None:
        if double.is_away or (double.plan and double.plan[0] == "drop"):
            if double.plan and not double.is_away:
                double.plan.popleft()
            return None
        double.seen_certificates.append(str(request.connection.getpeercert()["serialNumber"]))
        status, body = double.answer(content)
        return Reply(status, body, "text/xml; charset=utf-8")

    with served(answering, tls=_context()) as port:
        double.url = f"https://localhost:{port}/VerifactuSOAP"
        yield double


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "server.pem"
        place.write_text(server().pem + server().key_pem)
        context.load_cert_chain(place)
    context.load_verify_locations(cadata=authority().pem)
    context.verify_mode = ssl.CERT_REQUIRED
    return context
