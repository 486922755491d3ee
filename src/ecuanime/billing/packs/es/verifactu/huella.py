"""The fingerprint that chains the records: SHA-256 over named values, as the agency specifies it (0.1.2)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from ecuanime.billing.packs.es.verifactu.values import (
    Record,
    Registration,
    amount_text,
    date_text,
    moment_text,
)

R = TypeVar("R", bound=Record)


def huella_of(fields: Iterable[tuple[str, str]]) -> str:
    """64 capital hexadecimal digits: `name=value` joined by `&`, values trimmed at both ends only, UTF-8."""
    text = "&".join(f"{name}={value.strip()}" for name, value in fields)
    return hashlib.sha256(text.encode()).hexdigest().upper()


def sealed(record: R) -> R:
    """The record with its fingerprint, which covers that of the record before it."""
    return replace(record, huella=huella_of(hashed_fields(record)))


def hashed_fields(record: Record) -> list[tuple[str, str]]:
    """What the fingerprint of a record covers, in the order of the specification."""
    invoice, end = record.invoice, "" if isinstance(record, Registration) else "Anulada"
    fields = [
        (f"IDEmisorFactura{end}", invoice.nif),
        (f"NumSerieFactura{end}", invoice.serial),
        (f"FechaExpedicionFactura{end}", date_text(invoice.issued_on)),
    ]
    if isinstance(record, Registration):
        fields += [
            ("TipoFactura", record.type.value),
            ("CuotaTotal", amount_text(record.quota_total)),
            ("ImporteTotal", amount_text(record.total)),
        ]
    return [
        *fields,
        ("Huella", record.previous.huella if record.previous else ""),
        ("FechaHoraHusoGenRegistro", moment_text(record.generated_at)),
    ]
