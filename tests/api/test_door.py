"""Who gets in, how often, and what a refusal looks like."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from ecuanime.accounts.actions import revoke_api_token
from ecuanime.accounts.models import ApiToken
from ecuanime.api import limits
from ecuanime.api.models import Answer, TokenUse
from ecuanime.billing.models import Invoice
from ecuanime.clients.models import Client as Customer
from ecuanime.clients.models import Contact
from ecuanime.contracts.models import Contract
from ecuanime.tickets.models import State
from tests.api.conftest import Ask, Write
from tests.factories.billing import MONTH_END
from tests.factories.world import World


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ecu_guess", "Basic YTpi", "Bearer \xff\x00", "ecu_x"]
)
def test_without_a_token_that_works_nobody_gets_in(world: World, header: str) -> None:
    browser = Client(headers={"Authorization": header} if header else {})
    browser.force_login(world.people["administrator"])
    answer = browser.get("/api/v1/tickets")
    assert (answer.status_code, answer.json()["code"]) == (401, "no_token")
    assert answer["WWW-Authenticate"].startswith('Bearer realm="ecuanime"')
    assert ("invalid_token" in answer["WWW-Authenticate"]) is bool(header)
    assert not TokenUse.objects.exists()


def test_a_token_dies_with_its_end_its_account_or_its_contact(world: World, ask: Ask) -> None:
    token, _secret = world.tokens["technician"]
    revoke_api_token(token=token, now=timezone.now())
    assert ask("technician", "tickets").status_code == 401
    person = world.people["supervisor"]
    person.is_active = False
    person.save()
    assert ask("supervisor", "tickets").status_code == 401
    ApiToken.objects.filter(user=world.people["billing"]).update(expires_at=MONTH_END)
    assert ask("billing", "tickets").status_code == 401
    Contact.objects.filter(pk=world.lead.pk).update(is_active=False)
    for path in ("clients", "tickets", "time-entries", "contracts", "balances"):
        assert ask("lead", path).json()["items"] == []
    assert ask("lead", "invoices").status_code == 403


def test_a_token_is_slowed_down_alone_and_comes_back(
    world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PER_MINUTE", 3)
    with time_machine.travel(MONTH_END + timedelta(seconds=1), tick=False) as clock:
        assert [ask("technician", "tickets").status_code for _ in range(4)] == [200, 200, 200, 429]
        clock.shift(20)
        refused = ask("technician", "tickets")
        assert (refused.json()["code"], refused["Retry-After"]) == ("too_many", "40")
        assert ask("supervisor", "tickets").status_code == 200
        clock.shift(40)
        assert ask("technician", "tickets").status_code == 200


def test_its_last_use_is_noted_once_a_minute(world: World, ask: Ask) -> None:
    token, _secret = world.tokens["technician"]
    with time_machine.travel(MONTH_END, tick=False) as clock:
        for seconds, noted in ((0, 0), (30, 0), (40, 70)):
            clock.shift(seconds)
            ask("technician", "clients")
            token.refresh_from_db()
            assert token.last_used_at == MONTH_END + timedelta(seconds=noted)


def test_refusals_speak_the_language_of_the_tokens_owner(world: World, ask: Ask) -> None:
    assert ask("supervisor", "tickets/999999").json()["message"].startswith("There is no such thing")
    assert ask("supervisor", "tickets/999999")["Content-Language"] == "en"


def test_a_token_that_reads_writes_nothing(world: World, write: Write) -> None:
    ApiToken.objects.filter(user=world.people["administrator"]).update(scope="read")
    before = Customer.objects.count()
    answer = write("administrator", "POST", "clients", {"name": "Uno"})
    assert (answer.status_code, answer.json()["code"]) == (403, "read_only")
    assert (Customer.objects.count(), Answer.objects.count()) == (before, 0)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_nobody_writes_takes_no_method_of_writing(world: World, write: Write, method: str) -> None:
    answer = write("administrator", method, f"tickets/{world.ticket.number}", {})
    assert (answer.status_code, answer["Allow"]) == (405, "GET")


def test_the_description_is_complete_and_its_page_needs_no_script(world: World) -> None:
    schema = Client().get("/api/v1/openapi.json").json()
    assert schema["components"]["securitySchemes"]
    page = Client().get("/api/v1/docs", headers={"Accept-Language": "en"})
    text = page.content.decode()
    assert page.status_code == 200
    for path, methods in schema["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in text
    for name in schema["components"]["schemas"]["TimeEntryOut"]["properties"]:
        assert f">{name}</th>" in text
    assert "cdn" not in text


def test_every_word_is_described_where_it_stands(world: World) -> None:
    """Three nouns have a state of their own: in the description none may stand for another's."""
    schema = Client().get("/api/v1/openapi.json").json()
    shapes = schema["components"]["schemas"]
    assert [name for name, shape in shapes.items() if "enum" in shape] == []
    for path, shape, words in (
        ("tickets", "TicketOut", State.values),
        ("contracts", "ContractOut", Contract.State.values),
        ("invoices", "InvoiceOut", Invoice.State.values),
    ):
        assert shapes[shape]["properties"]["state"]["enum"] == words
        [given] = [
            each
            for each in schema["paths"][f"/api/v1/{path}"]["get"]["parameters"]
            if each["name"] == "state"
        ]
        assert given["schema"]["anyOf"][0]["enum"] == words
