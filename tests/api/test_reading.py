"""What programs get: the same as the person whose token they carry, page by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecuanime.contracts.models import Contract
from ecuanime.tickets.actions import add_note, fill_fields
from ecuanime.tickets.models import Tag, Ticket
from tests.api.conftest import Ask
from tests.factories import NOW, make_client, make_contact, make_contract, make_version
from tests.factories.billing import Billing
from tests.factories.entitlements import make_pack
from tests.factories.tickets import make_ticket
from tests.factories.world import World

STAFF = ("technician", "consultant", "supervisor", "billing", "administrator")


def keys(answer: Any, name: str) -> set[Any]:
    """The values of a field on the page."""
    assert answer.status_code == 200, answer.content
    return {item[name] for item in answer.json()["items"]}


def test_the_firm_sees_all_clients_and_a_contact_their_own(world: World, ask: Ask) -> None:
    for who in STAFF:
        assert len(keys(ask(who, "clients"), "code")) == 2
    for who in ("lead", "contact"):
        assert keys(ask(who, "clients"), "code") == {world.client.code}
        assert ask(who, f"clients/{world.client.code}").json()["currency"] == "EUR"
    assert ask("other_lead", f"clients/{world.client.code}").status_code == 404
    assert "notes" not in ask("administrator", f"clients/{world.client.code}").json()


def test_people_of_clients_are_for_the_firm(world: World, ask: Ask) -> None:
    found = ask("technician", "contacts", client=world.client.code).json()["items"]
    assert {row["name"]: row["signs_in"] for row in found}["Sin acceso"] is False
    assert ask("technician", f"contacts/{world.lead.pk}").json()["is_project_lead"] is True
    assert ask("lead", "contacts").status_code == ask("lead", f"contacts/{world.lead.pk}").status_code == 403


def test_tickets_of_a_contact_are_those_they_see_in_the_portal(world: World, ask: Ask) -> None:
    assert len(keys(ask("billing", "tickets"), "number")) == 4
    assert keys(ask("lead", "tickets"), "number") == {world.ticket.number, world.own_ticket.number}
    assert keys(ask("contact", "tickets"), "number") == {world.own_ticket.number}
    assert world.ticket.number not in keys(ask("other_lead", "tickets"), "number")
    Ticket.objects.filter(pk=world.ticket.pk).update(assignee=world.people["technician"])
    address = f"tickets/{world.ticket.number}"
    assert ask("technician", address).json()["assignee"]["name"] == "Teo Bruna"
    assert ask("lead", address).json()["assignee"] is None
    assert ask("contact", address).status_code == ask("other_lead", address).status_code == 404


def test_internal_notes_are_for_those_at_the_desk(world: World, ask: Ask) -> None:
    address = f"tickets/{world.ticket.number}/messages"
    for who in ("technician", "consultant", "supervisor", "administrator"):
        assert "Ojo, moroso." in keys(ask(who, address), "text")
    for who in ("billing", "lead"):
        assert "Ojo, moroso." not in keys(ask(who, address), "text")
        assert "Ya está." in keys(ask(who, address), "text")
    assert ask("contact", address).status_code == 404


def test_time_is_seen_by_whom_it_concerns(world: World, ask: Ask) -> None:
    everything = {world.entry.pk, world.sent.pk, world.approved.pk}
    for who in ("technician", "supervisor", "administrator"):
        assert keys(ask(who, "time-entries"), "id") == everything
    assert keys(ask("consultant", "time-entries"), "id") == set()
    assert keys(ask("billing", "time-entries"), "id") == {world.approved.pk}
    assert keys(ask("lead", "time-entries"), "id") == {world.sent.pk, world.approved.pk}
    assert keys(ask("other_lead", "time-entries"), "id") == set()
    one = ask("lead", f"time-entries/{world.approved.pk}").json()
    assert (one["elapsed_seconds"], one["rating"]["drawn_hundredths"]) == (5400, 6000)
    assert one["rating"]["overage_hundredths"] == 3000
    assert ask("lead", f"time-entries/{world.entry.pk}").status_code == 404


def test_contracts_and_what_is_left_of_them(world: World, ask: Ask) -> None:
    address = f"contracts/{world.contract.number}"
    one = ask("lead", address).json()
    assert (one["plan_kind"], one["approval"], one["currency"]) == ("hour_pack", "both", "EUR")
    left = ask("lead", f"{address}/balance").json()
    assert (left["granted_hundredths"], left["left_hundredths"]) == (12000, 12000)
    assert (left["pending_hundredths"], left["left_if_approved_hundredths"]) == (6000, 6000)
    assert [lot["standing"] for lot in left["lots"] if lot["code"] == world.lot.code] == ["in_use"]
    assert keys(ask("lead", "balances"), "contract") == {world.contract.number}
    assert keys(ask("other_lead", "balances"), "contract") == set()
    for path in (address, f"{address}/balance"):
        assert ask("other_lead", path).status_code == 404


@pytest.mark.parametrize("by_contract", [True, False])
def test_hours_that_the_client_is_not_shown_stay_with_the_firm(
    world: World, ask: Ask, by_contract: bool
) -> None:
    contract = world.contract
    if by_contract:
        Contract.objects.filter(pk=contract.pk).update(hours_visible=False)
    else:
        contract = make_contract(world.client, version=make_version(hours_visible=False))
        make_pack(contract, 1)
    assert contract.number not in keys(ask("lead", "balances"), "contract")
    assert contract.number in keys(ask("technician", "balances"), "contract")
    assert ask("lead", f"contracts/{contract.number}/balance").status_code == 404


def test_invoices_are_for_whoever_bills_and_issued_ones_for_their_client(world: World, ask: Ask) -> None:
    for who in ("billing", "supervisor", "administrator"):
        assert keys(ask(who, "invoices"), "id") == {world.invoice.pk, world.draft.pk}
    assert keys(ask("lead", "invoices"), "id") == {world.invoice.pk}
    assert keys(ask("other_lead", "invoices"), "id") == set()
    for who in ("technician", "consultant", "contact"):
        assert ask(who, "invoices").json()["code"] == "not_allowed"
        assert ask(who, f"invoices/{world.invoice.pk}").status_code == 403
    assert ask("lead", f"invoices/{world.draft.pk}").status_code == 404
    assert ask("other_lead", f"invoices/{world.invoice.pk}").status_code == 404


def test_an_invoice_adds_up_and_names_its_time(world: World, ask: Ask) -> None:
    one = ask("billing", f"invoices/{world.invoice.pk}").json()
    assert one["net_minor"] + one["tax_minor"] == one["total_minor"] == one["owed_minor"] + 100
    assert sum(line["amount_minor"] for line in one["lines"]) == one["net_minor"] == 1500
    assert one["lines"][0]["minutes"] == "30"
    assert one["lines"][0]["time"] == [{"time_entry": world.approved.pk, "amount_minor": 1500}]
    assert [payment["amount_minor"] for payment in one["payments"]] == [100]


def test_every_ticket_stands_on_one_page_also_when_one_moves_meanwhile(world: World, ask: Ask) -> None:
    seen, cursor = [], ""
    for _page in range(9):
        answer = ask("technician", "tickets", limit=1, cursor=cursor).json()
        seen += [item["number"] for item in answer["items"]]
        if len(seen) == 1:
            Ticket.objects.filter(number=seen[0]).update(last_message_at="2026-12-24T00:00Z")
        if answer["next"] is None:
            break
        cursor = answer["next"]
    assert set(seen) == set(Ticket.objects.values_list("number", flat=True))


def test_filters_narrow_and_unknown_ones_are_refused(world: World, ask: Ask) -> None:
    found = keys(ask("technician", "tickets", state="new", client=world.client.code), "number")
    assert found == {world.own_ticket.number}
    assert keys(ask("technician", "tickets", last_message_since="2027-01-01T00:00:00Z"), "number") == set()
    assert keys(ask("billing", "invoices", state="draft"), "id") == {world.draft.pk}
    assert keys(ask("technician", "time-entries", work_from="2026-11-12"), "id") == {world.entry.pk}
    for parameters, code in (
        ({"sate": "new"}, "unknown_parameter"),
        ({"state": "nuevo"}, "bad_parameter"),
        ({"limit": 101}, "bad_parameter"),
        ({"cursor": "x"}, "bad_cursor"),
        ({"last_message_since": "2026-11-10T09:00"}, "bad_parameter"),
        ({"last_message_since": "0001-01-01T00:00:00+16:00"}, "bad_parameter"),
    ):
        answer = ask("technician", "tickets", **parameters)
        assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_any_offset_of_a_moment_is_understood(world: World, ask: Ask) -> None:
    for since, found in (("2026-11-10T00:00:00+16:00", 4), ("2026-11-30T00:00:00-20:00", 0)):
        assert len(keys(ask("billing", "tickets", last_message_since=since), "number")) == found


def test_moments_are_utc_whatever_the_persons_zone(world: World, ask: Ask) -> None:
    person = world.people["technician"]
    person.time_zone = "America/Mexico_City"
    person.save()
    assert ask("technician", f"tickets/{world.ticket.number}").json()["created_at"] == "2026-11-10T09:00:00Z"


def _tagged_ticket(world: World) -> None:
    ticket = make_ticket(contact=world.lead, client=world.client)
    ticket.tags.create(name=str(Tag.objects.count()))
    _fill(world, ticket)


def _fill(world: World, ticket: Ticket) -> None:
    """Something is said in the firm's own field."""
    said = {world.ticket_field.pk: "P-7"}
    fill_fields(ticket=ticket, values=said, by=world.people["technician"], now=NOW)


def test_the_firms_own_fields_are_told_to_the_team_alone(world: World, ask: Ask) -> None:
    _fill(world, world.ticket)
    address = f"tickets/{world.ticket.number}"
    assert ask("technician", address).json()["fields"] == {"serie": "P-7"}
    (found,) = ask("technician", "tickets", q="field.serie:P-7").json()["items"]
    assert found["fields"] == {"serie": "P-7"}
    assert ask("lead", address).json()["fields"] == {}


GROWING: dict[str, Callable[[World], object]] = {
    "clients": lambda world: make_client(),
    "contacts": lambda world: make_contact(world.client),
    "tickets": _tagged_ticket,
    "tickets/{ticket}/messages": lambda world: add_note(
        ticket=world.ticket, author=world.people["technician"], text="Otra", now=NOW
    ),
    "contracts": lambda world: make_contract(world.client),
    "balances": lambda world: make_pack(make_contract(world.client), 2),
    "time-entries": lambda world: world.office.entry(),
    "invoices": lambda world: Billing(world.office, world.people["billing"]).order(),
}


@pytest.mark.parametrize("path", GROWING)
def test_a_list_costs_the_same_however_long_it_is(world: World, ask: Ask, path: str) -> None:
    address = path.format(ticket=world.ticket.number)
    GROWING[path](world)
    ask("supervisor", address)
    with CaptureQueriesContext(connection) as few:
        shorter = ask("supervisor", address).json()["items"]
    for _more in range(2):
        GROWING[path](world)
    with CaptureQueriesContext(connection) as more:
        longer = ask("supervisor", address).json()["items"]
    assert len(longer) == len(shorter) + 2
    assert len(more) == len(few) < 25
