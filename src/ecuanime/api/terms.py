"""What is promised about time in queues and by plans: read by the team, set by supervisors."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Field, Path, Query, Router, Schema

from ecuanime.api.errors import NotAllowed
from ecuanime.api.lists import Code, Filters, Key, Page, answers, one_of, page
from ecuanime.api.reader import ApiRequest
from ecuanime.api.writing import Given, left_out, writes
from ecuanime.contracts.access import may_change_plans
from ecuanime.contracts.actions import draft_version
from ecuanime.contracts.drafts import PromiseRow, draft_of
from ecuanime.contracts.models import CoverageCalendar, Metric, Plan, PlanKind, PlanVersion, ServiceLevel
from ecuanime.contracts.queries import calendars
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.actions import promise_in_queue
from ecuanime.tickets.models import Priority, Queue
from ecuanime.worklog.access import may_review_time

router = Router(tags=[_("Promised times")])
PriorityWord = Annotated[str, Field(pattern="^(urgent|high|normal|low)$")]
MetricWord = Annotated[Metric, one_of(Metric)]
Minutes = Annotated[int, Field(ge=0, le=2**31 - 1)]


class Target(Given):
    """So many covered minutes for one thing, of requests of one priority."""

    priority: PriorityWord
    metric: MetricWord
    minutes: Annotated[int, Field(ge=1, le=2**31 - 1)]


class Promise(Given):
    """What is promised about time; what is left out is as usual."""

    targets: Annotated[list[Target], Field(min_length=1, max_length=16)]
    calendar: Code | None = left_out(_("the code of the hours that count; null for every hour"))
    warn_percent: Annotated[int, Field(ge=1, le=100)] = Field(
        75, description=_("how much is used up when somebody is warned")
    )
    credit_minutes: Minutes = Field(0, description=_("proposed for each broken promise"))
    credit_most_minutes: Minutes = Field(0, description=_("at most in a month; 0 for no limit"))


class QueueOut(Schema):
    """A queue of the desk, and what it promises to whoever has no terms of their own."""

    id: int
    name: str
    team: str | None
    is_active: bool
    promise: Promise | None


class PlanOut(Schema):
    """A plan as its newest version says it; a draft counts for nobody until it is published."""

    code: str
    kind: Annotated[PlanKind, one_of(PlanKind)]
    version: int
    is_published: bool
    promise: Promise | None


@router.get("/queues", response=answers(Page[QueueOut]), url_name="queues", summary=_("List queues"))
def queues(request: ApiRequest, filters: Query[Filters]) -> Page[QueueOut]:
    _refuse_clients(request)
    rows = Queue.objects.select_related("team", "service_level__calendar").prefetch_related(
        "service_level__targets"
    )
    return page(request, filters, rows, order=("id",), shown=lambda found: [*map(queue_out, found)])


@router.get("/plans/{code}", response=answers(PlanOut, is_one=True), url_name="plan", summary=_("One plan"))
def plan(request: ApiRequest, code: Path[Code]) -> PlanOut:
    _refuse_clients(request)
    return plan_out(_newest(get_object_or_404(Plan, code=code)))


@writes(
    router,
    "POST",
    "/queues/{number}/promise",
    QueueOut,
    may=lambda reader: may_review_time(reader.user),
    url_name="queue_promise",
    summary=_("Say what is promised in a queue"),
)
def promise_of_queue(request: ApiRequest, number: Path[Key], given: Promise) -> QueueOut:
    queue = get_object_or_404(Queue, pk=number)
    terms = given.model_dump(exclude={"targets", "calendar"}) | {"calendar": _calendar(given.calendar)}
    return queue_out(promise_in_queue(queue=queue, now=read_clock(), targets=_targets(given), **terms))


@writes(
    router,
    "POST",
    "/plans/{code}/promise",
    PlanOut,
    may=lambda reader: may_change_plans(reader.user),
    url_name="plan_promise",
    summary=_("Draft a version of a plan that promises this"),
)
def promise_of_plan(request: ApiRequest, code: Path[Code], given: Promise) -> PlanOut:
    kept = get_object_or_404(Plan, code=code)
    row = PromiseRow(
        targets=tuple((*key, minutes) for key, minutes in _targets(given).items()),
        calendar=given.calendar or "",
        **given.model_dump(exclude={"targets", "calendar"}),
    )
    draft = replace(draft_of(_newest(kept)), promise=row)
    return plan_out(draft_version(plan=kept, draft=draft, now=read_clock()))


def queue_out(row: Queue) -> QueueOut:
    """A queue as programs get it."""
    return QueueOut(
        id=row.pk,
        name=row.name,
        team=row.team.name if row.team else None,
        is_active=row.is_active,
        promise=_promise(row.service_level),
    )


def plan_out(version: PlanVersion) -> PlanOut:
    """A plan as programs get it."""
    level = ServiceLevel.objects.filter(version=version).select_related("calendar").first()
    return PlanOut(
        code=version.plan.code,
        kind=PlanKind(version.plan.kind),
        version=version.number,
        is_published=version.published_at is not None,
        promise=_promise(level),
    )


def _promise(level: ServiceLevel | None) -> Promise | None:
    if level is None:
        return None
    rows = sorted(level.targets.all(), key=lambda row: (row.priority, row.metric))
    targets = [
        Target(priority=Priority(row.priority).name.lower(), metric=Metric(row.metric), minutes=row.minutes)
        for row in rows
    ]
    return Promise(
        targets=targets,
        calendar=level.calendar.code if level.calendar else None,
        warn_percent=level.warn_percent,
        credit_minutes=level.credit_minutes,
        credit_most_minutes=level.credit_most_minutes,
    )


def _targets(given: Promise) -> dict[tuple[int, str], int]:
    return {
        (Priority[each.priority.upper()].value, each.metric.value): each.minutes for each in given.targets
    }


def _calendar(code: str | None) -> CoverageCalendar | None:
    found = calendars().filter(code=code).first() if code else None
    if code and found is None:
        words = gettext(
            "Nothing in the settings has the code “%(code)s”. Add it there or choose another one."
        )
        raise Refused("unknown_code", words % {"code": code})
    return found


def _newest(kept: Plan) -> PlanVersion:
    version = kept.versions.select_related("plan").order_by("-number").first()
    if version is None:
        raise Http404
    return version


def _refuse_clients(request: ApiRequest) -> None:
    if not request.auth.user.is_of_firm:
        raise NotAllowed
