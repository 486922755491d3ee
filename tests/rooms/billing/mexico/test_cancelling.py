"""Cancelling at the SAT: reasons, the wait for the receiver, what the books follow, and each refusal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ecuanime.billing import actions
from ecuanime.billing.actions.mexico import cancel_cfdi
from ecuanime.billing.crediting.writing import CreditPart
from ecuanime.billing.models import Cfdi, CfdiCancellation, MexicoSettings
from ecuanime.billing.packs.mx.complements import to_complement
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.notices.models import Notice
from ecuanime.worklog.models import EntryState, TimeEntry
from tests.factories.mexico import Stamping, cfdi_of
from tests.pac import USER
from tests.rooms.billing.mexico.test_complements import complement, paid
from tests.rooms.billing.snapshots import refused

pytestmark = pytest.mark.django_db
SOON, HOUR = timedelta(minutes=2), timedelta(hours=1)
OTHER = "5FB2822E-396D-4725-8521-CDC4BDD20CCF"


def ask(stamping: Stamping, cfdi: Cfdi, reason: str = "03", **values: Any) -> CfdiCancellation:
    return cancel_cfdi(cfdi=cfdi, reason=reason, by=stamping.admin, now=stamping.now, **values)


def test_what_needs_no_acceptance_is_cancelled_and_nothing_of_it_is_owed(stamping: Stamping) -> None:
    issued = stamping.stamped()
    asked = ask(stamping, cfdi_of(issued))
    assert ask(stamping, cfdi_of(issued)) == asked
    payment = {"amount": 1, "received_on": stamping.now.date(), "by": stamping.admin, "now": stamping.now}
    refused(lambda: actions.record_payment(invoice=issued, idempotency_key="1", **payment), "cancelling")

    assert stamping.cancel() == 1
    asked.refresh_from_db()
    assert asked.state == CfdiCancellation.State.WAITING
    assert stamping.cancel() == 0
    assert stamping.cancel(after=SOON) == 1
    issued.refresh_from_db()
    assert (issued.owed, issued.annulled_at, cfdi_of(issued).cancelled_at) == (0, stamping.now, stamping.now)
    assert TimeEntry.objects.get().state != EntryState.APPROVED
    assert stamping.pac.cancelled == {cfdi_of(issued).uuid: "03"}
    assert Notice.objects.filter(user=stamping.billing.clerk).exists()
    assert not list(verify_invoices())


def test_the_receiver_is_waited_for_and_may_say_no(stamping: Stamping) -> None:
    issued = stamping.stamped()
    stamping.pac.acceptance = "awaited"
    asked = ask(stamping, cfdi_of(issued), "02")
    for pause in (timedelta(0), SOON, HOUR):
        assert stamping.cancel(after=pause) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.words) == (CfdiCancellation.State.WAITING, "En proceso")

    stamping.pac.acceptance = "denied"
    stamping.cancel(after=HOUR)
    asked.refresh_from_db()
    assert (asked.state, asked.words) == (CfdiCancellation.State.REFUSED, "Solicitud rechazada")
    issued.refresh_from_db()
    assert issued.annulled_at is None
    assert ask(stamping, cfdi_of(issued)) != asked


@pytest.mark.parametrize("trouble", ["lost", "503", "garbage"])
def test_a_lost_answer_asks_again_and_counts_once(stamping: Stamping, trouble: str) -> None:
    asked = ask(stamping, cfdi_of(stamping.stamped()), "01", substitute=OTHER.lower())
    assert (asked.substitute, f'FolioSustitucion="{OTHER}"' in asked.request) == (OTHER, True)
    stamping.pac.plan.append(trouble)
    stamping.cancel()
    assert CfdiCancellation.objects.get().trouble
    stamping.cancel(after=timedelta(minutes=1))
    stamping.cancel(after=SOON)
    assert CfdiCancellation.objects.get().state == CfdiCancellation.State.CANCELLED
    assert len(stamping.pac.cancelled) == 1


def test_what_the_sat_does_not_know_yet_waits_and_is_given_up_after_days(stamping: Stamping) -> None:
    cfdi = cfdi_of(stamping.stamped())
    stamping.pac.unknown.add(cfdi.uuid)
    asked = ask(stamping, cfdi)
    for pause in (timedelta(0), HOUR):
        assert stamping.cancel(after=pause) == 1
        asked.refresh_from_db()
        assert (asked.state, asked.trouble) == (CfdiCancellation.State.TO_SEND, "unknown_yet")
    stamping.pac.unknown.clear()
    stamping.cancel(after=HOUR)
    stamping.pac.unknown.add(cfdi.uuid)
    stamping.cancel(after=SOON)
    asked.refresh_from_db()
    assert (asked.state, asked.trouble) == (CfdiCancellation.State.WAITING, "unknown_yet")
    stamping.cancel(after=timedelta(days=4))
    asked.refresh_from_db()
    assert (asked.state, asked.code) == (CfdiCancellation.State.REFUSED, "unknown_yet")


def test_what_others_are_about_is_refused_and_an_unserved_account_waits(stamping: Stamping) -> None:
    cfdi = cfdi_of(stamping.stamped())
    stamping.pac.held.add(cfdi.uuid)
    asked = ask(stamping, cfdi)
    MexicoSettings.objects.update(username="otro")
    stamping.cancel()
    asked.refresh_from_db()
    assert (asked.state, asked.trouble) == (CfdiCancellation.State.TO_SEND, "account")
    MexicoSettings.objects.update(username=USER)
    stamping.cancel(after=HOUR)
    asked.refresh_from_db()
    assert (asked.state, asked.code) == (CfdiCancellation.State.REFUSED, "no_cancelable")


def test_what_was_paid_or_credited_did_exist(stamping: Stamping) -> None:
    issued = stamping.stamped()
    credited = stamping.stamped()
    actions.credit_invoice(invoice=credited, reason="No era", by=stamping.admin, now=stamping.now)
    paid(stamping, issued, 100)
    invoice = Cfdi.objects.get(invoice=issued, payment=None)
    refused(lambda: ask(stamping, invoice), "paid")
    refused(lambda: ask(stamping, Cfdi.objects.get(invoice=credited)), "credited")


def test_a_cancelled_complement_leaves_its_payment_without_one(stamping: Stamping) -> None:
    issued = stamping.stamped()
    payments = [paid(stamping, issued, 100), paid(stamping, issued, 200)]
    rows = []
    for payment in payments:
        rows.append(complement(stamping, payment))
        stamping.stamp()
    first, last = (Cfdi.objects.get(pk=row.pk) for row in rows)
    refused(lambda: ask(stamping, first), "later_instalment")
    ask(stamping, last, "02")
    stamping.cancel()
    stamping.cancel(after=SOON)

    assert list(to_complement()) == [payments[1]]
    again = complement(stamping, payments[1])
    assert 'NumParcialidad="2"' in again.sealed
    assert stamping.stamp() == 1


def test_a_cancelled_credit_note_leaves_what_it_took_off_owed_again(stamping: Stamping) -> None:
    issued = stamping.stamped()
    line = issued.lines.get()
    part = CreditPart(line, amount=10_000)
    given = {"parts": [part], "reason": "Precio", "by": stamping.admin, "idempotency_key": "1"}
    note = actions.credit_lines(invoice=issued, now=stamping.now, **given)
    stamping.stamp()
    refused(lambda: ask(stamping, Cfdi.objects.get(invoice=issued)), "credited")
    ask(stamping, cfdi_of(note), "02")
    stamping.cancel()
    stamping.cancel(after=SOON)

    issued.refresh_from_db()
    note.refresh_from_db()
    assert (issued.credited, issued.owed, note.annulled_at) == (0, issued.payable, stamping.now)
    assert stamping.pac.cancelled == {cfdi_of(note).uuid: "02"}
    assert not list(verify_invoices())
    whole = actions.credit_invoice(invoice=issued, reason="Todo", by=stamping.admin, now=stamping.now)
    assert whole.payable == -issued.payable
    stamping.stamp()
    refused(lambda: ask(stamping, cfdi_of(whole)), "time_freed")
    assert not list(verify_invoices())


def test_each_refusal(stamping: Stamping) -> None:
    waiting = cfdi_of(stamping.issue())
    refused(lambda: ask(stamping, waiting), "not_stamped")
    stamping.stamp()
    row = Cfdi.objects.get(pk=waiting.pk)
    refused(lambda: ask(stamping, row, "09"), "unknown_reason")
    refused(lambda: ask(stamping, row, "01"), "substitute")
    refused(lambda: ask(stamping, row, "02", substitute=OTHER), "substitute")
    given = {"cfdi": row, "reason": "02", "now": stamping.now}
    refused(lambda: cancel_cfdi(by=stamping.billing.clerk, **given), "not_allowed")
