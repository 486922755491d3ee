from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from ecuanime.accounts.models import Role
from ecuanime.contracts.actions import draft_version, drop_service_level, publish_version, set_service_level
from ecuanime.contracts.drafts import PromiseRow, draft_of
from ecuanime.contracts.models import CoverageCalendar, PlanVersion, ServiceLevel
from ecuanime.contracts.service_levels import promised
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.errors import Refused
from ecuanime.notices.models import Notice
from ecuanime.staff.actions import add_holiday, make_team, update_firm
from ecuanime.tickets.actions import (
    add_inbound_message,
    change_state,
    choose_contract,
    follow,
    identify_client,
    keep_queue,
    move_to_queue,
    note_normal,
    note_undelivered,
    open_ticket,
    promise_in_queue,
    renew_promises,
    reply,
    set_priority,
    take_back_normal,
    tell_due_deadlines,
)
from ecuanime.tickets.models import Deadline, DeadlineEvent, Priority, Queue, State, Ticket
from tests.factories import (
    NOW,
    make_client,
    make_contact,
    make_contract,
    make_firm,
    make_person,
    make_version,
)
from tests.factories.tickets import make_message, make_ticket
from tests.rules.examples import Row, rows

pytestmark = pytest.mark.django_db
FIRST, NEXT, NORMAL, SOLUTION = "first_response", "next_response", "normalisation", "solution"
HOURS = {FIRST: 60, NEXT: 120, NORMAL: 240, SOLUTION: 480}


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def promise(**of: object) -> ServiceLevel:
    """Times that count around the clock: an urgent request gets half of them."""
    make_firm()
    targets = {(priority, metric): minutes for metric, minutes in HOURS.items() for priority in (2, 3, 4)}
    targets |= {(1, metric): minutes // 2 for metric, minutes in HOURS.items()}
    return set_service_level(targets=targets, now=NOW, **of)  # type: ignore[arg-type]  # a contract or a client


def clock(ticket: Ticket, metric: str, number: int = 1) -> Deadline:
    return Deadline.objects.get(ticket=ticket, metric=metric, number=number)


def due(ticket: Ticket) -> tuple[str, datetime | None]:
    fresh = Ticket.objects.get(pk=ticket.pk)
    return fresh.due_metric, fresh.due_at


def happened(ticket: Ticket) -> list[tuple[str, str]]:
    events = DeadlineEvent.objects.filter(deadline__ticket=ticket).order_by("pk")
    return [(event.deadline.metric, event.kind) for event in events.select_related("deadline")]


def test_where_nothing_is_promised_nothing_is_counted() -> None:
    ticket = make_ticket()
    assert due(ticket) == ("", None)
    assert not Deadline.objects.exists()


def test_each_clock_runs_from_its_beginning_to_its_end() -> None:
    promise()
    maria = make_person(Role.TECHNICIAN)
    ticket = make_ticket()
    assert due(ticket) == (FIRST, after(60))
    reply(ticket=ticket, author=maria, text="Miramos.", now=after(30))
    assert due(ticket) == (NORMAL, after(240))
    add_inbound_message(ticket=ticket, message=make_message("¿Y bien?"), now=after(90))
    assert due(ticket) == (NEXT, after(210))
    note_normal(ticket=ticket, by=maria, now=after(100), at=after(95))
    reply(ticket=ticket, author=maria, text="Ya va.", then="wait", now=after(110))
    assert due(ticket) == ("", None)
    add_inbound_message(ticket=ticket, message=make_message("Gracias"), now=after(1000))
    assert clock(ticket, SOLUTION).due_at == after(480 + 890)
    change_state(ticket=ticket, state=State.SOLVED, by=maria, now=after(1010))
    assert [row.outcome for row in Deadline.objects.filter(ticket=ticket)] == ["met"] * 5
    assert happened(ticket) == [
        (FIRST, "met"), (NORMAL, "met"), (NEXT, "met"), (SOLUTION, "met"), (NEXT, "met")
    ]  # fmt: skip
    assert due(ticket) == ("", None)


def test_a_request_that_comes_with_its_message_is_due_from_the_first_moment() -> None:
    promise()
    ticket = open_ticket(subject="x", channel="email", message=make_message("Hola"), now=NOW)
    assert due(ticket) == (FIRST, after(60))


def test_who_should_act_is_warned_and_told_once() -> None:
    promise()
    maria = make_person(Role.TECHNICIAN)
    boss = make_person(Role.SUPERVISOR)
    ticket = make_ticket(assignee=maria)
    for minute in (44, 45, 46, 60, 61, 62):
        tell_due_deadlines(now=after(minute))
    assert happened(ticket) == [(FIRST, "warned"), (FIRST, "breached")]
    told = DeadlineEvent.objects.values_list("told", flat=True).order_by("pk")
    assert list(told) == [[maria.email], [maria.email, boss.email]]
    notices = Notice.objects.filter(kind="deadline").order_by("pk")
    assert [row.user for row in notices] == [maria, maria, boss]
    assert [event.field for event in ticket.events.order_by("pk")] == ["promise_warned", "promise_broken"]
    assert Ticket.objects.get(pk=ticket.pk).version == ticket.version
    reply(ticket=ticket, author=maria, text="Tarde.", now=after(70))
    assert happened(ticket)[-1] == (FIRST, "late")
    assert clock(ticket, FIRST).breached_at == after(60)


def test_a_change_of_terms_counts_from_then_on_and_rewrites_nothing() -> None:
    promise()
    client = make_client()
    ticket = make_ticket(contact=make_contact(client=client))
    boss = make_person(Role.SUPERVISOR)
    change_state(ticket=ticket, state=State.WAITING_CLIENT, by=boss, now=after(10))
    change_state(ticket=ticket, state=State.OPEN, by=boss, now=after(110))
    assert due(ticket) == (FIRST, after(160))
    set_priority(ticket=ticket, priority=Priority.URGENT, by=boss, now=after(120))
    assert due(ticket) == (FIRST, after(130)), "the pause counts under the new priority too"
    tell_due_deadlines(now=after(140))
    set_priority(ticket=ticket, priority=Priority.LOW, by=boss, now=after(141))
    assert clock(ticket, FIRST).breached_at == after(130), "what was broken stays broken"
    assert clock(ticket, SOLUTION).due_at == after(580)
    contract = make_contract(client=client)
    set_service_level(contract=contract, targets={(4, SOLUTION): 300}, now=after(150))
    choose_contract(ticket=ticket, contract=contract, by=boss, now=after(150))
    assert clock(ticket, SOLUTION).due_at == after(400)
    assert clock(ticket, NORMAL).outcome == "nothing_promised"
    assert happened(ticket) == [(FIRST, "breached")]


def make_promising_version() -> PlanVersion:
    """A published plan version that promises something."""
    version = make_version("on_demand")
    draft = replace(draft_of(version), promise=PromiseRow(((3, FIRST, 15),)))
    version = draft_version(plan=version.plan, draft=draft, now=NOW)
    return publish_version(version=version, by=None, now=NOW)


@pytest.mark.parametrize("row", rows("sla", "contract", "plan", "client", "queue", "firm", "counts"), ids=str)
def test_the_narrowest_terms_count(row: Row) -> None:
    make_firm()
    contract = make_contract(version=make_promising_version() if row["plan"] else None)
    queue = keep_queue(queue=None, name="Alta", now=NOW)
    write = {
        "contract": lambda: set_service_level(contract=contract, targets={(3, FIRST): 10}, now=NOW),
        "client": lambda: set_service_level(client=contract.client, targets={(3, FIRST): 20}, now=NOW),
        "queue": lambda: promise_in_queue(queue=queue, targets={(3, FIRST): 30}, now=NOW),
        "firm": lambda: set_service_level(targets={(3, FIRST): 40}, now=NOW),
    }
    for owner, act in write.items():
        if row[owner]:
            act()
    queue.refresh_from_db()
    found = promised(contract, contract.client, 3, today=NOW.date(), queue=queue.terms)
    assert (found.source if found else "") == row["counts"]


def test_another_queue_counts_from_the_move_on_and_rewrites_nothing() -> None:
    promise()
    boss = make_person(Role.SUPERVISOR)
    quick = keep_queue(queue=None, name="Alta", now=NOW)
    quick = promise_in_queue(queue=quick, targets={(3, FIRST): 30, (3, SOLUTION): 90}, now=NOW)
    ticket = make_ticket()
    move_to_queue(ticket=ticket, queue=quick, by=boss, now=after(20))
    assert due(ticket) == (FIRST, after(30))
    move_to_queue(ticket=ticket, queue=None, by=boss, now=after(40))
    assert clock(ticket, FIRST).breached_at == after(30), "what was broken stays broken"
    assert clock(ticket, SOLUTION).due_at == after(480)
    assert clock(ticket, FIRST).events.get().told == [boss.email]
    promise_in_queue(queue=quick, targets={(3, FIRST): 45}, now=after(50))
    assert ServiceLevel.objects.filter(is_of_queue=True).count() == 1
    move_to_queue(ticket=ticket, queue=quick, by=boss, now=after(50))
    drop_service_level(level=ServiceLevel.objects.get(is_of_queue=True), now=after(60))
    renew_promises(now=after(60))
    assert ticket.promises.order_by("-since", "-id")[0].promise.content["source"] == "firm"
    assert Queue.objects.get(pk=quick.pk).terms is None


def test_followers_are_warned_and_the_firm_says_who_hears_that_time_is_up() -> None:
    promise()
    maria, lead, boss, follower = make_person(), make_person(), make_person(Role.SUPERVISOR), make_person()
    team = make_team(name="Sistemas", lead=lead, now=NOW)
    queue = keep_queue(queue=None, name="Alta", team=team, now=NOW)

    def told(escalates_to: str, **fields: object) -> list[list[str]]:
        update_firm(escalates_to=escalates_to, now=NOW)
        ticket = make_ticket(assignee=maria, **fields)
        follow(ticket=ticket, user=follower, by=boss, now=NOW)
        for minute in (46, 61):
            tell_due_deadlines(now=after(minute))
        return [event.told for event in clock(ticket, FIRST).events.all()]

    near = [follower.email, maria.email]
    assert told("lead", queue=queue) == [near, [*near, lead.email]]
    assert told("both", queue=queue) == [near, [*near, lead.email, boss.email]]
    assert told("supervisors", queue=queue) == [near, [*near, boss.email]]
    assert told("lead") == [near, [*near, boss.email]], "without a lead the supervisors are told"
    assert not OutgoingMail.objects.filter(purpose="deadline").exists(), "mail goes as each prefers"


def test_terms_hold_for_open_tickets_from_the_moment_they_are_written() -> None:
    make_firm()
    ticket = make_ticket()
    level = promise()
    renew_promises(now=after(300))
    assert due(ticket) == (FIRST, after(360)), "what was not promised yet was not broken"
    drop_service_level(level=level, now=after(310))
    renew_promises(now=after(310))
    assert due(ticket) == ("", None)


def test_who_is_recognised_late_was_a_client_all_along() -> None:
    make_firm()
    boss = make_person(Role.SUPERVISOR)
    client = make_client()
    promise(client=client)
    ticket = make_ticket(client=None)
    assert due(ticket) == ("", None)
    identify_client(ticket=ticket, client=client, by=boss, now=after(90))
    assert clock(ticket, FIRST).breached_at == after(60)
    assert due(ticket) == (FIRST, after(60))


def test_a_new_holiday_moves_what_falls_due_after_it() -> None:
    make_firm()
    calendar = CoverageCalendar.objects.create(code="dia", name="De día")
    for weekday in range(7):
        calendar.bands.create(weekday=weekday, starts_at="00:00", ends_at=None)
    set_service_level(targets={(3, SOLUTION): 24 * 60}, calendar=calendar, now=NOW)
    ticket = make_ticket()
    assert due(ticket) == (SOLUTION, after(24 * 60))
    add_holiday(on=date(NOW.year, NOW.month, NOW.day) + timedelta(days=1), name="Fiesta", now=after(5))
    renew_promises(now=after(5))
    assert due(ticket) == (SOLUTION, after(48 * 60))


def test_an_answer_that_did_not_arrive_is_none() -> None:
    promise()
    ticket = make_ticket()
    maria = make_person(Role.TECHNICIAN)
    message = reply(ticket=ticket, author=maria, text="Ya.", now=after(10))
    assert clock(ticket, FIRST).outcome == "met"
    assert message.outgoing_id is not None
    note_undelivered(mail_id=message.outgoing_id, addresses=["elvira@uno.example"], now=after(20))
    assert due(ticket) == (FIRST, after(60))


def test_normality_is_noted_between_the_opening_and_now_and_can_be_taken_back() -> None:
    promise()
    maria = make_person(Role.TECHNICIAN)
    ticket = make_ticket()
    for refused, code in ((after(-1), "bad_moment"), (after(31), "bad_moment")):
        with pytest.raises(Refused) as refusal:
            note_normal(ticket=ticket, by=maria, now=after(30), at=refused)
        assert refusal.value.code == code
    with pytest.raises(Refused, match="not"):
        take_back_normal(ticket=ticket, by=maria, now=after(30))
    assert not ticket.events.exists()
    note_normal(ticket=ticket, by=maria, now=after(30))
    with pytest.raises(Refused):
        note_normal(ticket=ticket, by=maria, now=after(31))
    take_back_normal(ticket=ticket, by=maria, now=after(50))
    assert clock(ticket, NORMAL).due_at == after(260)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"targets": {}}, "no_target"),
        ({"targets": {(9, FIRST): 10}}, "bad_target"),
        ({"targets": {(1, "lunch"): 10}}, "bad_target"),
        ({"targets": {(1, FIRST): 0}}, "bad_target"),
        ({"targets": {(1, FIRST): 10}, "warn_percent": 0}, "bad_warning"),
    ],
)
def test_terms_that_cannot_be_are_refused(given: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        set_service_level(now=NOW, **given)  # type: ignore[arg-type]  # as a form would not let through
    assert refusal.value.code == code
    assert not ServiceLevel.objects.exists()
