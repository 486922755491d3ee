"""The client's side: approve, dispute, consent, and silence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ecuanime.accounts.models import Role
from ecuanime.clients.actions import name_substitute
from ecuanime.clients.models import Contact
from ecuanime.contracts.models import Contract, Overage
from ecuanime.delivery.models import OutgoingMail
from ecuanime.rules.calendars import add_working_days
from ecuanime.worklog import jobs
from ecuanime.worklog.actions import (
    adjust_entry,
    answer_dispute,
    approve_entries,
    approve_or_escalate,
    comment_as_client,
    comment_as_firm,
    consent_to_overage,
    dispute_entry,
    free_entry,
    record_correction,
    review_entry,
    send_cut,
)
from ecuanime.worklog.models import Cut, Decision, EntryState, RatedEntry, RatedSegment, TimeEntry
from ecuanime.worklog.queries import due_cuts, entries_awaiting, open_disputes, portal_entries
from tests.factories import NOW, make_contact, make_person, make_version
from tests.factories.entitlements import make_lot, make_pack
from tests.factories.worklog import WORKED_ON, Office, make_office
from tests.rooms.worklog.snapshots import everything, refused
from tests.rules.examples import Row, rows

pytestmark = pytest.mark.django_db
NEXT = NOW + timedelta(days=1)
LATER = NOW + timedelta(days=10)


@pytest.fixture
def office() -> Office:
    return make_office()


def approve(office: Office, *entries: TimeEntry, contact: Contact | None = None) -> Any:
    seen = {entry.pk: entry.version for entry in entries}
    return lambda: approve_entries(contact=contact or office.lead, seen=seen, now=NOW)


def evening(number: int) -> datetime:
    """One of the evenings after the work: what is recorded late goes into another cut."""
    return NOW + timedelta(days=number, hours=9)


def test_the_last_approval_draws(office: Office) -> None:
    lot = make_pack(office.contract, hours=1).paid
    entry = office.sent(30)

    [approved] = approve(office, entry)()

    lot.refresh_from_db()
    assert (approved.state, approved.approved_at, lot.left) == (EntryState.APPROVED, NOW, 3000)
    decision = Decision.objects.get(kind="approve")
    assert (decision.contact, decision.entry_version) == (office.lead, 1)


def test_a_repeated_approval_changes_nothing(office: Office) -> None:
    make_pack(office.contract)
    entry = office.sent(30)
    approve(office, entry)()
    before = everything()

    approve(office, entry)()
    assert everything() == before


def test_what_may_not_be_approved(office: Office) -> None:
    waiting, stranger = office.sent(30), make_contact(is_project_lead=True)
    unsent = office.entry(20)
    colleague = make_contact(office.client)

    refused("not_allowed", approve(office, waiting, contact=stranger))
    refused("not_allowed", approve(office, waiting, contact=colleague))
    refused("not_waiting", approve(office, waiting, unsent))
    refused(
        "changed",
        lambda: approve_entries(contact=office.lead, seen={waiting.pk: waiting.version + 1}, now=NOW),
    )
    Contact.objects.filter(pk=office.lead.pk).update(is_active=False)
    refused("not_allowed", approve(office, waiting))


def test_what_was_not_sent_does_not_wait(office: Office) -> None:
    refused("not_waiting", approve(office, office.reviewed(30)))


def test_limits_count_what_one_approves_of_a_day(office: Office) -> None:
    Contact.objects.filter(pk=office.lead.pk).update(approves_up_to_minutes=60)
    substitute = make_contact(office.client, is_project_lead=True, name="Marta Gil")
    first, second, third = (office.sent(30, work_on=NOW.date(), now=evening(n)) for n in range(3))
    [approved, also] = [approve(office, entry)()[0] for entry in (first, second)]

    words = refused("above_limit", approve(office, third))

    assert approved.state == also.state == EntryState.APPROVED
    assert "Marta Gil" in words
    assert approve(office, third, contact=substitute)()[0].state == EntryState.APPROVED


def test_a_correction_widens_no_limit_of_whom_did_not_approve_the_original(office: Office) -> None:
    Contact.objects.filter(pk=office.lead.pk).update(approves_up_to_minutes=30)
    other = make_contact(office.client, is_project_lead=True, name="Marta Gil")
    entry = office.sent(60)
    approve(office, entry, contact=other)()
    correction = record_correction(
        entry=entry, by=office.technician, reason="Eran menos", seconds=-1800, now=evening(1)
    )
    TimeEntry.objects.filter(pk=correction.pk).update(state=EntryState.REVIEWED, told_at=NOW)
    more = office.sent(45, now=evening(2))

    refused("above_limit", approve(office, correction, more))
    approve(office, correction)()
    refused("above_limit", approve(office, more))


def test_limits_in_money_count_what_would_be_invoiced() -> None:
    office = make_office("on_demand")
    entry = office.sent(60)
    Contact.objects.filter(pk=office.lead.pk).update(approves_up_to_amount=2999)

    words = refused("above_limit", approve(office, entry))
    Contact.objects.filter(pk=office.lead.pk).update(approves_up_to_amount=3000)

    assert office.lead.name not in words
    assert approve(office, entry)()[0].state == EntryState.APPROVED


def test_a_dispute_holds_only_its_entry(office: Office) -> None:
    other = office.entry(20)
    entry = office.sent(30)
    other.refresh_from_db()
    review_entry(entry=other, by=office.supervisor, now=NOW)
    send_cut(client=office.client, day=NOW.date(), by=office.supervisor, now=NOW)
    make_person(Role.SUPERVISOR, is_active=False)

    disputed = dispute_entry(contact=office.lead, entry=entry, comment="¿Del mes pasado?", now=NOW)

    assert disputed.state == EntryState.DISPUTED
    assert approve(office, other)()[0].state == EntryState.APPROVED
    refused("not_waiting", approve(office, disputed))
    told = {mail.to[0] for mail in OutgoingMail.objects.filter(purpose="dispute")}
    assert told == {office.supervisor.email, office.technician.email}
    [open_one] = open_disputes()
    assert (open_one.entry, open_one.reason) == (entry, "¿Del mes pasado?")


def test_a_repeated_dispute_changes_nothing(office: Office) -> None:
    entry = dispute_entry(contact=office.lead, entry=office.sent(30), comment="No", now=NOW)
    before = everything()

    dispute_entry(contact=office.lead, entry=entry, comment="No", now=NOW)
    assert everything() == before


def test_what_may_not_be_disputed(office: Office) -> None:
    entry, colleague = office.sent(30), make_contact(office.client)

    def dispute(contact: Contact, comment: str, **fields: Any) -> Any:
        return lambda: dispute_entry(contact=contact, entry=entry, comment=comment, now=NOW, **fields)

    refused("not_allowed", dispute(colleague, "No"))
    refused("no_comment", dispute(office.lead, " "))
    refused("changed", dispute(office.lead, "No", version=5))
    approve(office, entry)()
    refused("not_waiting", dispute(office.lead, "No"))


def test_an_explanation_lets_it_wait_for_the_client_again(office: Office) -> None:
    entry = dispute_entry(contact=office.lead, entry=office.sent(30), comment="¿Qué es?", now=NOW)

    answered = answer_dispute(
        entry=entry, by=office.supervisor, explanation="El alta de tu compañera.", now=LATER
    )

    assert (answered.state, answered.told_at) == (EntryState.REVIEWED, LATER)
    assert "El alta de tu compañera." in OutgoingMail.objects.get(purpose="dispute_answer").text
    cut = Cut.objects.get()
    assert cut.due_on is not None
    assert cut.due_on > LATER.date()
    assert open_disputes() == []


def test_who_may_not_answer_what(office: Office) -> None:
    entry = office.sent(30)

    def answer(by: Any, explanation: str) -> Any:
        return lambda: answer_dispute(entry=entry, by=by, explanation=explanation, now=NOW)

    refused("not_disputed", answer(office.supervisor, "Sí"))
    dispute_entry(contact=office.lead, entry=entry, comment="No", now=NOW)
    refused("not_allowed", answer(office.technician, "Sí"))
    refused("no_reason", answer(office.supervisor, " "))


def test_goodwill_settles_a_dispute(office: Office) -> None:
    entry = dispute_entry(contact=office.lead, entry=office.sent(30), comment="No", now=NOW)

    adjust_entry(entry=entry, by=office.supervisor, reason="Cortesía", billable_seconds=0, now=NOW)
    settled = review_entry(entry=TimeEntry.objects.get(), by=office.supervisor, now=NOW)

    assert settled.state == EntryState.APPROVED
    assert RatedEntry.objects.get().weighted == 0


def test_the_client_approves_the_version_it_was_told(office: Office) -> None:
    entry = office.sent(30)
    adjust_entry(entry=entry, by=office.supervisor, reason="Menos", billable_seconds=900, now=NOW)

    refused("changed", approve(office, entry))
    entry.refresh_from_db()
    refused("not_waiting", approve(office, entry))


def test_silence_approves_where_the_contract_says_so() -> None:
    office = make_office(version=make_version(silence_is_consent=True))
    lot = make_pack(office.contract, hours=1).paid
    entry = office.sent(30)
    [cut] = due_cuts(LATER)

    assert approve_or_escalate(cut=cut, now=LATER) == 1

    entry.refresh_from_db()
    lot.refresh_from_db()
    assert (entry.state, lot.left) == (EntryState.APPROVED, 3000)
    assert Decision.objects.get(kind="silence").contact is None
    assert due_cuts(LATER) == []


def test_a_correction_of_what_was_taken_back_holds_up_nothing_else() -> None:
    office = make_office(version=make_version(silence_is_consent=True))
    make_pack(office.contract)
    first = office.approved(30)
    correction = record_correction(
        entry=first, by=office.technician, reason="Eran menos", seconds=-600, units=0, now=NEXT
    )
    office.sent(15, now=NEXT, work_on=NEXT.date())
    review_entry(entry=TimeEntry.objects.get(pk=correction.pk), by=office.supervisor, now=NEXT)
    [cut] = Cut.objects.filter(entries=correction)
    send_cut(client=office.client, day=cut.day, by=office.supervisor, now=NEXT)
    free_entry(entry=first, reason="Era de otro", by=office.supervisor, now=NEXT)

    assert approve_or_escalate(cut=cut, now=LATER + timedelta(days=5)) == 1

    correction.refresh_from_db()
    assert correction.state == EntryState.REVIEWED


def test_before_the_term_is_over_silence_says_nothing() -> None:
    office = make_office(version=make_version(silence_is_consent=True))
    office.sent(30)
    before = everything()

    assert due_cuts(NOW + timedelta(days=1)) == []
    assert approve_or_escalate(cut=Cut.objects.get(), now=NOW + timedelta(days=1)) == 0
    assert everything() == before


def test_silence_is_nothing_where_the_contract_does_not_say_so(office: Office) -> None:
    entry = office.sent(30)

    for _time in range(2):
        assert approve_or_escalate(cut=Cut.objects.get(), now=LATER) == 0

    entry.refresh_from_db()
    assert entry.state == EntryState.REVIEWED
    assert not RatedEntry.objects.exists()
    assert OutgoingMail.objects.get(purpose="cut_reminder").to == [office.lead.email]
    assert OutgoingMail.objects.get(purpose="cut_escalation").to == [office.supervisor.email]


def test_silence_passes_over_what_is_disputed() -> None:
    office = make_office(version=make_version(silence_is_consent=True))
    dispute_entry(contact=office.lead, entry=office.sent(30), comment="No", now=NOW)

    assert approve_or_escalate(cut=Cut.objects.get(), now=LATER) == 0
    assert TimeEntry.objects.get().state == EntryState.DISPUTED


def test_the_job_ends_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    office = make_office(version=make_version(silence_is_consent=True))
    office.sent(30)
    monkeypatch.setattr(jobs, "read_clock", lambda: LATER)

    jobs.end_terms(timestamp=0)

    assert TimeEntry.objects.get().state == EntryState.APPROVED


def test_overage_is_held_until_the_client_consents() -> None:
    office = make_office(version=make_version(overage=Overage.HOLD))
    make_lot(office.contract, 10)
    entry = office.approved(30)
    held = RatedSegment.objects.get()
    assert (held.drawn, held.overage, held.held_reason, held.price) == (1000, 2000, "consent", None)

    consent_to_overage(contact=office.lead, entry=entry, now=NOW)

    segment = RatedSegment.objects.get(rating__superseded_at=None)
    assert (segment.drawn, segment.overage, segment.held_reason) == (1000, 2000, "")
    assert (segment.charged_numerator, segment.charged_denominator, segment.price) == (20, 1, 30)
    before = everything()
    consent_to_overage(contact=office.lead, entry=entry, now=NOW)
    assert everything() == before


def test_there_is_nothing_to_consent_to_where_nothing_is_held(office: Office) -> None:
    entry, colleague = office.approved(30), make_contact(office.client)

    refused("not_held", lambda: consent_to_overage(contact=office.lead, entry=entry, now=NOW))
    refused("not_allowed", lambda: consent_to_overage(contact=colleague, entry=entry, now=NOW))


def test_consent_has_the_leads_limits() -> None:
    office = make_office(version=make_version(overage=Overage.HOLD))
    entry = office.approved(60)
    Contact.objects.filter(pk=office.lead.pk).update(approves_up_to_amount=2999)

    refused("above_limit", lambda: consent_to_overage(contact=office.lead, entry=entry, now=NOW))


def test_what_waits_is_shown_by_day(office: Office) -> None:
    make_pack(office.contract)
    entry = office.sent(50)
    office.entry(20)
    colleague = make_contact(office.client)

    [day] = entries_awaiting(office.lead, now=NOW)

    assert [line.entry for line in day.lines] == [entry]
    figures = day.lines[0].figures
    assert figures is not None
    assert (figures.rounded_minutes, figures.drawn, figures.is_final) == (60, 6000, False)
    assert (day.due_on, day.by_silence) == (Cut.objects.get().due_on, False)
    assert entries_awaiting(colleague, now=NOW) == []
    assert portal_entries(colleague).rows == [entry]
    assert portal_entries(make_contact()).rows == []


@pytest.mark.parametrize(
    "row",
    rows("approval", "limit, in minutes", "approved of that day", "asked for", "answer"),
    ids=lambda row: " ".join(row.values()),
)
def test_the_limit_of_a_day(office: Office, row: Row) -> None:
    limit = None if row["limit, in minutes"] == "none" else int(row["limit, in minutes"])
    before = int(row["approved of that day"])
    earlier = [office.sent(before, work_on=NOW.date(), now=evening(0))] if before else []
    asked = office.sent(int(row["asked for"]), work_on=NOW.date(), now=evening(1))
    approve(office, *earlier)()
    Contact.objects.filter(pk=office.lead.pk).update(approves_up_to_minutes=limit)

    if row["answer"] == "refused":
        refused("above_limit", approve(office, asked))
    else:
        assert approve(office, asked)()[0].state == EntryState.APPROVED


@pytest.mark.parametrize(
    "row", rows("approval", "told on", "working days", "holiday", "last day"), ids=lambda row: row["told on"]
)
def test_the_term_ends_with_its_last_working_day(row: Row) -> None:
    holidays = [date.fromisoformat(row["holiday"])] if row["holiday"] else []
    told_on = date.fromisoformat(row["told on"])
    ends = add_working_days(told_on, int(row["working days"]), frozenset(holidays))
    assert ends == date.fromisoformat(row["last day"])


def standing_in(office: Office, **fields: Any) -> Contact:
    """A colleague who approves in the lead's name today."""
    colleague = make_contact(office.client, name="Marta Gil", **fields)
    name_substitute(
        lead=office.lead, substitute=colleague, first_day=NOW.date(), last_day=NOW.date(), now=NOW
    )
    return colleague


def test_who_stands_in_approves_in_the_leads_name(office: Office) -> None:
    colleague = standing_in(office)
    first, second = (office.sent(30, work_on=NOW.date(), now=each) for each in (NOW, evening(1)))
    Contact.objects.filter(pk=office.lead.pk).update(approves_up_to_minutes=30)

    approve(office, first, contact=colleague)()

    decision = Decision.objects.get(kind="approve")
    assert (decision.contact, decision.stands_for) == (colleague, office.lead)
    refused("above_limit", approve(office, second, contact=colleague))
    refused("above_limit", approve(office, second))
    seen = {second.pk: second.version}
    refused("not_allowed", lambda: approve_entries(contact=colleague, seen=seen, now=LATER))


def test_a_lead_who_stands_in_uses_their_own_limits_first(office: Office) -> None:
    colleague = standing_in(office, is_project_lead=True, approves_up_to_minutes=30)
    small, large = office.sent(30, work_on=NOW.date()), office.sent(60, work_on=NOW.date(), now=evening(1))

    approve(office, small, contact=colleague)()
    approve(office, large, contact=colleague)()

    names = Decision.objects.filter(kind="approve").order_by("id").values_list("stands_for", flat=True)
    assert list(names) == [None, office.lead.pk]


def test_who_stands_in_gets_the_notice(office: Office) -> None:
    colleague = standing_in(office)

    office.sent(30)

    told = OutgoingMail.objects.filter(purpose="cut").values_list("to", flat=True)
    assert sorted(told) == sorted([[office.lead.email], [colleague.email]])


def test_both_sides_write_on_a_dispute_until_it_is_settled(office: Office) -> None:
    entry = office.sent(30)
    dispute_entry(contact=office.lead, entry=entry, comment="¿Del mes pasado?", now=NOW)

    asked = comment_as_firm(entry=entry, by=office.technician, text=" ¿Cuál? ", now=NOW)
    told = comment_as_client(entry=entry, contact=office.lead, text="La del lunes", now=NOW)
    again = comment_as_client(entry=entry, contact=office.lead, text="La del lunes", now=LATER)

    assert (asked.reason, asked.user, told.contact, again) == ("¿Cuál?", office.technician, office.lead, told)
    mails = OutgoingMail.objects.filter(purpose="dispute_comment").values_list("to", flat=True)
    people = [office.lead.email, office.supervisor.email, office.technician.email]
    assert sorted(mails) == sorted([each] for each in people)
    entry.refresh_from_db()
    assert entry.state == EntryState.DISPUTED
    answer_dispute(entry=entry, by=office.supervisor, explanation="Fue el lunes", now=LATER)
    refused("not_disputed", lambda: comment_as_client(entry=entry, contact=office.lead, text="x", now=LATER))


def test_comments_that_are_refused(office: Office) -> None:
    entry = office.sent(30)
    refused("not_disputed", lambda: comment_as_firm(entry=entry, by=office.supervisor, text="x", now=NOW))
    dispute_entry(contact=office.lead, entry=entry, comment="?", now=NOW)
    stranger = make_contact(is_project_lead=True)

    refused("no_comment", lambda: comment_as_firm(entry=entry, by=office.supervisor, text=" ", now=NOW))
    refused("not_allowed", lambda: comment_as_firm(entry=entry, by=make_person(), text="x", now=NOW))
    refused("not_allowed", lambda: comment_as_client(entry=entry, contact=stranger, text="x", now=NOW))


def test_work_that_runs_past_its_contracts_end_needs_another(office: Office) -> None:
    Contract.objects.filter(pk=office.contract.pk).update(ends_on=WORKED_ON)
    entry = office.closed(60, started_at=datetime(2026, 11, 9, 22, 30, tzinfo=UTC))

    words = refused(
        "outside_contract",
        lambda: review_entry(entry=entry, by=office.supervisor, now=NOW),
    )

    assert office.contract.number in words
