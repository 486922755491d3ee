"""A write changes the fields it offers and no other: a name that it does not know is refused, or means nothing."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from django.test import Client

from ecuanime.api.service import api
from ecuanime.clients.models import Client as ClientRow
from ecuanime.foundation.models import AuditEntry
from tests.api.conftest import Write
from tests.factories import make_contact, make_firm
from tests.factories.world import World

pytestmark = pytest.mark.django_db
NOT_OFFERED = (
    "id",
    "pk",
    "code",
    "created_at",
    "is_staff",
    "client_id",
    "balance_minor",
    "__class__",
    "name__in",
)


@cache
def written_bodies() -> dict[str, Any]:
    """The description of each body that is sent, by operation."""
    described = api.get_openapi_schema()
    shapes = described["components"]["schemas"]
    bodies = {}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            if "requestBody" in operation:
                shape = operation["requestBody"]["content"]["application/json"]["schema"]
                bodies[f"{method} {path}"] = (
                    shapes[shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape
                )
    return bodies


@pytest.mark.parametrize("operation", written_bodies())
def test_every_body_refuses_names_that_it_does_not_know(operation: str) -> None:
    assert written_bodies()[operation].get("additionalProperties") is False


@pytest.mark.parametrize("field", NOT_OFFERED)
def test_a_field_that_is_not_offered_is_refused_or_changes_nothing(
    world: World, write: Write, field: str
) -> None:
    before, said = ClientRow.objects.values().get(pk=world.client.pk), AuditEntry.objects.count()
    answer = write("billing", "PATCH", f"clients/{world.client.code}", {"city": "Puebla", field: 1})
    assert answer.status_code == 422
    assert ClientRow.objects.values().get(pk=world.client.pk) == before
    assert AuditEntry.objects.count() == said


def test_a_field_that_is_offered_is_written(world: World, write: Write) -> None:
    """The control: without the strange name the same write does what it says, and only that."""
    before = ClientRow.objects.values().get(pk=world.client.pk)
    assert write("billing", "PATCH", f"clients/{world.client.code}", {"city": "Puebla"}).status_code == 200
    after = ClientRow.objects.values().get(pk=world.client.pk)
    assert {name for name in after if after[name] != before[name]} == {"city"}


def test_a_form_of_one_s_own_changes_nothing_but_its_fields() -> None:
    make_firm()
    contact = make_contact(signs_in=True)
    user = contact.user
    assert user
    browser = Client()
    browser.force_login(user)
    before = vars(user).copy()
    offered = {"name": "Otra", "language": "es", "time_zone": ""}
    more = {
        "roles": "administrator",
        "email": "eva@evil.example",
        "is_active": "",
        "pk": "1",
        "password": "x",
    }
    assert browser.post("/cuenta/", offered | more).status_code == 302
    user.refresh_from_db()
    contact.refresh_from_db()
    after = vars(user)
    changed = {name for name in after if name[0] != "_" and after[name] != before[name]}
    assert changed - {"language"} == {"name"}
    assert not contact.is_project_lead
