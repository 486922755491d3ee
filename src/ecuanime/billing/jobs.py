"""Jobs of billing: a run, what follows an issue, and a sweep of what a dead worker left behind."""

from __future__ import annotations

import logging
from datetime import timedelta

from ecuanime.billing import actions
from ecuanime.billing.actions.cards.events import work_card_event
from ecuanime.billing.models import Batch, CardEvent, Cfdi, Invoice, Run
from ecuanime.billing.packs.es.agency.outbox import send_due
from ecuanime.billing.packs.es.agency.telling import tell_expiry, tell_waiting
from ecuanime.billing.packs.mx.pac.cancelling import cancel_due
from ecuanime.billing.packs.mx.pac.outbox import stamp_due
from ecuanime.billing.packs.mx.pac.telling import (
    tell_complements,
    tell_public_sales,
    tell_seal_expiry,
    tell_unstamped,
)
from ecuanime.billing.queries.cards import events_left_behind
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import RETRY, job
from ecuanime.staff.queries import today_at_firm

logger = logging.getLogger(__name__)

LEFT_BEHIND = timedelta(minutes=5)
MOST_AT_ONCE = 50
MOST_REMINDERS = 500


@job(name="billing.do_run", queue="billing", retry=RETRY)
def do_run(*, run_id: int) -> None:
    """Bill what the run has not billed yet."""
    actions.continue_run(run=Run.objects.get(pk=run_id), now=read_clock())


@job(name="billing.do_batch", queue="billing", retry=RETRY)
def do_batch(*, batch_id: int) -> None:
    """Issue what a batch has not issued yet."""
    actions.continue_batch(batch=Batch.objects.get(pk=batch_id), now=read_clock())


@job(name="billing.remind_of_overdue", queue="billing", queueing_lock="billing.remind_of_overdue")
def remind_of_overdue(timestamp: int) -> None:
    """Send the reminders that have fallen due, each failing alone."""
    now = read_clock()
    due = Invoice.objects.filter(remind_on__lte=today_at_firm(now)).select_related("client")
    for invoice in due.order_by("remind_on", "pk")[:MOST_REMINDERS]:
        try:
            actions.send_reminder(invoice=invoice, now=now)
        except Exception:
            logger.exception("the reminder of %s could not be sent", invoice.number)


@job(name="billing.send_issued", queue="billing", retry=RETRY)
def send_issued(*, invoice_id: int) -> None:
    """Draw the PDF of an issued document and queue its mail."""
    actions.ensure_pdf(invoice=Invoice.objects.get(pk=invoice_id), now=read_clock())


@job(name="billing.send_cfdi", queue="billing", retry=RETRY)
def send_cfdi(*, cfdi_id: int) -> None:
    """Draw the PDF of a CFDI with a paper of its own, and queue its mail."""
    actions.ensure_cfdi_pdf(cfdi=Cfdi.objects.select_related("invoice").get(pk=cfdi_id), now=read_clock())


@job(name="billing.send_records", queue="billing", queueing_lock="billing.send_records")
def send_records(timestamp: int) -> None:
    """Send the invoice records that are due to the tax agency, one message of each chain."""
    send_due(read_clock)


@job(name="billing.stamp_invoices", queue="billing", queueing_lock="billing.stamp_invoices")
def stamp_invoices(timestamp: int) -> None:
    """Have Mexico's invoices stamped that are due, and cancelled those whose cancellation was asked for."""
    stamp_due(read_clock)
    cancel_due(read_clock)


@job(name="billing.watch_agency", queue="billing", queueing_lock="billing.watch_agency")
def watch_agency(timestamp: int) -> None:
    """Tell administrators of what has waited too long for an authority, and of certificates that run out."""
    now = read_clock()
    tell_waiting(now)
    tell_expiry(now)
    tell_unstamped(now)
    tell_seal_expiry(now)
    tell_complements(now)
    tell_public_sales(now)


@job(name="billing.finish_what_was_left", queue="billing", queueing_lock="billing.finish_what_was_left")
def finish_what_was_left(timestamp: int) -> None:
    """Do what should have been done minutes ago: runs and batches that stopped, documents without a PDF, what
    Stripe said.

    Each fails alone.
    """
    now = read_clock()
    stopped = Run.objects.filter(finished_at__isnull=True, started_at__lt=now - LEFT_BEHIND)
    for run in stopped.order_by("pk")[:MOST_AT_ONCE]:
        try:
            actions.continue_run(run=run, now=now)
        except Exception:
            logger.exception("invoice run %s could not be finished", run.pk)
    halted = Batch.objects.filter(finished_at__isnull=True, started_at__lt=now - LEFT_BEHIND)
    for batch in halted.order_by("pk")[:MOST_AT_ONCE]:
        try:
            actions.continue_batch(batch=batch, now=now)
        except Exception:
            logger.exception("batch %s could not be finished", batch.pk)
    without_pdf = Invoice.objects.filter(state=Invoice.State.ISSUED, pdf__isnull=True, is_held=False)
    for invoice in without_pdf.filter(issued_at__lt=now - LEFT_BEHIND).order_by("issued_at")[:MOST_AT_ONCE]:
        try:
            actions.ensure_pdf(invoice=invoice, now=now)
        except Exception:
            logger.exception("the PDF of %s could not be drawn", invoice.number)
    without = Cfdi.objects.without_paper().filter(answered_at__lt=now - LEFT_BEHIND)
    for row in without.select_related("invoice")[:MOST_AT_ONCE]:
        try:
            actions.ensure_cfdi_pdf(cfdi=row, now=now)
        except Exception:
            logger.exception("the PDF of CFDI %s could not be drawn", row.pk)
    for pk in events_left_behind(now - LEFT_BEHIND):
        try:
            work_card_event(event=CardEvent.objects.get(pk=pk), now=now)
        except Exception:
            logger.exception("what Stripe said could not be worked: event %s", pk)
