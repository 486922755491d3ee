"""Contracts on screen: the list, the page with lots and ledger, opening, ending, voiding."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser

from ecuanime.billing.actions import order_next_pack
from ecuanime.contracts.models import Contract, Plan, PlanKind, Unit
from ecuanime.entitlements.actions import book_expiry
from ecuanime.entitlements.models import Lot, Movement
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
from tests.factories.entitlements import make_lot, make_pack, reprice
from tests.factories.worklog import make_office
from tests.rooms.entitlements.approving import approve, at, contract_by_the_minute

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def firm() -> None:
    make_firm()


@pytest.fixture(autouse=True)
def today(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def supervisor(client: Browser) -> Browser:
    client.force_login(make_person("supervisor", language="en"))
    return client


@pytest.fixture
def technician(client: Browser) -> Browser:
    client.force_login(make_person("technician", language="en"))
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode()).replace("\xa0", " ")


def used_contract() -> Contract:
    """A pack of 45 + 2 h of which 5 h were worked."""
    contract = contract_by_the_minute()
    make_pack(contract, 45, starts_on=date(2026, 1, 1), now=at(1, 1), usable_from=at(1, 1))
    approve(contract, 300, date(2026, 2, 2), at(2, 3))
    return contract


def test_a_contract_shows_its_lots_its_ledger_and_what_it_means(technician: Browser) -> None:
    contract = used_contract()
    page = text_of(technician.get(f"/contratos/{contract.number}/"))

    for part in (
        "42 h 00",
        "of 45 h 00",
        "45 h 00 bought on 1 Jan 2026 at €30.00 an hour",
        "2 h 00 of bonus",
        "last day 31 Dec 2026",
        "used up",
        "−5 h 00",
        "When the hours run out, the rest is billed at the price above.",
    ):
        assert part in page
    for action in ("Void what is unused", "End the contract"):
        assert action not in page


def test_a_contract_on_demand_has_no_hours_to_show(technician: Browser) -> None:
    contract = make_contract(kind=PlanKind.ON_DEMAND)
    page = text_of(technician.get(f"/contratos/{contract.number}/"))
    assert "Base price: €30.00 an hour." in page
    assert "No pack has been bought yet" not in page


def test_a_contract_page_costs_the_same_with_one_lot_and_with_three(
    supervisor: Browser, django_assert_max_num_queries: Any
) -> None:
    contract = make_contract()
    counts = []
    for packs in (1, 2):
        for _ in range(packs):
            make_pack(contract, 10)
        with django_assert_max_num_queries(80) as queries:
            supervisor.get(f"/contratos/{contract.number}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_list_costs_the_same_with_one_contract_and_with_three(
    technician: Browser, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for contracts in (1, 2):
        for _ in range(contracts):
            make_pack(make_contract(), 10)
        with django_assert_max_num_queries(40) as queries:
            page = text_of(technician.get("/contratos/"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert page.count("10 h 00") == 6


def test_ended_contracts_stand_apart(technician: Browser) -> None:
    running = make_contract()
    over = make_contract(state=Contract.State.ENDED)
    assert over.number not in text_of(technician.get("/contratos/"))
    ended = text_of(technician.get("/contratos/?ver=terminados"))
    assert over.number in ended
    assert running.number not in ended


def test_the_ledger_is_read_page_by_page(technician: Browser) -> None:
    contract = contract_by_the_minute()
    make_pack(contract, 10, starts_on=date(2026, 1, 1), now=at(1, 1), usable_from=at(1, 1))
    for _ in range(51):
        approve(contract, 1, date(2026, 2, 2), at(2, 3))
    address = f"/contratos/{contract.number}/libro/"

    first = technician.get(address)
    second = technician.get(address + first.context["next_url"])

    assert len(first.context["movements"]) == 50
    assert [row["balance_hundredths"] for row in second.context["movements"]] == [59_900, 60_000]
    assert second.context["next_url"] == ""
    assert "The first one comes when a pack is bought" in text_of(
        technician.get(f"/contratos/{make_contract().number}/libro/")
    )


def test_a_supervisor_opens_a_contract_for_a_client(supervisor: Browser) -> None:
    client, version = make_client(), make_version()
    contact = make_contact(client)
    address = f"/clientes/{client.code}/contratos/nuevo/"
    page = text_of(supervisor.get(address))
    assert version.name_en in page
    assert 'value="2026-11-10"' in page

    sent = {
        "version": version.pk,
        "starts_on": "2026-11-15",
        "accepted_by": contact.pk,
        "hours_visible": "no",
        "renews_pack": "on",
    }
    response = supervisor.post(address, sent, follow=True)

    contract = Contract.objects.get()
    assert response.redirect_chain == [(f"/contratos/{contract.number}/", 302)]
    assert (contract.client, contract.accepted_by, contract.hours_visible) == (client, contact, False)
    assert (contract.starts_on, contract.ends_on, contract.overage) == (date(2026, 11, 15), None, "")
    assert contract.recorded_by == response.wsgi_request.user
    assert contract.renews_pack
    assert "ordered by itself when one runs low or expires in 7 days" in text_of(response)


def test_a_contract_that_would_end_before_it_starts_is_refused_on_its_form(supervisor: Browser) -> None:
    client, version = make_client(), make_version()
    sent = {"version": version.pk, "starts_on": "2026-11-15", "ends_on": "2026-11-14"}

    response = supervisor.post(f"/clientes/{client.code}/contratos/nuevo/", sent)

    assert response.status_code == 422
    assert "cannot end before it starts" in text_of(response)
    assert not Contract.objects.exists()


def test_another_clients_contact_cannot_be_chosen(supervisor: Browser) -> None:
    client, version = make_client(), make_version()
    sent = {"version": version.pk, "starts_on": "2026-11-15", "accepted_by": make_contact().pk}
    assert supervisor.post(f"/clientes/{client.code}/contratos/nuevo/", sent).status_code == 422
    assert not Contract.objects.exists()


def test_without_plans_on_sale_the_form_says_where_to_begin(supervisor: Browser) -> None:
    page = text_of(supervisor.get(f"/clientes/{make_client().code}/contratos/nuevo/"))
    assert "No plan is on sale" in page


def test_ending_a_contract_says_what_is_left_and_asks_why(supervisor: Browser) -> None:
    contract = used_contract()
    address = f"/contratos/{contract.number}/terminar/"
    page = text_of(supervisor.get(address))
    assert "42 h 00" in page
    assert "entries neither approved nor rejected" in page
    assert supervisor.post(address, {"ends_on": "2026-11-30"}).status_code == 422

    after = supervisor.post(address, {"ends_on": "2026-11-30", "reason": "Cierra"})

    assert after.url == f"/contratos/{contract.number}/liquidar/"
    contract.refresh_from_db()
    assert (contract.ends_on, contract.state) == (date(2026, 11, 30), Contract.State.ACTIVE)


def test_settling_shows_each_way_on_and_closes_with_a_word(supervisor: Browser) -> None:
    contract = used_contract()
    code = Lot.objects.get(is_bonus=False).code
    address = f"/contratos/{contract.number}/liquidar/"
    assert "It has no last day yet." in text_of(supervisor.get(address))
    Contract.objects.update(ends_on=date(2026, 11, 30))

    page = text_of(supervisor.get(address))
    for way in ("traspasar", "devolver", "anular"):
        assert f"/bonos/{code}/{way}/" in page
    assert supervisor.post(address, {"settlement": " "}).status_code == 422
    done = text_of(supervisor.post(address, {"settlement": "Se quedan hasta caducar."}, follow=True))

    assert "How it was settled" in done
    assert "Se quedan hasta caducar." in text_of(supervisor.get(address))


def test_settling_speaks_of_what_the_lots_count(supervisor: Browser) -> None:
    contract = make_contract(version=make_version(PlanKind.INCIDENT_PACK), ends_on=date(2026, 11, 30))
    make_lot(contract, 0, unit=Unit.INCIDENTS, granted=5)

    page = text_of(supervisor.get(f"/contratos/{contract.number}/liquidar/"))

    assert "Incidents left" in page
    assert "5 incidents" in page
    assert "Hours left" not in page


def test_the_order_is_changed_one_place_at_a_time(supervisor: Browser) -> None:
    client = make_client()
    first, second = (make_contract(client, precedence=precedence) for precedence in (10, 20))
    address = f"/clientes/{client.code}/contratos/"
    page = text_of(supervisor.get(address))
    assert f'name="up" value="{second.number}"' in page
    assert "the first in order that is in force and covers it" in page

    shown = {"order": [first.number, second.number], "up": second.number}
    said = text_of(supervisor.post(f"{address}mover/", shown, follow=True))

    assert f"{second.number} now comes before {first.number}." in said
    stale = text_of(supervisor.post(f"{address}mover/", shown | {"order": [second.number] * 2}, follow=True))
    assert "have changed meanwhile" in stale
    supervisor.post(f"{address}mover/", shown | {"up": "CT-9999"})
    assert list(Contract.objects.order_by("precedence")) == [second, first]


def test_why_a_contract_is_not_the_one(technician: Browser) -> None:
    client = make_client()
    area = ProductArea.objects.create(code="linux", name="Linux")
    other = ProductArea.objects.create(code="mail", name="Mail")
    narrow = make_contract(client, precedence=1)
    narrow.areas.set([other])
    make_contract(client, precedence=2, starts_on=date(2026, 12, 1))
    address = f"/clientes/{client.code}/contratos/"
    asked = text_of(technician.get(f"{address}?area={area.pk}&on=2026-11-20"))
    assert "It does not cover that area." in asked
    assert "It had not begun." in asked
    assert 'name="up"' not in asked
    assert "It covers only some areas" not in asked
    assert technician.get(f"{address}?area=x&on=y").status_code == 200
    narrow.areas.clear()
    narrow.sites.add(make_site(client))
    shop = make_site(client, "Tienda")
    asked = text_of(technician.get(f"{address}?site={shop.pk}&on=2026-11-20"))
    assert "It does not cover that site." in asked
    assert "only at Almacén" in asked


def test_time_after_the_last_day_is_moved_from_the_contracts_page(supervisor: Browser) -> None:
    office = make_office()
    entry = office.entry(30)
    contract = office.contract
    Contract.objects.filter(pk=contract.pk).update(ends_on=date(2026, 11, 8))
    address = f"/contratos/{contract.number}/"
    assert "1 entry that nobody has reviewed is of work after the last day." in text_of(
        supervisor.get(address)
    )
    nowhere = text_of(supervisor.post(f"{address}seguir/", follow=True))
    assert "No contract has taken the place" in nowhere
    successor = make_contract(office.client, starts_on=date(2026, 11, 9), replaces=contract)

    assert "1 entry was moved." in text_of(supervisor.post(f"{address}seguir/", follow=True))

    entry.refresh_from_db()
    assert entry.contract == successor


def test_a_supervisor_voids_what_is_unused_of_a_pack(supervisor: Browser) -> None:
    contract = used_contract()
    code = Lot.objects.get(is_bonus=False).code
    page = text_of(supervisor.get(f"/contratos/{contract.number}/"))
    assert f"/bonos/{code}/anular/" in page
    assert "42 h 00 are cancelled" in text_of(supervisor.get(f"/bonos/{code}/anular/"))

    for _ in range(2):
        response = supervisor.post(f"/bonos/{code}/anular/", {"reason": "Se vendió por error"}, follow=True)

    assert Movement.objects.filter(kind=Movement.Kind.VOID).count() == 1
    shown = text_of(response)
    assert "Void (Se vendió por error)" in shown
    assert "Void what is unused" not in shown


def test_a_bonus_is_not_voided_by_itself(supervisor: Browser) -> None:
    used_contract()
    code = Lot.objects.get(is_bonus=True).code
    response = supervisor.post(f"/bonos/{code}/anular/", {"reason": "x"})
    assert response.status_code == 422
    assert "goes with the pack" in text_of(response)


def expired_pack(contract: Contract) -> Lot:
    """3 h 20 that were bought at 30.00 and expired."""
    lot = make_lot(contract, 200, expires_on=date(2026, 1, 31), now=at(1, 1), code="BN-0007")
    book_expiry(lot=lot, pending_hundredths=0, now=at(2, 1))
    return lot


def test_revaluing_says_what_it_costs_and_drafts_it(supervisor: Browser) -> None:
    contract = contract_by_the_minute()
    reprice(contract.version.plan, (1, "33"))
    expired_pack(contract)
    address = "/bonos/BN-0007/revalorizar/"
    assert address in text_of(supervisor.get(f"/contratos/{contract.number}/"))
    page = text_of(supervisor.get(address))
    assert "3 h 20: paid at €30.00 an hour, €33.00 an hour today" in page
    assert "€10.00 before tax" in page

    for _ in range(2):
        response = supervisor.post(address, {"idempotency_key": "a" * 32}, follow=True)

    assert "Revaluation of what had expired of BN-0007" in text_of(response)
    assert Lot.objects.filter(source=Lot.Source.REVALUATION).count() == 1
    assert address not in text_of(supervisor.get(f"/contratos/{contract.number}/"))


def test_revaluing_at_no_cost_leads_back_to_the_contract(supervisor: Browser) -> None:
    contract = contract_by_the_minute()
    expired_pack(contract)
    assert "It costs nothing" in text_of(supervisor.get("/bonos/BN-0007/revalorizar/"))

    response = supervisor.post("/bonos/BN-0007/revalorizar/", {"idempotency_key": "a" * 32}, follow=True)

    assert "3 h 20 of BN-0007 revalued on" in text_of(response)


def test_what_cannot_be_revalued_says_why(supervisor: Browser) -> None:
    contract = used_contract()
    code = Lot.objects.get(is_bonus=False).code
    address = f"/bonos/{code}/revalorizar/"
    assert "Nothing of" in text_of(supervisor.get(address))
    assert supervisor.post(address, {"idempotency_key": "a" * 32}).status_code == 422
    assert Lot.objects.filter(contract=contract).count() == 2


def test_expired_hours_are_replaced_until_a_new_last_day(supervisor: Browser) -> None:
    contract = contract_by_the_minute()
    expired_pack(contract)
    address = "/bonos/BN-0007/reponer/"
    assert "3 h 20 have expired" in text_of(supervisor.get(address))
    form = {"part": "1:20", "expires_on": "2026-12-31", "reason": "Cortesía", "idempotency_key": "b" * 32}

    for _ in range(2):
        response = supervisor.post(address, form, follow=True)

    assert "1 h 20 of BN-0007 replaced on" in text_of(response)
    assert Lot.objects.get(source=Lot.Source.REPLACEMENT).left == 8000
    late = form | {"expires_on": "2026-01-31", "idempotency_key": "c" * 32}
    assert supervisor.post(address, late).status_code == 422


def test_hours_move_to_another_contract_of_the_client(supervisor: Browser) -> None:
    contract = used_contract()
    other = make_contract(contract.client)
    make_contract()
    code = Lot.objects.get(is_bonus=False).code
    address = f"/bonos/{code}/traspasar/"
    assert list(supervisor.get(address).context["form"].fields["to"].queryset) == [other]
    form = {"to": other.pk, "part": "", "reason": "Cambian", "idempotency_key": "d" * 32}

    for _ in range(2):
        supervisor.post(address, form)

    assert Lot.objects.get(contract=other).left == 42 * 6000
    assert f"moved from {code}" in text_of(supervisor.get(f"/contratos/{other.number}/"))


def test_of_a_pack_of_incidents_whole_incidents_are_moved(supervisor: Browser) -> None:
    contract = make_contract(version=make_version(PlanKind.INCIDENT_PACK))
    lot = make_lot(contract, 0, unit=Unit.INCIDENTS, granted=5)
    other = make_contract(contract.client)
    address = f"/bonos/{lot.code}/traspasar/"
    assert "Incidents" in text_of(supervisor.get(address))

    form = {"to": other.pk, "part": "2", "reason": "Cambian", "idempotency_key": "d" * 32}
    supervisor.post(address, form)

    assert Lot.objects.get(contract=other).left == 2
    assert Lot.objects.get(pk=lot.pk).left == 3


def test_without_another_contract_there_is_nowhere_to_move_to(supervisor: Browser) -> None:
    used_contract()
    code = Lot.objects.get(is_bonus=False).code
    assert "no other contract" in text_of(supervisor.get(f"/bonos/{code}/traspasar/"))


def test_technicians_read_and_do_not_write(technician: Browser) -> None:
    contract = used_contract()
    code = Lot.objects.get(is_bonus=False).code
    client = contract.client.code
    for address in (
        f"/contratos/{contract.number}/terminar/",
        f"/bonos/{code}/anular/",
        f"/bonos/{code}/traspasar/",
        f"/bonos/{code}/reponer/",
        f"/bonos/{code}/revalorizar/",
        f"/clientes/{client}/contratos/nuevo/",
    ):
        assert technician.get(address).status_code == 403
        assert technician.post(address).status_code == 403
    assert Movement.objects.filter(kind=Movement.Kind.VOID).count() == 0


def test_a_clients_contact_sees_nothing_of_the_office(client: Browser) -> None:
    contract = make_contract()
    contact = make_contact(contract.client, signs_in=True)
    assert contact.user is not None
    client.force_login(contact.user)
    for address in ("/planes/", "/contratos/", f"/contratos/{contract.number}/"):
        assert client.get(address).status_code == 403


def test_what_does_not_exist_is_not_found(supervisor: Browser) -> None:
    for address in ("/contratos/CT-9999/", "/contratos/CT-9999/libro/", "/bonos/BN-9999/anular/"):
        assert supervisor.get(address).status_code == 404


def test_what_comes_after_the_term_is_said_and_can_be_stopped(supervisor: Browser) -> None:
    version = make_version(term_months=12)
    contract = make_contract(version=version, ends_on=date(2026, 12, 31), auto_renews=True)
    address = f"/contratos/{contract.number}/"
    assert "it renews by itself; the client is told 30 days before" in text_of(supervisor.get(address))
    Contract.objects.update(noticed_on=date(2026, 12, 1), renewal_version=version)
    assert "as the client was told on 1 Dec 2026" in text_of(supervisor.get(address))
    assert "about to renew" in text_of(supervisor.get("/contratos/"))

    page = text_of(supervisor.post(f"{address}no-renovar/", follow=True))

    assert "it ends, unless the client accepts the offer" in page
    assert "about to end" in text_of(supervisor.get("/contratos/"))


def test_what_became_of_the_next_pack_is_said(supervisor: Browser) -> None:
    contract = make_contract(renews_pack=True)
    lot, address = make_pack(contract, 10).paid, f"/contratos/{contract.number}/"
    Plan.objects.update(is_on_sale=False)
    order_next_pack(lot=lot, now=NOW)
    page = text_of(supervisor.get(address))
    assert "not ordered after BN-0001 on 10 Nov 2026: its plan is no longer on sale" in page
    Plan.objects.update(is_on_sale=True)
    order_next_pack(lot=lot, now=NOW)
    assert "BN-0002 was ordered after BN-0001 on 10 Nov 2026" in text_of(supervisor.get(address))

    page = text_of(supervisor.post(f"{address}no-encargar/", follow=True))

    assert f"No further pack of {contract.number} is ordered by itself." in page
    assert "BN-0002 was ordered after" not in page
