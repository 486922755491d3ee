"""The SAT's schema of the CFDI 4.0 and the sheet of its original string, which are not part of this repository.

They are taken from the folder that `ECUANIME_TEST_CFDI` names, laid out as www.sat.gob.mx lays them out, or from the
package satcfdi where it is installed.
"""

from __future__ import annotations

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from lxml import etree


@cache
def _root() -> Path | None:
    places = [Path(folder)] if (folder := os.environ.get("ECUANIME_TEST_CFDI", "")) else []
    installed = find_spec("satcfdi")
    if installed is not None and installed.origin:
        places.append(Path(installed.origin).parent / "transform/schemas/www.sat.gob.mx")
    return next((place for place in places if place.is_dir()), None)


needs_cfdi_schema = pytest.mark.skipif(_root() is None, reason="the SAT's schemas are not at hand")


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
    root = _root()
    assert root is not None
    return root / "sitio_internet/cfd" / path


def schema_faults(xml: bytes) -> list[str]:
    """What the official schema says against a CFDI; nothing either when it is not at hand."""
    if _root() is None:
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
