"""Approved time as billing takes it."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.lookups import GreaterThan

from ecuanime.clients.models import Client
from ecuanime.worklog.models import EntryState, RatedSegment

_SOME_LEFT = GreaterThan(
    F("charged_numerator") * F("taken_denominator"), F("taken_numerator") * F("charged_denominator")
)
_TIME_DUE = Q(units__isnull=True, charged_numerator__gt=0) & Q(_SOME_LEFT)
_PRICED = Q(price__isnull=False) & (Q(units__gt=F("taken_units")) | _TIME_DUE)


def billable_segments(client: Client, up_to: date) -> QuerySet[RatedSegment]:
    """The client's priced segments in force of approved work done up to a day, in the order of the work, then id.

    Held parts are not among them, nor what corrections took whole. Billing leaves out what its lines charge already.
    """
    return (
        priced_segments(up_to)
        .filter(rating__entry__client=client)
        .select_related(
            "rating__contract__version",
            "rating__entry__ticket",
            "rating__entry__user",
            "rating__entry__work_type",
        )
        .order_by("rating__entry__work_on", "id")
    )


def clients_with_billable_time(up_to: date) -> QuerySet[Client]:
    """The clients that have such segments, by id; billed ones too, since worklog does not know invoices."""
    segments = priced_segments(up_to).filter(rating__entry__client=OuterRef("pk"))
    return Client.objects.filter(Exists(segments)).order_by("id")


def priced_segments(up_to: date) -> QuerySet[RatedSegment]:
    """Everybody's priced segments in force of approved work done up to a day, in no order."""
    return RatedSegment.objects.filter(
        _PRICED,
        rating__superseded_at=None,
        rating__entry__state=EntryState.APPROVED,
        rating__entry__work_on__lte=up_to,
    )
