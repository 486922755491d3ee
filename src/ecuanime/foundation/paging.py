"""Pages of lists that grow for ever: by key, never by offset, so that a late page costs what the first one costs."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db import models
from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Coalesce
from django.db.models.sql import Query
from django.db.models.sql.datastructures import BaseTable

M = TypeVar("M", bound=Model)
T = TypeVar("T")

LONGEST_CURSOR = 1000
NEAR = 1000
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows in order and the cursor of the page after them, empty on the last one."""

    rows: list[T]
    next: str = ""


class UnreadableCursor(ValueError):
    """A cursor that this list did not give."""


def page_of(
    rows: QuerySet[M],
    *,
    order: Sequence[str],
    after: str = "",
    size: int = 50,
    strict: bool = False,
    along: QuerySet[M] | None = None,
) -> Page[M]:
    """The `size` rows of `rows` that follow the cursor `after`, in `order`.

    `order` names fields that are never null, all ascending or all descending (`-`), the last one unique: an index
    on the same fields serves every page. A cursor that cannot be read counts as none, since it comes from a URL;
    with `strict` it raises `UnreadableCursor`, so that a program does not take the first page for the next one.

    Where `rows` may be few among those that the index leads along, `along` are the latter, with all of `rows` in them:
    the page is looked for among the `NEAR` next, and what is rarer, or not `along` anything, is found first and sorted
    afterwards.
    """
    names = [name.removeprefix("-") for name in order]
    key = _read(after, [_kind(rows.model, name) for name in names])
    if key is None and after and strict:
        raise UnreadableCursor(after)
    beyond = Q() if key is None else _beyond(names, key, "lt" if order[0].startswith("-") else "gt")
    found = rows.filter(beyond)
    if along is None:
        return cut(list(found.order_by(*order)[: size + 1]), order=order, size=size)
    batch = list(among_next(found, along.filter(beyond), order)[: size + 1])
    if len(batch) <= size:
        batch = list(found_apart(found, order, size + 1))
    return cut(batch, order=order, size=size)


def among_next(rows: QuerySet[M], along: QuerySet[M], order: Sequence[str]) -> QuerySet[M]:
    """Those of `rows` that are among the first `NEAR` of `along`, in `order`: these are read and no others."""
    found = rows.order_by(*order)
    alias = found.query.get_initial_alias()
    found.query.alias_map[alias] = _Rows(alias, along.order_by(*order)[:NEAR].query)
    return found


def sorted_apart(rows: QuerySet[M], order: Sequence[str]) -> QuerySet[M]:
    """`rows` in `order`, found by what they say and sorted afterwards: no index is walked from end to end for a few.

    The database would do that, since it takes what it looks for to be spread evenly.
    """
    name = order[0].removeprefix("-")
    first = Coalesce(name, F(name))  # the same, which the index does not know
    return rows.order_by(first.desc() if order[0].startswith("-") else first.asc(), *order[1:])


def found_apart(rows: QuerySet[M], order: Sequence[str], size: int) -> QuerySet[M]:
    """The same, the first `size` of them: their keys are found first, which an index may tell alone."""
    return rows.filter(pk__in=sorted_apart(rows, order).values("pk")[:size]).order_by(*order)


def cut(batch: list[M], *, order: Sequence[str], size: int) -> Page[M]:
    """A page out of rows that were read in `order`: `size` of them, and one more where there are more."""
    names = [name.removeprefix("-") for name in order]
    more = len(batch) > size
    last = [getattr(batch[size - 1], name) for name in names] if more else []
    return Page(batch[:size], _write(last) if more else "")


class _Rows(BaseTable):
    """Some rows of a table in the place of all of it, under the same name."""

    def __init__(self, alias: str, rows: Query) -> None:
        super().__init__(alias, alias)
        self._rows = rows

    def as_sql(self, _compiler: Any, connection: Any) -> tuple[str, Any]:
        sql, values = self._rows.get_compiler(connection=connection).as_sql()
        return f"({sql}) AS {connection.ops.quote_name(self.table_alias)}", values


def _beyond(names: Sequence[str], key: Sequence[object], side: str) -> Q:
    """Rows beyond `key`: a bound on the first field, which the index can use, and the exact comparison."""
    exact, equal = Q(), Q()
    for name, value in zip(names, key, strict=True):
        exact |= equal & Q(**{f"{name}__{side}": value})
        equal &= Q(**{name: value})
    return Q(**{f"{names[0]}__{side}e": key[0]}) & exact


def _write(key: Sequence[object]) -> str:
    plain = [_plain(part) for part in key]
    return base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False).encode()).decode().rstrip("=")


def _plain(part: object) -> object:
    if isinstance(part, date):
        return {"at" if isinstance(part, datetime) else "on": part.isoformat()}
    return part


def _kind(model: type[Model], name: str) -> type[date] | type[int] | type[str] | None:
    """What a field's part of a cursor must be, so that no made-up one reaches the database; None for any."""
    field = next((field for field in model._meta.fields if name in (field.name, field.attname)), None)
    if field is None:
        return None
    field = getattr(field, "output_field", field)
    if isinstance(field, models.DateTimeField):
        return datetime
    if isinstance(field, models.DateField):
        return date
    return int if isinstance(field, models.IntegerField | models.ForeignKey) else str


def _read(cursor: str, kinds: Sequence[type[object] | None]) -> list[object] | None:
    if not cursor or len(cursor) > LONGEST_CURSOR:
        return None
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        key = [_day_or_moment(part) if isinstance(part, dict) else part for part in parts]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    fits = len(key) == len(kinds) and all(map(_fits, key, kinds))
    return key if fits else None


def _day_or_moment(part: dict[str, str]) -> date:
    return date.fromisoformat(part["on"]) if "on" in part else datetime.fromisoformat(part["at"])


def _fits(part: object, kind: type[object] | None) -> bool:
    if isinstance(part, datetime):
        return kind in (datetime, None) and part.tzinfo is not None
    if isinstance(part, date):
        return kind in (date, None)
    if isinstance(part, int):
        return kind in (int, None) and type(part) is int and abs(part) < 2**63
    return kind in (str, None) and isinstance(part, str) and not _UNSTORABLE.search(part)
