"""Invoice runs: approved work and due fees become drafts, each minute and each fee on one of them."""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import date, datetime
from fractions import Fraction
from functools import partial

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_client, require_biller
from ecuanime.billing.actions.drafts.fees import detail_of
from ecuanime.billing.drafting.writing import (
    add_after,
    kind_here,
    new_draft,
    open_draft,
    segments_on,
    write_time,
)
from ecuanime.billing.models import Charge, Invoice, InvoiceLine, Run
from ecuanime.billing.queries.runs import clients_to_bill, segments_for_runs, unbilled_charges
from ecuanime.clients.models import Client
from ecuanime.foundation.audit import record
from ecuanime.foundation.crashpoints import crashpoint
from ecuanime.foundation.errors import Refused
from ecuanime.rules.lines import Unit, line_amount
from ecuanime.staff.queries import today_at_firm
from ecuanime.worklog.models import RatedEntry, RatedSegment

logger = logging.getLogger(__name__)


@transaction.atomic
def run_invoices(*, up_to: date, by: User | None, now: datetime) -> Run:
    """Start a run over the approved work done up to a day, late approvals too; a job does it, client by client.

    The Run shows how far it is (`clients_done` of `clients_total`, `finished_at`), its drafts are `run.invoices`.
    Repeated, killed half-way or doubled it bills every minute once: what stands on a live line is left out.
    Refused: `not_allowed`, `future`.
    """
    if by is not None:
        require_biller(by)
    if up_to > today_at_firm(now):
        raise Refused("future", _("That day has not come yet. Choose today or an earlier day."))
    total = len(clients_to_bill(up_to))
    run = Run.objects.create(up_to=up_to, started_at=now, started_by=by, clients_total=total)
    record("invoice_run_started", run, now=now, up_to=up_to, clients=total)
    # Imported here because the job, a door to the room, stands above the actions.
    from ecuanime.billing.jobs import do_run

    do_run.defer(run_id=run.pk)
    return run


def continue_run(*, run: Run, now: datetime) -> Run:
    """Do what is left of a run, each client in a transaction of its own: what the job does; finished is a no-op.

    A client's open draft of the same currency takes what is new; otherwise a new draft is made. Held work waits. A
    client that fails does not stop the others: raises RuntimeError at the end, and the run stays unfinished.
    """
    if Run.objects.filter(pk=run.pk, finished_at__isnull=True).exists():
        failed = [
            client_id for client_id in clients_to_bill(run.up_to) if not _try_client(run, client_id, now)
        ]
        if failed:
            raise RuntimeError(
                f"invoice run {run.pk}: {len(failed)} clients could not be billed, see the log"
            )
        unfinished = Run.objects.filter(pk=run.pk, finished_at__isnull=True)
        unfinished.update(finished_at=now, clients_done=F("clients_total"))
    run.refresh_from_db()
    return run


def _try_client(run: Run, client_id: int, now: datetime) -> bool:
    try:
        _bill_client(run, client_id, now)
    except Exception:
        logger.exception("invoice run %s: client %s could not be billed", run.pk, client_id)
        return False
    return True


@transaction.atomic
def _bill_client(run: Run, client_id: int, now: datetime) -> None:
    """Put what the client has not been billed on drafts."""
    client = locked_client(Client(pk=client_id))
    by_currency: dict[str, list[RatedSegment]] = defaultdict(list)
    fees: dict[str, list[Charge]] = defaultdict(list)
    for segment in claimed_segments(segments_for_runs(run.up_to), client):
        by_currency[segment.currency].append(segment)
    for charge in _due(run.up_to, client):
        fees[charge.currency].append(charge)
    for currency in sorted(by_currency.keys() | fees.keys()):
        draft = open_draft(client, currency) or new_draft(
            client, kind_here(Invoice.Kind.INVOICE), currency, now
        )
        draft.run = run
        draft.save(update_fields=["run"])
        for charge in fees[currency]:
            _add_fee(draft, charge)
        write_time(draft, [*segments_on(draft), *by_currency[currency]])
        record("invoice_drafted", draft, now=now, run=run.pk, total=draft.total)
    if by_currency or fees:
        Run.objects.filter(pk=run.pk, clients_done__lt=F("clients_total")).update(
            clients_done=F("clients_done") + 1
        )
    crashpoint("billing.run.client")
    transaction.on_commit(partial(crashpoint, "billing.run.between"))


def _due(up_to: date, client: Client) -> list[Charge]:
    """The client's fees that are due; the client's lock makes several runs take turns."""
    found = unbilled_charges(up_to).filter(client=client).select_related("contract__client")
    return list(found.order_by("due_on", "pk"))


def _add_fee(draft: Invoice, charge: Charge) -> None:
    line = InvoiceLine(
        kind=InvoiceLine.Kind.FEE,
        description=charge.description,
        detail=detail_of(charge, draft.language),
        contract=charge.contract,
        charge=charge,
        units=charge.units,
        price=charge.price,
        amount=line_amount(Fraction(charge.units or 0), charge.price, Unit.PIECES, draft.currency),
    )
    add_after(draft, line)
    charge.is_billed = True
    charge.save(update_fields=["is_billed"])


def claimed_segments(unbilled: QuerySet[RatedSegment], client: Client) -> list[RatedSegment]:
    """The client's segments among the `unbilled`, whose ratings nobody can set aside before this transaction ends."""
    segments = unbilled.filter(rating__entry__client=client)
    related = ("rating__contract__version", "rating__entry__work_type", "rating__entry__ticket")
    found = list(segments.select_related(*related).order_by("pk"))
    ratings = RatedEntry.objects.select_for_update(no_key=True).order_by("pk")
    held = ratings.filter(
        pk__in={segment.rating_id for segment in found}, superseded_at__isnull=True
    ).values_list("pk", flat=True)
    in_force = set(held)
    return [segment for segment in found if segment.rating_id in in_force]
