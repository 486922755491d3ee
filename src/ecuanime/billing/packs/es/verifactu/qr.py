"""What the QR of an invoice says: the address where whoever received it can verify it (QR specification 0.5.0)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from urllib.parse import quote

from ecuanime.billing.packs.es.verifactu.values import date_text

PATH = "/wlpl/TIKE-CONT/ValidarQR"
SMALLEST_MM, LARGEST_MM = 30, 40
"""Orden HAC/1177/2024, art. 21: the side of the code itself."""
QUIET_MM = 6
"""White around it: 2 mm at least, 6 advised."""


class VerificationHost(StrEnum):
    """Where it is verified: in earnest, or with the agency's tests."""

    LIVE = "https://www2.agenciatributaria.gob.es"
    TEST = "https://prewww2.aeat.es"


def qr_address(
    nif: str, serial: str, issued_on: date, total: str, host: VerificationHost = VerificationHost.LIVE
) -> str:
    """The address of an invoice; `total` as its record writes it. Each value is percent-encoded as UTF-8."""
    values = {"nif": nif, "numserie": serial, "fecha": date_text(issued_on), "importe": total}
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in values.items())
    return f"{host.value}{PATH}?{query}"
