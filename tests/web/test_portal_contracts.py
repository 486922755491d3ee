"""Contracts in the portal: what is offered word by word, the client's yes or no, and what was accepted."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from ecuanime.clients.models import Contact
from ecuanime.contracts.actions import draft_version, publish_version, withdraw_quote
from ecuanime.contracts.drafts import RateRow, draft_of
from ecuanime.contracts.models import Answer, Contract
from tests.factories import NOW, make_client, make_contact, make_contract, make_firm, make_version
from tests.factories.offers import make_draft, make_quote

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def firm(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    make_firm()


@pytest.fixture
def lead() -> Contact:
    return make_contact(make_client(name="Clínica"), name="Jorge Mena", is_project_lead=True, signs_in=True)


@pytest.fixture
def browser(client: Browser, lead: Contact) -> Browser:
    assert lead.user
    client.force_login(lead.user)
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode()).replace("\xa0", " ")


def read_by(browser: Browser, quote: Contract) -> dict[str, str]:
    """What the page of an offer would post: the hash of the text on it."""
    page = text_of(browser.get(f"/portal/contratos/{quote.number}/"))
    found = re.search(r'name="text_sha256" value="(\w{64})"', page)
    assert found
    return {"text_sha256": found[1]}


def test_what_waits_stands_at_home_and_among_the_contracts(browser: Browser, lead: Contact) -> None:
    quote = make_quote(lead.client)
    for address in ("/portal/", "/portal/contratos/"):
        page = text_of(browser.get(address))
        assert "An offer for you: Hour pack" in page
        assert f"/portal/contratos/{quote.number}/" in page


def test_the_offer_is_read_and_accepted(browser: Browser, lead: Contact) -> None:
    quote = make_quote(lead.client, note="Con traslado.")
    page = text_of(browser.get(f"/portal/contratos/{quote.number}/"))
    for part in (
        "Con traslado.",
        "From 1 hour bought at once",
        "Accept this contract",
        "You answer for Clínica.",
    ):
        assert part in page

    read = read_by(browser, quote)
    done = browser.post(
        f"/portal/contratos/{quote.number}/aceptar/", read, follow=True, REMOTE_ADDR="203.0.113.7"
    )

    answer = Answer.objects.get(contract=quote)
    assert (answer.kind, answer.contact, answer.address, answer.text_sha256) == (
        "accepted",
        lead,
        "203.0.113.7",
        read["text_sha256"],
    )
    after = text_of(done)
    assert "Accepted by Jorge Mena on 10 Nov 2026." in after
    assert "Accept this contract" not in after
    assert "An offer for you" not in text_of(browser.get("/portal/"))


@pytest.mark.parametrize(
    ("word", "said"),
    [("aceptar", "Jorge Mena had accepted CT-0001 before you."), ("rechazar", "Jorge Mena had declined")],
)
def test_a_second_lead_is_not_thanked_for_the_answer_of_the_first(
    browser: Browser, lead: Contact, word: str, said: str
) -> None:
    quote = make_quote(lead.client)
    address, read = f"/portal/contratos/{quote.number}/{word}/", read_by(browser, quote)
    browser.post(address, read)
    second = make_contact(lead.client, name="Ana", is_project_lead=True, signs_in=True)
    assert second.user
    browser.force_login(second.user)
    assert said in text_of(browser.post(address, read, follow=True))


def test_the_offer_is_declined_with_a_reason(browser: Browser, lead: Contact) -> None:
    quote = make_quote(lead.client)
    given = read_by(browser, quote) | {"reason": "Muy caro"}
    page = text_of(browser.post(f"/portal/contratos/{quote.number}/rechazar/", given, follow=True))
    assert "Declined by Jorge Mena on 10 Nov 2026." in page
    assert Answer.objects.get(contract=quote).reason == "Muy caro"


@pytest.mark.parametrize("word", ["aceptar", "rechazar"])
def test_without_the_text_that_was_read_nothing_is_answered(
    browser: Browser, lead: Contact, word: str
) -> None:
    quote = make_quote(lead.client)
    answer = browser.post(f"/portal/contratos/{quote.number}/{word}/", {"text_sha256": "0" * 64})
    assert answer.status_code == 422
    assert "The text is not the one you read." in text_of(answer)
    assert browser.post(f"/portal/contratos/{quote.number}/{word}/").status_code == 422
    quote.refresh_from_db()
    assert (quote.state, Answer.objects.count()) == ("quoted", 0)


def test_what_lapsed_or_was_withdrawn_says_so_and_refuses(
    browser: Browser, lead: Contact, time_machine: Any
) -> None:
    late, withdrawn = make_quote(lead.client), make_quote(lead.client)
    read = read_by(browser, late)
    withdraw_quote(quote=withdrawn, now=NOW)
    time_machine.move_to(NOW + timedelta(days=21), tick=False)
    assert lead.user
    browser.force_login(lead.user)
    assert "The time to answer has passed." in text_of(browser.get(f"/portal/contratos/{late.number}/"))
    assert "We have taken it back" in text_of(browser.get(f"/portal/contratos/{withdrawn.number}/"))
    refused = browser.post(f"/portal/contratos/{late.number}/aceptar/", read)
    assert refused.status_code == 422
    assert "could be answered until 30 November 2026" in text_of(refused)
    assert not Answer.objects.exists()


def test_it_is_read_in_the_readers_language(browser: Browser, lead: Contact) -> None:
    assert lead.user
    lead.user.language = "es"
    lead.user.save()
    quote = make_quote(lead.client)
    page = text_of(browser.get(f"/portal/contratos/{quote.number}/"))
    assert "Bono de horas" in page
    browser.post(f"/portal/contratos/{quote.number}/aceptar/", read_by(browser, quote))
    assert Answer.objects.get(contract=quote).language == "es"


def test_contracts_are_for_project_leads_of_the_client(client: Browser, lead: Contact) -> None:
    quote = make_quote(lead.client)
    draft = make_draft(lead.client)
    for contact in (
        make_contact(lead.client, signs_in=True),
        make_contact(signs_in=True, is_project_lead=True),
    ):
        client.force_login(contact.user)
        assert client.get(f"/portal/contratos/{quote.number}/").status_code == 404
        assert client.post(f"/portal/contratos/{quote.number}/aceptar/").status_code == 404
    client.force_login(lead.user)
    assert client.get(f"/portal/contratos/{draft.number}/").status_code == 404


def test_the_list_costs_the_same_with_one_row_and_with_three(
    browser: Browser, lead: Contact, django_assert_max_num_queries: Any
) -> None:
    version, counts = make_version(), []
    for more in (1, 2):
        for _ in range(more):
            make_quote(lead.client, version=version)
            make_contract(lead.client, version=version)
            withdraw_quote(quote=make_quote(lead.client, version=version), now=NOW)
        with django_assert_max_num_queries(30) as queries:
            browser.get("/portal/contratos/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_renewal_is_in_sight_and_can_be_declined(browser: Browser, lead: Contact) -> None:
    version = make_version(term_months=12)
    text = draft_of(version)
    rates = (RateRow(price_per_hour=Decimal(36)),)
    newer = draft_version(plan=version.plan, draft=replace(text, rates=rates), now=NOW)
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 1), "auto_renews": True}
    contract = make_contract(lead.client, version=version, **days)
    address = f"/portal/contratos/{contract.number}/"
    assert "It renews by itself on Wednesday 2 December." in text_of(browser.get(address))
    publish_version(version=newer, by=None, now=NOW)
    Contract.objects.update(noticed_on=date(2026, 11, 1), renewal_version=newer)
    page = text_of(browser.get(address))
    assert "You were told what changes" in page
    assert "€36.00 an hour" in page

    done = text_of(browser.post(f"{address}no-renovar/", follow=True))

    assert f"Noted: {contract.number} ends on 1 December 2026." in done
    assert "renews by itself" not in done
    Contract.objects.update(state="ended")
    assert browser.post(f"{address}no-renovar/").status_code == 422


def test_that_packs_follow_each_other_is_said_and_can_be_stopped(browser: Browser, lead: Contact) -> None:
    contract = make_contract(lead.client, renews_pack=True)
    address = f"/portal/contratos/{contract.number}/"
    page = text_of(browser.get(address))
    assert "at the price that this plan has on that day" in page
    assert "The next pack is ordered by itself when one runs low" in page

    done = text_of(browser.post(f"{address}no-encargar/", follow=True))

    assert f"No further pack of {contract.number} is ordered by itself." in done
    assert "ordered by itself when" not in done
    Contract.objects.update(state="ended")
    assert browser.post(f"{address}no-encargar/").status_code == 422
