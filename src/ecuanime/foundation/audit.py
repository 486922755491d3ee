"""The audit trail: who did what, when and from where, chained so that tampering shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from ecuanime.foundation.models import AuditEntry


@dataclass(frozen=True)
class Actor:
    """Who acts: a person's id and name, or the product itself (`id` None), and the address they come from."""

    id: int | None
    name: str
    address: str | None = None


SYSTEM = Actor(id=None, name="Ecuánime")
_actor: ContextVar[Actor] = ContextVar("actor", default=SYSTEM)


def current_actor() -> Actor:
    """Whoever the running request or job acts for; the product itself when nobody does."""
    return _actor.get()


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Everything recorded inside the block is recorded as done by `actor`."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def record(verb: str, subject: Model, *, now: datetime, **data: Any) -> None:
    """Write that the current actor did `verb` to `subject`, in the caller's transaction.

    `data` must be JSON-able or have a faithful `str`; secrets and message texts do not belong in it.
    """
    actor = current_actor()
    kind, key = subject._meta.label_lower, str(subject.pk)
    body: dict[str, Any] = {
        "at": now,
        "actor": actor.id,
        "name": actor.name,
        "from": actor.address,
        "verb": verb,
    }
    body |= {"object": f"{kind}:{key}", "data": data}
    AuditEntry.objects.create(
        at=now,
        actor_id=actor.id,
        actor_name=actor.name,
        verb=verb,
        object_kind=kind,
        object_id=key,
        address=actor.address,
        body=canonical(body),
    )


def canonical(body: Mapping[str, Any]) -> str:
    """The one JSON text of `body`: sorted keys, no spaces, UTF-8 as it is."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def link_hash(previous_hash: str, sequence: int, body: str) -> str:
    """The hash that chains an entry: the same sum as the database's trigger makes."""
    return hashlib.sha256(f"{previous_hash}|{sequence}|{body}".encode()).hexdigest()


def broken_links() -> Iterator[str]:
    """Walk the whole chain and name each place where it does not hold; nothing when it is whole."""
    previous, expected = "", 1
    for entry in AuditEntry.objects.filter(sequence__isnull=False).order_by("sequence").iterator():
        if entry.sequence != expected:
            yield f"audit entry {expected} is missing before {entry.sequence}"
        if entry.previous_hash != previous:
            yield f"audit entry {entry.sequence} does not follow the one before it"
        if entry.hash != link_hash(entry.previous_hash, entry.sequence or 0, entry.body):
            yield f"audit entry {entry.sequence} was changed"
        previous, expected = entry.hash, (entry.sequence or 0) + 1
    for key in AuditEntry.objects.filter(sequence__isnull=True).values_list("pk", flat=True):
        yield f"audit row {key} was never chained"
