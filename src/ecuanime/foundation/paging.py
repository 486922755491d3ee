"""Pages of lists that grow for ever: by key, never by offset, so that a late page costs what the first one costs."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)
T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows in order and the cursor of the page after them, empty on the last one."""

    rows: list[T]
    next: str = ""


def page_of(rows: QuerySet[M], *, order: Sequence[str], after: str = "", size: int = 50) -> Page[M]:
    """The `size` rows of `rows` that follow the cursor `after`, in `order`.

    `order` names fields that are never null, all ascending or all descending (`-`), the last one unique: an index
    on the same fields serves every page. A cursor that cannot be read counts as none, since it comes from a URL.
    """
    names = [name.removeprefix("-") for name in order]
    key = _read(after, len(names))
    found = rows.order_by(*order)
    if key is not None:
        found = found.filter(_beyond(names, key, "lt" if order[0].startswith("-") else "gt"))
    batch = list(found[: size + 1])
    more = len(batch) > size
    last = [getattr(batch[size - 1], name) for name in names] if more else []
    return Page(batch[:size], _write(last) if more else "")


def _beyond(names: Sequence[str], key: Sequence[object], side: str) -> Q:
    """Rows beyond `key`: a bound on the first field, which the index can use, and the exact comparison."""
    exact, equal = Q(), Q()
    for name, value in zip(names, key, strict=True):
        exact |= equal & Q(**{f"{name}__{side}": value})
        equal &= Q(**{name: value})
    return Q(**{f"{names[0]}__{side}e": key[0]}) & exact


def _write(key: Sequence[object]) -> str:
    plain = [{"at": part.isoformat()} if isinstance(part, datetime) else part for part in key]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _read(cursor: str, length: int) -> list[object] | None:
    if not cursor or len(cursor) > 400:
        return None
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        key = [datetime.fromisoformat(part["at"]) if isinstance(part, dict) else part for part in parts]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    fits = len(key) == length and all(isinstance(part, int | str | datetime) for part in key)
    return key if fits and all(not isinstance(part, datetime) or part.tzinfo for part in key) else None
