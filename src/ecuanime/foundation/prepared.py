"""Questions to the database whose words are put together once: that takes longer than asking most of them.

    @prepared
    def _threads(is_public: bool, /, *, ticket: int) -> QuerySet[Message]: ...

    rows = _threads(True, ticket=7)

What is given by position is a kind of the question, each put together on its own; what is given by name is filled in
every time. A name stands for a value that is not null, compared as it is, or for a list after `any_of`; never for a
pattern or a limit.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from copy import copy
from functools import lru_cache, wraps
from typing import Any, Generic, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, ForeignObject, Lookup, QuerySet

P = ParamSpec("P")
R = TypeVar("R")
KINDS = 64


def prepared(question: Callable[P, QuerySet[Any, R]]) -> Callable[P, list[R]]:
    """Let `question` be put together once for each kind; asking it gives its rows, with what it prefetches."""

    @lru_cache(maxsize=KINDS)
    def put_together(kind: tuple[Hashable, ...], names: tuple[str, ...]) -> _Prepared[R]:
        places: dict[str, Any] = {name: _Given(name) for name in names}
        return _Prepared(question(*kind, **places))  # type: ignore[arg-type]  # a place for each value

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


class _Prepared(Generic[R]):
    """A question as Django has put it together, with the way its rows are read."""

    def __init__(self, rows: QuerySet[Any, R]) -> None:
        self._rows = rows
        self._compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, self._values = self._compiler.as_sql()  # after which the compiler knows the columns

    def rows(self, given: dict[str, object]) -> list[R]:
        values = [given[each.name] if isinstance(each, _Given) else each for each in self._values]
        compiler = copy(self._compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # of this thread
        compiler.as_sql = lambda *_args, **_options: (self._sql, values)  # as known
        found = self._rows.all()
        found.query.get_compiler = lambda *_args, **_options: compiler  # type: ignore[method-assign]  # and no other
        return list(found)
