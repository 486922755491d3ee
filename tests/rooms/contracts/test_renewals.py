"""The end of a term: told once, renewed as told, offered again, or over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.actions import (
    accept_quote,
    draft_version,
    end_contract,
    open_contract,
    publish_version,
    stop_next_packs,
    stop_renewal,
    take_due_step,
    withdraw_plan,
)
from ecuanime.contracts.drafts import RateRow, draft_of
from ecuanime.contracts.models import Contract, PlanKind, PlanVersion
from ecuanime.contracts.offers import hash_of, text_of
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.models import AuditEntry
from ecuanime.staff.models import ProductArea
from tests.factories import make_client, make_contact, make_firm, make_person, make_version
from tests.factories.offers import make_quote
from tests.rooms.contracts.snapshots import refused

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Europe/Madrid")
BEGINS, ENDS = date(2026, 1, 1), date(2026, 12, 31)


def day(month: int, number: int, year: int = 2026) -> datetime:
    """A morning in Madrid."""
    return datetime(year, month, number, 9, 0, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def _firm() -> None:
    make_firm()


@pytest.fixture
def lead() -> Contact:
    return make_contact(make_client(name="Clínica"), is_project_lead=True)


@pytest.fixture
def version() -> PlanVersion:
    return make_version(PlanKind.ON_DEMAND, term_months=12, notice_days=30)


def opened(lead: Contact, version: PlanVersion, **fields: Any) -> Contract:
    """A contract of the year 2026 that renews by itself unless said otherwise."""
    values = {"client": lead.client, "version": version, "starts_on": BEGINS, "auto_renews": True}
    return open_contract(now=day(1, 1), **(values | fields))


def dearer(version: PlanVersion) -> PlanVersion:
    """A new version of the plan on sale, at 36 an hour."""
    draft = replace(draft_of(version), rates=(RateRow(price_per_hour=Decimal(36)),))
    newer = draft_version(plan=version.plan, draft=draft, now=day(6, 1))
    return publish_version(version=newer, by=None, now=day(6, 1))


def fresh(contract: Contract) -> Contract:
    return Contract.objects.get(pk=contract.pk)


def step(contract: Contract, now: datetime) -> Contract:
    """Take every step that is due, and give the contract as it stands."""
    while take_due_step(contract=contract, now=now):
        pass
    return fresh(contract)


def test_a_term_fixes_the_last_day_and_the_day_of_the_notice(lead: Contact, version: PlanVersion) -> None:
    contract = opened(lead, version)
    assert contract.ends_on == ENDS
    assert contract.next_due_at == datetime(2026, 12, 1, tzinfo=ZONE)
    assert opened(lead, version, ends_on=date(2026, 6, 30)).ends_on == date(2026, 6, 30)


def test_it_renews_by_itself_at_the_price_that_was_told_in_time(lead: Contact, version: PlanVersion) -> None:
    contract = opened(lead, version, precedence=7, approval="supervisor", renews_pack=True)
    contract.areas.set([ProductArea.objects.create(code="linux", name="Linux")])
    newer = dearer(version)

    told = step(contract, day(12, 1))

    assert (told.state, told.noticed_on, told.renewal_version) == ("active", date(2026, 12, 1), newer)
    mail = OutgoingMail.objects.get(purpose="renewal_notice")
    assert mail.to == [lead.email]
    for part in ("renews by itself the day after", "€36", f"/portal/contratos/{contract.number}/"):
        assert part in mail.text
    assert step(contract, day(12, 31)).state == "active"
    publish_version(
        version=draft_version(plan=version.plan, draft=draft_of(version), now=day(12, 5)),
        by=None,
        now=day(12, 5),
    )

    assert step(contract, day(1, 1, 2027)).state == "ended"

    renewed = Contract.objects.get(replaces=contract)
    assert (renewed.version, renewed.state, renewed.precedence) == (newer, "active", 7)
    assert (renewed.starts_on, renewed.ends_on) == (date(2027, 1, 1), date(2027, 12, 31))
    assert (renewed.auto_renews, renewed.approval, renewed.noticed_on) == (True, "supervisor", None)
    assert renewed.renews_pack
    assert renewed.areas.count() == 1
    assert renewed.next_due_at == datetime(2027, 12, 1, tzinfo=ZONE)
    assert OutgoingMail.objects.count() == 1
    assert step(contract, day(1, 2, 2027)).successors.count() == 1


def test_a_price_told_too_late_does_not_count(lead: Contact, version: PlanVersion) -> None:
    contract = opened(lead, version)
    dearer(version)
    assert step(contract, day(12, 2)).renewal_version == version
    assert "Nothing changes." in OutgoingMail.objects.get().text
    step(contract, day(1, 1, 2027))
    assert Contract.objects.get(replaces=contract).version == version


def test_a_product_that_slept_over_the_end_renews_as_it_was(lead: Contact, version: PlanVersion) -> None:
    contract = opened(lead, version)
    dearer(version)
    assert step(contract, day(1, 20, 2027)).state == "ended"
    renewed = Contract.objects.get(replaces=contract)
    assert (renewed.version, renewed.starts_on) == (version, date(2027, 1, 1))


def test_when_nobody_can_be_told_the_firm_is_and_nothing_changes(version: PlanVersion) -> None:
    supervisor = make_person("supervisor", language="en")
    nobody = make_contact(make_client(), is_project_lead=True, email="")
    contract = opened(nobody, version)
    dearer(version)
    assert step(contract, day(12, 1)).renewal_version == version
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.purpose) == ([supervisor.email], "renewal_untold")


def test_without_that_acceptance_the_next_term_is_offered(lead: Contact, version: PlanVersion) -> None:
    contract = opened(lead, version, auto_renews=False)
    newer = dearer(version)

    step(contract, day(12, 1))

    offer = Contract.objects.get(replaces=contract)
    assert (offer.state, offer.version, offer.auto_renews) == ("quoted", newer, False)
    assert (offer.starts_on, offer.ends_on, offer.valid_until) == (date(2027, 1, 1), None, ENDS)
    assert [mail.purpose for mail in OutgoingMail.objects.all()] == ["quote"]
    with override("en"):
        digest = hash_of(text_of(offer))
        accepted = accept_quote(quote=offer, contact=lead, text_sha256=digest, address=None, now=day(12, 24))
    assert (accepted.state, accepted.ends_on) == ("accepted", date(2027, 12, 31))
    assert step(contract, day(1, 1, 2027)).state == "ended"
    assert step(accepted, day(1, 1, 2027)).state == "active"
    assert Contract.objects.count() == 2


def test_an_offer_that_nobody_answers_lets_it_end(lead: Contact, version: PlanVersion) -> None:
    contract = opened(lead, version, auto_renews=False)
    step(contract, day(12, 1))
    assert step(contract, day(1, 1, 2027)).state == "ended"
    assert step(Contract.objects.get(replaces=contract), day(1, 1, 2027)).state == "lapsed"


def test_an_offer_that_nobody_could_read_stays_a_draft(version: PlanVersion) -> None:
    make_person("supervisor", language="en")
    contract = opened(make_contact(make_client()), version, auto_renews=False)
    step(contract, day(12, 1))
    assert Contract.objects.get(replaces=contract).state == "draft"
    assert OutgoingMail.objects.get().purpose == "renewal_untold"


@pytest.mark.parametrize("is_automatic", [True, False])
def test_a_plan_off_sale_is_not_renewed_and_the_client_is_told(
    lead: Contact, version: PlanVersion, is_automatic: bool
) -> None:
    contract = opened(lead, version, auto_renews=is_automatic)
    withdraw_plan(plan=version.plan, now=day(6, 1))
    step(contract, day(12, 1))
    assert "We no longer offer it" in OutgoingMail.objects.get().text
    assert step(contract, day(1, 1, 2027)).state == "ended"
    assert not Contract.objects.filter(replaces=contract).exists()


def test_a_client_that_left_meanwhile_is_not_renewed(lead: Contact, version: PlanVersion) -> None:
    contract = opened(lead, version)
    step(contract, day(12, 1))
    Client.objects.update(is_active=False)
    step(contract, day(1, 1, 2027))
    assert Contract.objects.count() == 1


def test_an_end_that_somebody_decided_is_neither_told_nor_renewed(
    lead: Contact, version: PlanVersion
) -> None:
    contract = opened(lead, version)
    end_contract(contract=contract, ends_on=ENDS, reason="Cierra", now=day(3, 1))
    assert step(contract, day(1, 1, 2027)).state == "ended"
    assert (OutgoingMail.objects.count(), Contract.objects.count()) == (0, 1)


def test_a_contract_whose_place_is_taken_is_neither_told_nor_renewed(
    lead: Contact, version: PlanVersion
) -> None:
    contract = opened(lead, version)
    offer = make_quote(lead.client, version=version, starts_on=date(2026, 12, 15), replaces=contract)
    with override("en"):
        digest = hash_of(text_of(offer))
        accept_quote(quote=offer, contact=lead, text_sha256=digest, address=None, now=day(11, 12))
    mails = OutgoingMail.objects.count()
    assert fresh(contract).next_due_at == datetime(2026, 12, 15, tzinfo=ZONE)
    assert step(contract, day(12, 15)).state == "ended"
    assert (OutgoingMail.objects.count(), Contract.objects.count()) == (mails, 2)


def test_a_project_lead_says_no_until_the_last_day(lead: Contact, version: PlanVersion) -> None:
    contract = opened(lead, version)
    step(contract, day(12, 1))
    for _ in range(2):
        assert not stop_renewal(contract=contract, by=lead, now=day(12, 31)).auto_renews
    assert AuditEntry.objects.filter(verb="renewal_stopped").count() == 1
    assert step(contract, day(1, 1, 2027)).state == "ended"
    assert Contract.objects.count() == 1
    refused(lambda: stop_renewal(contract=contract, by=lead, now=day(1, 2, 2027)), "not_in_force")


def test_others_do_not_stop_a_renewal(lead: Contact, version: PlanVersion) -> None:
    contract = opened(lead, version)
    for stranger in (make_contact(lead.client), make_contact(is_project_lead=True)):
        refused(
            lambda stranger=stranger: stop_renewal(contract=contract, by=stranger, now=day(12, 1)),
            "not_allowed",
        )
    assert not stop_renewal(contract=contract, by=make_person("supervisor"), now=day(12, 1)).auto_renews


def test_a_project_lead_stops_that_packs_follow_each_other(lead: Contact, version: PlanVersion) -> None:
    contract = opened(lead, version, renews_pack=True)
    refused(
        lambda: stop_next_packs(contract=contract, by=make_contact(lead.client), now=day(2, 1)), "not_allowed"
    )
    assert fresh(contract).renews_pack
    for _ in range(2):
        assert not stop_next_packs(contract=contract, by=lead, now=day(2, 1)).renews_pack
    assert AuditEntry.objects.filter(verb="next_packs_stopped").count() == 1
    Contract.objects.update(state="ended")
    refused(lambda: stop_next_packs(contract=contract, by=lead, now=day(2, 2)), "not_in_force")


@pytest.mark.parametrize(
    ("is_automatic", "sentence"),
    [
        (
            True,
            "Then it renews by itself for 12 months more, as its plan stands then, unless you say no before.",
        ),
        (
            True,
            "You are told 30 days before it ends; a change that you were not told in time does not count.",
        ),
        (False, "30 days before it ends you get an offer to renew it; without your yes it ends."),
        (False, "It lasts 12 months from its first day."),
    ],
)
def test_the_offer_says_what_happens_at_the_end(
    lead: Contact, version: PlanVersion, is_automatic: bool, sentence: str
) -> None:
    offer = make_quote(lead.client, version=version, auto_renews=is_automatic)
    with override("en"):
        assert sentence in text_of(offer)


def test_steps_that_are_late_by_months_are_all_taken(lead: Contact, version: PlanVersion) -> None:
    contract = opened(lead, version, starts_on=date(2026, 2, 1))
    assert step(contract, day(2, 15, 2027) + timedelta(days=1)).state == "ended"
    assert Contract.objects.get(replaces=contract).starts_on == date(2027, 2, 1)
