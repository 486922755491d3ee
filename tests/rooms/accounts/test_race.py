"""Two browsers of one person come back from the provider at the same moment, for the first time."""

from __future__ import annotations

from functools import partial

import pytest

from ecuanime.accounts.actions import use_identity
from ecuanime.accounts.models import Identity
from ecuanime.accounts.openid.tokens import Claims
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.models import AuditEntry
from tests.factories import NOW, make_firm, make_person
from tests.races import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ISSUER, SUBJECT = "https://casa.example", "irene-1"
MANY = 20


def test_who_comes_twice_at_once_for_the_first_time_is_linked_once() -> None:
    make_firm()
    person = make_person(email="irene@nodo.example")
    claims = Claims(ISSUER, SUBJECT, person.email)
    entered = at_once([lambda: use_identity(claims=claims, now=NOW) for _ in range(MANY)])
    assert entered == [person] * MANY
    assert Identity.objects.get().user == person
    assert AuditEntry.objects.filter(verb="identity_linked").count() == 1


def test_two_people_of_the_provider_with_one_address_do_not_both_get_its_account() -> None:
    make_firm()
    person = make_person(email="irene@nodo.example")
    both = [Claims(ISSUER, f"{SUBJECT}{place % 2}", person.email) for place in range(MANY)]

    outcomes = at_once([partial(use_identity, claims=claims, now=NOW) for claims in both])
    refused = [each for each in outcomes if isinstance(each, Refused)]
    assert {each.code for each in refused} == {"identity_unknown"}
    assert outcomes.count(person) == len(refused) == MANY // 2
    assert Identity.objects.count() == 1
