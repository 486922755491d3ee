"""Who approves for a project lead who is away: named, refused, cancelled."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ecuanime.clients.actions import cancel_substitution, name_substitute
from ecuanime.clients.models import Client, Contact, Substitution
from ecuanime.clients.queries import approvers_of, stands_in_for, substitutions_of
from ecuanime.foundation.errors import Refused
from tests.factories import NOW, make_client, make_contact

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 10)
WEEK = timedelta(days=7)


@pytest.fixture
def client() -> Client:
    return make_client()


@pytest.fixture
def lead(client: Client) -> Contact:
    return make_contact(client, is_project_lead=True)


@pytest.fixture
def other(client: Client) -> Contact:
    return make_contact(client)


def name(lead: Contact, other: Contact, first: date = TODAY, last: date = TODAY + WEEK) -> Substitution:
    return name_substitute(lead=lead, substitute=other, first_day=first, last_day=last, now=NOW)


def test_both_days_count_and_no_other(lead: Contact, other: Contact) -> None:
    made = name(lead, other)

    at = {days: NOW + timedelta(days=days) for days in (-1, 0, 7, 8)}
    assert [stands_in_for(other, now=now) for now in at.values()] == [None, lead, lead, None]
    assert set(approvers_of(lead.client, now=NOW)) == {lead, other}
    assert list(substitutions_of(lead, now=NOW)) == [made]
    assert name(lead, other) == made, "named twice in the same way is once"


def test_cancelled_it_holds_no_more(lead: Contact, other: Contact) -> None:
    made = name(lead, other)

    cancel_substitution(substitution=made, now=NOW)
    again = cancel_substitution(substitution=made, now=NOW + WEEK)

    assert again.cancelled_at == NOW
    assert stands_in_for(other, now=NOW) is None
    assert name(lead, other) != made


def test_who_is_no_lead_any_more_is_substituted_by_nobody(lead: Contact, other: Contact) -> None:
    name(lead, other)
    Contact.objects.filter(pk=lead.pk).update(is_project_lead=False)

    assert stands_in_for(other, now=NOW) is None
    assert approvers_of(lead.client, now=NOW) == []


def refused(code: str, *args: object) -> None:
    before = list(Substitution.objects.values())
    with pytest.raises(Refused) as refusal:
        name(*args)  # type: ignore[arg-type]
    assert refusal.value.code == code
    assert list(Substitution.objects.values()) == before


def test_what_makes_no_sense_is_refused(client: Client, lead: Contact, other: Contact) -> None:
    colleague = make_contact(client, is_project_lead=True)
    gone = make_contact(client, is_active=False)
    name(lead, other)

    refused("not_a_lead", other, lead)
    refused("not_of_client", colleague, colleague)
    refused("not_of_client", colleague, make_contact())
    refused("not_of_client", colleague, gone)
    refused("bad_days", colleague, other, TODAY, TODAY - WEEK)
    refused("bad_days", colleague, other, TODAY - 2 * WEEK, TODAY - WEEK)
    refused("bad_days", colleague, other, TODAY, TODAY + timedelta(days=400))
    refused("lead_is_substituted", lead, colleague, TODAY + WEEK, TODAY + 2 * WEEK)
    refused("stands_in_already", colleague, other, TODAY, TODAY)
