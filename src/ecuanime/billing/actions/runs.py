"""Invoice runs: approved work becomes drafts, each minute on one of them."""

from __future__ import annotations

from datetime import date, datetime

from ecuanime.accounts.models import User
from ecuanime.billing.models import Run


def run_invoices(*, up_to: date, by: User | None, now: datetime) -> Run:
    """Start a run over the approved work done up to a day, late approvals too; a job does it, client by client.

    The Run shows how far it is (`clients_done` of `clients_total`, `finished_at`), its drafts are `run.invoices`.
    Repeated, killed half-way or doubled it bills every minute once: what stands on a live line is left out.
    Refused: `not_allowed`, `future`.
    """
    raise NotImplementedError


def continue_run(*, run: Run, now: datetime) -> Run:
    """Do what is left of a run, each client in a transaction of its own: what the job does; finished is a no-op.

    A client's open draft of the same currency takes what is new; otherwise a new draft is made. Held work waits.
    """
    raise NotImplementedError
