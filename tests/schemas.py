"""The authorities' XML schemas, which are not part of this repository: `ECUANIME_TEST_SCHEMAS` names their folder."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

FOLDER = os.environ.get("ECUANIME_TEST_SCHEMAS", "")
needs_schemas = pytest.mark.skipif(not FOLDER, reason="ECUANIME_TEST_SCHEMAS names no folder of schemas")


class _Beside(etree.Resolver):
    """Finds what a schema imports from the Internet beside it."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def resolve(self, url: str, pubid: str, context: Any) -> Any:
        return self.resolve_filename(str(Path(FOLDER) / self.folder / Path(url).name), context)


@cache
def schema(name: str, folder: str = "verifactu") -> Any:
    """An authority's schema by its file's name: one of the tax agency's invoice records unless said otherwise."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Beside(folder))
    return etree.XMLSchema(etree.parse(str(Path(FOLDER) / folder / name), parser))


def faults(name: str, element: Any, folder: str = "verifactu") -> list[str]:
    """What a schema says against an element; nothing either when there are no schemas."""
    if not FOLDER:
        return []
    alone = etree.fromstring(etree.tostring(element))
    found = schema(name, folder)
    return [] if found.validate(alone) else [str(error) for error in found.error_log]
