"""Drafts issued together: each alone, restartable, each refusal with its reason."""

from __future__ import annotations

import pytest

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.actions.issuing import batches
from ecuanime.billing.models import Batch, BatchItem, Invoice
from ecuanime.billing.verifying.invoices import verify_invoices
from tests.factories import make_person
from tests.factories.billing import Billing, make_billing
from tests.rooms.billing.snapshots import everything, refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db


made_billing = made_once(make_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


@pytest.fixture
def drafts(billing: Billing) -> list[Invoice]:
    """Two sound drafts, and an empty one between them."""
    made = []
    for amount in (1000, 2000):
        made.append(
            actions.charge_advance(
                client=billing.client,
                currency="EUR",
                description="Anticipo",
                amount=amount,
                by=billing.clerk,
                now=billing.now,
                idempotency_key=f"advance-{amount}",
            )
        )
    empty = Invoice.objects.create(
        client=billing.client, kind="invoice", dated_at=billing.now, created_at=billing.now
    )
    return [made[0], empty, made[1]]


def start(billing: Billing, drafts: list[Invoice], **fields: object) -> Batch:
    values = {"by": billing.clerk, "now": billing.now, "idempotency_key": "batch"} | fields
    return actions.issue_drafts(invoices=drafts, **values)  # type: ignore[arg-type]


def outcomes(batch: Batch) -> list[str]:
    return list(batch.items.order_by("invoice__pk").values_list("outcome", flat=True))


def test_each_is_issued_or_says_why_not(billing: Billing, drafts: list[Invoice]) -> None:
    batch = actions.continue_batch(batch=start(billing, drafts), now=billing.now)

    assert sorted(outcomes(batch)) == ["issued", "issued", "refused"]
    assert "no lines" in BatchItem.objects.get(outcome="refused").reason
    assert batch.finished_at == billing.now
    assert Invoice.objects.filter(state=Invoice.State.ISSUED).count() == 2
    assert list(verify_invoices()) == []


def test_what_stopped_goes_on_where_it_was(
    billing: Billing, drafts: list[Invoice], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, real = start(billing, drafts), batches.issue_invoice

    def breaks(**values: object) -> Invoice:
        if values["invoice"] == drafts[2]:
            raise OSError("the disk is full")
        return real(**values)  # type: ignore[arg-type]

    monkeypatch.setattr(batches, "issue_invoice", breaks)
    with pytest.raises(RuntimeError):
        actions.continue_batch(batch=batch, now=billing.now)
    monkeypatch.undo()
    batch.refresh_from_db()
    assert batch.finished_at is None

    again = actions.continue_batch(batch=batch, now=billing.now)

    assert sorted(outcomes(again)) == ["issued", "issued", "refused"]
    before = everything()
    actions.continue_batch(batch=again, now=billing.now)
    assert everything() == before


def test_the_same_key_is_one_batch(billing: Billing, drafts: list[Invoice]) -> None:
    assert start(billing, drafts) == start(billing, drafts[:1])
    assert BatchItem.objects.count() == 3


def test_one_that_was_discarded_meanwhile_is_passed_over(billing: Billing, drafts: list[Invoice]) -> None:
    batch = start(billing, drafts)
    actions.discard_draft(invoice=drafts[0], by=billing.clerk, now=billing.now)

    assert sorted(outcomes(actions.continue_batch(batch=batch, now=billing.now))) == ["issued", "refused"]


def test_refusals(billing: Billing, drafts: list[Invoice]) -> None:
    by = make_person(Role.TECHNICIAN)
    refused(lambda: start(billing, drafts, by=by), "not_allowed")
    refused(lambda: start(billing, []), "nothing_chosen")
    assert not Batch.objects.exists()
