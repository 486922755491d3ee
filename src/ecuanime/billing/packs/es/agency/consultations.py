"""Asking the agency what it holds of an invoice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ecuanime.billing.packs.es.agency.names import ASK, FOUND, SF, add, enveloped, parse, text_at, written
from ecuanime.billing.packs.es.agency.submissions import Issuer, RecordId, body_of, named


@dataclass(frozen=True, slots=True)
class Held:
    """What the agency holds of an invoice: its state in the agency's word, the record's hash, and when it came."""

    record: RecordId
    state: str
    huella: str
    presented_at: str = ""
    code: str = ""
    words: str = ""


def consultation(issuer: Issuer, *, year: str, month: str, number: str) -> bytes:
    """The question what the agency holds of one of the issuer's invoices, in the month of two digits it belongs to."""
    envelope, request = enveloped(ASK, "ConsultaFactuSistemaFacturacion")
    header = add(request, ASK, "Cabecera")
    add(header, SF, "IDVersion", "1.0")
    obliged = add(header, SF, "ObligadoEmision")
    add(obliged, SF, "NombreRazon", issuer.name)
    add(obliged, SF, "NIF", issuer.nif)
    wanted = add(request, ASK, "FiltroConsulta")
    period = add(wanted, ASK, "PeriodoImputacion")
    add(period, SF, "Ejercicio", year)
    add(period, SF, "Periodo", month)
    add(wanted, ASK, "NumSerieFactura", number)
    return written(envelope)


def months_of(record: bytes) -> list[tuple[str, str]]:
    """Year and month under which the agency may file a record: that of the operation, when it says one, or of issue."""
    root = parse(record)
    dates = [text_at(root, "sf:FechaOperacion")]
    dates += [text_at(root, f"sf:IDFactura/sf:FechaExpedicionFactura{suffix}") for suffix in ("", "Anulada")]
    return list(dict.fromkeys((date[6:10], date[3:5]) for date in dates if date))


def read_held(content: bytes) -> list[Held]:
    """The answer to a consultation. Raises `Faulted` and `Unreadable`."""
    answer = body_of(content, FOUND, "RespuestaConsultaFactuSistemaFacturacion")
    return list(_held(answer.findall(f"{{{FOUND}}}RegistroRespuestaConsultaFactuSistemaFacturacion")))


def _held(rows: list[Any]) -> Iterator[Held]:
    for row in rows:
        yield Held(
            record=named(row.find(f"{{{FOUND}}}IDFactura")),
            state=text_at(row, "sfLRRC:EstadoRegistro/sfLRRC:EstadoRegistro"),
            huella=text_at(row, "sfLRRC:DatosRegistroFacturacion/sfLRRC:Huella"),
            presented_at=text_at(row, "sfLRRC:DatosPresentacion/sf:TimestampPresentacion"),
            code=text_at(row, "sfLRRC:EstadoRegistro/sfLRRC:CodigoErrorRegistro"),
            words=text_at(row, "sfLRRC:EstadoRegistro/sfLRRC:DescripcionErrorRegistro"),
        )
