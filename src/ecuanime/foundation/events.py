"""Call down, announce up: how a room tells the rooms above it what has happened.

An event is a frozen dataclass of ids, numbers, texts and dates. `publish` defers one job per listening handler
in the caller's transaction, so a rollback takes the announcement along. Delivery is at least once: a handler's
action knows a repeat.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from importlib import import_module
from typing import Any, TypeVar, get_type_hints

E = TypeVar("E")
_handlers: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def hears(event_type: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register the decorated function, found by its module and name, to hear `event_type`."""

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        if handler not in _handlers[event_type]:
            _handlers[event_type].append(handler)
        return handler

    return register


def publish(event: object) -> None:
    """Announce `event` to every handler that hears its type, once this transaction commits."""
    from ecuanime.foundation.jobs import deliver

    if not is_dataclass(event) or isinstance(event, type):
        raise TypeError("an event is an instance of a frozen dataclass")
    for handler in _handlers[type(event)]:
        deliver.defer(handler=_path(handler), event=_path(type(event)), facts=_written(event))


def hand_over(handler_path: str, event_path: str, facts: dict[str, Any]) -> None:
    """Call the named handler with the event rebuilt from its facts: what the delivering job does."""
    handler, event_type = _load(handler_path), _load(event_path)
    handler(event_type(**_read(event_type, facts)))


def _written(event: Any) -> dict[str, Any]:
    """An event's facts as a job carries them: dates and moments as text."""
    facts = asdict(event)
    return {name: each.isoformat() if isinstance(each, date) else each for name, each in facts.items()}


def _read(event_type: type[Any], facts: dict[str, Any]) -> dict[str, Any]:
    kinds = get_type_hints(event_type)
    return {
        name: kinds[name].fromisoformat(each) if kinds.get(name) in (date, datetime) else each
        for name, each in facts.items()
    }


def _path(thing: Any) -> str:
    return f"{thing.__module__}:{thing.__qualname__}"


def _load(path: str) -> Any:
    module, name = path.split(":")
    return getattr(import_module(module), name)
