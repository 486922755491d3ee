"""Two supervisors give the credit of the same month at the same moment: each broken promise is credited once."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest

from ecuanime.accounts.models import Role
from ecuanime.contracts.actions import set_service_level
from ecuanime.entitlements.models import Lot
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.models import AuditEntry
from ecuanime.worklog.actions import give_credits
from ecuanime.worklog.models import BreachCredit
from tests.factories import NOW, make_person
from tests.factories.worklog import make_office
from tests.races import at_once
from tests.web.test_compliance import NOVEMBER, TARGETS, tell

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MANY = 20


def test_many_who_give_at_once_give_once() -> None:
    office = make_office()
    set_service_level(
        client=office.client, targets=TARGETS, credit_minutes=30, credit_most_minutes=45, now=NOW
    )
    client, december = tell(office), datetime(2026, 12, 1, 9, tzinfo=UTC)
    people = [make_person(Role.SUPERVISOR) for _ in range(MANY)]
    outcomes = at_once(
        [partial(give_credits, client=client, month=NOVEMBER, by=by, now=december) for by in people]
    )
    refused = [each for each in outcomes if isinstance(each, Refused)]
    assert [each.code for each in refused] == ["nothing_to_give"] * (MANY - 1)
    assert Lot.objects.get().left == 4500
    assert sorted(BreachCredit.objects.values_list("minutes", flat=True)) == [15, 30]
    assert AuditEntry.objects.filter(verb="breaches_credited").count() == 1
