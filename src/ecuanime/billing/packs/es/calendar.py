"""From when a firm in Spain must keep chained records, as data with where each day is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ecuanime.billing.models import SpainSettings


@dataclass(frozen=True, slots=True)
class Effective:
    """A day, and the law that sets it."""

    on: date
    source: str


_SOURCE = "RD 1007/2023, disposición final cuarta, según el RDL 15/2025 (BOE-A-2025-24446)"
EFFECTIVE = {
    SpainSettings.Entity.COMPANY: Effective(date(2027, 1, 1), _SOURCE),
    SpainSettings.Entity.SELF_EMPLOYED: Effective(date(2027, 7, 1), _SOURCE),
}
"""State of November 2026. The producers of programs are bound since 29 July 2025, whoever uses them."""
