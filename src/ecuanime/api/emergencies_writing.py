"""Emergencies declared, taken on, answered and led along by programs.

A client accepts in the portal alone, where a person reads the text and what it costs; a no binds nobody.
"""

from __future__ import annotations

from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Field, Path

from ecuanime.api.emergencies import EmergencyDetail, case_of, detail_out, router
from ecuanime.api.errors import NotAllowed
from ecuanime.api.lists import Code, Key
from ecuanime.api.reader import ApiRequest, Reader
from ecuanime.api.writing import Given, left_out, line, writes
from ecuanime.clients.models import Contact
from ecuanime.emergencies import actions
from ecuanime.emergencies.actions import Declared, Estimate
from ecuanime.emergencies.models import Emergency
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import product_areas
from ecuanime.tickets.access import works_at_desk

_MOST_MINUTES = 60 * 24 * 30
Minutes = Annotated[int, Field(ge=0, le=_MOST_MINUTES)]


def text(most: int) -> Any:
    """A text of several lines, of at most `most` characters."""
    return Field(max_length=most, pattern=r"^[^\x00]*$")


class DeclarationIn(Given):
    """What is said of an emergency; the firm declares it on a ticket, a client's people by itself."""

    area: Code = Field(description=gettext_noop("the product area's code"))
    facts: Annotated[str, text(5000)] = Field(description=gettext_noop("what has stopped working"))
    desired: Annotated[str, text(2000)] = Field(description=gettext_noop("when it is normal again"))
    since: Annotated[str, line(200)] = ""
    critical: Annotated[str, text(2000)] = Field("", description=gettext_noop("what is critical meanwhile"))
    available: Annotated[str, line(300)] = Field(
        "", description=gettext_noop("who is available on their side")
    )
    ticket: Key | None = left_out(gettext_noop("the ticket's number; needed by the firm's people alone"))


class AnswerIn(Given):
    """Whether the firm can help: yes with all figures, or no with where else to turn. Durations are in minutes."""

    is_viable: bool
    certainty: Annotated[int, Field(ge=0, le=100)] | None = Field(
        None, description=gettext_noop("of a hundred")
    )
    risk: Annotated[str, text(2000)] = ""
    lasts_minutes: Minutes | None = None
    normalise_minutes: Minutes | None = None
    mitigate_minutes: Minutes | None = None
    guarantee_hours: Annotated[int, Field(ge=0, le=8)] = Field(1, description=gettext_noop("0 waives it"))
    is_counted: bool = Field(False, description=gettext_noop("whether the guarantee counts toward the fees"))
    elsewhere: Annotated[str, text(2000)] = Field(
        "", description=gettext_noop("where else to turn, of a case that is not viable")
    )
    reason: Annotated[str, line(600)] = ""


class RevisionIn(Given):
    """New estimates and why they change; the guarantee stays as it was."""

    certainty: Annotated[int, Field(ge=0, le=100)]
    risk: Annotated[str, text(2000)]
    lasts_minutes: Minutes
    normalise_minutes: Minutes
    mitigate_minutes: Minutes
    reason: Annotated[str, line(600)]


class WhyIn(Given):
    """A word on why."""

    reason: Annotated[str, line(600)] = ""


class EvidenceIn(Given):
    """What shows that service is normal again."""

    evidence: Annotated[str, text(2000)]


class NothingIn(Given):
    """Nothing more is to be said."""


def _declares(reader: Reader) -> bool:
    return reader.contact is not None or works_at_desk(reader.user)


def _works(reader: Reader) -> bool:
    return works_at_desk(reader.user)


def _leads_client(reader: Reader) -> bool:
    return reader.contact is not None and reader.contact.is_project_lead


def _either(reader: Reader) -> bool:
    return _works(reader) or _leads_client(reader)


@writes(
    router,
    "POST",
    "/emergencies",
    EmergencyDetail,
    may=_declares,
    url_name="emergencies",
    summary=gettext_noop("Declare an emergency"),
    status=201,
)
def declare(request: ApiRequest, given: DeclarationIn) -> EmergencyDetail:
    reader, now, said = request.auth, read_clock(), given.changes()
    number = said.pop("ticket", None)
    area = product_areas().filter(code=said.pop("area")).first()
    if area is None:
        raise Refused("unknown_area", _("There is no such product area."))
    declared = Declared(area=area, **said)
    if reader.contact is not None:
        if number is not None:
            raise Refused("no_ticket", _("Leave the ticket out: one is opened with what you say."))
        case = actions.declare_in_portal(contact=reader.contact, declared=declared, now=now)
    else:
        if number is None:
            raise Refused("no_ticket", _("Say on which ticket it is declared."))
        ticket = get_object_or_404(reader.tickets(), number=number)
        case = actions.declare_on_ticket(ticket=ticket, declared=declared, by=reader.user, now=now)
    return _out(request, case)


@writes(
    router,
    "POST",
    "/emergencies/{number}/take-on",
    EmergencyDetail,
    may=_works,
    url_name="emergency_take_on",
    summary=gettext_noop("Take an emergency on as an expert"),
)
def take_on(request: ApiRequest, number: Path[Code], given: NothingIn) -> EmergencyDetail:
    case = case_of(request, number)
    return _out(request, actions.take_on(emergency=case, by=request.auth.user, now=read_clock()))


@writes(
    router,
    "POST",
    "/emergencies/{number}/pass-on",
    EmergencyDetail,
    may=_works,
    url_name="emergency_pass_on",
    summary=gettext_noop("Pass an emergency on to the next expert"),
)
def pass_on(request: ApiRequest, number: Path[Code], given: WhyIn) -> EmergencyDetail:
    case, by = case_of(request, number), request.auth.user
    return _out(request, actions.hand_on(emergency=case, by=by, reason=given.reason, now=read_clock()))


@writes(
    router,
    "POST",
    "/emergencies/{number}/answer",
    EmergencyDetail,
    may=_works,
    url_name="emergency_answer",
    summary=gettext_noop("Say whether the firm can help"),
)
def answer(request: ApiRequest, number: Path[Code], given: AnswerIn) -> EmergencyDetail:
    case, by, now, said = case_of(request, number), request.auth.user, read_clock(), given.model_dump()
    is_viable, reason, elsewhere = said.pop("is_viable"), said.pop("reason"), said.pop("elsewhere")
    if is_viable:
        actions.say_viable(emergency=case, estimate=Estimate(**said), by=by, now=now)
    else:
        actions.say_not_viable(emergency=case, reason=reason, elsewhere=elsewhere, by=by, now=now)
    return _out(request, case)


@writes(
    router,
    "POST",
    "/emergencies/{number}/estimates",
    EmergencyDetail,
    may=_works,
    url_name="emergency_estimates",
    summary=gettext_noop("Revise the estimates of an emergency"),
)
def revise(request: ApiRequest, number: Path[Code], given: RevisionIn) -> EmergencyDetail:
    case, said = case_of(request, number), given.model_dump()
    reason, last = said.pop("reason"), case.assessments.order_by("-number").first()
    estimate = Estimate(
        **said,
        guarantee_hours=last.guarantee_hours if last else 0,
        is_counted=last.is_counted if last else False,
    )
    by = request.auth.user
    actions.revise(emergency=case, estimate=estimate, reason=reason, by=by, now=read_clock())
    return _out(request, case)


@writes(
    router,
    "POST",
    "/emergencies/{number}/decline",
    EmergencyDetail,
    may=_leads_client,
    url_name="emergency_decline",
    summary=gettext_noop("Decline the answer as a project lead of the client"),
)
def decline(request: ApiRequest, number: Path[Code], given: WhyIn) -> EmergencyDetail:
    case, contact = case_of(request, number), _contact(request)
    actions.decline(emergency=case, contact=contact, reason=given.reason, now=read_clock())
    return _out(request, case)


@writes(
    router,
    "POST",
    "/emergencies/{number}/normal",
    EmergencyDetail,
    may=_works,
    url_name="emergency_normal",
    summary=gettext_noop("Declare that service is normal again"),
)
def declare_normal(request: ApiRequest, number: Path[Code], given: EvidenceIn) -> EmergencyDetail:
    case, by = case_of(request, number), request.auth.user
    actions.declare_normal(emergency=case, evidence=given.evidence, by=by, now=read_clock())
    return _out(request, case)


@writes(
    router,
    "POST",
    "/emergencies/{number}/acknowledge",
    EmergencyDetail,
    may=_leads_client,
    url_name="emergency_acknowledge",
    summary=gettext_noop("Confirm as a project lead of the client that service is normal again"),
)
def acknowledge(request: ApiRequest, number: Path[Code], given: NothingIn) -> EmergencyDetail:
    case, contact = case_of(request, number), _contact(request)
    actions.acknowledge_normal(emergency=case, contact=contact, now=read_clock())
    return _out(request, case)


@writes(
    router,
    "POST",
    "/emergencies/{number}/relapse",
    EmergencyDetail,
    may=_either,
    url_name="emergency_relapse",
    summary=gettext_noop("Say that it happens again"),
)
def relapse(request: ApiRequest, number: Path[Code], given: WhyIn) -> EmergencyDetail:
    case, reader = case_of(request, number), request.auth
    by = reader.user if reader.contact is None else None
    actions.note_relapse(emergency=case, reason=given.reason, by=by, contact=reader.contact, now=read_clock())
    return _out(request, case)


def _contact(request: ApiRequest) -> Contact:
    if request.auth.contact is None:
        raise NotAllowed
    return request.auth.contact


def _out(request: ApiRequest, case: Emergency) -> EmergencyDetail:
    """The case as it stands after the write."""
    return detail_out(case_of(request, case.number), request.auth)
