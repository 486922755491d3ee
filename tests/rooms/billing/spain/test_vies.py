"""VAT numbers asked about in VIES: the answer is kept with its reference, and a service that is away stops nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from ecuanime.accounts.models import Role
from ecuanime.billing import actions, vies
from ecuanime.billing.models import VatCheck
from ecuanime.billing.queries import leaning_on, vat_standing
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing, with_address
from tests.factories.fiscal import FIRM_NIF, make_spanish_billing
from tests.rooms.billing.snapshots import refused
from tests.shared import made_once, own
from tests.vies import ViesDouble, vies_on_this_machine

pytestmark = pytest.mark.django_db
NUMBER = "IE6388047V"


@pytest.fixture
def service(monkeypatch: Any) -> Iterator[ViesDouble]:
    with vies_on_this_machine(monkeypatch) as double:
        yield double


def _billing() -> Billing:
    billing = make_spanish_billing(country="IE", tax_id=NUMBER, city="Galway")
    billing.approved(30)
    return billing


made_billing = made_once(_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def ask(billing: Billing) -> VatCheck:
    return actions.check_vat_number(client=billing.client, by=billing.clerk, clock=lambda: MONTH_END)


def test_a_valid_number_is_kept_with_what_proves_it(billing: Billing, service: ViesDouble) -> None:
    service.valid[NUMBER], service.requesters = "NUBE LTD", {f"ES{FIRM_NIF}"}

    check = ask(billing)

    assert service.asked == [
        {
            "countryCode": "IE",
            "vatNumber": "6388047V",
            "requesterMemberStateCode": "ES",
            "requesterNumber": FIRM_NIF,
        }
    ]
    assert (check.outcome, check.reference, check.name, check.address) == (
        "valid",
        "WAPIAAAA1",
        "NUBE LTD",
        "",
    )
    standing = vat_standing(billing.client)
    assert standing is not None
    assert (standing.answer, standing.unanswered, standing.is_proven) == (check, None, True)


def test_who_is_not_in_the_register_asks_without_a_reference(billing: Billing, service: ViesDouble) -> None:
    service.valid[NUMBER] = "NUBE LTD"

    assert (ask(billing).outcome, VatCheck.objects.get().reference) == ("valid", "")
    assert "requesterNumber" not in service.asked[1]


@pytest.mark.parametrize("plan", [[], ["INVALID_INPUT"]])
def test_a_number_that_is_none_is_kept_as_that(
    billing: Billing, service: ViesDouble, plan: list[str]
) -> None:
    service.requesters = {f"ES{FIRM_NIF}"}
    service.plan.extend(plan)

    assert ask(billing).outcome == "invalid"
    assert leaning_on(billing.draft()) == vat_standing(billing.client)


@pytest.mark.parametrize(
    ("plan", "trouble"),
    [
        ("MS_UNAVAILABLE", "MS_UNAVAILABLE"),
        ("GLOBAL_MAX_CONCURRENT_REQ", "GLOBAL_MAX_CONCURRENT_REQ"),
        ("garbage", "unreadable"),
    ],
)
def test_no_answer_is_kept_and_the_last_answer_stands(
    billing: Billing, service: ViesDouble, plan: str, trouble: str
) -> None:
    service.valid[NUMBER], service.requesters = "NUBE LTD", {f"ES{FIRM_NIF}"}
    answered = ask(billing)
    service.plan.append(plan)

    check = ask(billing)

    assert (check.outcome, check.trouble) == ("unknown", trouble)
    standing = vat_standing(billing.client)
    assert standing is not None
    assert (standing.answer, standing.unanswered) == (answered, check)
    assert billing.issue().tax == 0


def test_a_service_that_is_not_there_stops_nothing(billing: Billing, monkeypatch: Any) -> None:
    monkeypatch.setattr(vies, "SERVICE", vies.Service("http://127.0.0.1:9", is_internal=True))

    assert ask(billing).trouble == "no_answer"
    assert billing.issue().number == "F-2026-0001"


def test_another_number_is_another_question(billing: Billing, service: ViesDouble) -> None:
    service.valid[NUMBER] = "NUBE LTD"
    ask(billing)
    with_address(billing.client, country="IE", tax_id="IE4749148U")

    standing = vat_standing(billing.client)
    assert standing is not None
    assert (standing.number, standing.answer) == ("IE4749148U", None)


def test_where_a_tax_is_borne_nothing_leans_on_a_number(billing: Billing) -> None:
    with_address(billing.client, country="ES", tax_id="A58818501")

    assert leaning_on(billing.draft()) is None


@pytest.mark.parametrize(
    ("client", "code"),
    [
        ({"country": "ES", "tax_id": "A58818501"}, "not_in_union"),
        ({"country": "US", "tax_id": "84-1234567"}, "not_in_union"),
        ({"tax_id": "12"}, "no_vat_number"),
    ],
)
def test_what_is_no_number_of_the_union_is_not_asked(
    billing: Billing, service: ViesDouble, client: dict[str, str], code: str
) -> None:
    with_address(billing.client, **({"country": "IE"} | client))
    refused(lambda: ask(billing), code)
    technician = make_person(Role.TECHNICIAN)
    refused(
        lambda: actions.check_vat_number(client=billing.client, by=technician, clock=lambda: MONTH_END),
        "not_allowed",
    )
    assert service.asked == []


def test_what_was_said_is_never_changed(billing: Billing, service: ViesDouble) -> None:
    check = ask(billing)

    for change in (lambda: VatCheck.objects.update(outcome="valid"), check.delete):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            change()
