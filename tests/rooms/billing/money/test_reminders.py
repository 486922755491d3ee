"""Reminders of overdue invoices: by the firm's ladder, once for each step, and stopped by a switch."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from ecuanime.accounts.models import Role
from ecuanime.billing import actions, jobs
from ecuanime.billing.models import Invoice, Reminder
from ecuanime.clients.models import Client, Contact
from ecuanime.delivery.models import OutgoingMail
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.rooms.billing.snapshots import refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db

DUE = date(2026, 12, 30)


def make_approved() -> Billing:
    billing = make_billing()
    billing.approved(15)
    return billing


made_billing = made_once(make_approved)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


@pytest.fixture
def issued(billing: Billing) -> Invoice:
    ladder(billing, 3, 10)
    return billing.issue()


def ladder(billing: Billing, *days: int, **fields: object) -> list[int]:
    values = {"by": billing.clerk, "now": MONTH_END} | fields
    return actions.save_reminder_ladder(days=days, **values)  # type: ignore[arg-type]


def after(days: int) -> datetime:
    """So many days after the invoice fell due."""
    return MONTH_END + (DUE - MONTH_END.date()) + timedelta(days=days)


def remind(invoice: Invoice, days: int) -> Reminder | None:
    return actions.send_reminder(invoice=invoice, now=after(days))


def mails() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(purpose="reminder").order_by("pk"))


def test_each_step_once_in_the_clients_language(billing: Billing, issued: Invoice) -> None:
    assert issued.remind_on == DUE + timedelta(days=3)
    assert remind(issued, 2) is None

    first = remind(issued, 3)
    assert remind(issued, 3) is None
    second = remind(issued, 10)
    assert remind(issued, 40) is None

    assert first is not None
    assert second is not None
    assert [mail.subject for mail in mails()] == [
        "Recordatorio: F-2026-0001 venció el 30 de diciembre de 2026"
    ] * 2
    assert "13,53" in mails()[0].text
    assert "3 días" in mails()[0].text
    issued.refresh_from_db()
    assert issued.remind_on is None


def test_the_job_finds_what_is_due(
    billing: Billing, issued: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "read_clock", lambda: after(4))

    jobs.remind_of_overdue(0)
    jobs.remind_of_overdue(0)

    assert len(mails()) == 1


def test_what_is_paid_is_not_reminded_until_the_payment_is_taken_back(
    billing: Billing, issued: Invoice
) -> None:
    payment = actions.record_payment(
        invoice=issued,
        amount=1353,
        received_on=MONTH_END.date(),
        by=billing.clerk,
        now=MONTH_END,
        idempotency_key="paid",
    )
    assert remind(issued, 5) is None

    actions.correct_payment(payment=payment, reason="Mal", by=billing.clerk, now=MONTH_END)

    assert remind(issued, 5) is not None


def test_a_disputed_one_waits(billing: Billing, issued: Invoice) -> None:
    payment = actions.record_payment(
        invoice=issued,
        amount=1353,
        received_on=MONTH_END.date(),
        by=billing.clerk,
        now=MONTH_END,
        idempotency_key="paid",
    )
    dispute = actions.dispute_payment(
        payment=payment, reason="Fraude", disputed_on=MONTH_END.date(), by=billing.clerk, now=MONTH_END
    )
    assert remind(issued, 3) is None

    actions.settle_dispute(
        dispute=dispute, is_won=False, settled_on=MONTH_END.date(), by=billing.clerk, now=MONTH_END
    )

    assert remind(issued, 4) is not None


def test_a_switch_on_the_invoice_and_one_on_the_client(billing: Billing, issued: Invoice) -> None:
    def stop(*, is_stopped: bool) -> None:
        actions.stop_reminders(invoice=issued, is_stopped=is_stopped, by=billing.clerk, now=MONTH_END)

    def stop_client(*, is_stopped: bool) -> None:
        actions.stop_client_reminders(
            client=billing.client, is_stopped=is_stopped, by=billing.clerk, now=MONTH_END
        )

    stop(is_stopped=True)
    assert remind(issued, 3) is None
    stop(is_stopped=False)
    stop_client(is_stopped=True)
    assert remind(issued, 3) is None
    stop_client(is_stopped=False)
    assert remind(issued, 3) is not None


def test_without_a_ladder_nobody_is_reminded_and_a_later_one_reaches_what_is_open(billing: Billing) -> None:
    issued = billing.issue()
    assert issued.remind_on is None

    ladder(billing, 3, 10)

    reminder = remind(issued, 12)
    assert reminder is not None
    assert reminder.days_after == 10


def test_without_an_address_it_is_noted_and_tried_again(billing: Billing, issued: Invoice) -> None:
    Client.objects.update(invoice_email="")
    addresses = dict(Contact.objects.values_list("pk", "email"))
    Contact.objects.update(email="")
    assert remind(issued, 3) is None

    for pk, email in addresses.items():
        Contact.objects.filter(pk=pk).update(email=email)
    assert remind(issued, 4) is not None


@pytest.mark.parametrize("days", [(0,), (366,), (1, 2, 3, 4, 5, 6, 7)])
def test_a_ladder_that_makes_no_sense_is_refused(billing: Billing, days: tuple[int, ...]) -> None:
    refused(lambda: ladder(billing, *days), "bad_days")


def test_who_may(billing: Billing, issued: Invoice) -> None:
    supervisor, technician = make_person(Role.SUPERVISOR), make_person(Role.TECHNICIAN)
    refused(lambda: ladder(billing, 3, by=supervisor), "not_allowed")
    refused(
        lambda: actions.stop_reminders(invoice=issued, is_stopped=True, by=technician, now=MONTH_END),
        "not_allowed",
    )
    refused(
        lambda: actions.stop_client_reminders(
            client=billing.client, is_stopped=True, by=technician, now=MONTH_END
        ),
        "not_allowed",
    )
