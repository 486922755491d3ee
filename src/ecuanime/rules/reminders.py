"""Reminders of what is overdue: a ladder of days after an invoice fell due. See docs/rules/reminders.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta


def step_due(due_on: date, today: date, steps: Sequence[int], last: int) -> int | None:
    """The step to be sent today: of those whose day has come the highest, if it is above the `last` one sent."""
    come = [step for step in steps if step > last and due_on + timedelta(days=step) <= today]
    return max(come, default=None)


def next_reminder(due_on: date, steps: Sequence[int], last: int) -> date | None:
    """The day of the step after the `last` one sent (0: none yet); None when the ladder has no more."""
    following = min((step for step in steps if step > last), default=None)
    return None if following is None else due_on + timedelta(days=following)
