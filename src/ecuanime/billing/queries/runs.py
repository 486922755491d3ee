"""What is still to be billed, and the runs that billed."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from ecuanime.billing.models import Charge, LineSegment, Run
from ecuanime.clients.models import Client
from ecuanime.worklog.models import RatedSegment, TermsWindow
from ecuanime.worklog.queries import priced_segments


def unbilled_segments(up_to: date) -> QuerySet[RatedSegment]:
    """Priced segments in force of approved work done up to a day that stand on no live line.

    An entry of which a part waits for a person waits whole. Time of tickets that are billed apart is among them.
    """
    billed = LineSegment.objects.filter(segment=OuterRef("pk"), is_live=True)
    waiting = RatedSegment.objects.filter(rating=OuterRef("rating")).exclude(held_reason="")
    return priced_segments(up_to).filter(~Exists(billed), ~Exists(waiting))


def segments_for_runs(up_to: date) -> QuerySet[RatedSegment]:
    """Those of them that runs bill: without the time of tickets that are billed apart."""
    apart = TermsWindow.objects.filter(ticket=OuterRef("rating__entry__ticket"), bills_apart=True)
    return unbilled_segments(up_to).filter(~Exists(apart))


def unbilled_charges(up_to: date) -> QuerySet[Charge]:
    """Fees that are due by a day and stand on no draft nor invoice."""
    return Charge.objects.filter(is_billed=False, cancelled_at__isnull=True, due_on__lte=up_to)


def clients_to_bill(up_to: date) -> list[int]:
    """The ids of the clients that have such segments or fees, in order."""
    segments = segments_for_runs(up_to).filter(rating__entry__client=OuterRef("pk"))
    charges = unbilled_charges(up_to).filter(client=OuterRef("pk"))
    found = Client.objects.filter(Exists(segments) | Exists(charges))
    return list(found.order_by("pk").values_list("pk", flat=True))


def latest_runs(*, limit: int = 10) -> list[Run]:
    """The newest runs, with who started them."""
    return list(Run.objects.select_related("started_by").order_by("-pk")[:limit])
