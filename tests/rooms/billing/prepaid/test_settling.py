"""Settling a contract that ends: its work decided and invoiced, and what becomes of the rest said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ecuanime.billing.actions import settle_contract
from ecuanime.billing.models import Charge, Invoice
from ecuanime.billing.queries import left_of
from ecuanime.contracts.models import Contract
from ecuanime.foundation.models import AuditEntry
from ecuanime.worklog.actions import reject_entry
from ecuanime.worklog.models import RatedSegment
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.rooms.billing.snapshots import refused

pytestmark = pytest.mark.django_db


def ending(billing: Billing) -> Contract:
    """The contract with its last day at the month's end."""
    Contract.objects.filter(pk=billing.contract.pk).update(ends_on=MONTH_END.date())
    return Contract.objects.select_related("client", "version").get(pk=billing.contract.pk)


def settle(contract: Contract, billing: Billing, words: str = "Nada queda.") -> Contract:
    return settle_contract(contract=contract, settlement=words, by=billing.clerk, now=MONTH_END)


def test_what_is_left_is_counted_until_it_is_decided_and_invoiced() -> None:
    billing = make_billing()
    entry = billing.office.entry(30)
    contract = ending(billing)
    assert [each.pk for each in left_of(contract, now=MONTH_END).open_time] == [entry.pk]
    refused(lambda: settle(contract, billing), "time_open")

    billing.office.closed(15)
    for each in left_of(contract, now=MONTH_END).open_time:
        reject_entry(entry=each, by=billing.office.supervisor, reason="Repetido", now=MONTH_END)
    billing.approved(60)
    left = left_of(contract, now=MONTH_END)
    assert (left.open_time, left.unbilled, left.unbilled_count) == ([], 4400, 1)
    refused(lambda: settle(contract, billing), "work_unbilled")

    billing.issue()
    left = left_of(contract, now=MONTH_END)
    assert left.unbilled_count == 0
    assert left.receivables[0].owed > 0
    assert settle(contract, billing).settlement == "Nada queda."


def test_held_work_fees_and_drafts_are_left_too() -> None:
    billing = make_billing()
    contract = ending(billing)
    [entry] = billing.approved(60)
    segments = RatedSegment.objects.filter(rating__entry=entry)
    segments.update(held_reason="limit")
    refused(lambda: settle(contract, billing), "work_held")

    segments.update(held_reason="")
    billing.draft()
    refused(lambda: settle(contract, billing), "draft_open")

    billing.issue(Invoice.objects.get())
    fee = Charge.objects.create(
        client=billing.client,
        contract=contract,
        description="Cuota",
        units=1,
        price=10,
        is_billed=False,
        due_on=MONTH_END.date(),
        idempotency_key="fee",
        created_at=MONTH_END,
    )
    refused(lambda: settle(contract, billing), "fees_due")

    fee.delete()
    assert settle(contract, billing).settled_at == MONTH_END


def test_a_settlement_is_noted_once() -> None:
    billing = make_billing()
    contract = ending(billing)
    settle(contract, billing)
    later = MONTH_END + timedelta(days=1)
    again = settle_contract(contract=contract, settlement="Otra cosa", by=billing.clerk, now=later)
    assert (again.settled_at, again.settlement) == (MONTH_END, "Nada queda.")
    assert AuditEntry.objects.filter(verb="contract_settled").count() == 1


def test_a_contract_without_a_last_day_or_without_a_word_is_not_settled() -> None:
    billing = make_billing()
    refused(lambda: settle(billing.contract, billing), "not_ending")
    contract = ending(billing)
    refused(lambda: settle(contract, billing, "  "), "no_reason")
