"""Offers in the office: drafting, the page with the whole text, sending, copying, noting an answer on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from ecuanime.contracts.actions import withdraw_quote
from ecuanime.contracts.models import Contract
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
from tests.factories.offers import make_draft, make_quote

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def firm(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    make_firm()


@pytest.fixture
def supervisor(client: Browser) -> Browser:
    client.force_login(make_person("supervisor", language="en"))
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode()).replace("\xa0", " ")


def test_an_offer_is_drafted_read_and_sent(supervisor: Browser) -> None:
    company = make_client(name="Clínica")
    make_contact(company, name="Jorge Mena", is_project_lead=True)
    before, version = make_contract(company), make_version()
    area = ProductArea.objects.create(code="linux", name="Linux")
    address = f"/clientes/{company.code}/ofertas/nueva/"
    assert f'value="{before.pk}" selected' in text_of(
        supervisor.get(f"{address}?en-lugar-de={before.number}")
    )

    form = {
        "version": version.pk,
        "replaces": before.pk,
        "starts_on": "2026-12-01",
        "valid_until": "2026-11-30",
    }
    form |= {
        "areas": [area.pk],
        "sites": [make_site(company).pk],
        "hours_visible": "no",
        "time_zone": "Europe/Madrid",
        "note": "Con traslado.",
    }
    form["renews_pack"] = "on"
    page = text_of(supervisor.post(address, form, follow=True))

    quote = Contract.objects.get(state="draft")
    assert (quote.replaces, quote.hours_visible, quote.note) == (before, False, "Con traslado.")
    for part in (
        "Con traslado.",
        "It covers: Linux.",
        "It covers work at these sites alone: Almacén.",
        "Send to Jorge Mena",
        "The client does not see the hours left.",
        "at the price that this plan has on that day",
    ):
        assert part in page

    sent = text_of(supervisor.post(f"/contratos/{quote.number}/enviar/", follow=True))
    assert "is on its way" in sent
    assert "Waits for an answer" in sent


def test_a_draft_is_changed_and_what_was_sent_is_not(supervisor: Browser) -> None:
    draft = make_draft(make_client(), renews_pack=True)
    address = f"/contratos/{draft.number}/oferta/"
    assert 'value="2026-11-30"' in text_of(supervisor.get(address))
    form = {"version": draft.version_id, "starts_on": "2027-01-01", "time_zone": "Europe/Madrid"}
    assert supervisor.post(address, form).status_code == 302
    draft.refresh_from_db()
    assert (draft.starts_on, draft.valid_until, draft.renews_pack) == (date(2027, 1, 1), None, False)

    quote = make_quote(make_client())
    assert supervisor.get(f"/contratos/{quote.number}/oferta/").url == f"/contratos/{quote.number}/"


def test_a_refusal_stands_beside_its_field(supervisor: Browser) -> None:
    company, version = make_client(), make_version()
    form = {
        "version": version.pk,
        "starts_on": "2026-12-01",
        "ends_on": "2026-11-01",
        "time_zone": "Europe/Madrid",
    }
    answer = supervisor.post(f"/clientes/{company.code}/ofertas/nueva/", form)
    assert answer.status_code == 422
    assert "A contract cannot end before it starts." in text_of(answer)
    assert not Contract.objects.exists()


def test_nobody_to_send_to_is_said_before(supervisor: Browser) -> None:
    draft = make_draft(make_client())
    page = text_of(supervisor.get(f"/contratos/{draft.number}/"))
    assert "Nobody would get it" in page
    assert "/enviar/" not in page
    refused = text_of(supervisor.post(f"/contratos/{draft.number}/enviar/", follow=True))
    assert "has no project lead with an e-mail address" in refused


def test_an_offer_is_withdrawn_and_drafted_again(supervisor: Browser) -> None:
    quote = make_quote(make_client())
    assert "can no longer be accepted" in text_of(
        supervisor.post(f"/contratos/{quote.number}/retirar/", follow=True)
    )
    copied = supervisor.post(f"/contratos/{quote.number}/copiar/")
    draft = Contract.objects.get(state="draft")
    assert copied.url == f"/contratos/{draft.number}/oferta/"
    assert draft.supersedes == quote


def test_an_acceptance_on_paper_is_noted_with_its_file(supervisor: Browser) -> None:
    quote = make_quote(make_client())
    address = f"/contratos/{quote.number}/aceptar/"
    assert "It begins on 1 December 2026" in text_of(supervisor.get(address))
    nothing = supervisor.post(address, {"name": "Ana", "given_on": "2026-11-09"})
    assert nothing.status_code == 422
    assert "Attach what was signed" in text_of(nothing)

    file = SimpleUploadedFile("firmado.pdf", b"%PDF")
    given = {"name": "Ana Ruiz", "given_on": "2026-11-09", "file": file}
    page = text_of(supervisor.post(address, given, follow=True))

    for part in ("Accepted, not begun", "Ana Ruiz", "firmado.pdf", "The text that was accepted"):
        assert part in page
    download = supervisor.get(f"/contratos/{quote.number}/firmado/")
    assert b"".join(download.streaming_content) == b"%PDF"
    assert 'attachment; filename="firmado.pdf"' in download["Content-Disposition"]
    assert supervisor.get(address).status_code == 302


def test_the_list_counts_and_shows_each_part(supervisor: Browser) -> None:
    company = make_client()
    running, waiting, draft = make_contract(company), make_quote(company), make_draft(company)
    gone = withdraw_quote(quote=make_quote(company), now=NOW)
    later = make_contract(company, state="accepted", starts_on=date(2027, 1, 1))

    shown = {
        "": [running],
        "?ver=ofertas": [waiting, draft],
        "?ver=por-empezar": [later],
        "?ver=terminados": [],
        "?ver=no-aceptados": [gone],
        "?ver=otra": [running],
    }
    everything = [running, waiting, draft, gone, later]
    for query, expected in shown.items():
        page = text_of(supervisor.get(f"/contratos/{query}"))
        assert [each for each in everything if f"/contratos/{each.number}/" in page] == expected
        assert 'Offers <span class="ec-2">2</span>' in page


def test_the_parts_of_the_list_cost_the_same_with_one_row_and_with_three(
    supervisor: Browser, django_assert_max_num_queries: Any
) -> None:
    version, counts = make_version(), []
    for more in (1, 2):
        for _ in range(more):
            make_quote(make_client(), version=version)
        with django_assert_max_num_queries(40) as queries:
            supervisor.get("/contratos/?ver=ofertas")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_client_shows_what_it_is_offered(supervisor: Browser) -> None:
    company = make_client()
    quote = make_quote(company)
    page = text_of(supervisor.get(f"/clientes/{company.code}/"))
    assert f"/contratos/{quote.number}/" in page
    assert f"/clientes/{company.code}/ofertas/nueva/" in page
