"""Emergencies with their deadlines, answers, phases and documents."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Field, Path, Query, Router, Schema

from ecuanime.api.invoices import MINOR
from ecuanime.api.lists import Code, Filters, Moment, Page, Person, answers, one_of, page, person
from ecuanime.api.reader import ApiRequest, Reader
from ecuanime.billing.access import contact_sees_invoices, may_bill
from ecuanime.billing.models import Invoice
from ecuanime.emergencies.billing import invoice_of
from ecuanime.emergencies.models import Assessment, Emergency, Stage
from ecuanime.emergencies.progress import SoFar, so_far
from ecuanime.emergencies.queries import assessments_of, emergency_in
from ecuanime.foundation.clock import read_clock
from ecuanime.rules.express import Document, Phase

router = Router(tags=[_("Emergencies")])
StageWord = Annotated[Stage, one_of(Stage)]
PhaseWord = Annotated[Phase, one_of(Phase)]
_PLAIN = (
    *("number", "facts", "since", "critical", "desired", "available", "declared_at", "answer_due_at"),
    *("answered_at", "is_late", "opened_at", "normal_at", "closed_at", "version"),
)
_SHOWN = ("client", "area", "lead", "ticket")


class EmergencyOut(Schema):
    """A case from its declaration to its closing; its thread and its time stand on its ticket."""

    number: str = Field(description=_("what people say: EX-0001"))
    ticket: int = Field(description=_("the number of its ticket"))
    client: str = Field(description=_("the client's code"))
    area: str = Field(description=_("the product area's code"))
    stage: StageWord
    facts: str
    since: str
    critical: str
    desired: str
    available: str
    declared_at: Moment
    answer_due_at: Moment | None = Field(description=_("null where the Express hours never open"))
    answered_at: Moment | None
    is_late: bool = Field(description=_("whether the hour was up before an answer came"))
    lead: Person | None
    opened_at: Moment | None = Field(description=_("when work began"))
    normal_at: Moment | None = Field(description=_("since when service is normal again"))
    closed_at: Moment | None
    version: int


class EstimateOut(Schema):
    """An answer, or a revision of its estimates; none takes an earlier one away. Durations are in minutes."""

    number: int
    is_viable: bool
    certainty: int | None = Field(description=_("of a hundred"))
    risk: str
    lasts_minutes: int | None
    normalise_minutes: int | None
    mitigate_minutes: int | None
    guarantee_hours: int = Field(description=_("0: waived"))
    is_counted: bool = Field(description=_("whether the guarantee counts toward the fees"))
    elsewhere: str = Field(description=_("where else to turn, of a case that is not viable"))
    reason: str
    given_at: Moment
    given_by: str


class AcceptanceOut(Schema):
    """What the client accepted, and the hash of the text they read."""

    estimate: int = Field(description=_("the number of the answer that was accepted"))
    name: str
    accepted_at: Moment
    text_sha256: str
    ceiling_minor: int | None = Field(description=_("what may be spent without asking again; null: no limit"))
    currency: str


class PhaseOut(Schema):
    """What was worked in a phase until now, and what it costs before tax."""

    phase: PhaseWord
    contract: str
    seconds: int
    estimate_minutes: int | None
    price: Decimal | None = Field(description=_("per hour; null where the contract covers the work"))
    amount_minor: int | None = Field(description=_("minor units; null where the contract says what it costs"))


class CaseDocumentOut(Schema):
    """One of the three documents of a case, once it is there; for whoever may see invoices."""

    document: Annotated[int, Field(ge=1, le=3)] = Field(
        description=_("1 guarantee, 2 until service is normal, 3 fixing the causes")
    )
    invoice: int = Field(description=_("its id"))
    number: str | None = Field(description=_("null while it is a draft"))
    net_minor: int = Field(description=MINOR)
    total_minor: int = Field(description=MINOR)
    currency: str


class EmergencyDetail(EmergencyOut):
    """A case with its answers (the newest first), phases and documents."""

    estimates: list[EstimateOut]
    acceptance: AcceptanceOut | None
    phases: list[PhaseOut] = Field(description=_("empty before work begins"))
    ceiling_left_minor: int | None = Field(description=_("null without a ceiling, or before work begins"))
    documents: list[CaseDocumentOut]


class EmergencyFilters(Filters):
    """Which cases."""

    stage: StageWord | None = Field(None, description=_("only this stage"))
    client: Code | None = Field(None, description=_("the client's code"))
    declared_from: Moment | None = Field(None, description=_("declared at this moment or later"))
    declared_until: Moment | None = Field(None, description=_("declared before this moment"))


@router.get(
    "/emergencies",
    response=answers(Page[EmergencyOut]),
    url_name="emergencies",
    summary=_("List emergencies"),
)
def emergencies(request: ApiRequest, filters: Query[EmergencyFilters]) -> Page[EmergencyOut]:
    wanted = Q()
    if filters.stage is not None:
        wanted &= Q(stage=filters.stage)
    if filters.client is not None:
        wanted &= Q(client__code=filters.client)
    if filters.declared_from is not None:
        wanted &= Q(declared_at__gte=filters.declared_from)
    if filters.declared_until is not None:
        wanted &= Q(declared_at__lt=filters.declared_until)
    rows: QuerySet[Emergency] = request.auth.emergencies().filter(wanted).select_related(*_SHOWN)
    return page(request, filters, rows, order=("id",), shown=lambda found: [*map(emergency_out, found)])


@router.get(
    "/emergencies/{number}",
    response=answers(EmergencyDetail, is_one=True),
    url_name="emergency",
    summary=_("One emergency with its figures"),
)
def emergency(request: ApiRequest, number: Path[Code]) -> EmergencyDetail:
    return detail_out(case_of(request, number), request.auth)


def case_of(request: ApiRequest, number: str) -> Emergency:
    """One of the cases that the person may see. Raises Http404."""
    get_object_or_404(request.auth.emergencies(), number=number)
    found = emergency_in(request.auth.emergencies(), number)
    assert found is not None
    return found


def emergency_out(row: Emergency) -> EmergencyOut:
    """A case as lists give it."""
    return EmergencyOut(**_facts(row))


def detail_out(row: Emergency, reader: Reader) -> EmergencyDetail:
    """A case with all its figures, as both sides see them on its page."""
    given = assessments_of(row)
    found = so_far(row, given[0] if given else None, now=read_clock())
    return EmergencyDetail(
        **_facts(row),
        estimates=[*map(_estimate_out, given)],
        acceptance=_acceptance_out(row),
        phases=_phases_out(found),
        ceiling_left_minor=found.left if found else None,
        documents=_documents_out(row, reader),
    )


def _facts(row: Emergency) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _PLAIN} | {
        "ticket": row.ticket.number,
        "client": row.client.code,
        "area": row.area.code,
        "stage": Stage(row.stage),
        "lead": person(row.lead),
    }


def _estimate_out(row: Assessment) -> EstimateOut:
    names = set(EstimateOut.model_fields) - {"given_by"}
    return EstimateOut(given_by=str(row.given_by), **{name: getattr(row, name) for name in names})


def _acceptance_out(row: Emergency) -> AcceptanceOut | None:
    accepted = getattr(row, "acceptance", None)
    if accepted is None:
        return None
    return AcceptanceOut(
        estimate=accepted.assessment.number,
        name=accepted.name,
        accepted_at=accepted.accepted_at,
        text_sha256=accepted.text_sha256,
        ceiling_minor=accepted.ceiling,
        currency=accepted.currency,
    )


def _phases_out(found: SoFar | None) -> list[PhaseOut]:
    return [
        PhaseOut(
            phase=each.phase,
            contract=each.contract.number,
            seconds=each.seconds,
            estimate_minutes=each.estimate_minutes,
            price=each.price,
            amount_minor=each.amount,
        )
        for each in (found.phases if found else ())
    ]


def _documents_out(row: Emergency, reader: Reader) -> list[CaseDocumentOut]:
    found = ((document, invoice_of(row, document)) for document in Document)
    return [
        CaseDocumentOut(
            document=document.value,
            invoice=invoice.pk,
            number=invoice.number,
            net_minor=invoice.net,
            total_minor=invoice.total,
            currency=invoice.currency,
        )
        for document, invoice in found
        if invoice is not None and _may_see(reader, invoice)
    ]


def _may_see(reader: Reader, invoice: Invoice) -> bool:
    if reader.contact is None:
        return may_bill(reader.user)
    return contact_sees_invoices(reader.contact) and not invoice.is_draft and not invoice.is_held
