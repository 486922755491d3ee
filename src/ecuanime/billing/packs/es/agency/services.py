"""Where the agency's service is: the addresses of its SistemaFacturacion.wsdl, as data."""

from __future__ import annotations

from dataclasses import dataclass

from ecuanime.billing.models import Environment


@dataclass(frozen=True, slots=True)
class Service:
    """One address of the service. `is_internal` allows a place that is not on the open Internet: a test's own."""

    url: str
    is_internal: bool = False
    authorities: str = ""


_PATH = "/wlpl/TIKE-CONT/ws/SistemaFacturacion/VerifactuSOAP"
SERVICES: dict[tuple[str, bool], Service] = {
    (Environment.PRODUCTION, False): Service(f"https://www1.agenciatributaria.gob.es{_PATH}"),
    (Environment.PRODUCTION, True): Service(f"https://www10.agenciatributaria.gob.es{_PATH}"),
    (Environment.TEST, False): Service(f"https://prewww1.aeat.es{_PATH}"),
    (Environment.TEST, True): Service(f"https://prewww10.aeat.es{_PATH}"),
}
"""By environment and by whether the certificate is a seal, which has a host of its own."""


def service_for(environment: str, *, is_seal: bool) -> Service:
    """The address for a certificate of that kind."""
    return SERVICES[environment, is_seal]
