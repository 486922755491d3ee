"""Who stamps and cancels, and where: the public addresses of each PAC's services, as data."""

from __future__ import annotations

from ecuanime.billing.models import MexicoSettings
from ecuanime.billing.packs.mx.pac.contract import Pac, Service
from ecuanime.billing.packs.mx.pac.finkok import Finkok

PACS: dict[str, Pac] = {MexicoSettings.Pac.FINKOK: Finkok()}
_PATH = "/servicios/soap"
SERVICES: dict[tuple[str, str], Service] = {
    (MexicoSettings.Pac.FINKOK, MexicoSettings.Environment.TEST): Service(
        f"https://demo-facturacion.finkok.com{_PATH}/stamp",
        cancel_url=f"https://demo-facturacion.finkok.com{_PATH}/cancel",
    ),
    (MexicoSettings.Pac.FINKOK, MexicoSettings.Environment.PRODUCTION): Service(
        f"https://facturacion.finkok.com{_PATH}/stamp",
        cancel_url=f"https://facturacion.finkok.com{_PATH}/cancel",
    ),
}
"""By PAC and environment."""
