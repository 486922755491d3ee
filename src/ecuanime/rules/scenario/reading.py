"""From JSON to the engine's own values: each value is read by the type of the field it is for, and nothing is guessed.

Whatever is wrong is named by its path (`entries[2].ended_at`) and a code; words are made from these when they
are read. What may be read is bounded in size, so that a scenario is rated in a moment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, NoReturn, TypeVar, get_args, get_origin, get_type_hints
from zoneinfo import available_timezones

from .values import Entry, Scenario

LARGEST_TEXT = 200_000
LARGEST_INTEGER = 10**12
LONGEST_ENTRY = timedelta(days=3)
LONGEST_IN_ALL = timedelta(days=60)
LONGEST_WORD = 60
MOST = 200
MOST_OF = {"bands": 42, "cuts": 20, "holidays": 1000, "lots": 100}
FIRST_YEAR, LAST_YEAR = 1970, 2199

_CURRENCY = re.compile(r"[A-Z]{3}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CLOCK = re.compile(r"\d\d:\d\d(:\d\d)?")
_DECIMAL = re.compile(r"\d{1,9}(\.\d{1,6})?")
_MAY_BE_NEGATIVE = {"priority"}

T = TypeVar("T")
Day = TypeVar("Day", bound=date)


class Problem(StrEnum):
    """What may be wrong with a value."""

    NOT_JSON = "not_json"
    TOO_LARGE = "too_large"
    MISSING = "missing"
    UNKNOWN = "unknown"
    KIND = "kind"
    WORD = "word"
    RANGE = "range"
    TOO_MANY = "too_many"
    TWICE = "twice"
    ZONE = "zone"
    CURRENCY = "currency"
    NO_OFFSET = "no_offset"
    NOT_STARTED = "not_started"
    BEFORE_START = "before_start"
    TOO_LATE = "too_late"
    TOO_LONG = "too_long"
    TOO_MUCH = "too_much"
    IMPOSSIBLE = "impossible"


class Kind(StrEnum):
    """What a value should have been."""

    OBJECT = "object"
    LIST = "list"
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "instant"
    CLOCK = "clock"


class Wrong(ValueError):
    """A value that cannot be: its path, what is wrong with it, and the figures to say it with."""

    def __init__(self, path: str, problem: Problem, **facts: str | int) -> None:
        super().__init__(f"{path or 'scenario'}: {problem}")
        self.path = path
        self.problem = problem
        self.facts = facts


def read_text(text: str | bytes) -> Scenario:
    """A scenario written as JSON; its numbers are read exactly. Raises `Wrong`."""
    return read(parsed(text))


def parsed(text: str | bytes) -> object:
    """JSON values from their text, each number exact and each name once. Raises `Wrong`."""
    if len(text) > LARGEST_TEXT:
        raise Wrong("", Problem.TOO_LARGE, most=LARGEST_TEXT)
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_each_once)
    except Wrong:
        raise
    except (ValueError, RecursionError) as error:
        raise Wrong("", Problem.NOT_JSON, line=getattr(error, "lineno", 1)) from error


def read_as(kind: type[T], given: object) -> T:
    """A frozen value of this kind from JSON values. Raises `Wrong`."""
    found: T = _value(kind, given, "", "")
    return found


def read(given: object) -> Scenario:
    """A scenario from JSON values. Raises `Wrong`."""
    scenario: Scenario = _value(Scenario, given, "", "")
    _check_length(scenario.entries)
    for place, entry in enumerate(scenario.entries):
        _check_entry(entry, scenario.contract.zone, f"entries[{place}]")
    _check_once([entry.id for entry in scenario.entries], "entries")
    _check_once([lot.id for lot in scenario.before.lots], "before.lots")
    return scenario


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise Wrong(name[:LONGEST_WORD], Problem.TWICE)
        found[name] = value
    return found


def _check_length(entries: Sequence[Entry]) -> None:
    spans = [entry.ended_at - entry.started_at for entry in entries if entry.started_at and entry.ended_at]
    if sum(spans, timedelta(0)) > LONGEST_IN_ALL:
        raise Wrong("entries", Problem.TOO_MUCH, hours=LONGEST_IN_ALL // timedelta(hours=1))


def _check_entry(entry: Entry, zone: str, path: str) -> None:
    if entry.started_at is not None and entry.ended_at is not None:
        if entry.ended_at < entry.started_at:
            raise Wrong(f"{path}.ended_at", Problem.BEFORE_START)
        if entry.ended_at - entry.started_at > LONGEST_ENTRY:
            raise Wrong(f"{path}.ended_at", Problem.TOO_LONG, hours=LONGEST_ENTRY // timedelta(hours=1))
    with _lawful(path):
        entry.work(zone, 0)


def _check_once(ids: Sequence[int], path: str) -> None:
    for place, each in enumerate(ids):
        if each in ids[:place]:
            raise Wrong(f"{path}[{place}].id", Problem.TWICE)


@contextmanager
def _lawful(path: str) -> Iterator[None]:
    """Names the path of a value that breaks a law of its own kind."""
    try:
        yield
    except Wrong:
        raise
    except ValueError as error:
        raise Wrong(path, Problem.IMPOSSIBLE, law=str(error)) from error


def _value(kind: Any, given: object, path: str, name: str) -> Any:
    """A value of a type, whatever the type: an object, a list, a word, or something plain."""
    if is_dataclass(kind):
        return _object(kind, given, path)
    if NoneType in get_args(kind):
        [wanted] = set(get_args(kind)) - {NoneType}
        return None if given is None else _value(wanted, given, path, name)
    if get_origin(kind) in (tuple, frozenset):
        return _list(kind, given, path, name)
    if issubclass(kind, StrEnum):
        return _word(kind, given, path)
    return _PLAIN[kind](given, path, name)


def _object(kind: Any, given: object, path: str) -> Any:
    if not isinstance(given, Mapping):
        raise Wrong(path, Problem.KIND, kind=Kind.OBJECT)
    hints = hints_of(kind)
    for name in given:
        if name not in hints:
            raise Wrong(_at(path, str(name)[:LONGEST_WORD]), Problem.UNKNOWN, known=", ".join(hints))
    for each in fields(kind):
        if each.name not in given and each.default is MISSING:
            raise Wrong(_at(path, each.name), Problem.MISSING)
    values = {name: _value(hints[name], each, _at(path, name), name) for name, each in given.items()}
    with _lawful(path):
        return kind(**values)


@cache
def hints_of(kind: Any) -> dict[str, Any]:
    """The types of a value's fields, by their names."""
    return get_type_hints(kind)


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _list(kind: Any, given: object, path: str, name: str) -> Any:
    if not isinstance(given, (list, tuple)):
        raise Wrong(path, Problem.KIND, kind=Kind.LIST)
    most = MOST_OF.get(name, MOST)
    if len(given) > most:
        raise Wrong(path, Problem.TOO_MANY, most=most)
    each, *_ = get_args(kind)
    return get_origin(kind)(_value(each, item, f"{path}[{n}]", "") for n, item in enumerate(given))


def _word(kind: type[StrEnum], given: object, path: str) -> StrEnum:
    words = [each.value for each in kind]
    if given not in words:
        raise Wrong(path, Problem.WORD, words=", ".join(words))
    return kind(given)


def _text(given: object, path: str, name: str) -> str:
    if not isinstance(given, str) or not given.isprintable() or not 1 <= len(given) <= LONGEST_WORD:
        raise Wrong(path, Problem.KIND, kind=Kind.TEXT, longest=LONGEST_WORD)
    if name == "zone" and given not in available_timezones():
        raise Wrong(path, Problem.ZONE)
    if name == "currency" and not _CURRENCY.fullmatch(given):
        raise Wrong(path, Problem.CURRENCY)
    return given


def _integer(given: object, path: str, name: str) -> int:
    if not isinstance(given, int) or isinstance(given, bool):
        raise Wrong(path, Problem.KIND, kind=Kind.INTEGER)
    least = -LARGEST_INTEGER if name in _MAY_BE_NEGATIVE else 0
    if not least <= given <= LARGEST_INTEGER:
        raise Wrong(path, Problem.RANGE, least=least, most=LARGEST_INTEGER)
    return given


def _boolean(given: object, path: str, name: str) -> bool:
    if not isinstance(given, bool):
        raise Wrong(path, Problem.KIND, kind=Kind.BOOLEAN)
    return given


def _decimal(given: object, path: str, name: str) -> Decimal:
    """A number from 0 up, as a number or, exact for every program, as a text."""
    if isinstance(given, str) and _DECIMAL.fullmatch(given):
        return Decimal(given)
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 10**9:
        return Decimal(given)
    if isinstance(given, Decimal) and _DECIMAL.fullmatch(str(given)):
        return given
    raise Wrong(path, Problem.KIND, kind=Kind.DECIMAL)


def _date(given: object, path: str, name: str) -> date:
    if not isinstance(given, str) or not _DAY.fullmatch(given):
        raise Wrong(path, Problem.KIND, kind=Kind.DATE)
    return _in_our_time(_parsed(date.fromisoformat, given, path, Kind.DATE), path)


def _instant(given: object, path: str, name: str) -> datetime:
    if not isinstance(given, str):
        raise Wrong(path, Problem.KIND, kind=Kind.INSTANT)
    found = _parsed(datetime.fromisoformat, given, path, Kind.INSTANT)
    if found.tzinfo is None:
        raise Wrong(path, Problem.NO_OFFSET)
    return _in_our_time(found, path)


def _clock(given: object, path: str, name: str) -> time:
    if not isinstance(given, str) or not _CLOCK.fullmatch(given):
        raise Wrong(path, Problem.KIND, kind=Kind.CLOCK)
    return _parsed(time.fromisoformat, given, path, Kind.CLOCK)


def _parsed(parse: Callable[[str], T], given: str, path: str, kind: Kind) -> T:
    try:
        return parse(given)
    except ValueError as error:
        raise Wrong(path, Problem.KIND, kind=kind) from error


def _in_our_time(day: Day, path: str) -> Day:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Wrong(path, Problem.RANGE, least=FIRST_YEAR, most=LAST_YEAR)
    return day


_PLAIN: dict[Any, Callable[[object, str, str], Any]] = {
    str: _text,
    int: _integer,
    bool: _boolean,
    Decimal: _decimal,
    date: _date,
    datetime: _instant,
    time: _clock,
}
