"""The page that describes the API: made from its own OpenAPI description, in our design and without foreign scripts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from ecuanime.api.limits import PER_MINUTE, SIMULATIONS_PER_MINUTE
from ecuanime.api.service import api


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of an answer: its kind in a word or two, and what it means."""

    name: str
    kind: str
    words: str
    is_required: bool


@dataclass(frozen=True)
class Described:
    """An operation: its address, what it takes and the shape it answers."""

    ident: str
    method: str
    path: str
    summary: str
    parameters: tuple[Field, ...]
    body: str
    shape: str


@dataclass(frozen=True)
class Shape:
    """A named object of the answers."""

    name: str
    fields: tuple[Field, ...]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """All operations with their parameters, and all shapes with their fields."""
    schema = api.get_openapi_schema()
    groups: dict[str, list[Described]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            name = gettext(operation["tags"][0])
            groups.setdefault(name, []).append(_operation(method, path, operation))
    shapes = [_shape(name, each) for name, each in sorted(schema["components"]["schemas"].items())]
    context = {
        "groups": groups,
        "shapes": [shape for shape in shapes if shape.fields],
        "per_minute": PER_MINUTE,
        "simulations": SIMULATIONS_PER_MINUTE,
        "address": request.build_absolute_uri("/api/v1/tickets"),
    }
    return render(request, "api/docs.html", context)


def _operation(method: str, path: str, operation: dict[str, Any]) -> Described:
    parameters = operation.get("parameters", [])
    status, answer = next(iter(operation["responses"].items()))
    body = _shape_of(operation.get("requestBody", {}))
    return Described(
        ident=str(operation["operationId"]).replace("_", "-"),
        method=method.upper(),
        path=path,
        summary=gettext(operation["summary"]),
        parameters=tuple(_parameter(each) for each in parameters),
        body=_kind(body),
        shape=f"{status} {_kind(_shape_of(answer))}".strip(),
    )


def _shape_of(part: dict[str, Any]) -> dict[str, Any]:
    """The schema of a body or an answer; empty where there is none."""
    schema: dict[str, Any] = part.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def _shape(name: str, schema: dict[str, Any]) -> Shape:
    required = schema.get("required", [])
    fields = schema.get("properties", {}).items()
    return Shape(
        name=_plain(name),
        fields=tuple(_field(field, each, field in required) for field, each in fields),
    )


def _parameter(given: dict[str, Any]) -> Field:
    found = _field(given["name"], given["schema"] | given, given.get("required", False))
    return replace(found, kind=found.kind.removesuffix(" | null"))


def _field(name: str, schema: dict[str, Any], is_required: bool) -> Field:
    words = schema.get("description", "")
    return Field(name, _kind(schema), gettext(words) if words else "", is_required)


def _kind(schema: dict[str, Any]) -> str:
    """What a value looks like: `date-time | null`, `[Line]`, the words of an enumeration."""
    if "$ref" in schema:
        return _plain(schema["$ref"].rsplit("/", 1)[-1])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "anyOf" in schema:
        return " | ".join(_unique(map(_kind, schema["anyOf"])))
    if "allOf" in schema:
        return _kind(schema["allOf"][0])
    if schema.get("type") == "array":
        return f"[{_kind(schema['items'])}]"
    return str(schema.get("format") or schema.get("type") or "")


def _unique(kinds: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(kinds))


def _plain(name: str) -> str:
    """A schema's name as people read it: `Page_TicketOut_` is Page · Ticket."""
    outer, _sep, inner = name.strip("_").partition("_")
    words = [word.removesuffix("Out") for word in (outer, inner) if word]
    return " · ".join(words)
