"""Quotes: drafting, sending, taking back, and what the client answers, kept for good."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from django.utils.translation import override

from ecuanime.accounts.models import User
from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.access import contracts_seen_by, offers_seen_by
from ecuanime.contracts.actions import (
    Paper,
    accept_quote,
    copy_quote,
    decline_quote,
    draft_quote,
    offer_of,
    open_contract,
    record_acceptance,
    redraft_quote,
    send_quote,
    take_due_step,
    withdraw_plan,
    withdraw_quote,
)
from ecuanime.contracts.jobs import take_due_steps
from ecuanime.contracts.models import Answer, Contract, PlanVersion
from ecuanime.contracts.offers import Offer, hash_of, text_of
from ecuanime.contracts.queries import choice_for, contracts_of, due_contracts, in_force, quotes_of
from ecuanime.contracts.terms import terms_of
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import store
from ecuanime.foundation.models import AuditEntry
from ecuanime.rules.contracts import Reason
from ecuanime.staff.models import ProductArea
from tests.factories import (
    NOW,
    make_client,
    make_contact,
    make_contract,
    make_firm,
    make_person,
    make_site,
    make_version,
)
from tests.rooms.contracts.snapshots import refused

pytestmark = pytest.mark.django_db

TODAY, STARTS, UNTIL = date(2026, 11, 10), date(2026, 12, 1), date(2026, 11, 30)
LATER = NOW + timedelta(days=21)
ADDRESS = "203.0.113.7"


@pytest.fixture(autouse=True)
def _firm() -> None:
    make_firm()


@pytest.fixture
def supervisor() -> User:
    return make_person("supervisor", name="Lucía")


@pytest.fixture
def lead() -> Contact:
    return make_contact(make_client(name="Clínica"), name="Jorge Mena", is_project_lead=True)


@pytest.fixture
def version() -> PlanVersion:
    return make_version(silence_is_consent=True)


@pytest.fixture
def offer(version: PlanVersion) -> Offer:
    return Offer(version=version, starts_on=STARTS, valid_until=UNTIL)


@pytest.fixture
def quote(lead: Contact, offer: Offer, supervisor: User) -> Contract:
    """Sent, and waiting for an answer."""
    return sent(lead.client, offer, supervisor)


def sent(client: Client, offer: Offer, by: User) -> Contract:
    return send_quote(quote=draft_quote(client=client, offer=offer, by=by, now=NOW), by=by, now=NOW)


def accept(quote: Contract, contact: Contact, now: datetime = NOW, **changes: Any) -> Contract:
    with override("en"):
        read = {"text_sha256": hash_of(text_of(quote)), "address": ADDRESS} | changes
        return accept_quote(quote=quote, contact=contact, now=now, **read)


def decline(quote: Contract, contact: Contact, now: datetime = NOW, reason: str = "") -> Contract:
    with override("en"):
        digest = hash_of(text_of(quote))
        return decline_quote(
            quote=quote, contact=contact, text_sha256=digest, address=ADDRESS, reason=reason, now=now
        )


def paper(**changes: Any) -> Paper:
    return Paper(**({"name": "Jorge Mena", "given_on": TODAY, "note": "Carpeta azul"} | changes))


def test_a_draft_says_what_is_offered_and_only_the_firm_sees_it(
    lead: Contact, offer: Offer, supervisor: User
) -> None:
    area = ProductArea.objects.create(code="linux", name="Linux")
    offer = replace(
        offer, areas=(area,), approval="supervisor", overage="hold", hours_visible=False, note=" Ojo "
    )

    draft = draft_quote(client=lead.client, offer=offer, by=supervisor, now=NOW)

    assert (draft.number, draft.state, draft.time_zone) == ("CT-0001", "draft", "Europe/Madrid")
    assert (draft.starts_on, draft.valid_until, draft.note) == (STARTS, UNTIL, "Ojo")
    assert (draft.approval_policy, draft.overage_policy, draft.client_sees_hours) == (
        "supervisor",
        "hold",
        False,
    )
    assert (draft.accepted_at, draft.sent_at, draft.recorded_by) == (None, None, supervisor)
    assert list(quotes_of(lead.client)) == [draft]
    assert (
        list(offers_seen_by(lead))
        == list(contracts_of(lead.client))
        == list(in_force(lead.client, STARTS))
        == []
    )


def test_a_draft_can_be_changed_until_it_is_sent(lead: Contact, offer: Offer, supervisor: User) -> None:
    draft = draft_quote(client=lead.client, offer=offer, by=supervisor, now=NOW)
    changed = redraft_quote(quote=draft, offer=replace(offer, valid_until=None, note="Nuevo"), now=NOW)
    assert (changed.pk, changed.valid_until, changed.note) == (draft.pk, None, "Nuevo")

    send_quote(quote=draft, by=supervisor, now=NOW)
    refused(lambda: redraft_quote(quote=draft, offer=offer, now=NOW), "not_draft")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_on": STARTS - timedelta(days=1)}, "ends_before_start"),
        ({"valid_until": TODAY - timedelta(days=1)}, "valid_until_past"),
    ],
)
def test_an_offer_that_makes_no_sense_is_refused(
    lead: Contact, offer: Offer, supervisor: User, changes: dict[str, Any], code: str
) -> None:
    wrong = replace(offer, **changes)
    refused(lambda: draft_quote(client=lead.client, offer=wrong, by=supervisor, now=NOW), code)
    draft = draft_quote(client=lead.client, offer=offer, by=supervisor, now=NOW)
    refused(lambda: redraft_quote(quote=draft, offer=wrong, now=NOW), code)


def test_only_what_is_on_sale_is_offered(lead: Contact, offer: Offer, supervisor: User) -> None:
    unpublished = replace(offer, version=make_version(is_published=False))
    refused(
        lambda: draft_quote(client=lead.client, offer=unpublished, by=supervisor, now=NOW), "not_published"
    )
    draft = draft_quote(client=lead.client, offer=offer, by=supervisor, now=NOW)
    withdraw_plan(plan=offer.version.plan, now=NOW)
    refused(lambda: send_quote(quote=draft, by=supervisor, now=NOW), "withdrawn")


def test_sending_writes_to_each_project_lead_in_their_language_once(
    lead: Contact, offer: Offer, supervisor: User
) -> None:
    ana = make_contact(lead.client, name="Ana", is_project_lead=True, language="es")
    make_contact(lead.client, name="Sin mando")
    quote = sent(lead.client, offer, supervisor)
    assert send_quote(quote=quote, by=supervisor, now=LATER).sent_at == NOW

    mails = {mail.to[0]: mail for mail in OutgoingMail.objects.all()}
    assert set(mails) == {lead.email, ana.email}
    with override("es"):
        assert text_of(quote) in mails[ana.email].text
    english = mails[lead.email]
    assert english.subject == "Offer CT-0001: Hour pack, until 30 November 2026"
    with override("en"):
        assert text_of(quote) in english.text
    assert "/portal/contratos/CT-0001/" in english.text
    assert AuditEntry.objects.filter(verb="quote_sent").count() == 1


def test_without_a_project_lead_nobody_would_get_it(offer: Offer, supervisor: User) -> None:
    client = make_client()
    make_contact(client, is_project_lead=True, email="")
    draft = draft_quote(client=client, offer=offer, by=supervisor, now=NOW)
    refused(lambda: send_quote(quote=draft, by=supervisor, now=NOW), "nobody_to_send")


def test_the_text_says_everything_that_binds(lead: Contact, offer: Offer, supervisor: User) -> None:
    before = make_contract(lead.client, number="CT-0500")
    offer = replace(offer, ends_on=date(2027, 11, 30), note="Incluye el traslado.", replaces=before)
    quote = sent(lead.client, offer, supervisor)
    with override("en"):
        text = text_of(quote)
    for piece in (
        "Nodo Alisio offers Clínica “Hour pack” (version 1), as contract CT-0501.",
        "It takes the place of contract CT-0500, which ends the day before.",
        "It covers every product area.",
        "It begins on 1 December 2026, or on the day it is accepted if that is later.",
        "Its last day is 30 November 2027.",
        "Its days are counted in the time of Europe/Madrid.",
        "silence counts as approval",
        "an hour costs",
        "Incluye el traslado.",
        "It can be accepted or declined until 30 November 2026, that day included.",
        "Silence accepts nothing: without an answer there is no contract.",
    ):
        assert piece in text


def test_an_offer_agrees_its_own_price_and_limit_of_overage(
    lead: Contact, offer: Offer, supervisor: User
) -> None:
    wrong = replace(offer, overage_price=Decimal(-1))
    refused(lambda: draft_quote(client=lead.client, offer=wrong, by=supervisor, now=NOW), "bad_overage")
    quote = sent(
        lead.client, replace(offer, overage_price=Decimal("39.50"), overage_limit_minutes=90), supervisor
    )

    with override("en"):
        text = text_of(quote)
    assert "Beyond what is covered an hour costs €39.50" in text
    assert "At most 1\xa0h\xa030 of it without asking" in text

    overage = terms_of(accept(quote, lead), STARTS, STARTS).overage
    assert (overage.price_per_hour, overage.limit_hundredths) == (Decimal("39.50"), 9000)
    copied = offer_of(quote)
    assert (copied.overage_price, copied.overage_limit_minutes) == (Decimal("39.50"), 90)


def test_accepting_keeps_who_when_from_where_and_the_text(
    quote: Contract, lead: Contact, supervisor: User
) -> None:
    with override("en"):
        text = text_of(quote)

    contract = accept(quote, lead)

    assert (contract.state, contract.accepted_at, contract.accepted_by) == ("accepted", NOW, lead)
    answer = contract.answer
    assert (answer.kind, answer.name, answer.contact, answer.at) == ("accepted", "Jorge Mena", lead, NOW)
    assert (answer.given_on, answer.address, answer.language, answer.recorded_by) == (
        TODAY,
        ADDRESS,
        "en",
        None,
    )
    assert (answer.text, answer.text_sha256) == (text, hash_of(text))
    assert list(contracts_seen_by(lead)) == [contract]
    receipt, news = (
        OutgoingMail.objects.get(purpose=purpose) for purpose in ("quote_receipt", "quote_answer")
    )
    assert text in receipt.text
    assert answer.text_sha256 in receipt.text
    assert news.to == [supervisor.email]
    assert news.subject == "Clínica accepted CT-0001"


def test_accepting_twice_is_accepting_once(quote: Contract, lead: Contact) -> None:
    accept(quote, lead)
    mails, entries = OutgoingMail.objects.count(), AuditEntry.objects.count()
    other = make_contact(lead.client, is_project_lead=True)
    again = accept(quote, other, now=LATER, text_sha256="of another page")
    assert (again.accepted_at, again.accepted_by) == (NOW, lead)
    assert (OutgoingMail.objects.count(), AuditEntry.objects.count()) == (mails, entries)


def test_a_late_acceptance_begins_that_day(lead: Contact, offer: Offer, supervisor: User) -> None:
    quote = sent(lead.client, replace(offer, starts_on=date(2026, 11, 1)), supervisor)
    contract = accept(quote, lead)
    assert (contract.state, contract.starts_on) == ("active", TODAY)


def test_only_a_project_lead_of_the_client_answers(quote: Contract, lead: Contact) -> None:
    strangers = [
        make_contact(lead.client),
        make_contact(is_project_lead=True),
        make_contact(lead.client, is_project_lead=True, is_active=False),
    ]
    for contact in strangers:
        refused(lambda contact=contact: accept(quote, contact), "not_allowed")
        refused(lambda contact=contact: decline(quote, contact), "not_allowed")


def test_another_text_than_the_one_read_is_not_accepted(quote: Contract, lead: Contact) -> None:
    with override("es"):
        read = hash_of(text_of(quote))
    refused(lambda: accept(quote, lead, text_sha256=read), "text_changed")


def test_a_quote_can_be_answered_until_its_last_day_is_over(quote: Contract, lead: Contact) -> None:
    last_minute = datetime.fromisoformat("2026-11-30T23:59:00+01:00")
    after = last_minute + timedelta(minutes=1)
    refused(lambda: accept(quote, lead, now=after), "lapsed")
    refused(lambda: decline(quote, lead, now=after), "lapsed")
    assert accept(quote, lead, now=last_minute).state == "accepted"


def test_a_draft_cannot_be_answered(lead: Contact, offer: Offer, supervisor: User) -> None:
    draft = draft_quote(client=lead.client, offer=offer, by=supervisor, now=NOW)
    refused(lambda: accept(draft, lead), "not_sent")


def test_a_client_that_is_not_active_accepts_nothing(quote: Contract, lead: Contact) -> None:
    Client.objects.filter(pk=lead.client_id).update(is_active=False)
    refused(lambda: accept(quote, lead), "inactive_client")


def test_an_offer_whose_last_day_has_passed_is_not_accepted(
    lead: Contact, offer: Offer, supervisor: User
) -> None:
    quote = sent(lead.client, replace(offer, ends_on=date(2026, 12, 15), valid_until=None), supervisor)
    refused(lambda: accept(quote, lead, now=NOW + timedelta(days=60)), "ends_before_start")


def test_declining_keeps_the_answer_and_tells_the_firm(quote: Contract, lead: Contact) -> None:
    declined = decline(quote, lead, reason=" Muy  caro ")
    assert (declined.state, declined.accepted_at, declined.next_due_at) == ("declined", None, None)
    assert (declined.answer.kind, declined.answer.reason) == ("declined", "Muy caro")
    assert "Muy caro" in OutgoingMail.objects.get(purpose="quote_answer").text
    assert decline(quote, lead, now=LATER).answer.at == NOW
    refused(lambda: accept(quote, lead), "declined")


def test_what_was_accepted_is_not_declined(quote: Contract, lead: Contact) -> None:
    accept(quote, lead)
    refused(lambda: decline(quote, lead), "accepted")


def test_a_withdrawn_quote_refuses_and_those_who_have_it_hear_of_it(quote: Contract, lead: Contact) -> None:
    withdrawn = withdraw_quote(quote=quote, now=NOW)
    assert (withdrawn.state, withdrawn.next_due_at) == ("withdrawn", None)
    assert withdraw_quote(quote=quote, now=LATER).state == "withdrawn"
    assert OutgoingMail.objects.filter(purpose="quote_withdrawn", to=[lead.email]).count() == 1
    refused(lambda: accept(quote, lead), "superseded")


def test_what_was_answered_is_not_withdrawn(quote: Contract, lead: Contact) -> None:
    accept(quote, lead)
    refused(lambda: withdraw_quote(quote=quote, now=NOW), "answered")


def test_a_newer_offer_supersedes_the_older_when_it_is_sent(
    quote: Contract, lead: Contact, supervisor: User
) -> None:
    newer = copy_quote(quote=quote, by=supervisor, now=NOW)
    assert (newer.version, newer.starts_on, newer.supersedes) == (quote.version, STARTS, quote)
    assert offers_seen_by(lead).get().state == "quoted"

    send_quote(quote=newer, by=supervisor, now=NOW)

    refused(lambda: accept(quote, lead), "superseded")
    assert not OutgoingMail.objects.filter(purpose="quote_withdrawn").exists()
    assert accept(newer, lead).state == "accepted"


def test_of_an_offer_and_its_copies_one_is_accepted(quote: Contract, lead: Contact, supervisor: User) -> None:
    copy = copy_quote(quote=quote, by=supervisor, now=NOW)
    withdraw_quote(quote=copy, now=NOW)
    copy_of_copy = copy_quote(quote=copy, by=supervisor, now=NOW)
    send_quote(quote=copy_of_copy, by=supervisor, now=NOW)

    accept(quote, lead)

    refused(lambda: accept(copy_of_copy, lead), "superseded")
    refused(lambda: copy_quote(quote=quote, by=supervisor, now=NOW), "accepted")


def test_what_is_instead_of_an_accepted_offer_is_neither_sent_nor_accepted(
    quote: Contract, lead: Contact, supervisor: User
) -> None:
    copy = copy_quote(quote=quote, by=supervisor, now=NOW)
    accept(quote, lead)
    refused(lambda: record_acceptance(quote=copy, paper=paper(), by=supervisor, now=NOW), "superseded")
    Contract.objects.filter(pk=copy.pk).update(state="draft")
    refused(lambda: send_quote(quote=copy, by=supervisor, now=NOW), "accepted_otherwise")
    refused(
        lambda: record_acceptance(quote=copy, paper=paper(), by=supervisor, now=NOW), "accepted_otherwise"
    )


def test_a_copy_of_an_old_offer_begins_today_and_lapses_not(quote: Contract, supervisor: User) -> None:
    copy = copy_quote(quote=quote, by=supervisor, now=LATER + timedelta(days=60))
    assert (copy.starts_on, copy.valid_until) == (date(2027, 1, 30), None)


def test_an_acceptance_on_paper_counts_by_its_day_and_keeps_the_file(
    quote: Contract, lead: Contact, supervisor: User
) -> None:
    signed = store(b"%PDF signed")
    given = paper(given_on=date(2026, 11, 9), contact=lead, file=signed, file_name="firmado.pdf", note="")

    contract = record_acceptance(quote=quote, paper=given, by=supervisor, now=NOW)

    answer = contract.answer
    assert (contract.state, contract.accepted_at, contract.accepted_by) == ("accepted", NOW, lead)
    assert (answer.given_on, answer.file, answer.file_name) == (date(2026, 11, 9), signed, "firmado.pdf")
    assert (answer.recorded_by, answer.address, answer.language) == (supervisor, None, "en")
    assert not OutgoingMail.objects.filter(purpose__in=["quote_answer", "quote_receipt"]).exists()
    assert record_acceptance(quote=quote, paper=paper(), by=supervisor, now=LATER).accepted_at == NOW


def test_a_paper_signed_in_time_counts_when_it_is_noted_late(quote: Contract, supervisor: User) -> None:
    assert take_due_step(contract=quote, now=LATER)
    late = paper(given_on=date(2026, 12, 1))
    refused(lambda: record_acceptance(quote=quote, paper=late, by=supervisor, now=LATER), "lapsed")
    in_time = paper(given_on=UNTIL)
    assert record_acceptance(quote=quote, paper=in_time, by=supervisor, now=LATER).starts_on == STARTS


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "  "}, "no_name"),
        ({"note": ""}, "no_proof"),
        ({"given_on": TODAY + timedelta(days=1)}, "future"),
    ],
)
def test_a_paper_that_proves_nothing_is_refused(
    quote: Contract, supervisor: User, changes: dict[str, Any], code: str
) -> None:
    given = paper(**changes)
    refused(lambda: record_acceptance(quote=quote, paper=given, by=supervisor, now=NOW), code)


def test_nobody_of_another_client_signs_a_paper(quote: Contract, supervisor: User) -> None:
    given = paper(contact=make_contact())
    refused(lambda: record_acceptance(quote=quote, paper=given, by=supervisor, now=NOW), "not_their_contact")


def test_a_withdrawn_or_declined_quote_is_not_accepted_on_paper(
    quote: Contract, lead: Contact, offer: Offer, supervisor: User
) -> None:
    other = sent(lead.client, offer, supervisor)
    withdraw_quote(quote=quote, now=NOW)
    decline(other, lead)
    for found, code in ((quote, "superseded"), (other, "declined")):
        refused(
            lambda found=found: record_acceptance(quote=found, paper=paper(), by=supervisor, now=NOW), code
        )


def test_the_database_keeps_an_answer_as_it_was_given(quote: Contract, lead: Contact) -> None:
    answer = accept(quote, lead).answer
    rows = Answer.objects.filter(pk=answer.pk)
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        rows.update(text="otro")
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        rows._raw_delete("default")
    assert rows.get().text == answer.text


def test_the_contract_it_replaces_ends_the_day_before(lead: Contact, offer: Offer, supervisor: User) -> None:
    before = make_contract(lead.client, precedence=30)
    quote = sent(lead.client, replace(offer, replaces=before), supervisor)
    Contract.objects.filter(pk=before.pk).update(precedence=20)
    contract = accept(quote, lead)

    before.refresh_from_db()
    assert (before.ends_on, before.state, before.is_final) == (date(2026, 11, 30), "active", False)
    assert before.next_due_at == datetime.fromisoformat("2026-12-01T00:00:00+01:00")
    assert (contract.replaces, contract.precedence) == (before, 20)


def test_only_one_takes_a_contracts_place(lead: Contact, offer: Offer, supervisor: User) -> None:
    before = make_contract(lead.client)
    first, second = (sent(lead.client, replace(offer, replaces=before), supervisor) for _ in range(2))
    accept(first, lead)
    refused(lambda: accept(second, lead), "already_replaced")
    third = replace(offer, replaces=before)
    refused(lambda: draft_quote(client=lead.client, offer=third, by=supervisor, now=NOW), "already_replaced")


def test_what_cannot_be_replaced(lead: Contact, offer: Offer, quote: Contract, supervisor: User) -> None:
    for replaced, code in (
        (make_contract(), "of_another"),
        (quote, "not_in_force"),
        (make_contract(lead.client, starts_on=STARTS), "starts_too_early"),
    ):
        wrong = replace(offer, replaces=replaced)
        refused(
            lambda wrong=wrong: draft_quote(client=lead.client, offer=wrong, by=supervisor, now=NOW), code
        )


def test_steps_are_taken_when_their_day_has_come_and_once(quote: Contract, lead: Contact) -> None:
    midnight = datetime.fromisoformat("2026-12-01T00:00:00+01:00")
    contract = accept(quote, lead)
    assert contract.next_due_at == midnight
    assert not take_due_step(contract=contract, now=midnight - timedelta(seconds=1))
    assert take_due_step(contract=contract, now=midnight)
    assert not take_due_step(contract=contract, now=midnight)
    contract.refresh_from_db()
    assert (contract.state, contract.next_due_at) == ("active", None)
    assert AuditEntry.objects.filter(verb="contract_started").count() == 1


def test_the_job_takes_every_due_step_and_one_failure_holds_up_nothing(
    lead: Contact, version: PlanVersion, quote: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = {"starts_on": STARTS, "ends_on": date(2026, 12, 10)}
    short, broken = (open_contract(client=lead.client, version=version, now=NOW, **days) for _ in range(2))
    Contract.objects.filter(pk=broken.pk).update(time_zone="No/Where")
    later = NOW + timedelta(days=60)
    monkeypatch.setattr("ecuanime.contracts.jobs.read_clock", lambda: later)
    assert due_contracts(later).count() == 3

    take_due_steps(0)

    assert list(due_contracts(later)) == [broken]
    states = dict(Contract.objects.values_list("pk", "state"))
    assert states == {short.pk: "ended", broken.pk: "accepted", quote.pk: "lapsed"}


def test_why_a_contract_is_chosen(lead: Contact, django_assert_num_queries: Any) -> None:
    linux, mail = (ProductArea.objects.create(code=code, name=code) for code in ("linux", "mail"))
    narrow = make_contract(lead.client, precedence=10)
    narrow.areas.set([linux])
    general = make_contract(lead.client, precedence=20)
    over = make_contract(lead.client, precedence=5, state="ended", ends_on=date(2026, 1, 31))
    make_contract(lead.client, state="ended")
    make_contract(lead.client, state="quoted", accepted_at=None)

    with django_assert_num_queries(3):
        judged = choice_for(lead.client, area=mail, site=None, at=NOW)
        assert [(each.contract, each.reason) for each in judged] == [
            (over, Reason.OVER),
            (narrow, Reason.OTHER_AREA),
            (general, Reason.CHOSEN),
        ]


def test_an_offer_names_the_sites_it_is_limited_to(lead: Contact, supervisor: User) -> None:
    depot, foreign = make_site(lead.client), make_site(make_client())
    offer = Offer(version=make_version(), starts_on=STARTS)
    with pytest.raises(Refused) as refusal:
        draft_quote(client=lead.client, offer=replace(offer, sites=(foreign,)), by=supervisor, now=NOW)
    assert refusal.value.code == "not_their_site"
    assert not Contract.objects.exists()

    quote = draft_quote(client=lead.client, offer=replace(offer, sites=(depot,)), by=supervisor, now=NOW)

    with override("en"):
        assert "It covers work at these sites alone: Almacén." in text_of(quote)
    assert offer_of(quote).sites == (depot,)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_once_accept_once() -> None:
    make_firm()
    lead = make_contact(is_project_lead=True)
    by = make_person("supervisor")
    offer = Offer(version=make_version(), starts_on=STARTS, valid_until=UNTIL)
    quote = sent(lead.client, offer, by)
    start = Barrier(6, timeout=60)

    def answer(place: int) -> str:
        start.wait()
        try:
            return accept(quote, lead, now=NOW + timedelta(seconds=place)).state
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(answer, range(6))) == {"accepted"}
    assert Answer.objects.count() == 1
