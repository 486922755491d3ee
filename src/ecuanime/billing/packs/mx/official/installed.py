"""Whether satcfdi is installed, and where its files are. It is not imported to find that out."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

NAME = "satcfdi"
_SCHEMAS = "satcfdi/transform/schemas/www.sat.gob.mx/sitio_internet/cfd"


@cache
def version() -> str:
    """The version that is installed; empty without the package."""
    try:
        return distribution(NAME).version
    except PackageNotFoundError:
        return ""


def schemas() -> Path:
    """Where the SAT's files lie. Raises `PackageNotFoundError` without the package."""
    return Path(str(distribution(NAME).locate_file(_SCHEMAS)))
