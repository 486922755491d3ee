"""Keys that a form or a CFDI names, held against the SAT's own catalogues where the firm has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from ecuanime.billing.models import MexicoSettings
from ecuanime.billing.packs.mx.official import Catalogue, is_known, version
from ecuanime.foundation.errors import Refused

_NAMED_BY: Mapping[str, Catalogue] = {
    "ClaveProdServ": Catalogue.PRODUCTS,
    "ClaveUnidad": Catalogue.UNITS,
    "LugarExpedicion": Catalogue.POSTCODES,
    "DomicilioFiscalReceptor": Catalogue.POSTCODES,
    "RegimenFiscal": Catalogue.REGIMES,
    "RegimenFiscalReceptor": Catalogue.REGIMES,
    "UsoCFDI": Catalogue.USES,
    "FormaPago": Catalogue.FORMS,
    "FormaDePagoP": Catalogue.FORMS,
    "MetodoPago": Catalogue.METHODS,
    "Moneda": Catalogue.CURRENCIES,
    "MonedaP": Catalogue.CURRENCIES,
    "MonedaDR": Catalogue.CURRENCIES,
    "ObjetoImp": Catalogue.TAX_OBJECTS,
    "ObjetoImpDR": Catalogue.TAX_OBJECTS,
    "Impuesto": Catalogue.TAXES,
    "ImpuestoP": Catalogue.TAXES,
    "ImpuestoDR": Catalogue.TAXES,
    "TipoDeComprobante": Catalogue.KINDS,
    "TipoRelacion": Catalogue.RELATIONS,
    "Exportacion": Catalogue.EXPORTS,
    "Periodicidad": Catalogue.PERIODICITIES,
    "Meses": Catalogue.MONTHS,
}
"""Attributes of a CFDI and of its complement by the catalogue that their keys are of (cfdv40.xsd, Pagos20.xsd)."""


def is_checked(settings: MexicoSettings | None) -> bool:
    """Whether keys are held against the SAT's catalogues: they are installed, and the firm has not said otherwise."""
    return bool(version()) and (settings is None or settings.checks)


def faults_of_keys(keys: Mapping[str, str]) -> list[str]:
    """What the SAT's catalogues say against keys, named by the attribute that would hold them; in words."""
    return [fault_of(name, key) for name, key in keys.items() if not is_known(_NAMED_BY[name], key)]


def fault_of(name: str, key: str) -> str:
    """That a key is in no catalogue, and where to put it right."""
    facts = {"catalogue": _NAMED_BY[name].value, "key": key}
    said = _("The SAT's catalogue %(catalogue)s has no %(key)s.") % facts
    return f"{said} {_way_on(name)}".strip()


def refuse_unknown_keys(xml: bytes) -> None:
    """Refuse `unknown_key`: a CFDI names a key that no catalogue of the SAT has, so no PAC would stamp it."""
    unknown = dict.fromkeys(_unknown(etree.fromstring(xml)))
    if unknown:
        raise Refused("unknown_key", " ".join(fault_of(*each) for each in unknown))


def _unknown(root: Any) -> Iterator[tuple[str, str]]:
    for node in root.iter(etree.Element):
        for name, catalogue in _NAMED_BY.items():
            key = node.get(name)
            if key is not None and not is_known(catalogue, key):
                yield name, key


def _way_on(name: str) -> str:
    if name in ("ClaveProdServ", "ClaveUnidad", "RegimenFiscal"):
        return _("Put it right in the settings of Mexico.")
    if name == "LugarExpedicion":
        return _("It is your firm's postcode: put it right with the details of your firm.")
    if name in ("DomicilioFiscalReceptor", "RegimenFiscalReceptor", "UsoCFDI"):
        return _("Put it right on the client's page: Data, “Who the client is to the SAT”.")
    return ""
