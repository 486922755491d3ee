"""What all pages of the portal share: the client's time zone, and pages that are not the contact's to see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils import timezone

from ecuanime.rules.calendars import local_date
from ecuanime.web.guards import PortalRequest

View = Callable[..., HttpResponse]


def in_their_zone(view: View) -> View:
    """Show times in the zone the contact chose, else in their organisation's."""

    @wraps(view)
    def shown(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        zone = request.user.time_zone or request.contact.client.time_zone
        with timezone.override(ZoneInfo(zone)):
            return view(request, *args, **kwargs)

    return shown


def today_of(request: PortalRequest, now: datetime) -> date:
    """The client's date at an instant."""
    return local_date(now, request.contact.client.time_zone)


def older_url(request: PortalRequest, cursor: str) -> str:
    """The address of the next page of a list, keeping what else the address says; empty on the last."""
    if not cursor:
        return ""
    query = request.GET.copy()
    query["d"] = cursor
    return f"?{query.urlencode()}"
