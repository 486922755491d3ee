"""Approved time as billing takes it."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from ecuanime.clients.models import Client
from ecuanime.worklog.models import RatedSegment


def billable_segments(client: Client, up_to: date) -> QuerySet[RatedSegment]:
    """The client's priced segments in force of approved work done up to a day, in the order of the work, then id.

    Held parts are not among them. Billing leaves out what its own lines charge already.
    """
    raise NotImplementedError


def clients_with_billable_time(up_to: date) -> QuerySet[Client]:
    """The clients that have such segments, by id."""
    raise NotImplementedError
