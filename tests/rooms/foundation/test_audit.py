"""Who is written down for what is done: the person while they act, the product itself otherwise, in each thread."""

from __future__ import annotations

from threading import Thread

import pytest

from ecuanime.foundation.audit import SYSTEM, Actor, acting_as, broken_links, current_actor, record
from ecuanime.foundation.models import AuditEntry
from tests.factories import NOW, make_firm

IRENE = Actor(7, "Irene", "192.0.2.1")


def test_another_thread_does_not_act_for_the_person_of_this_one() -> None:
    seen: list[Actor] = []
    with acting_as(IRENE):
        thread = Thread(target=lambda: seen.append(current_actor()))
        thread.start()
        thread.join()
        assert current_actor() == IRENE
    assert seen == [SYSTEM]


def test_an_actor_ends_with_the_block_even_when_it_fails() -> None:
    with pytest.raises(RuntimeError), acting_as(IRENE):
        raise RuntimeError
    assert current_actor() == SYSTEM


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_each_entry_is_chained_at_once() -> None:
    firm = make_firm()
    with acting_as(IRENE):
        record("looked", firm, now=NOW, note="ñandú \0")
    record("looked", firm, now=NOW)
    names = list(AuditEntry.objects.order_by("sequence").values_list("actor_name", flat=True))
    assert names[-2:] == ["Irene", "Ecuánime"]
    assert list(broken_links()) == []
