"""A month's end: what it takes to bill two thousand clients with thirty approved entries each, PDFs included.

The run is killed a quarter of the way and taken up again, as a worker that dies would be. The documents are issued as
one batch, and drawn by the product's own workers, one for each of two cores.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import cycle, islice
from typing import Any, TypeVar

from django.db.models import Model

from benchmarks.measure import Result
from ecuanime.accounts.models import Role, User
from ecuanime.billing.actions import continue_batch, continue_run, issue_drafts, run_invoices
from ecuanime.billing.models import Invoice, LineSegment, Run
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.clients.models import Client
from ecuanime.contracts.models import Contract, PlanKind
from ecuanime.foundation.clock import read_clock
from ecuanime.tickets.models import Ticket, TicketCounter
from ecuanime.tickets.threading import new_ticket_token
from ecuanime.worklog.models import RatedEntry, RatedSegment, TimeEntry

CLIENTS = int(os.environ.get("MONTH_CLIENTS", "2000"))
ENTRIES, TICKETS = 30, 6
BATCH = 2000
KILLED_AFTER = 4
WORKERS = 2
M = TypeVar("M", bound=Model)
_CHILD = """
import sys
from ecuanime.cli.database import database
with database():
    from benchmarks.month import Run, continue_run, read_clock
    continue_run(run=Run.objects.get(pk=int(sys.argv[1])), now=read_clock())
"""
"""What takes a run up in a process that can be killed."""


def measure() -> Result:
    """What each part takes, and what came of it; everything must be billed once and add up."""
    biller = User.objects.filter(roles__contains=[Role.ADMINISTRATOR], is_active=True)[0]
    now = read_clock()
    continue_run(run=run_invoices(up_to=now.date(), by=biller, now=now), now=now)
    others = set(Invoice.objects.values_list("pk", flat=True))
    segments = _fill(now)
    run = run_invoices(up_to=now.date(), by=biller, now=now)
    figures: Result = {"clients": run.clients_total, "entries": CLIENTS * ENTRIES}
    figures["drafting"] = _timed(partial(_drafted, run, now))
    billed = LineSegment.objects.filter(segment__in=segments, is_live=True).count()
    if (run.clients_done, billed) != (CLIENTS, len(segments)):
        raise RuntimeError(f"{run.clients_done} clients and {billed} segments were billed")
    drafts = list(Invoice.objects.filter(run=run).exclude(pk__in=others))
    batch = issue_drafts(invoices=drafts, by=biller, now=now, idempotency_key=f"month:{run.pk}")
    figures["issuing"] = _timed(lambda: continue_batch(batch=batch, now=now))
    figures["drawing"] = _timed(partial(_drawn, [draft.pk for draft in drafts]))
    parts = [figures[name]["s"] for name in ("drafting", "issuing", "drawing")]
    figures["minutes"] = round(sum(parts) / 60, 1)
    if wrong := list(verify_invoices()):
        raise RuntimeError(wrong[0])
    return figures


def _timed(work: Callable[[], object]) -> Result:
    """Seconds by the clock, and of our own processor time, that of the processes it ended included."""
    begin, begun = time.perf_counter(), _computed()
    work()
    return {"s": round(time.perf_counter() - begin, 1), "cpu_s": round(_computed() - begun, 1)}


def _computed() -> float:
    used = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def _drafted(run: Run, now: datetime) -> None:
    """Do the run, killed once on the way."""
    child = subprocess.Popen([sys.executable, "-c", _CHILD, str(run.pk)])
    while child.poll() is None and run.clients_done < run.clients_total // KILLED_AFTER:
        time.sleep(0.2)
        run.refresh_from_db()
    child.send_signal(signal.SIGKILL)
    child.wait()
    continue_run(run=run, now=now)


def _drawn(documents: list[int]) -> None:
    """Let the product's workers draw and queue what was issued."""
    command, quiet = [sys.executable, "-m", "ecuanime.cli", "worker"], subprocess.DEVNULL
    workers = [subprocess.Popen(command, stdout=quiet, stderr=quiet) for _ in range(WORKERS)]
    try:
        while Invoice.objects.filter(pk__in=documents, pdf__isnull=True).exists():
            if any(worker.poll() is not None for worker in workers):
                raise RuntimeError("a worker ended")
            time.sleep(0.5)
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(timeout=60)


def _fill(now: datetime) -> list[int]:
    """Clients with approved, rated work of this month, copied from the demo's; gives the segments to be billed."""
    plain = TimeEntry.objects.filter(corrects=None, corrections=None, units=None)
    rated = RatedEntry.objects.filter(
        superseded_at=None, entry__in=plain, contract__version__plan__kind=PlanKind.ON_DEMAND
    ).filter(segments__price__isnull=False, segments__held_reason="")
    models = list(rated.distinct().select_related("entry", "contract").prefetch_related("segments")[:ENTRIES])
    contract, known = models[0].contract, Client.objects.count()
    clients = _made(
        Client, [contract.client] * CLIENTS, lambda n: {"code": f"M-{known + n:05}", "name": f"Cliente {n}"}
    )
    contracts = _made(
        Contract, [contract] * CLIENTS, lambda n: {"number": f"CM-{known + n:05}", "client_id": clients[n].pk}
    )
    first = TicketCounter.objects.get().last_number + 1
    ticket = models[0].entry.ticket
    tickets = _made(
        Ticket,
        [ticket] * (CLIENTS * TICKETS),
        lambda n: {
            "number": first + n,
            "token": new_ticket_token(),
            "client_id": clients[n // TICKETS].pk,
            "contract_id": contracts[n // TICKETS].pk,
            "contact_id": None,
            "follows_id": None,
        },
    )
    TicketCounter.objects.update(last_number=first + len(tickets))
    ratings = list(islice(cycle(models), CLIENTS * ENTRIES))
    entries = _made(
        TimeEntry,
        [rating.entry for rating in ratings],
        lambda n: {
            "ticket_id": tickets[n // ENTRIES * TICKETS + n % TICKETS].pk,
            "client_id": clients[n // ENTRIES].pk,
            "contract_id": contracts[n // ENTRIES].pk,
            "work_on": now.date().replace(day=1 + n % now.day),
            "cut_id": None,
        },
    )
    written = _made(
        RatedEntry,
        ratings,
        lambda n: {"entry_id": entries[n].pk, "contract_id": contracts[n // ENTRIES].pk, "group": f"m{n}"},
    )
    parts = [
        (segment, made.pk)
        for rating, made in zip(ratings, written, strict=True)
        for segment in rating.segments.all()
    ]
    segments = _made(
        RatedSegment,
        [segment for segment, _rating in parts],
        lambda n: {"rating_id": parts[n][1], "taken_numerator": 0, "taken_denominator": 1},
    )
    return [segment.pk for segment in segments if segment.price is not None]


def _made(model: type[M], rows: list[M], changes: Callable[[int], dict[str, Any]]) -> list[M]:
    """Copies of these rows, each with changes of its own by its place."""
    names = [
        field.attname
        for field in model._meta.concrete_fields
        if not field.generated and field.attname != model._meta.pk.attname
    ]
    copies = [
        model(**({name: getattr(row, name) for name in names} | changes(number)))
        for number, row in enumerate(rows)
    ]
    return model._default_manager.bulk_create(copies, batch_size=BATCH)
