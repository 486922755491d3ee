"""The engine's own values as JSON, and the shapes of these values as JSON Schema.

Exact numbers are texts ("1.5", "64/3"), durations and ledger quantities integers, moments ISO 8601. What is
written here is read back by `reading` as it was.
"""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import NoneType
from typing import Any, get_args, get_origin

from ..rating import Step
from ..rating.trace import plain
from .reading import MOST, MOST_OF, hints_of

Json = dict[str, "Json"] | list["Json"] | str | int | bool | None
Schema = dict[str, Any]

_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": "string", "format": "decimal"},
    Fraction: {"type": "string", "format": "fraction"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    time: {"type": "string", "format": "time"},
}


def as_json(value: object) -> Json:
    """A value of the rules as JSON values. Raises TypeError for what has no exact form there."""
    if isinstance(value, Step):
        return dict(value.as_json())
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (Decimal, Fraction)):
        return plain(value)
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, frozenset):
        return [as_json(each) for each in sorted(value)]
    if isinstance(value, (tuple, list)):
        return [as_json(each) for each in value]
    if is_dataclass(value):
        return {each.name: as_json(getattr(value, each.name)) for each in fields(value)}
    raise TypeError(f"{type(value).__name__} has no JSON form")


def shapes_of(*kinds: Any) -> dict[str, Schema]:
    """The JSON Schemas of these values and of all that they are made of, by name; they refer to each other."""
    found: dict[str, Schema] = {}
    for kind in kinds:
        _shape(kind, found)
    return found


def _shape(kind: Any, found: dict[str, Schema]) -> None:
    if kind.__name__ in found:
        return
    shape: Schema = {"title": kind.__name__, "type": "object", "additionalProperties": False}
    found[kind.__name__] = shape
    hints = hints_of(kind)
    shape["properties"] = {each.name: _schema(hints[each.name], each.name, found) for each in fields(kind)}
    shape["required"] = [each.name for each in fields(kind) if each.default is MISSING]


def _schema(kind: Any, name: str, found: dict[str, Schema]) -> Schema:
    if kind is Step:
        return {"type": "object", "additionalProperties": True}
    if is_dataclass(kind):
        _shape(kind, found)
        return {"$ref": f"#/components/schemas/{kind.__name__}"}  # type: ignore[union-attr]  # a class
    if NoneType in get_args(kind):
        [wanted] = set(get_args(kind)) - {NoneType}
        return {"anyOf": [_schema(wanted, name, found), {"type": "null"}]}
    if get_origin(kind) in (tuple, frozenset):
        each, *_ = get_args(kind)
        return {"type": "array", "items": _schema(each, "", found), "maxItems": MOST_OF.get(name, MOST)}
    if issubclass(kind, StrEnum):
        return {"type": "string", "enum": [word.value for word in kind]}
    return dict(_PLAIN[kind])
