"""The clock, read at the edges (views, jobs, commands) and passed down as `now`."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone


def read_clock() -> datetime:
    """The present instant, aware, in UTC."""
    return timezone.now()
