"""Questions to the database whose words are put together once, and which it plans once for each connection: both take
longer than answering most of them.

    @prepared
    def _threads(is_public: bool, /, *, ticket: int) -> QuerySet[Message]: ...

    rows = _threads(True, ticket=7)

What is given by position is a kind of the question, each put together on its own; what is given by name is filled in
every time. What is always the same is part of the words, so that the database plans with it in sight: an index of the
open tickets alone is of use where it can see that no other is asked for. A name stands for a value that is not null,
compared as it is, or for a list after `any_of`; never for a pattern or a limit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache, wraps
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Generic, ParamSpec, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.db.models import (
    Expression,
    Field,
    ForeignObject,
    Lookup,
    Model,
    QuerySet,
    prefetch_related_objects,
)
from django.db.models.base import ModelState
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable
from psycopg.sql import Literal

P = ParamSpec("P")
R = TypeVar("R")
Row = Sequence[Any]
KINDS = 64
_NOTHING: Mapping[str, object] = MappingProxyType({})
_PLACE = re.compile("%[%s]")


def prepared(question: Callable[P, QuerySet[Any, R]]) -> Callable[P, list[R]]:
    """Let `question` be put together once for each kind; asking it gives its rows, with what it prefetches."""

    @lru_cache(maxsize=KINDS)
    def put_together(kind: tuple[Hashable, ...], names: tuple[str, ...]) -> Prepared[R]:
        places: dict[str, Any] = {name: _Given(name) for name in names}
        return Prepared(question(*kind, **places))  # type: ignore[arg-type]  # a place for each value

    @wraps(question)
    def ask(*kind: P.args, **given: P.kwargs) -> list[R]:
        return put_together(kind, tuple(given)).rows(given)

    return ask


@ForeignObject.register_lookup
@Field.register_lookup
class AnyOf(Lookup):
    """`__any_of`: equal to one of a list, which is one value whatever its length; `in` is as many as the list has."""

    lookup_name = "any_of"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, of_left = self.process_lhs(compiler, connection)
        right, of_right = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*of_left, *of_right]


class _Given(Expression):
    """Holds the place of a value in the words of a question."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


class Prepared(Generic[R]):
    """A question as Django has put it together, with the way its rows are read: objects, tuples, or single values."""

    def __init__(self, rows: QuerySet[Any, R]) -> None:
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            self._sql, self._names = _with_what_stays(*compiler.as_sql())
        except EmptyResultSet:  # it can have no rows
            self._sql, self._names = "", []
        # Having said its words, the compiler knows the columns.
        self._turned = compiler.get_converters([column for column, *_rest in compiler.select])
        self._read = _reader(rows, compiler)
        self._prefetched = rows._prefetch_related_lookups  # type: ignore[attr-defined]  # as Django keeps it

    def rows(self, given: Mapping[str, object] = _NOTHING) -> list[R]:
        """The rows now, with a value for each name."""
        if not self._sql:
            return []
        connection = connections[DEFAULT_DB_ALIAS]  # of this thread
        values: list[Any] = [given[name] for name in self._names]
        with _planning_cursor(connection) as cursor:
            cursor.execute(self._sql, values)
            found = cursor.fetchall()
        if self._turned:
            found = [self._turn(list(row), connection) for row in found]
        rows = self._read(found)
        if self._prefetched:
            prefetch_related_objects(rows, *self._prefetched)
        return rows

    def _turn(self, row: list[Any], connection: Any) -> list[Any]:
        """A row with what its fields make of what the database says."""
        for place, (turns, column) in self._turned.items():
            for turn in turns:
                row[place] = turn(row[place], column, connection)
        return row


def _with_what_stays(sql: str, values: Sequence[object]) -> tuple[str, list[str]]:
    """The words with every value that is always the same written into them, and the names of the others in order."""
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    coming, names = iter(values), list[str]()

    def written(place: re.Match[str]) -> str:
        if place[0] == "%%":
            return place[0]
        value = next(coming)
        if isinstance(value, _Given):
            names.append(value.name)
            return place[0]
        return Literal(value).as_string(connection.connection).replace("%", "%%")

    return _PLACE.sub(written, sql), names


def _planning_cursor(connection: Any) -> CursorWrapper:
    """A cursor that sends the values apart from the words, so that the driver has those planned that come again."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    kind: type[Any] = _RecordedCursor if connection.queries_logged else ServerBindingCursor
    with connection.wrap_database_errors:
        return cast(CursorWrapper, connection._prepare_cursor(kind(connection.connection)))


class _RecordedCursor(ServerBindingCursor):
    """For when statements are recorded: the driver keeps no words of what it had planned, and Django asks for them."""

    def execute(self, query: str, params: Sequence[Any] | None = None, **others: Any) -> Any:
        answer = super().execute(query, params, **others)  # type: ignore[misc]  # its stub has no parents
        self._query = self._query or self._convert_query(query, params)  # type: ignore[has-type, attr-defined]
        return answer


def _reader(rows: QuerySet[Any, Any], compiler: Any) -> Callable[[Iterable[Row]], list[Any]]:
    kind = rows._iterable_class
    if kind is ModelIterable:
        objects = _Objects(compiler.klass_info, compiler.select, compiler.annotation_col_map or {})
        return lambda found: [objects.read(row) for row in found]
    if kind is ValuesListIterable:
        return lambda found: [tuple(row) for row in found]
    if kind is FlatValuesListIterable:
        return lambda found: [value for (value,) in found]
    raise TypeError(f"{kind.__name__} cannot be prepared")


class _Objects:
    """Rows as objects like those Django makes of them, with all that is the same for each row worked out before.

    They are not asked to initialise themselves, which takes longer than all the rest; no model of ours does more there.
    """

    def __init__(self, info: dict[str, Any], select: Sequence[Any], others: dict[str, int]) -> None:
        self._model: type[Model] = info["model"]
        places = {select[place][0].target.attname: place for place in info["select_fields"]} | others
        self._names, self._values = tuple(places), _getter(places.values())
        self._key = places[self._model._meta.pk.attname]
        self._related = [
            (_Objects(each, select, {}), each["local_setter"], each["remote_setter"])
            for each in info.get("related_klass_infos", ())
        ]

    def read(self, row: Row) -> Any:
        """The object of a row, with those joined to it; None where a join found nothing."""
        if row[self._key] is None:
            return None
        made = self._model.__new__(self._model)
        made._state = state = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        vars(made).update(zip(self._names, self._values(row), strict=True))
        for related, set_here, set_there in self._related:
            other = related.read(row)
            set_here(made, other)
            if other is not None:
                set_there(other, made)
        return made


def _getter(places: Iterable[int]) -> Callable[[Row], Row]:
    first, *rest = places
    return itemgetter(first, *rest) if rest else lambda row: (row[first],)
