"""Every regular job, in one readable list: when it runs and what it calls.

Each finds what has fallen due by an indexed `next_due_at` and claims it row by row, so that a run that is late,
early or doubled does the same work once.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from procrastinate import App

from ecuanime.foundation import jobs


@dataclass(frozen=True)
class Regular:
    """A job by the module and name of its function, and its cron expression (UTC)."""

    function: str
    cron: str


REGULAR_JOBS: tuple[Regular, ...] = (
    Regular("ecuanime.channels.jobs:fetch_due_mailboxes", "* * * * *"),
    Regular("ecuanime.channels.jobs:forget_unproved", "37 4 * * *"),
    Regular("ecuanime.channels.jobs:read_stored_mails", "* * * * *"),
    Regular("ecuanime.delivery.jobs:send_due_mails", "* * * * *"),
    Regular("ecuanime.notices.jobs:send_due_bundles", "* * * * *"),
    Regular("ecuanime.tickets.jobs:close_silent_tickets", "*/10 * * * *"),
    Regular("ecuanime.tickets.jobs:tell_due_deadlines", "* * * * *"),
    Regular("ecuanime.tickets.jobs:wake_due_tickets", "* * * * *"),
    Regular("ecuanime.tickets.jobs:read_for_search", "* * * * *"),
    Regular("ecuanime.contracts.jobs:take_due_steps", "*/5 * * * *"),
    Regular("ecuanime.entitlements.jobs:tell_what_expires", "41 * * * *"),
    Regular("ecuanime.billing.jobs:finish_what_was_left", "*/10 * * * *"),
    Regular("ecuanime.billing.jobs:remind_of_overdue", "23 7 * * *"),
    Regular("ecuanime.billing.jobs:send_records", "* * * * *"),
    Regular("ecuanime.billing.jobs:stamp_invoices", "* * * * *"),
    Regular("ecuanime.billing.jobs:watch_agency", "17 * * * *"),
    Regular("ecuanime.emergencies.jobs:take_due_cases", "* * * * *"),
    Regular("ecuanime.emergencies.jobs:watch_pools", "* * * * *"),
    Regular("ecuanime.emergencies.jobs:confirm_silent_cases", "* * * * *"),
    Regular("ecuanime.emergencies.jobs:forget_unproved", "43 4 * * *"),
    Regular("ecuanime.foundation.jobs:retry_stalled_jobs", "* * * * *"),
    Regular("ecuanime.foundation.jobs:note_end_of_audit_trail", "*/5 * * * *"),
    Regular("ecuanime.staff.jobs:note_next_years_holidays", "17 3 1 * *"),
    Regular("ecuanime.api.jobs:forget_old_answers", "23 * * * *"),
    Regular("ecuanime.worklog.jobs:close_days", "*/5 * * * *"),
    Regular("ecuanime.worklog.jobs:end_terms", "*/5 * * * *"),
    Regular("ecuanime.worklog.jobs:open_periods", "*/5 * * * *"),
    Regular("ecuanime.worklog.jobs:expire_lots", "*/5 * * * *"),
)


def register(app: App) -> None:
    """Declare the list to the queue; called once Django and the queue are ready."""
    jobs.lay_out(app)
    for regular in REGULAR_JOBS:
        module, name = regular.function.split(":")
        app.periodic(cron=regular.cron)(getattr(import_module(module), name))


def schedule() -> list[dict[str, Any]]:
    """The list as plain values, for the doctor and for a test that keeps it true."""
    return [{"function": regular.function, "cron": regular.cron} for regular in REGULAR_JOBS]
