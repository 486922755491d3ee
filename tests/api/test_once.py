"""A write with a key happens once: asked again, at once or after two days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ecuanime.api.jobs import forget_old_answers
from ecuanime.api.models import Answer
from ecuanime.clients import actions
from ecuanime.clients.models import Client as Customer
from ecuanime.foundation.models import AuditEntry
from tests.api.conftest import Write
from tests.factories import NOW
from tests.factories.billing import MONTH_END
from tests.factories.world import World

BODY = {"name": "Óptica Lunares", "country": "ES", "tax_id": "b-12345674"}


def test_the_same_key_and_body_get_the_same_answer_and_do_nothing_more(world: World, write: Write) -> None:
    before = Customer.objects.count()
    first, second = (write("supervisor", "POST", "clients", BODY, key="k1") for _ in range(2))
    assert (first.status_code, first.json()["tax_id"]) == (201, "B12345674")
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert Customer.objects.count() == before + 1
    entry = AuditEntry.objects.filter(verb="client_created").latest("pk")
    assert (entry.actor_id, entry.address) == (world.people["supervisor"].pk, "127.0.0.1")


def test_another_body_address_or_method_with_the_key_is_refused(world: World, write: Write) -> None:
    write("supervisor", "POST", "clients", BODY, key="k1")
    before = Customer.objects.count()
    others: list[tuple[str, str, Any]] = [
        ("POST", "clients", BODY | {"name": "Otra"}),
        ("PATCH", f"clients/{world.client.code}", BODY),
        ("PATCH", f"clients/{world.client.code}?x=1", BODY),
    ]
    for method, path, body in others:
        answer = write("supervisor", method, path, body, key="k1")
        assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")
    assert Customer.objects.count() == before
    assert Customer.objects.get(pk=world.client.pk).name == world.client.name


def test_keys_are_each_tokens_own(world: World, write: Write) -> None:
    codes = [
        write(who, "POST", "clients", BODY, key="k1").json()["code"] for who in ("supervisor", "billing")
    ]
    assert len(set(codes)) == 2


@pytest.mark.parametrize("key", ["", "a b", "ñ", "x" * 201])
def test_without_a_key_that_can_be_kept_nothing_is_written(world: World, write: Write, key: str) -> None:
    before = Customer.objects.count()
    answer = write("supervisor", "POST", "clients", BODY, key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_key")
    assert (Customer.objects.count(), Answer.objects.count()) == (before, 0)


def test_a_refusal_is_an_answer_and_changes_nothing(world: World, write: Write) -> None:
    before = Customer.objects.count()
    for _ in range(2):
        answer = write("supervisor", "POST", "clients", BODY | {"tax_id": "B12345675"}, key="k1")
        assert (answer.status_code, answer.json()["code"]) == (422, "tax_id")
        assert "is not a valid NIF" in answer.json()["message"]
    assert (Customer.objects.count(), Answer.objects.count()) == (before, 1)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad_body"),
        ({"name": "x", "nmae": "y"}, 422, "bad_parameter"),
        ({"name": "x" * 161}, 422, "bad_parameter"),
        ({"name": "a\x00b"}, 422, "bad_parameter"),
        (b'{"name": "\\ud800"}', 422, "bad_parameter"),
        ({"name": None}, 422, "bad_parameter"),
        ([], 422, "bad_parameter"),
    ],
)
def test_what_cannot_be_read_leaves_the_key_free(
    world: World, write: Write, body: Any, status: int, code: str
) -> None:
    answer = write("supervisor", "POST", "clients", body, key="k1")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert write("supervisor", "POST", "clients", BODY, key="k1").status_code == 201


def test_a_fault_of_ours_leaves_the_key_free(
    world: World, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(**_given: Any) -> None:
        actions.create_client(name="half", now=NOW)
        raise RuntimeError

    before = Customer.objects.count()
    with monkeypatch.context() as patched:
        patched.setattr("ecuanime.api.clients_writing.create_client", breaks)
        assert write("supervisor", "POST", "clients", BODY, key="k1").status_code == 500
    assert (Customer.objects.count(), Answer.objects.count()) == (before, 0)
    assert write("supervisor", "POST", "clients", BODY, key="k1").status_code == 201


def test_answers_are_kept_for_two_days(world: World, write: Write) -> None:
    write("supervisor", "POST", "clients", BODY, key="k1")
    for age, left in ((47, 1), (49, 0)):
        Answer.objects.update(at=MONTH_END - timedelta(hours=age))
        forget_old_answers(timestamp=0)
        assert Answer.objects.count() == left
