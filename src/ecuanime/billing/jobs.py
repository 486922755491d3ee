"""Jobs of billing: a run, what follows an issue, and a sweep of what a dead worker left behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from ecuanime.billing import actions
from ecuanime.billing.actions.cards.events import work_card_event
from ecuanime.billing.models import Batch, CardEvent, Cfdi, Invoice, Run
from ecuanime.billing.packs.es.agency.outbox import send_due
from ecuanime.billing.packs.es.agency.telling import SENDING_PAGE, tell_expiry, tell_waiting
from ecuanime.billing.packs.mx.pac.cancelling import cancel_due
from ecuanime.billing.packs.mx.pac.outbox import stamp_due
from ecuanime.billing.packs.mx.pac.telling import (
    STAMPING_PAGE,
    tell_complements,
    tell_public_sales,
    tell_seal_expiry,
    tell_unstamped,
)
from ecuanime.billing.queries.cards import events_left_behind
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import RETRY, job
from ecuanime.foundation.rounds import work_through
from ecuanime.staff.queries import current_firm, today_at_firm

LEFT_BEHIND = timedelta(minutes=5)
MOST_AT_ONCE = 50
MOST_REMINDERS = 500
WATCHED_IN_SPAIN: dict[str, Callable[[datetime], None]] = {
    "records that wait": tell_waiting,
    "certificate": tell_expiry,
}
WATCHED_IN_MEXICO: dict[str, Callable[[datetime], None]] = {
    "stamps that wait": tell_unstamped,
    "seal": tell_seal_expiry,
    "payment complements": tell_complements,
    "sales to the public": tell_public_sales,
}
REMINDING = gettext_noop("Sending reminders")
WATCHING_SPAIN = gettext_noop("Watching what goes to the tax agency")
WATCHING_MEXICO = gettext_noop("Watching what goes to the PAC")
RUNNING = gettext_noop("Finishing invoice runs")
ISSUING = gettext_noop("Finishing the issue of drafts")
DRAWING = gettext_noop("Drawing PDFs and sending them")
HEARING_STRIPE = gettext_noop("Noting what Stripe says")


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
    """Send the reminders that have fallen due."""
    if current_firm() is None:
        return
    now = read_clock()
    due = Invoice.objects.filter(remind_on__lte=today_at_firm(now)).select_related("client")
    work_through(
        due.order_by("remind_on", "pk")[:MOST_REMINDERS],
        lambda invoice: actions.send_reminder(invoice=invoice, now=now),
        work=REMINDING,
        page=_page_of,
    )


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
    if current_firm() is None:
        return
    now = read_clock()
    work_through(
        WATCHED_IN_SPAIN,
        lambda what: WATCHED_IN_SPAIN[what](now),
        work=WATCHING_SPAIN,
        page=lambda _what: SENDING_PAGE,
    )
    work_through(
        WATCHED_IN_MEXICO,
        lambda what: WATCHED_IN_MEXICO[what](now),
        work=WATCHING_MEXICO,
        page=lambda _what: STAMPING_PAGE,
    )


@job(name="billing.finish_what_was_left", queue="billing", queueing_lock="billing.finish_what_was_left")
def finish_what_was_left(timestamp: int) -> None:
    """Do what should have been done minutes ago: runs and batches that stopped, documents without a PDF, what
    Stripe said.
    """
    now = read_clock()
    before = now - LEFT_BEHIND
    work_through(
        Run.objects.filter(finished_at__isnull=True, started_at__lt=before).order_by("pk")[:MOST_AT_ONCE],
        lambda run: actions.continue_run(run=run, now=now),
        work=RUNNING,
        page=lambda run: f"/facturas/pasadas/{run.pk}/",
    )
    work_through(
        Batch.objects.filter(finished_at__isnull=True, started_at__lt=before).order_by("pk")[:MOST_AT_ONCE],
        lambda batch: actions.continue_batch(batch=batch, now=now),
        work=ISSUING,
        page=lambda batch: f"/facturas/lotes/{batch.pk}/",
    )
    without_pdf = Invoice.objects.filter(state=Invoice.State.ISSUED, pdf__isnull=True, is_held=False)
    work_through(
        without_pdf.filter(issued_at__lt=before).order_by("issued_at")[:MOST_AT_ONCE],
        lambda invoice: actions.ensure_pdf(invoice=invoice, now=now),
        work=DRAWING,
        page=_page_of,
    )
    work_through(
        Cfdi.objects.without_paper().filter(answered_at__lt=before).select_related("invoice")[:MOST_AT_ONCE],
        lambda cfdi: actions.ensure_cfdi_pdf(cfdi=cfdi, now=now),
        work=DRAWING,
        page=lambda _cfdi: STAMPING_PAGE,
    )
    work_through(
        events_left_behind(before),
        lambda pk: work_card_event(event=CardEvent.objects.get(pk=pk), now=now),
        work=HEARING_STRIPE,
        page=lambda pk: f"/facturas/banco/tarjeta/{pk}/",
    )


def _page_of(invoice: Invoice) -> str:
    return f"/facturas/{invoice.key}/"
