"""The SAT's schema of the CFDI 4.0 and the sheet of its original string, as the package satcfdi brings them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from ecuanime.billing.packs.mx.official.installed import schemas, version

needs_satcfdi = pytest.mark.skipif(not version(), reason="satcfdi is not installed: make mexico")


@cache
def _schema() -> Any:
    """The schemas of the CFDI and of its payment complement, as one."""
    known = {"http://www.sat.gob.mx/cfd/4": "4/cfdv40.xsd"}
    known["http://www.sat.gob.mx/Pagos20"] = "Pagos/Pagos20.xsd"
    imports = "".join(
        f'<xs:import namespace="{name}" schemaLocation="{_at(path).as_uri()}"/>'
        for name, path in known.items()
    )
    both = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
    return etree.XMLSchema(etree.fromstring(both))


@cache
def _sheet() -> Any:
    return etree.XSLT(etree.parse(str(_at("4/cadenaoriginal_4_0/cadenaoriginal_4_0.xslt"))))


def _at(path: str) -> Path:
    return schemas() / path


def schema_faults(xml: bytes) -> list[str]:
    """What the official schema says against a CFDI; nothing either when it is not at hand."""
    if not version():
        return []
    found = _schema()
    return [] if found.validate(etree.fromstring(xml)) else [str(error) for error in found.error_log]


def official_string(xml: bytes) -> str:
    """The original string that the official sheet makes of a CFDI."""
    return str(_sheet()(etree.fromstring(xml)))


@cache
def catalogue(name: str) -> frozenset[str]:
    """The keys of a catalogue, as its schema lists them."""
    root = etree.parse(str(_at("catalogos/catCFDI.xsd"))).getroot()
    rows = root.iterfind(f"{{*}}simpleType[@name='{name}']//{{*}}enumeration")
    return frozenset(row.get("value") for row in rows)
