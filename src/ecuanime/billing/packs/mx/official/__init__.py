"""The SAT's own catalogues, schema and sheet of the original string, by way of satcfdi, which a firm may install.

Nothing else knows that package, and all goes on without it: keys are then checked by their form, and the PAC says the
rest. Catalogues are asked where they are needed; what holds a whole CFDI against the schema runs in a process of its
own. See docs/decisions/0010-cfdi.md.
"""

from __future__ import annotations

from ecuanime.billing.packs.mx.official.catalogues import Catalogue, is_known, products_about, words_of
from ecuanime.billing.packs.mx.official.installed import NAME, version
from ecuanime.billing.packs.mx.official.judging import JudgeFailed, faults_of_each

__all__ = [
    "NAME",
    "Catalogue",
    "JudgeFailed",
    "faults_of_each",
    "is_known",
    "products_about",
    "version",
    "words_of",
]
