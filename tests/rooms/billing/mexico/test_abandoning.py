"""A rejected document is given up: what becomes of its number, its time and what is owed, and what is refused."""

from __future__ import annotations

import pytest

from ecuanime.billing import actions
from ecuanime.billing.access import visible_to_contact
from ecuanime.billing.actions.mexico import abandon_rejected, seal_again
from ecuanime.billing.crediting.writing import CreditPart
from ecuanime.billing.models import Invoice
from ecuanime.billing.verifying.cfdis import verify_cfdis
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.worklog.models import EntryState, TimeEntry
from tests.factories.mexico import CLIENT_RFC, Stamping
from tests.rooms.billing.snapshots import refused

pytestmark = pytest.mark.django_db
NO = ("CFDI40145", "El nombre no corresponde")


def given_up(stamping: Stamping, invoice: Invoice) -> Invoice:
    return abandon_rejected(invoice=invoice, reason="Cliente equivocado", by=stamping.admin, now=stamping.now)


def test_nothing_is_owed_its_time_is_free_and_its_number_stays_used(stamping: Stamping) -> None:
    stamping.pac.refuses[CLIENT_RFC] = NO
    issued = stamping.issue()
    refused(lambda: given_up(stamping, issued), "not_rejected")
    stamping.stamp()
    clerk = {"invoice": issued, "reason": "No", "by": stamping.billing.clerk, "now": stamping.now}
    refused(lambda: abandon_rejected(**clerk), "not_allowed")
    refused(lambda: abandon_rejected(**clerk | {"by": stamping.admin, "reason": " "}), "no_reason")

    given_up(stamping, issued)
    assert given_up(stamping, issued).annulled_at == stamping.now
    issued.refresh_from_db()
    assert (issued.owed, issued.is_held, issued.credited) == (0, True, issued.payable)
    assert TimeEntry.objects.get().state == EntryState.CLOSED
    assert not visible_to_contact(stamping.billing.lead).exists()
    refused(lambda: seal_again(invoice=issued, by=stamping.admin, now=stamping.now), "abandoned")
    stamping.pac.refuses.clear()
    assert stamping.stamped().number != issued.number
    assert not [*verify_invoices(), *verify_cfdis()]
    refused(lambda: given_up(stamping, Invoice.objects.get(is_held=False)), "not_rejected")


def test_what_a_rejected_credit_note_took_off_is_owed_again(stamping: Stamping) -> None:
    issued = stamping.stamped()
    stamping.pac.refuses[CLIENT_RFC] = NO
    parts = [CreditPart(issued.lines.get(), amount=10_000)]
    given = {"parts": parts, "reason": "Precio", "by": stamping.admin, "idempotency_key": "1"}
    note = actions.credit_lines(invoice=issued, now=stamping.now, **given)
    stamping.stamp()
    given_up(stamping, note)
    issued.refresh_from_db()
    assert (issued.credited, issued.owed) == (0, issued.payable)
    assert not [*verify_invoices(), *verify_cfdis()]
    whole = actions.credit_invoice(invoice=issued, reason="Todo", by=stamping.admin, now=stamping.now)
    stamping.stamp()
    refused(lambda: given_up(stamping, whole), "time_freed")
