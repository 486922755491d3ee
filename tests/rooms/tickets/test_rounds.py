"""The rounds of tickets: one that breaks, in whatever way, keeps no other waiting and is taken up again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from ecuanime.foundation.errors import Refused
from ecuanime.tickets.actions import (
    change_state,
    changing,
    close_silent_tickets,
    due,
    indexing,
    read_again,
    read_stale_documents,
    renew_promises,
    snooze,
    snoozing,
    tell_due_deadlines,
    wake_due_tickets,
)
from ecuanime.tickets.models import SearchDocument, State, Ticket
from tests.factories import NOW, make_firm, make_mailbox, make_person
from tests.factories.tickets import make_ticket
from tests.rooms.tickets.test_clocks import promise

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=10)


@pytest.fixture(autouse=True)
def firm() -> None:
    make_firm()
    make_mailbox()


def put_off(ticket: Ticket) -> None:
    snooze(ticket=ticket, until=NOW + timedelta(days=1), by=make_person(), now=NOW)


def solved(ticket: Ticket) -> None:
    change_state(ticket=ticket, state=State.SOLVED, by=make_person(), now=NOW)


def promised(_ticket: Ticket) -> None:
    """It is since it was opened."""


def renamed(ticket: Ticket) -> None:
    read_again(SearchDocument.objects.filter(ticket=ticket, message=None))


Round = tuple[Callable[[Ticket], None], Callable[[], int], ModuleType, str]
ROUNDS: dict[str, Round] = {
    "wake": (put_off, lambda: wake_due_tickets(now=LATER), snoozing, "wake"),
    "close": (solved, lambda: close_silent_tickets(now=LATER), changing, "move"),
    "deadlines": (promised, lambda: tell_due_deadlines(now=LATER), due, "keep_clocks"),
    "search": (renamed, read_stale_documents, indexing, "_words"),
}


@contextmanager
def broken(ticket: Ticket, fault: Exception, module: ModuleType, name: str) -> Iterator[None]:
    """While the block runs, what the module does by this name fails for one ticket."""
    whole = getattr(module, name)

    def act(given: Ticket, *args: Any, **kwargs: Any) -> Any:
        if given.pk == ticket.pk:
            raise fault
        return whole(given, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, act)
        yield


def left_undone() -> list[tuple[int, str]]:
    """How many rows each round has left, and the page of the first."""
    jobs = ProcrastinateJob.objects.filter(task_name="foundation.deliver").order_by("pk")
    facts = [job.args["facts"] for job in jobs if job.args["event"].endswith(":RowsLeftDue")]
    return [(each["count"], each["url"]) for each in facts]


@pytest.mark.parametrize("fault", [ValueError("broken"), Refused("broken", "It is broken.")], ids=repr)
@pytest.mark.parametrize("name", ROUNDS)
def test_one_that_breaks_is_left_and_taken_up_again(name: str, fault: Exception) -> None:
    prepare, run, module, function = ROUNDS[name]
    promise()
    tickets = [make_ticket() for _ in range(3)]
    for ticket in tickets:
        prepare(ticket)
    with broken(tickets[0], fault, module, function):
        assert run() == 2
    assert left_undone() == [(1, f"/tickets/{tickets[0].number}/")]
    assert (run(), run()) == (1, 0)


def test_promises_that_could_not_be_renewed_are_renewed_again() -> None:
    promise()
    first, second = make_ticket(), make_ticket()
    with (
        broken(first, ValueError("broken"), due, "keep_clocks"),
        pytest.raises(RuntimeError, match="1 tickets keep"),
    ):
        renew_promises(now=NOW)
    assert left_undone() == [(1, f"/tickets/{first.number}/")]
    assert renew_promises(now=NOW) == 2
    assert Ticket.objects.get(pk=second.pk).version == second.version
