"""Fields of the firm's own: defined in the settings, filled in on tickets, kept by kind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from ecuanime.accounts.models import Role, User
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import Firm
from ecuanime.tickets.actions import define_field, fill_fields, retire_field
from ecuanime.tickets.models import FieldValue, State, Ticket, TicketField
from ecuanime.tickets.queries import fields_of
from tests.factories import NOW, make_firm, make_mailbox, make_person
from tests.factories.tickets import make_ticket
from tests.web.pages import whole_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client: Client) -> User:
    make_firm()
    make_mailbox()
    person = make_person(Role.ADMINISTRATOR, language="en", name="Irene")
    client.force_login(person)
    return person


def field(kind: str = "text", name: str = "Serie", **more: Any) -> TicketField:
    return define_field(name=name, kind=kind, now=NOW, **more)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", " AB  12 ", {"text": "AB 12"}),
        ("number", "3,50", {"number": Decimal("3.5")}),
        ("date", "2026-11-30", {"on": date(2026, 11, 30)}),
        ("choice", "rojo", {"text": "rojo"}),
    ],
)
def test_a_value_is_kept_by_its_kind_and_taken_away(
    me: User, kind: str, typed: str, kept: dict[str, Any]
) -> None:
    ticket, one = make_ticket(), field(kind, choices=["rojo", "azul"])
    fill_fields(ticket=ticket, values={one.pk: typed}, by=me, now=NOW)
    value = FieldValue.objects.get()
    assert {name: getattr(value, name) for name in kept} == kept
    again = fill_fields(ticket=ticket, values={one.pk: value.said}, by=me, now=NOW)
    assert again.version == ticket.version + 1, "the same once more is no change"
    assert [each.said for each in fields_of(ticket)] == [value.said]
    fill_fields(ticket=ticket, values={one.pk: ""}, by=me, now=NOW)
    assert not FieldValue.objects.exists()
    assert ticket.events.count() == 2


@pytest.mark.parametrize(
    ("code", "kind", "typed"),
    [
        ("bad_number", "number", "mucho"),
        ("bad_number", "number", "1e99"),
        ("bad_date", "date", "30/11/2026"),
        ("bad_choice", "choice", "verde"),
        ("closed", "text", "a"),
        ("stale", "text", "a"),
    ],
)
def test_what_does_not_fit_fills_in_nothing(me: User, code: str, kind: str, typed: str) -> None:
    ticket, good, bad = make_ticket(), field(), field(kind, name="Otro", choices=["rojo"])
    if code == "closed":
        Ticket.objects.filter(pk=ticket.pk).update(state=State.CLOSED)
    version = 99 if code == "stale" else None
    values = {good.pk: "bien", bad.pk: typed}
    with pytest.raises(Refused) as refusal:
        fill_fields(ticket=ticket, values=values, by=me, now=NOW, expected_version=version)
    assert (refusal.value.code, FieldValue.objects.count()) == (code, 0)


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("no_name", {"name": " "}),
        ("no_name", {"name": "¿?"}),
        ("name_taken", {"name": "SERIE"}),
        ("name_taken", {"name": "Séríe."}),
        ("bad_kind", {"name": "b", "kind": "song"}),
        ("no_choices", {"name": "b", "kind": "choice", "choices": [" "]}),
        ("too_many", {"name": "b", "kind": "choice", "choices": [str(n) for n in range(101)]}),
    ],
)
def test_what_is_no_field_is_not_kept(code: str, fields: dict[str, Any]) -> None:
    kept = field()
    with pytest.raises(Refused) as refusal:
        field(**fields)
    assert (refusal.value.code, TicketField.objects.count()) == (code, 1)
    with pytest.raises(Refused) as refusal:
        define_field(name="Serie", kind="date", field=kept, now=NOW)
    assert (refusal.value.code, TicketField.objects.get().kind) == ("kind_stays", "text")


def test_a_retired_field_is_shown_where_it_says_something(me: User) -> None:
    ticket, other, one = make_ticket(), make_ticket(), field()
    fill_fields(ticket=ticket, values={one.pk: "AB"}, by=me, now=NOW)
    retire_field(field=one, now=NOW)
    assert [each.said for each in fields_of(ticket)] == ["AB"]
    assert fields_of(other) == []
    fill_fields(ticket=ticket, values={one.pk: "CD"}, by=me, now=NOW)
    assert FieldValue.objects.get().text == "AB"


def test_it_goes_from_the_settings_to_the_ticket(me: User, client: Client) -> None:
    client.post("/ajustes/mesa/datos/nuevo/", {"name": "Color", "kind": "choice", "choices": "rojo\nazul"})
    one = TicketField.objects.get()
    assert client.post("/ajustes/mesa/datos/nuevo/", {"name": "Color", "kind": "text"}).status_code == 422
    client.post(f"/ajustes/mesa/datos/{one.pk}/", {"name": "Tono", "kind": "choice", "choices": "rojo"})
    ticket = make_ticket()
    client.post(f"/tickets/{ticket.number}/datos/", {f"field{one.pk}": "rojo", "version": ticket.version})
    shown = whole_ticket(client, ticket.number)
    assert "<dt>Tono</dt><dd>rojo</dd>" in shown
    late = client.post(f"/tickets/{ticket.number}/datos/", {f"field{one.pk}": "", "version": 1})
    assert (late.status_code, "Tono: rojo" in late.content.decode()) == (409, True)
    client.post("/ajustes/mesa/", {"satisfaction_every_days": 30, "escalates_to": "lead"})
    firm = Firm.objects.get()
    assert (firm.satisfaction_every_days, firm.escalates_to) == (30, "lead")
