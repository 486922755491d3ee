"""Rating again on screen: the comparison, its confirmation, and a comparison that is no longer true."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client as Browser

from ecuanime.contracts.models import Approval
from ecuanime.entitlements.models import Lot
from ecuanime.worklog.actions import close_day, record_correction, review_entry
from ecuanime.worklog.models import RatedEntry
from tests.factories import make_version
from tests.factories.billing import MONTH_END, Billing, by_the_minute, make_billing
from tests.factories.entitlements import make_lot
from tests.factories.worklog import make_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def billing(time_machine: Any) -> Billing:
    time_machine.move_to(MONTH_END, tick=False)
    return make_billing(version=by_the_minute("30"))


@pytest.fixture
def supervisor(client: Browser, billing: Billing) -> Browser:
    client.force_login(billing.office.supervisor)
    return client


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(response.content.decode()).replace("\xa0", " "))


def mark_on(page: Any) -> str:
    [mark] = re.findall(r'name="shown" value="([0-9a-f]{64})"', page.content.decode())
    return str(mark)


def test_what_is_shown_is_booked_once_confirmed(supervisor: Browser, billing: Billing) -> None:
    billing.approved(60)
    lot = make_lot(billing.contract, 45)
    address = f"/contratos/{billing.contract.number}/retarificar/"
    page = supervisor.get(address)
    text = text_of(page)
    assert "1 of 1 entries would come out otherwise" in text
    assert re.search(r"before: </span>\s*€30.00", text)
    assert "€7.50" in text
    assert lot.code in text
    answer = supervisor.post(address, {"shown": mark_on(page), "reason": "Bono nuevo"}, follow=True)
    assert "Rated again as it was shown." in text_of(answer)
    assert "Everything would come out the same" in text_of(supervisor.get(address))


def test_a_comparison_that_is_no_longer_true_is_shown_anew(supervisor: Browser, billing: Billing) -> None:
    billing.approved(60)
    make_lot(billing.contract, 45)
    address = f"/contratos/{billing.contract.number}/retarificar/"
    seen = mark_on(supervisor.get(address))
    make_lot(billing.contract, 15)
    page = supervisor.post(address, {"shown": seen, "reason": "Bono nuevo"})
    assert page.status_code == 422
    assert "It would come out otherwise than was shown." in text_of(page)
    assert "Bono nuevo" in text_of(page)
    assert mark_on(page) != seen
    assert RatedEntry.objects.count() == 1
    again = supervisor.post(address, {"shown": mark_on(page), "reason": "Bono nuevo"})
    assert again.status_code == 302


def test_a_pack_pays_for_earlier_work_once_it_is_confirmed(supervisor: Browser, billing: Billing) -> None:
    billing.approved(60)
    lot = make_lot(billing.contract, 45, valid_from=MONTH_END.date(), usable_from=None)
    address = f"/bonos/{lot.code}/cubrir/"
    assert f"Cover earlier work with {lot.code}" in text_of(
        supervisor.get(f"/contratos/{billing.contract.number}/")
    )
    assert "It can be booked once its document is issued" in text_of(supervisor.get(address))
    Lot.objects.update(usable_from=MONTH_END)
    page = supervisor.get(address)
    text = text_of(page)
    assert f"{lot.code} would pay for 1 entry" in text
    assert "0 h 15 stay uncovered" in text
    answer = supervisor.post(address, {"shown": mark_on(page), "reason": "Bono nuevo"}, follow=True)
    assert f"{lot.code} pays for it, as it was shown." in text_of(answer)
    assert "pays for work since" in text_of(answer)
    again = supervisor.post(address, {"shown": mark_on(page), "reason": "Bono nuevo"})
    assert again.status_code == 422
    assert "There is no earlier work for it to cover" in text_of(supervisor.get(address))
    assert "Cover earlier work" not in text_of(supervisor.get(f"/contratos/{billing.contract.number}/"))


def test_the_draft_of_a_pack_leads_to_what_it_would_pay_for(client: Browser, time_machine: Any) -> None:
    time_machine.move_to(MONTH_END, tick=False)
    office = make_office(version=make_version(), approval=Approval.SUPERVISOR)
    office.approved(60)
    client.force_login(office.supervisor)
    sold = {"quantity": 10, "starts_on": "2026-11-30", "idempotency_key": "e" * 32}
    draft = text_of(client.post(f"/contratos/{office.contract.number}/vender/", sold, follow=True))
    code = Lot.objects.get(is_bonus=False).code
    assert "1 h 00 of approved work on this contract are neither covered nor invoiced" in draft
    assert f"/bonos/{code}/cubrir/" in draft


def test_what_was_corrected_is_compared_with_its_corrections(supervisor: Browser, billing: Billing) -> None:
    [entry] = billing.approved(60)
    office, now = billing.office, billing.now
    taken = record_correction(entry=entry, by=office.supervisor, reason="menos", now=now, seconds=-600)
    close_day(day=now.date(), now=now)
    taken.refresh_from_db()
    review_entry(entry=taken, by=office.supervisor, now=now)
    lot = make_lot(billing.contract, 60)
    address = f"/contratos/{billing.contract.number}/retarificar/"
    page = supervisor.get(address)
    assert "2 of 2 entries would come out otherwise" in text_of(page)
    assert f"/horas/entradas/{taken.pk}/" in text_of(page)
    supervisor.post(address, {"shown": mark_on(page), "reason": "Bono nuevo"})
    assert Lot.objects.get(pk=lot.pk).left == 1000
    assert "Left out: corrected entries" not in text_of(supervisor.get(address))


def test_a_pack_does_not_cover_what_was_corrected_and_says_so(supervisor: Browser, billing: Billing) -> None:
    [entry] = billing.approved(60)
    facts = {"by": billing.office.supervisor, "reason": "menos", "now": billing.now}
    record_correction(entry=entry, seconds=-600, **facts)  # type: ignore[arg-type]
    lot = make_lot(billing.contract, 60)
    page = text_of(supervisor.get(f"/bonos/{lot.code}/cubrir/"))
    assert "Left out: corrected entries" in page
    assert f"/horas/entradas/{entry.pk}/" in page


def test_without_approved_work_there_is_nothing_to_rate(supervisor: Browser, billing: Billing) -> None:
    page = text_of(supervisor.get(f"/contratos/{billing.contract.number}/retarificar/"))
    assert "There is no approved work that is not invoiced" in page
    assert "/retarificar/" in text_of(supervisor.get(f"/contratos/{billing.contract.number}/"))
