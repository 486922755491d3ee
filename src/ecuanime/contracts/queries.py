"""Shared reads about plans and contracts."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from ecuanime.clients.models import Client
from ecuanime.contracts.models import Contract, CoverageCalendar, Plan, PlanVersion, WorkType
from ecuanime.foundation.paging import Page, page_of

_ROWS = (
    "grants__areas",
    "tiers",
    "rates__area",
    "rates__work_type",
    "weights__work_type",
    "surcharges",
    "calendar__bands",
)


def plans() -> QuerySet[Plan]:
    """The whole catalogue, those on sale first, each with its versions (newest first) and their prices at hand."""
    versions = PlanVersion.objects.order_by("-number").prefetch_related("grants", "tiers", "rates")
    catalogue = Plan.objects.annotate(contract_count=Count("versions__contracts"))
    return catalogue.prefetch_related(Prefetch("versions", versions)).order_by("-is_on_sale", "kind", "code")


def versions_of(plan: Plan) -> QuerySet[PlanVersion]:
    """The plan's versions, the newest first, with every row at hand that their words and example need."""
    versions = PlanVersion.objects.filter(plan=plan).select_related("plan", "calendar", "published_by")
    return versions.prefetch_related(*_ROWS).order_by("-number")


def with_rows(contract: Contract) -> PlanVersion:
    """The version a contract accepted, with every row at hand that its words need."""
    return versions_of(contract.version.plan).get(pk=contract.version_id)


def calendars() -> QuerySet[CoverageCalendar]:
    """The coverage calendars a plan can name."""
    return CoverageCalendar.objects.order_by("name")


def versions_on_sale() -> QuerySet[PlanVersion]:
    """The newest published version of every plan on sale: what a new contract can accept."""
    published = PlanVersion.objects.filter(plan__is_on_sale=True, published_at__isnull=False)
    newest = published.order_by("plan_id", "-number").distinct("plan_id").values("pk")
    return PlanVersion.objects.filter(pk__in=newest).select_related("plan", "calendar").order_by("plan__code")


def contracts_of(client: Client) -> QuerySet[Contract]:
    """All contracts of a client, the active ones first, with version and plan at hand."""
    contracts = Contract.objects.filter(client=client).select_related("version__plan")
    return contracts.order_by("state", "precedence", "-starts_on", "id")


def in_force(client: Client, on: date) -> QuerySet[Contract]:
    """The contracts of a client that cover a local date, the lowest precedence first, with version and plan."""
    covering = Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gte=on))
    contracts = Contract.objects.filter(covering, client=client).select_related("version__plan")
    return contracts.order_by("precedence", "starts_on", "id")


def contract_by_number(number: str) -> Contract:
    """A contract with client, version, plan, calendar and areas at hand; raises `Contract.DoesNotExist`."""
    contracts = Contract.objects.select_related(
        "client", "version__plan", "version__calendar", "accepted_by", "recorded_by"
    )
    return contracts.prefetch_related("areas").get(number=number)


def contract_page(clients: QuerySet[Client], *, ended: bool = False, after: str = "") -> Page[Contract]:
    """Contracts of these clients for a list, the newest first: those that run, or those that have ended."""
    state = Contract.State.ENDED if ended else Contract.State.ACTIVE
    contracts = Contract.objects.filter(state=state, client__in=clients)
    return page_of(contracts.select_related("client", "version__plan"), order=("-id",), after=after)


def work_types() -> QuerySet[WorkType]:
    """The work types one can choose."""
    return WorkType.objects.filter(is_active=True)
