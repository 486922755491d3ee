"""How fast: intake, inbox, ticket page, saving time, rating and invoice runs, through the product's own ways."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from email.message import EmailMessage
from functools import partial

from django.db import connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from benchmarks.measure import Result, median_ms, pace_of
from ecuanime.accounts.models import Role, User
from ecuanime.billing.actions import continue_run, ensure_pdf, issue_invoice, run_invoices
from ecuanime.billing.models import Invoice
from ecuanime.channels.actions import read_batch
from ecuanime.channels.email.arrivals import Offered, store_arrivals
from ecuanime.channels.email.importing import in_groups
from ecuanime.channels.models import IncomingMail
from ecuanime.clients.models import Contact
from ecuanime.contracts.models import WorkType
from ecuanime.foundation.clock import read_clock
from ecuanime.rules.calendars import local_date
from ecuanime.rules.hours import Group, Rounding
from ecuanime.rules.rating import (
    Band,
    Calendar,
    Lot,
    Rate,
    Surcharge,
    Terms,
    When,
    Work,
    rate,
)
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.actions import record_time, review_entry
from ecuanime.worklog.models import EntryState, TimeEntry

MAILS = 150
ENTRIES = 100
WORKS = 2000
INVOICES = 10


class _Undone(Exception):
    """Raised to take back what a measurement wrote."""


def _undone(work: Callable[[], Result]) -> Result:
    """Measure inside a transaction that is rolled back, so that one measurement does not feed the next."""
    result: Result = {}
    try:
        with transaction.atomic():
            result = work()
            raise _Undone
    except _Undone:
        return result


def intake() -> Result:
    """From raw bytes to a message on a ticket, in one process: twenty at a time, the raw mail committed first."""
    senders = list(Contact.objects.exclude(email="").values_list("email", flat=True)[:40])
    raws = [_mail(number, senders[number % len(senders)]) for number in range(MAILS)]

    def take() -> None:
        for group in in_groups(raws):
            offered = [Offered(raw) for raw in group]
            store_arrivals(offered=offered, origin=IncomingMail.Origin.IMPORT, now=read_clock())
            read_batch(now=read_clock())

    return pace_of(take, MAILS)


def screens() -> Result:
    """The inbox and a ticket, as a technician gets them: the number of queries, and medians of 15."""
    browser = Browser(SERVER_NAME="localhost")
    browser.force_login(
        User.objects.filter(roles__contains=[Role.TECHNICIAN], is_active=True).order_by("pk")[0]
    )
    ticket = Ticket.objects.exclude(client=None).order_by("-last_message_at")[0]
    figures: Result = {"tickets": Ticket.objects.count()}
    for name, path in {"inbox": "/bandeja/abiertos/", "ticket": f"/tickets/{ticket.number}/"}.items():
        answer = browser.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code}")
        with CaptureQueriesContext(connection) as queries:
            browser.get(path)
        asked = len(queries)  # read now: the next request empties the list
        figures[name] = {"queries": asked} | median_ms(partial(browser.get, path))
    return figures


def time_entries() -> Result:
    """Saving a time entry, and approving it with rating, ledger and audit, each in its own transaction."""

    def work() -> Result:
        user = User.objects.filter(roles__contains=[Role.TECHNICIAN], is_active=True).order_by("pk")[0]
        supervisor = User.objects.filter(roles__contains=[Role.SUPERVISOR]).exclude(pk=user.pk)[0]
        ticket = Ticket.objects.exclude(contract=None).exclude(state="closed").order_by("pk")[0]
        kind, now = WorkType.objects.order_by("position", "pk")[0], read_clock()
        day = (now - timedelta(days=1)).date()

        def save() -> None:
            for number in range(ENTRIES):
                record_time(
                    user=user, ticket=ticket, work_type=kind, now=now, work_on=day, seconds=600 + number
                )

        saved = pace_of(save, ENTRIES)
        entries = list(
            TimeEntry.objects.filter(state=EntryState.OPEN, user=user, work_on=day).order_by("-pk")[:ENTRIES]
        )
        TimeEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(state=EntryState.CLOSED)

        def approve() -> None:
            for entry in entries:
                review_entry(entry=entry, by=supervisor, now=now)

        return {"saved": saved, "reviewed": pace_of(approve, len(entries))}

    return _undone(work)


def rating() -> Result:
    """The pure engine with its whole trace: works of 40 minutes, one in seven cut, by 3 bands a day over 5 lots.

    A third of the time goes into the trace, a fifth into cutting, a seventh into rounding; the rest weighs, draws
    and settles, in exact numbers.
    """
    start = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
    opening = ((time(8), time(14)), (time(15), time(18)), (time(20), time(22)))
    bands = (Band(day, opens, closes) for day in range(5) for opens, closes in opening)
    terms = Terms(
        contract_id=1,
        zone="Europe/Madrid",
        starts_on=start.date(),
        currency="EUR",
        rounding=Rounding(group=Group.TICKET_DAY, step_minutes=15),
        surcharges=(Surcharge("night", When.AFTER_HOURS, Decimal("1.5")),),
        calendar=Calendar("Europe/Madrid", tuple(bands), frozenset({date(2026, 1, 6)})),
        rates=(Rate(Decimal(30)), Rate(Decimal(36), area="linux")),
    )
    lots = [Lot(id=number, balance=WORKS * 1200, valid_from=start.date()) for number in range(5)]
    begins = [start + timedelta(minutes=47 * number) for number in range(WORKS)]
    works = [
        Work(
            id=number,
            ticket_id=number // 4,
            work_on=local_date(begin, terms.zone),
            elapsed_seconds=2400,
            billable_seconds=2400,
            work_type="remote",
            area="linux",
            approved_order=number,
            started_at=begin,
            ended_at=begin + timedelta(minutes=40),
        )
        for number, begin in enumerate(begins)
    ]
    paces = [pace_of(lambda: rate(works, terms, lots), WORKS) for _time in range(5)]
    return max(paces, key=lambda pace: float(pace["per_s"]))


def invoices() -> Result:
    """A run over all that is approved, then issuing drafts and drawing their PDFs."""

    def work() -> Result:
        biller = User.objects.filter(roles__contains=[Role.ADMINISTRATOR])[0]
        now = read_clock()
        run = run_invoices(up_to=now.date(), by=biller, now=now)
        clients = max(run.clients_total, 1)
        drafted = pace_of(lambda: continue_run(run=run, now=now), clients)
        drafts = list(Invoice.objects.filter(state="draft", total__gt=0).order_by("-pk")[:INVOICES])
        issued = pace_of(
            lambda: [issue_invoice(invoice=draft, by=biller, now=now) for draft in drafts], len(drafts)
        )
        drawn = pace_of(lambda: [ensure_pdf(invoice=draft, now=now) for draft in drafts], len(drafts))
        return {
            "clients": run.clients_total,
            "drafted": drafted,
            "invoices": len(drafts),
            "issued": issued,
            "drawn": drawn,
        }

    return _undone(work)


def _mail(number: int, sender: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "soporte@nodoalisio.example", f"Consulta {number}"
    mail["Message-ID"] = f"<bench-{number}@example.example>"
    mail.set_content("Buenos días:\n\nNo conseguimos abrir el programa desde ayer. ¿Podéis mirarlo?\n" * 5)
    mail.add_alternative("<p>Buenos días:</p><p>No conseguimos abrir el programa.</p>" * 5, subtype="html")
    return mail.as_bytes()


MEASURES: tuple[tuple[str, Callable[[], Result]], ...] = (
    ("rating", rating),
    ("intake", intake),
    ("screens", screens),
    ("time_entries", time_entries),
    ("invoice_run", invoices),
)
