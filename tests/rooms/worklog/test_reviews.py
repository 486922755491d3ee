"""The supervisor's side: approve, adjust, reject, choose a contract."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from ecuanime.accounts.models import Role, User
from ecuanime.contracts.models import Approval, Contract
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.actions import (
    adjust_entry,
    choose_contract,
    dispute_entry,
    reject_entry,
    review_entries,
    review_entry,
)
from ecuanime.worklog.models import Decision, EntryState, RatedEntry, TimeEntry
from tests.factories import NOW, make_contract, make_person, make_version, make_work_type, publish
from tests.factories.entitlements import make_pack
from tests.factories.worklog import WORKED_AT, WORKED_ON, Office, make_office
from tests.rooms.worklog.snapshots import everything, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


def test_what_needs_the_client_waits_for_them(office: Office) -> None:
    entry = office.reviewed(30)

    assert (entry.state, entry.told_at) == (EntryState.REVIEWED, None)
    assert not RatedEntry.objects.exists()
    decision = Decision.objects.get()
    assert (decision.kind, decision.user, decision.entry_version) == ("review", office.supervisor, 1)


def test_where_the_supervisor_is_enough_the_review_draws() -> None:
    office = make_office(approval=Approval.SUPERVISOR)
    lot = make_pack(office.contract, hours=1).paid

    entry = office.reviewed(30)

    lot.refresh_from_db()
    assert (entry.state, entry.approved_at, lot.left) == (EntryState.APPROVED, NOW, 3000)


def test_goodwill_needs_nobody_elses_approval(office: Office) -> None:
    entry = office.reviewed(30, billable_seconds=0)

    rating = RatedEntry.objects.get(entry=entry)
    assert (entry.state, rating.rounded_minutes, rating.drawn, rating.overage) == (
        EntryState.APPROVED,
        0,
        0,
        0,
    )


def test_a_repeated_review_changes_nothing(office: Office) -> None:
    entry = office.reviewed(30)
    before = everything()

    assert review_entry(entry=entry, by=office.supervisor, now=NOW + timedelta(hours=1)) == entry
    assert everything() == before


def test_reviews_are_all_or_none(office: Office) -> None:
    good, bad = office.entry(30), office.closed(20)
    TimeEntry.objects.filter(pk=bad.pk).update(contract=None)
    good.refresh_from_db()

    refused(
        "no_contract",
        lambda: review_entries(
            seen={good.pk: good.version, bad.pk: bad.version}, by=office.supervisor, now=NOW
        ),
    )


def test_only_a_supervisor_reviews_what_they_have_seen(office: Office) -> None:
    entry = office.closed(30)

    refused("not_allowed", lambda: review_entry(entry=entry, by=office.technician, now=NOW))
    refused("changed", lambda: review_entry(entry=entry, by=office.supervisor, now=NOW, version=7))


def test_only_closed_time_is_reviewed(office: Office) -> None:
    refused("not_closed", _review(office.entry(30), office.supervisor))


def test_rejected_and_disputed_time_is_not_reviewed(office: Office) -> None:
    rejected = reject_entry(entry=office.closed(30), by=office.supervisor, reason="No", now=NOW)
    disputed = dispute_entry(contact=office.lead, entry=office.sent(20), comment="¿Qué es?", now=NOW)

    for entry in (rejected, disputed):
        refused("not_closed", _review(entry, office.supervisor))


def _review(entry: TimeEntry, by: User) -> Any:
    return lambda: review_entry(entry=entry, by=by, now=NOW)


def test_time_that_overlaps_is_not_reviewed(office: Office) -> None:
    entry = office.closed(30, started_at=WORKED_AT)
    office.entry(30, started_at=WORKED_AT + timedelta(minutes=29))

    words = refused("overlap", _review(entry, office.supervisor))
    assert f"#{office.ticket.number}" in words


def test_without_a_rate_nothing_is_approved() -> None:
    version = make_version("on_demand", is_published=False)
    version.rates.all().delete()
    office = make_office(version=publish(version))

    refused("no_rate", _review(office.closed(30), office.supervisor))


def test_outside_the_contract_nothing_is_approved(office: Office) -> None:
    entry = office.closed(30)
    Contract.objects.update(ends_on=date(2026, 11, 8))

    refused("outside_contract", _review(entry, office.supervisor))


def test_ones_own_time_is_left_to_another_supervisor(office: Office) -> None:
    other = make_person(Role.ADMINISTRATOR)
    entry = office.closed(30, user=office.supervisor)

    refused("own_time", _review(entry, office.supervisor))
    assert not review_entry(entry=entry, by=other, now=NOW).self_approved


def test_ones_own_time_is_approved_and_marked_where_nobody_else_can(office: Office) -> None:
    make_person(Role.SUPERVISOR, is_active=False)

    entry = office.reviewed(30, user=office.supervisor)

    assert entry.self_approved


def test_an_adjustment_keeps_what_was_worked_and_asks_for_a_review(office: Office) -> None:
    entry = adjust_entry(
        entry=office.sent(30),
        by=office.supervisor,
        reason="Diez minutos  fueron nuestros",
        now=NOW,
        billable_seconds=1200,
        work_type=make_work_type("phone"),
        note="Llamada",
        is_urgent=True,
    )

    entry.refresh_from_db()
    assert (entry.elapsed_seconds, entry.billed_seconds, entry.state) == (1800, 1200, EntryState.CLOSED)
    assert (entry.version, entry.told_at, entry.adjust_reason) == (2, None, "Diez minutos fueron nuestros")
    assert (entry.work_type.code, entry.note, entry.is_urgent) == ("phone", "Llamada", True)
    decision = Decision.objects.get(kind="adjust")
    assert (decision.entry_version, decision.reason) == (1, "Diez minutos fueron nuestros")


def test_an_adjustment_can_count_all_again(office: Office) -> None:
    entry = office.closed(30, billable_seconds=0)

    adjusted = adjust_entry(
        entry=entry, by=office.supervisor, reason="Sí se cobra", now=NOW, billable_seconds=None
    )

    assert adjusted.billed_seconds == 1800


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("no_reason", {"reason": "  "}),
        ("changed", {"version": 4}),
        ("billable_above_elapsed", {"billable_seconds": 1801}),
        ("nothing_changed", {"billable_seconds": None}),
    ],
)
def test_an_adjustment_that_cannot_be_is_refused(office: Office, code: str, fields: dict[str, Any]) -> None:
    entry = office.closed(30)
    values: dict[str, Any] = {"reason": "Porque sí", "billable_seconds": 600} | fields

    refused(code, lambda: adjust_entry(entry=entry, by=office.supervisor, now=NOW, **values))


def test_who_and_what_may_not_be_adjusted(office: Office) -> None:
    approved, closed, foreign = office.approved(30), office.entry(20), make_contract()
    TimeEntry.objects.filter(pk=closed.pk).update(state=EntryState.CLOSED)
    open_entry = office.entry(30)

    def adjust(entry: TimeEntry, by: User, **fields: Any) -> Any:
        return lambda: adjust_entry(entry=entry, by=by, reason="Sí", now=NOW, **fields)

    refused("not_allowed", adjust(closed, office.technician, billable_seconds=0))
    refused("foreign_contract", adjust(closed, office.supervisor, contract=foreign))
    refused("not_adjustable", adjust(open_entry, office.supervisor, billable_seconds=0))
    refused("not_adjustable", adjust(approved, office.supervisor, billable_seconds=0))


def test_an_entry_without_contract_gets_one(office: Office) -> None:
    entry = office.entry(30)
    TimeEntry.objects.update(contract=None)
    Ticket.objects.update(contract=None)

    chosen = choose_contract(entry=entry, contract=office.contract, by=office.technician, now=NOW)

    assert (chosen.contract, chosen.version) == (office.contract, 2)
    again = choose_contract(entry=entry, contract=office.contract, by=office.technician, now=NOW)
    assert again.version == 2


def test_which_contract_may_not_be_chosen(office: Office) -> None:
    entry, foreign, other = office.closed(30), make_contract(), make_contract(office.client)

    def choose(contract: Contract, by: User) -> Any:
        return lambda: choose_contract(entry=entry, contract=contract, by=by, now=NOW)

    refused("not_allowed", choose(other, office.technician))
    refused("has_contract", choose(other, office.supervisor))
    refused("foreign_contract", choose(foreign, office.supervisor))
    TimeEntry.objects.update(contract=None, state=EntryState.REJECTED)
    refused("not_adjustable", choose(other, office.supervisor))


def test_a_rejected_entry_is_kept_and_never_charged(office: Office) -> None:
    entry = reject_entry(entry=office.closed(30), by=office.supervisor, reason="Repetida", now=NOW)
    before = everything()

    assert (entry.state, entry.adjust_reason) == (EntryState.REJECTED, "Repetida")
    assert reject_entry(entry=entry, by=office.supervisor, reason="Repetida", now=NOW) == entry
    assert everything() == before


def test_who_and_what_may_not_be_rejected(office: Office) -> None:
    entry = office.closed(30)

    refused("not_allowed", lambda: reject_entry(entry=entry, by=office.technician, reason="No", now=NOW))
    refused("no_reason", lambda: reject_entry(entry=entry, by=office.supervisor, reason="", now=NOW))
    refused(
        "changed", lambda: reject_entry(entry=entry, by=office.supervisor, reason="No", now=NOW, version=9)
    )
    approved = office.approved(30, work_on=WORKED_ON)
    refused(
        "not_adjustable",
        lambda: reject_entry(entry=approved, by=office.supervisor, reason="No", now=NOW),
    )
