"""The SAT's catalogues of the CFDI 4.0 (catCFDI): whether a key is in one, and its words."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Any

from ecuanime.billing.packs.mx.official.installed import version
from ecuanime.foundation.words import fold

KEPT = 2_000
"""Keys whose answer is kept in memory: those of a firm are few and asked again for each document."""
SHORTEST_WORD = 3


class Catalogue(StrEnum):
    """A catalogue, by its name in the SAT's files."""

    PRODUCTS = "c_ClaveProdServ"
    UNITS = "c_ClaveUnidad"
    POSTCODES = "c_CodigoPostal"
    REGIMES = "c_RegimenFiscal"
    USES = "c_UsoCFDI"
    FORMS = "c_FormaPago"
    METHODS = "c_MetodoPago"
    CURRENCIES = "c_Moneda"
    TAX_OBJECTS = "c_ObjetoImp"
    TAXES = "c_Impuesto"
    KINDS = "c_TipoDeComprobante"
    RELATIONS = "c_TipoRelacion"
    EXPORTS = "c_Exportacion"
    PERIODICITIES = "c_Periodicidad"
    MONTHS = "c_Meses"


def is_known(catalogue: Catalogue, key: str) -> bool:
    """Whether a key is in a catalogue; without the package every key may be."""
    return not version() or _row(catalogue, key) is not None


def words_of(catalogue: Catalogue, key: str) -> str:
    """The SAT's words for a key; empty without the package, and for a key that is not there."""
    row = _row(catalogue, key) if version() else None
    return row if isinstance(row, str) else ""


def products_about(text: str, *, most: int) -> list[tuple[str, str]]:
    """Keys of products and services whose words, or the key itself, hold all that is written; at most so many.

    Accents and capitals do not count, and words of fewer than three letters say nothing.
    """
    wanted = [word for word in fold(text).split() if len(word) >= SHORTEST_WORD]
    if not wanted or not version():
        return []
    found = []
    for key, words in _all_products().items():
        said = f"{key} {fold(words)}"
        if all(word in said for word in wanted):
            found.append((key, words))
            if len(found) == most:
                break
    return found


@lru_cache(maxsize=KEPT)
def _row(catalogue: Catalogue, key: str) -> Any:
    # Imported here because it is an extra, and opens its file of 45 MB when it is.
    from satcfdi.catalogs import select

    return select(f"C756_{catalogue}", key)


def _all_products() -> dict[str, str]:
    from satcfdi.catalogs import select_all

    found: dict[str, str] = select_all(f"C756_{Catalogue.PRODUCTS}")
    return found
