"""The next pack is ordered by itself, once, at today's price, where the contract says so."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from ecuanime.billing.actions import discard_draft, order_next_pack
from ecuanime.billing.handlers import follow_pack
from ecuanime.billing.models import Charge, Invoice, NextPack
from ecuanime.clients.models import Contact
from ecuanime.contracts.models import Contract, Plan, PlanKind
from ecuanime.contracts.offers import text_of
from ecuanime.delivery.models import OutgoingMail
from ecuanime.entitlements.actions import tell_low
from ecuanime.entitlements.events import LotNoticed
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import verify_ledger
from ecuanime.foundation.models import AuditEntry
from tests.factories import make_mailbox
from tests.factories.billing import Billing, make_billing
from tests.factories.entitlements import make_pack, reprice
from tests.rooms.billing.snapshots import everything
from tests.rules.examples import Row, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def billing(time_machine: Any) -> Billing:
    """A client who agreed that packs follow each other, on a plan at 30.00 that asks 33.00 from 20 h on today."""
    billing = make_billing(PlanKind.HOUR_PACK)
    make_mailbox()
    Contract.objects.filter(pk=billing.contract.pk).update(renews_pack=True)
    Contact.objects.filter(pk=billing.lead.pk).update(language="es")
    reprice(billing.contract.version.plan, (20, "33"))
    time_machine.move_to(billing.now, tick=False)
    return billing


def pack(billing: Billing, hours: int = 20) -> Lot:
    return make_pack(billing.contract, hours).paid


def hear(lot: Lot, *notices: str) -> None:
    for notice in notices:
        follow_pack(LotNoticed(lot_id=lot.pk, threshold=notice))


@pytest.mark.parametrize(
    "row", rows("packs", "notices", "pack", "later pack", "plan", "ordered hours", "price per hour")
)
def test_what_is_ordered_when_a_pack_nears_its_end(billing: Billing, row: Row) -> None:
    lot = pack(billing, int(row["pack"]))
    if row["later pack"] == "yes":
        pack(billing)
    Plan.objects.update(is_on_sale=row["plan"] == "on sale")

    hear(lot, *row["notices"].split(", "))

    ordered = [(charge.minutes, f"{charge.price:.2f}") for charge in Charge.objects.all()]
    hours = row["ordered hours"]
    assert ordered == ([(int(hours) * 60, row["price per hour"])] if hours else [])


def test_it_is_ordered_once_however_often_it_is_heard(billing: Billing) -> None:
    lot = pack(billing)
    hear(lot, "low")
    before = everything()

    hear(lot, "low", "days_7", "low")

    assert everything() == before
    draft = Invoice.objects.get(lines__charge__lot__code="BN-0002")
    assert (draft.kind, draft.state, draft.net) == ("advance", "draft", 66000)
    assert set(Lot.objects.filter(code__startswith="BN-0002").values_list("usable_from", flat=True)) == {None}
    assert list(verify_ledger()) == []


def test_an_order_that_was_discarded_is_not_placed_again(billing: Billing) -> None:
    lot = pack(billing)
    hear(lot, "low")
    discard_draft(invoice=Invoice.objects.get(), by=billing.clerk, now=billing.now)

    hear(lot, "days_7")

    assert Invoice.objects.count() == 0


def test_the_client_reads_in_their_language_what_was_ordered_and_at_what_price(billing: Billing) -> None:
    hear(pack(billing), "low")

    mail = OutgoingMail.objects.get(purpose="next_pack")
    assert mail.subject == "Hemos encargado BN-0002: 20 horas"
    text = mail.text.replace("\xa0", " ")
    assert (
        f"el bono BN-0001 se acerca a su fin, así que hemos encargado el siguiente, como dice {billing.contract}"
        in text
    )
    assert "BN-0002: 20 horas a 33,00 € cada una, 660,00 € en total antes de impuestos." in text


def test_without_the_switch_nothing_is_ordered(billing: Billing) -> None:
    Contract.objects.update(renews_pack=False)
    lot = pack(billing)
    before = everything()

    hear(lot, "low", "days_7")

    assert everything() == before


def test_what_was_not_bought_as_a_pack_orders_nothing(billing: Billing) -> None:
    bonus = make_pack(billing.contract, 20).bonus
    assert bonus is not None
    before = everything()

    assert order_next_pack(lot=bonus, now=billing.now) is None
    assert everything() == before


@pytest.mark.parametrize(
    "why", ["withdrawn", "no_price", "other_currency", "contract_ended", "inactive_client"]
)
def test_a_refusal_changes_nothing_but_says_why_once(billing: Billing, why: str) -> None:
    lot = pack(billing, 10 if why == "no_price" else 20)
    if why == "withdrawn":
        Plan.objects.update(is_on_sale=False)
    elif why == "other_currency":
        reprice(billing.contract.version.plan, (20, "33"), currency="USD")
    elif why == "contract_ended":
        Contract.objects.update(state="ended")
    elif why == "inactive_client":
        type(billing.client).objects.update(is_active=False)
    lots = list(Lot.objects.values())

    hear(lot, "low", "days_7")

    kept = NextPack.objects.get()
    assert (kept.refusal, kept.charge, bool(kept.get_refusal_display())) == (why, None, True)
    assert AuditEntry.objects.filter(verb="next_pack_refused").count() == 1
    assert list(Lot.objects.values()) == lots
    assert (Charge.objects.count(), Invoice.objects.count(), OutgoingMail.objects.count()) == (0, 0, 0)


def test_what_was_refused_is_ordered_at_the_next_notice_if_it_can_be(billing: Billing) -> None:
    lot = pack(billing)
    Plan.objects.update(is_on_sale=False)
    hear(lot, "low")
    Plan.objects.update(is_on_sale=True)

    hear(lot, "days_7")

    kept = NextPack.objects.get()
    assert (kept.refusal, kept.charge) == ("", Charge.objects.get())


def test_the_notice_is_announced_to_billing(billing: Billing, monkeypatch: pytest.MonkeyPatch) -> None:
    lot = pack(billing, 1)
    heard: list[LotNoticed] = []
    monkeypatch.setattr("ecuanime.entitlements.actions.notices.publish", heard.append)

    for _again in range(2):
        tell_low(lot=lot, now=billing.now)

    assert heard == [LotNoticed(lot_id=lot.pk, threshold="low")]


def test_the_offer_says_it_where_it_was_agreed(billing: Billing) -> None:
    contract = Contract.objects.select_related("version__plan").get()
    with override("en"):
        assert "at the price that this plan has on that day" in text_of(contract)
        contract.renews_pack = False
        assert "on that day" not in text_of(contract)
