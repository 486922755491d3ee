"""Reminders of overdue invoices: a ladder of the firm, once for each step, and two switches that stop them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.access import may_keep_books
from ecuanime.billing.actions.common import locked_invoice, locked_issued, require, require_biller
from ecuanime.billing.books.closed import ladder, last_step, reminder_day
from ecuanime.billing.letters import recipients_of, write_reminder
from ecuanime.billing.models import CollectedInvoice, Dispute, Invoice, Reminder, ReminderStep, Unreminded
from ecuanime.billing.queries.lists import is_open
from ecuanime.clients.models import Client
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.rules.reminders import step_due
from ecuanime.staff.queries import today_at_firm

MOST_STEPS = 6
LATEST_STEP = 365


@transaction.atomic
def save_reminder_ladder(*, days: Sequence[int], by: User, now: datetime) -> list[int]:
    """Set after how many days clients are reminded of what is overdue; none reminds nobody.

    Refused: `not_allowed`, `bad_days`.
    """
    require(may_keep_books(by), _("Only billing clerks and administrators set reminders. Ask one of them."))
    steps = sorted(set(days))
    if len(steps) > MOST_STEPS or any(not 1 <= step <= LATEST_STEP for step in steps):
        raise Refused("bad_days", _("Give at most six steps, from 1 to 365 days after an invoice fell due."))
    ReminderStep.objects.exclude(days_after__in=steps).delete()
    known = set(ladder())
    ReminderStep.objects.bulk_create(ReminderStep(days_after=step) for step in steps if step not in known)
    _plan_again(Invoice.objects.filter(is_open()).values_list("pk", flat=True), steps)
    record("reminder_ladder_saved", by, now=now, days=steps)
    return steps


@transaction.atomic
def stop_reminders(*, invoice: Invoice, is_stopped: bool, by: User, now: datetime) -> Invoice:
    """Stop the reminders of an invoice, or let them go on. Refused: `not_allowed`, `not_issued`."""
    require_biller(by)
    issued = locked_issued(invoice)
    issued.reminders_stopped_at = now if is_stopped else None
    issued.remind_on = reminder_day(issued, ladder())
    issued.save(update_fields=["reminders_stopped_at", "remind_on"])
    record("reminders_stopped" if is_stopped else "reminders_resumed", issued, now=now, number=issued.number)
    return issued


@transaction.atomic
def stop_client_reminders(*, client: Client, is_stopped: bool, by: User, now: datetime) -> None:
    """Never remind a client of what is overdue, or do again. Refused: `not_allowed`."""
    require_biller(by)
    if is_stopped:
        Unreminded.objects.get_or_create(client=client, defaults={"since": now})
    else:
        Unreminded.objects.filter(client=client).delete()
    _plan_again(Invoice.objects.filter(is_open(), client=client).values_list("pk", flat=True), ladder())
    record("reminders_stopped" if is_stopped else "reminders_resumed", client, now=now, client=client.code)


@transaction.atomic
def send_reminder(*, invoice: Invoice, now: datetime) -> Reminder | None:
    """Send the step of an invoice that has fallen due, if it is still owed; what the job does. Again is a no-op.

    One that is disputed or being collected waits a day, and so does, noted, one for whose client there is no address.
    """
    issued, today = locked_invoice(invoice), today_at_firm(now)
    if issued.is_draft or issued.remind_on is None or issued.remind_on > today or issued.due_on is None:
        return None
    steps = ladder()
    step, to = step_due(issued.due_on, today, steps, last_step(issued)), recipients_of(issued.client)
    waits = Dispute.objects.filter(payment__invoice=issued, outcome=Dispute.Outcome.OPEN).exists()
    waits = waits or issued.collected.filter(state=CollectedInvoice.State.OPEN).exists()
    if step is None or reminder_day(issued, steps) is None:
        _plan(issued, reminder_day(issued, steps))
        return None
    if waits or not to:
        if not waits:
            record("reminder_not_sent", issued, now=now, number=issued.number, days=step)
        _plan(issued, today + timedelta(days=1))
        return None
    mail = write_reminder(issued, to, today, now, f"reminder:{issued.pk}:{step}")
    reminder = Reminder.objects.create(invoice=issued, days_after=step, mail=mail, sent_at=now)
    record("reminder_sent", issued, now=now, number=issued.number, days=step, to=mail.to)
    _plan(issued, reminder_day(issued, steps))
    return reminder


def _plan(issued: Invoice, day: date | None) -> None:
    issued.remind_on = day
    issued.save(update_fields=["remind_on"])


def _plan_again(ids: Iterable[int], steps: list[int]) -> None:
    """Work out anew when each of these documents is reminded of, their rows locked in the order of their ids."""
    rows = Invoice.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(ids))
    for invoice in rows.select_related("client").order_by("pk"):
        invoice.remind_on = reminder_day(invoice, steps)
        invoice.save(update_fields=["remind_on"])
