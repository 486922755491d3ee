"""State, undo, assignee, priority, tags, area, contract, and closing by silence."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from ecuanime.accounts.models import Role, User
from ecuanime.contracts.models import Contract
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.models import AuditEntry
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.actions import (
    add_inbound_message,
    assign,
    change_state,
    choose_contract,
    close_silent_tickets,
    follow_contract,
    reply,
    set_area,
    set_priority,
    set_site,
    set_tags,
    undo_change,
)
from ecuanime.tickets.actions.common import TRANSITIONS
from ecuanime.tickets.models import Group, Priority, State, Tag, Ticket, TicketEvent
from tests.factories import NOW, make_client, make_contract, make_firm, make_person, make_site
from tests.factories.tickets import make_message, make_ticket

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(seconds=30)


@pytest.fixture
def irene() -> User:
    return make_person(name="Irene")


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


@pytest.mark.parametrize(("before", "after"), [pair for pair in product(State, State) if pair[0] != pair[1]])
def test_every_pair_of_states_is_a_way_or_a_refusal(irene: User, before: State, after: State) -> None:
    ticket = make_ticket()
    Ticket.objects.filter(pk=ticket.pk).update(state=before)
    if after in TRANSITIONS[before]:
        change_state(ticket=ticket, state=after, by=irene, now=SOON)
        line = TicketEvent.objects.get()
        assert (line.field, line.before, line.after, line.actor) == ("state", before, after, irene)
        assert (fresh(ticket).state, fresh(ticket).version) == (after, 2)
        return
    with pytest.raises(Refused) as refusal:
        change_state(ticket=ticket, state=after, by=irene, now=SOON)
    assert refusal.value.code == ("closed" if before == State.CLOSED else "bad_transition")
    assert (fresh(ticket).state, fresh(ticket).version) == (before, 1)
    assert not TicketEvent.objects.exists()


def test_the_same_state_or_an_unknown_one_changes_nothing(irene: User) -> None:
    ticket = make_ticket()
    assert change_state(ticket=ticket, state=State.NEW, by=irene, now=SOON).version == 1
    with pytest.raises(Refused) as refusal:
        change_state(ticket=ticket, state="nonsense", by=irene, now=SOON)
    assert refusal.value.code == "bad_transition"
    assert fresh(ticket).version == 1


def test_a_stale_change_is_refused(irene: User) -> None:
    ticket = make_ticket()
    set_priority(ticket=ticket, priority=Priority.HIGH, by=irene, now=SOON, expected_version=1)
    stale = {"ticket": ticket, "by": irene, "now": SOON, "expected_version": 1}
    for action, fields in (
        (change_state, {"state": State.OPEN}),
        (assign, {"assignee": irene}),
        (set_priority, {"priority": 1}),
        (set_tags, {"names": ["x"]}),
        (set_area, {"area": None}),
        (set_site, {"site": None}),
        (choose_contract, {"contract": None}),
    ):
        with pytest.raises(Refused) as refusal:
            action(**(stale | fields))  # type: ignore[operator]
        assert refusal.value.code == "stale"
    assert fresh(ticket).version == 2
    assert TicketEvent.objects.count() == 1


def test_solving_starts_the_silence_and_it_closes_once_it_is_over(irene: User) -> None:
    make_firm(close_solved_after_days=3)
    ticket = change_state(ticket=make_ticket(), state=State.SOLVED, by=irene, now=NOW)
    assert (ticket.solved_at, ticket.next_due_at) == (NOW, NOW + timedelta(days=3))
    assert close_silent_tickets(now=NOW + timedelta(days=3, seconds=-1)) == 0
    assert close_silent_tickets(now=NOW + timedelta(days=3)) == 1
    assert close_silent_tickets(now=NOW + timedelta(days=3)) == 0
    ticket = fresh(ticket)
    assert (ticket.state, ticket.closed_at, ticket.next_due_at) == (
        State.CLOSED,
        NOW + timedelta(days=3),
        None,
    )


def test_an_answer_stops_the_closing(irene: User) -> None:
    ticket = change_state(ticket=make_ticket(), state=State.SOLVED, by=irene, now=NOW)
    add_inbound_message(ticket=ticket, message=make_message(), now=SOON)
    assert close_silent_tickets(now=NOW + timedelta(days=30)) == 0
    assert fresh(ticket).state == State.OPEN


@pytest.mark.parametrize("state", [State.SOLVED, State.WAITING_CLIENT])
def test_a_change_of_state_is_undone_within_a_minute(irene: User, state: str) -> None:
    ticket = change_state(ticket=make_ticket(), state=state, by=irene, now=NOW)
    assert ticket.waits_since is None
    ticket = undo_change(ticket=ticket, by=irene, now=NOW + timedelta(minutes=1))
    assert (ticket.state, ticket.waits_since, ticket.next_due_at, ticket.solved_at) == (
        State.NEW,
        NOW,
        None,
        None,
    )
    with pytest.raises(Refused) as refusal:
        undo_change(ticket=ticket, by=irene, now=NOW + timedelta(minutes=1))
    assert refusal.value.code == "nothing_to_undo"


def test_undoing_after_an_answer_leaves_nobody_waiting(irene: User) -> None:
    ticket = make_ticket()
    reply(ticket=ticket, author=irene, text="Ya", now=SOON, then="solve")
    assert undo_change(ticket=ticket, by=irene, now=SOON).waits_since is None


def test_what_cannot_be_undone(irene: User) -> None:
    ticket = make_ticket()
    for by, later, code in [
        (irene, timedelta(), "nothing_to_undo"),
        (irene, timedelta(seconds=61), "too_late"),
        (make_person(), timedelta(), "nothing_to_undo"),
    ]:
        if code == "too_late":
            change_state(ticket=ticket, state=State.SOLVED, by=irene, now=NOW)
        with pytest.raises(Refused) as refusal:
            undo_change(ticket=ticket, by=by, now=NOW + later)
        assert refusal.value.code == code
    assert fresh(ticket).state == State.SOLVED


def test_a_ticket_is_given_to_whoever_answers_tickets(irene: User) -> None:
    ticket = make_ticket()
    assert assign(ticket=ticket, assignee=irene, by=irene, now=SOON).assignee == irene
    for stranger in (make_person(Role.BILLING), make_person(is_active=False)):
        with pytest.raises(Refused) as refusal:
            assign(ticket=ticket, assignee=stranger, by=irene, now=SOON)
        assert refusal.value.code == "not_at_desk"
    assert fresh(ticket).assignee == irene
    assert assign(ticket=ticket, assignee=None, by=irene, now=SOON).assignee is None
    assert [line.after for line in TicketEvent.objects.order_by("pk")] == ["Irene", ""]
    assert AuditEntry.objects.filter(verb="ticket_changed").count() == 2


def test_priority_is_one_of_four_and_puts_who_waits_on_top(irene: User) -> None:
    ticket = make_ticket()
    assert fresh(ticket).inbox_group == Group.WAITS_FOR_US
    set_priority(ticket=ticket, priority=Priority.URGENT, by=irene, now=SOON)
    assert fresh(ticket).inbox_group == Group.URGENT
    with pytest.raises(Refused) as refusal:
        set_priority(ticket=ticket, priority=9, by=irene, now=SOON)
    assert refusal.value.code == "bad_priority"
    assert fresh(ticket).priority == Priority.URGENT


def test_tags_are_exactly_those_given_whatever_their_case(irene: User) -> None:
    Tag.objects.create(name="Correo")
    ticket = make_ticket()
    set_tags(ticket=ticket, names=["correo", " CORREO ", "spf", ""], by=irene, now=SOON)
    assert sorted(tag.name for tag in ticket.tags.all()) == ["Correo", "spf"]
    for names, code in (([str(number) for number in range(21)], "too_many"), (["x" * 41], "bad_tag")):
        with pytest.raises(Refused) as refusal:
            set_tags(ticket=ticket, names=names, by=irene, now=SOON)
        assert refusal.value.code == code
    assert ticket.tags.count() == Tag.objects.count() == 2
    set_tags(ticket=ticket, names=["SPF"], by=irene, now=SOON)
    assert [tag.name for tag in ticket.tags.all()] == ["spf"]


def test_an_area_brings_the_contract_that_fits(irene: User) -> None:
    ticket = make_ticket()
    linux = ProductArea.objects.create(code="linux", name="Linux")
    mail = ProductArea.objects.create(code="mail", name="Correo")
    contract = make_contract(ticket.client)
    contract.areas.add(linux)
    assert set_area(ticket=ticket, area=linux, by=irene, now=SOON).contract == contract
    assert set_area(ticket=ticket, area=mail, by=irene, now=SOON).contract is None
    fields = list(TicketEvent.objects.order_by("pk").values_list("field", flat=True))
    assert fields == ["area", "contract", "area", "contract"]


def test_a_site_brings_the_contract_that_covers_it(irene: User) -> None:
    ticket = make_ticket()
    depot, office = (make_site(ticket.client, name) for name in ("Almacén", "Oficina"))
    contract = make_contract(ticket.client)
    contract.sites.add(depot)
    assert set_site(ticket=ticket, site=depot, by=irene, now=SOON).contract == contract
    with pytest.raises(Refused) as refusal:
        set_site(ticket=ticket, site=make_site(make_client()), by=irene, now=SOON)
    assert refusal.value.code == "not_their_site"
    assert fresh(ticket).site == depot
    assert set_site(ticket=ticket, site=office, by=irene, now=SOON).contract is None
    fields = list(TicketEvent.objects.order_by("pk").values_list("field", flat=True))
    assert fields == ["site", "contract", "site", "contract"]


def test_a_contract_is_chosen_among_the_clients_active_ones(irene: User) -> None:
    ticket = make_ticket()
    contract = make_contract(ticket.client)
    assert choose_contract(ticket=ticket, contract=contract, by=irene, now=SOON).contract == contract
    ended = make_contract(ticket.client, state=Contract.State.ENDED)
    for wrong, code in ((make_contract(), "contract_of_another"), (ended, "contract_ended")):
        with pytest.raises(Refused) as refusal:
            choose_contract(ticket=ticket, contract=wrong, by=irene, now=SOON)
        assert refusal.value.code == code
    assert fresh(ticket).contract == contract


def test_a_closed_ticket_does_not_change(irene: User) -> None:
    ticket = change_state(ticket=make_ticket(), state=State.SOLVED, by=irene, now=NOW)
    ticket = change_state(ticket=ticket, state=State.CLOSED, by=irene, now=NOW)
    for action in (
        lambda: assign(ticket=ticket, assignee=irene, by=irene, now=SOON),
        lambda: set_priority(ticket=ticket, priority=1, by=irene, now=SOON),
        lambda: set_area(
            ticket=ticket, area=ProductArea.objects.create(code="x", name="X"), by=irene, now=SOON
        ),
    ):
        with pytest.raises(Refused) as refusal:
            action()
        assert refusal.value.code == "closed"
    assert fresh(ticket).version == ticket.version


def test_open_tickets_follow_the_contract_that_takes_the_place_of_theirs() -> None:
    before = make_contract()
    after = make_contract(before.client, replaces=before)
    opened, solved = (make_ticket(client=before.client) for _ in range(2))
    other = make_ticket(client=before.client)
    Ticket.objects.filter(pk__in=[opened.pk, solved.pk]).update(contract=before)
    Ticket.objects.filter(pk=solved.pk).update(state=State.SOLVED)
    Ticket.objects.filter(pk=other.pk).update(contract=None)

    assert [follow_contract(contract=after, now=NOW) for _ in range(2)] == [1, 0]

    chosen = dict(Ticket.objects.values_list("pk", "contract"))
    assert chosen == {opened.pk: after.pk, solved.pk: before.pk, other.pk: None}
    assert opened.events.filter(field="contract").count() == 1
    assert follow_contract(contract=before, now=NOW) == 0
