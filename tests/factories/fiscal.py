"""A firm in Spain that may issue under its law."""

from __future__ import annotations

from datetime import date
from typing import Any

from ecuanime.billing.models import FiscalRecord, Invoice, SpainSettings
from tests.factories.billing import Billing, make_billing, make_issuing_firm, with_address

FIRM_NIF, CLIENT_NIF, PRODUCER_NIF = "B00000018", "A58818501", "B00000026"
AT_HOME = {"country": "ES", "city": "Sevilla", "tax_id": CLIENT_NIF}


def declare_program(**fields: Any) -> SpainSettings:
    """The settings of Spain with nothing missing."""
    values: dict[str, Any] = {
        "producer_name": "Productora de Programas, S. L.",
        "producer_nif": PRODUCER_NIF,
        "producer_address": "Calle del Compilador, 3, 41001 Sevilla",
        "declared_place": "Sevilla",
        "declared_on": date(2026, 11, 2),
        "installation": "INSTALACION-1",
        "effective_on": date(2026, 1, 1),
        "effective_source": "RDL 15/2025",
    }
    settings, _ = SpainSettings.objects.update_or_create(id=1, defaults=values | fields)
    return settings


def make_spanish_billing(*, is_demo: bool = False, **client: Any) -> Billing:
    """A firm in Sevilla that has declared its program, with a client there on 44.00 an hour by the minute."""
    billing = make_billing()
    make_issuing_firm(country="ES", tax_id=FIRM_NIF, city="Sevilla", is_demo=is_demo)
    with_address(billing.client, **(AT_HOME | client))
    if not is_demo:
        declare_program()
    return billing


def record_of(invoice: Invoice) -> FiscalRecord:
    """The only record of a document."""
    return FiscalRecord.objects.get(invoice=invoice)
