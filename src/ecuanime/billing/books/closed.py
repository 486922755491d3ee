"""What the books allow: until when they are closed, and when a client is reminded of an invoice."""

from __future__ import annotations

from datetime import date

from django.db.models import Max

from ecuanime.billing.models import Closing, Invoice, ReminderStep, Unreminded
from ecuanime.rules.reminders import next_reminder
from ecuanime.staff.models import Firm


def closed_through() -> date | None:
    """The last day on which nothing can be dated any more."""
    return Closing.objects.order_by("-pk").values_list("through", flat=True).first()


def closed_from_now() -> date | None:
    """The same, and so it stays until the transaction ends: whoever closes a period waits for it."""
    list(Firm.objects.raw("SELECT id FROM staff_firm FOR KEY SHARE"))
    return closed_through()


def ladder() -> list[int]:
    """The firm's steps in days after an invoice fell due; empty when nobody is reminded."""
    return list(ReminderStep.objects.values_list("days_after", flat=True))


def last_step(invoice: Invoice) -> int:
    """The highest step that was sent for an invoice, 0 before the first."""
    return invoice.reminders.aggregate(last=Max("days_after"))["last"] or 0


def reminder_day(invoice: Invoice, steps: list[int]) -> date | None:
    """When an issued invoice's next reminder is due; None when it is paid, stopped, held or the ladder has no more."""
    if (
        invoice.is_held
        or invoice.due_on is None
        or invoice.owed <= 0
        or invoice.reminders_stopped_at is not None
    ):
        return None
    if not steps or Unreminded.objects.filter(client=invoice.client_id).exists():
        return None
    return next_reminder(invoice.due_on, steps, last_step(invoice))
