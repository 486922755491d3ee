"""What the agency would refuse in a record, found before anything is written: faults as data, words elsewhere.

Source: the schema's lengths and patterns, and the agency's document of validations and errors 1.2.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from stdnum.es import nif as nif_rules
from stdnum.exceptions import ValidationError

from ecuanime.billing.packs.es.verifactu.values import Detail, Record, Registration, System

FIRST_DAY = date(2024, 10, 28)
"""When the order came into force: no record is about an earlier invoice."""
LONGEST_SERIAL, LONGEST_NAME, LONGEST_DESCRIPTION, MOST_DETAILS = 60, 120, 500, 12
NIF_LENGTH = 9
LARGEST_AMOUNT = 10**14 - 1
"""Twelve digits of euros and two of cents."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: a code, and the value that it is about."""

    code: str
    value: str = ""


def faults_of(record: Record) -> list[Fault]:
    """All that is wrong with a record, in the order of its fields; empty when it may be written.

    Codes: `nif`, `serial_empty`, `serial_long`, `serial_characters`, `serial_space`, `date_early`, `date_future`,
    `system`, `no_offset`; of a registration also `name`, `description`, `recipient_missing`, `recipient_nif`,
    `recipient_id`, `correction_missing`, `correction_unasked`, `details`, `rate_missing`, `rate_unasked`,
    `regime`, `operation_future`, `amount`, `totals`.
    """
    found = [*_of_invoice(record), *_of_system(record.system)]
    if isinstance(record, Registration):
        found += [*_of_parties(record), *_of_type(record), *_of_details(record), *_of_totals(record)]
    return found


def nif_of(tax_id: str) -> str:
    """A NIF without the prefix that a VAT number of the Union has; nothing else of it is touched."""
    plain = tax_id.strip().upper()
    return plain[2:] if plain.startswith("ES") and len(plain) == NIF_LENGTH + 2 else plain


def is_nif(text: str) -> bool:
    """Whether it is a NIF as the agency writes it: nine characters without separators whose check one fits."""
    try:
        return len(text) == NIF_LENGTH and str(nif_rules.validate(text)) == text
    except ValidationError:
        return False


def _of_invoice(record: Record) -> Iterator[Fault]:
    invoice, serial = record.invoice, record.invoice.serial
    if not is_nif(invoice.nif):
        yield Fault("nif", invoice.nif)
    if not serial:
        yield Fault("serial_empty")
    if len(serial) > LONGEST_SERIAL:
        yield Fault("serial_long", serial)
    if any(character.isspace() for character in serial):
        yield Fault("serial_space", serial)
    elif not (serial.isascii() and serial.isprintable()):
        yield Fault("serial_characters", serial)
    if invoice.issued_on < FIRST_DAY:
        yield Fault("date_early", invoice.issued_on.isoformat())
    if record.generated_at.tzinfo is None:
        yield Fault("no_offset")
    if invoice.issued_on > record.generated_at.date():
        yield Fault("date_future", invoice.issued_on.isoformat())


def _of_system(system: System) -> Iterator[Fault]:
    limits = {
        system.producer_name: LONGEST_NAME,
        system.name: 30,
        system.code: 2,
        system.version: 50,
        system.installation: 100,
    }
    for text, longest in limits.items():
        if not text.strip() or len(text) > longest:
            yield Fault("system", text)
    if not is_nif(system.producer_nif):
        yield Fault("system", system.producer_nif)


def _of_parties(record: Registration) -> Iterator[Fault]:
    if not record.issuer_name.strip() or len(record.issuer_name) > LONGEST_NAME:
        yield Fault("name", record.issuer_name)
    if not record.description.strip() or len(record.description) > LONGEST_DESCRIPTION:
        yield Fault("description", record.description)
    if not record.recipients and not record.type.is_simplified:
        yield Fault("recipient_missing")
    for recipient in record.recipients:
        if not recipient.name.strip() or len(recipient.name) > LONGEST_NAME:
            yield Fault("name", recipient.name)
        if recipient.foreign is None and not is_nif(recipient.nif):
            yield Fault("recipient_nif", recipient.nif)
        if recipient.foreign and not 0 < len(recipient.foreign.number) <= 20:
            yield Fault("recipient_id", recipient.foreign.number)


def _of_type(record: Registration) -> Iterator[Fault]:
    if record.type.is_correction and record.correction is None:
        yield Fault("correction_missing", record.type.value)
    if record.correction is not None and not record.type.is_correction:
        yield Fault("correction_unasked", record.type.value)
    for corrected in record.correction.invoices if record.correction else ():
        if not is_nif(corrected.nif):
            yield Fault("nif", corrected.nif)
    if record.operation_on and record.operation_on > record.generated_at.date():
        yield Fault("operation_future", record.operation_on.isoformat())


def _of_details(record: Registration) -> Iterator[Fault]:
    if not 1 <= len(record.details) <= MOST_DETAILS:
        yield Fault("details", str(len(record.details)))
    for detail in record.details:
        has_rate = detail.rate is not None and detail.quota is not None
        needs_rate = detail.treatment in ("S1", "S2")
        if needs_rate and not has_rate:
            yield Fault("rate_missing", detail.treatment)
        if not needs_rate and (detail.rate is not None or detail.quota is not None):
            yield Fault("rate_unasked", detail.treatment)
        if detail.treatment == "S2" and (detail.rate or detail.quota):
            yield Fault("rate_unasked", detail.treatment)
        if not _fits_regime(detail):
            yield Fault("regime", detail.regime)


def _fits_regime(detail: Detail) -> bool:
    """08 (located in Canarias, Ceuta or Melilla) goes with N2, 10 (of third parties) with N1, 11 with 21 %."""
    wanted = {"08": detail.treatment == "N2", "10": detail.treatment == "N1", "11": detail.rate == 21}
    return detail.tax != "01" or wanted.get(detail.regime, True)


def _of_totals(record: Registration) -> Iterator[Fault]:
    quotas = sum((detail.quota or 0) + (detail.surcharge or 0) for detail in record.details)
    bases = sum(detail.base for detail in record.details)
    if record.quota_total != quotas or record.total != bases + quotas:
        yield Fault("totals")
    if any(abs(amount) > LARGEST_AMOUNT for amount in (record.quota_total, record.total)):
        yield Fault("amount", str(record.total))
