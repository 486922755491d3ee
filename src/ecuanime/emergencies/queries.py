"""Shared reads about emergencies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact, DossierSection
from ecuanime.contracts.terms import calendar_in
from ecuanime.emergencies.access import emergencies_of_contact, visible_emergencies
from ecuanime.emergencies.conditions import the_service
from ecuanime.emergencies.models import (
    OVER,
    Alert,
    Assessment,
    Emergency,
    ExpressService,
    Happening,
    OnAlert,
    Report,
    Stage,
)
from ecuanime.foundation.paging import Page, page_of
from ecuanime.rules.calendars import Calendar, local_date, open_intervals
from ecuanime.staff.models import Competence, ProductArea
from ecuanime.staff.queries import holidays_between, the_firm
from ecuanime.tickets.access import works_at_desk
from ecuanime.tickets.models import Ticket

AHEAD = timedelta(days=60)
NEWEST_FIRST = ("-id",)
_SHOWN = ("client", "area", "lead", "ticket", "contact")


def express_hours(now: datetime) -> Calendar | None:
    """The Express hours on the firm's wall clock, with its holidays of the next weeks; None: at any hour."""
    calendar = the_service().calendar
    if calendar is None:
        return None
    firm = the_firm()
    first = local_date(now, firm.time_zone)
    return calendar_in(calendar, firm.time_zone, holidays_between(first - timedelta(days=1), first + AHEAD))


def is_open_now(now: datetime) -> bool:
    """Whether experts are alerted at this moment."""
    hours = express_hours(now)
    return hours is None or hours.covers(now)


def opens_at(now: datetime) -> datetime | None:
    """When the Express hours begin, while they are closed; None while they are open, and where they never open."""
    hours = express_hours(now)
    if hours is None or hours.covers(now):
        return None
    return next((begin for begin, _end in open_intervals(hours, now, now + AHEAD)), None)


def experts_of(area: ProductArea) -> list[User]:
    """Who is alerted in an area, in order: those listed who know it and still work at the desk."""
    competent = Competence.objects.filter(area=area).values("user")
    rows = OnAlert.objects.filter(area=area, user__in=competent).select_related("user")
    return [
        row.user for row in rows.order_by("position", "id") if row.user.is_active and works_at_desk(row.user)
    ]


def experts_in(area: ProductArea) -> list[User]:
    """Everybody at the desk who knows an area, by name."""
    people = User.objects.filter(is_active=True, competences__area=area).order_by("name", "id")
    return [user for user in people if works_at_desk(user)]


def experts_left(emergency: Emergency) -> list[User]:
    """Those of its area who have not been alerted of a case."""
    alerted = set(emergency.alerts.values_list("user_id", flat=True))
    return [user for user in experts_of(emergency.area) if user.pk not in alerted]


def unclaimed(cases: Iterable[Emergency], *, is_open: bool) -> set[int]:
    """The ids of those of some cases that nobody has taken on and nobody is left to be alerted of.

    Outside the Express hours there is none: nobody is alerted before they begin.
    """
    waiting = {case.pk for case in cases if case.stage == Stage.DECLARED} if is_open else set()
    asked = Alert.objects.filter(emergency__in=waiting, said=Alert.Said.NOTHING)
    return waiting - set(asked.values_list("emergency", flat=True)) if waiting else waiting


def emergencies(user: User, *, after: str = "", size: int = 50) -> Page[Emergency]:
    """The cases for a list, the newest first."""
    return page_of(
        visible_emergencies(user).select_related(*_SHOWN), order=NEWEST_FIRST, after=after, size=size
    )


def open_emergencies(user: User) -> list[Emergency]:
    """The cases that are not over, the one due first first."""
    running = visible_emergencies(user).exclude(stage__in=OVER).select_related(*_SHOWN)
    return list(running.order_by("answer_due_at", "id")[:100])


def emergencies_in_portal(contact: Contact, *, after: str = "", size: int = 20) -> Page[Emergency]:
    """The cases a contact may see, the newest first."""
    found = emergencies_of_contact(contact).select_related(*_SHOWN)
    return page_of(found, order=NEWEST_FIRST, after=after, size=size)


def emergency_in(cases: QuerySet[Emergency], number: str) -> Emergency | None:
    """One of some cases by its number, with all its page needs."""
    related = (
        *_SHOWN,
        "guarantee",
        "acceptance__assessment",
        "express_contract",
        "mitigation_contract",
        "declared_by",
    )
    return cases.select_related(*related).filter(number=number).first()


def emergency_of(ticket: Ticket) -> Emergency | None:
    """The case that hangs on a ticket."""
    return Emergency.objects.filter(ticket=ticket).select_related("lead").first()


def assessments_of(emergency: Emergency) -> list[Assessment]:
    """The answer and its revisions, the newest first."""
    found = emergency.assessments.select_related("given_by").prefetch_related("checks")
    return list(found.order_by("-number"))


def dossier_is_current(emergency: Emergency) -> bool:
    """Whether somebody has written in the client's dossier since the case was declared."""
    sections = DossierSection.objects.filter(client=emergency.client_id)
    return sections.filter(changed_at__gte=emergency.declared_at).exists()


def happenings_of(emergency: Emergency) -> list[Happening]:
    """The case's log as its client may read it, the newest first."""
    rows = Happening.objects.filter(emergency=emergency, is_internal=False).select_related("user", "contact")
    return list(rows.order_by("-at", "-id")[:200])


def reports_of(emergency: Emergency) -> list[Report]:
    """The versions of a case's technical report, the newest first."""
    rows = Report.objects.filter(emergency=emergency).select_related("made_by", "sent_by")
    return list(rows.order_by("-number")[:100])


def sent_reports(emergency: Emergency) -> list[Report]:
    """The versions that the client has, the newest first."""
    return list(Report.objects.filter(emergency=emergency, sent_at__isnull=False).order_by("-number")[:100])


def newest_report(emergency: Emergency) -> Report | None:
    """The version that stands."""
    return Report.objects.filter(emergency=emergency).order_by("-number").first()


def report_numbered(emergency: Emergency, number: str) -> Report | None:
    """A version by the number that an address says."""
    if not (number.isdecimal() and len(number) < 7):
        return None
    return Report.objects.filter(emergency=emergency, number=int(number)).first()


def is_offered() -> bool:
    """Whether clients can declare emergencies."""
    return ExpressService.objects.filter(is_offered=True).exists()


def alert_lists() -> dict[int, dict[int, int]]:
    """Who is alerted, by the id of the area: each person's id and place."""
    found: dict[int, dict[int, int]] = {}
    for row in OnAlert.objects.all():
        found.setdefault(row.area_id, {})[row.user_id] = row.position
    return found


def has_dossier(emergency: Emergency) -> bool:
    """Whether the client has a dossier at all."""
    return DossierSection.objects.filter(client=emergency.client_id).exists()
