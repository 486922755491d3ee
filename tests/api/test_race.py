"""The same write asked for by several at once happens once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from ecuanime.accounts.actions import issue_api_token
from ecuanime.clients.models import Client as Customer
from tests.api.test_once import BODY
from tests.factories import NOW, make_firm, make_person


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_writes_and_both_get_its_answer() -> None:
    make_firm()
    _token, secret = issue_api_token(user=make_person("supervisor"), name="a", scope="write", now=NOW)
    start = Barrier(4)

    def send(_number: int) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "k1"}
        start.wait()
        try:
            answer = Client().post("/api/v1/clients", BODY, "application/json", headers=headers)
            return answer.status_code, answer.content
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(send, range(4)))
    assert [status for status, _content in answers] == [201]
    assert Customer.objects.count() == 1
