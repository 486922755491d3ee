"""A write with the same key is done once: its answer is kept beside what it wrote, in one transaction.

Two requests with one key at once take turns at the key's unique row: the second waits for the first and gets its
answer, or does the work itself when the first one failed and left nothing.
"""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from ninja import Schema
from ninja.renderers import JSONRenderer

from ecuanime.api.errors import BadKey, KeyReused, status_of
from ecuanime.api.models import Answer
from ecuanime.api.reader import ApiRequest
from ecuanime.foundation.addresses import client_address
from ecuanime.foundation.audit import Actor, acting_as
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused

KEPT_FOR = timedelta(hours=48)
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_CLAIM = f"""
INSERT INTO {Answer._meta.db_table} (token_id, key, said, status, body, at)
VALUES (%(token)s, %(key)s, %(said)s, 0, '', %(at)s)
ON CONFLICT (token_id, key) DO NOTHING RETURNING id
"""  # noqa: S608  # waits for whoever holds the same key; the name is a table's of ours

View = Callable[..., Schema | None]


def once(view: View, status: int) -> Callable[..., HttpResponse]:
    """Let `view`, which calls one action and gives a shape, answer with `status`, once for each key.

    A refusal of the action is kept as the answer too, unless the person may not do such a thing. Raises `BadKey` and
    `KeyReused`; whatever else `view` raises leaves nothing, the key included.
    """

    @wraps(view)
    def answered(request: ApiRequest, **values: Any) -> HttpResponse:
        key, reader = request.headers.get("Idempotency-Key", ""), request.auth
        if not _KEY.fullmatch(key):
            raise BadKey
        request.once = f"api:{hashlib.sha256(f'{reader.token.pk}:{key}'.encode()).hexdigest()[:40]}"
        actor = Actor(id=reader.user.pk, name=str(reader.user), address=client_address(request))
        with acting_as(actor), transaction.atomic():
            answer = _claimed(request, key)
            if not answer.status:
                answer.status, answer.body = _done(view, status, request, values)
                answer.save(update_fields=["status", "body"])
        return HttpResponse(answer.body, status=answer.status, content_type="application/json; charset=utf-8")

    # The framework reads what the view takes; its words are resolved here, where they were written.
    answered.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
    return answered


def forget_answers(*, now: datetime) -> int:
    """Drop the answers given more than 48 hours ago; returns how many."""
    return Answer.objects.filter(at__lt=now - KEPT_FOR).delete()[0]


def _claimed(request: ApiRequest, key: str) -> Answer:
    """The key's row: new and without a status, or with the answer that was given."""
    token = request.auth.token
    said = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + request.body).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"token": token.pk, "key": key, "said": said, "at": read_clock()})
    answer = Answer.objects.get(token=token, key=key)
    if answer.said != said:
        raise KeyReused
    return answer


def _done(view: View, status: int, request: ApiRequest, values: dict[str, Any]) -> tuple[int, str]:
    try:
        with transaction.atomic():
            shape = view(request, **values)
    except Refused as refusal:
        if status_of(refusal) == 403:
            raise  # what a person may not do leaves nothing of theirs here either
        return status_of(refusal), _written(request, {"code": refusal.code, "message": str(refusal)})
    return status, "" if shape is None else _written(request, shape.model_dump())


def _written(request: ApiRequest, plain: dict[str, Any]) -> str:
    """As every answer of the API is written."""
    return str(JSONRenderer().render(request, plain, response_status=200))
