"""Shared reads about plans and contracts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, Value, When

from ecuanime.clients.models import Client, Site
from ecuanime.contracts.course import successor_of
from ecuanime.contracts.models import BINDING, Contract, CoverageCalendar, Plan, PlanVersion, WorkType
from ecuanime.foundation.paging import Page, page_of
from ecuanime.foundation.remembering import remembered
from ecuanime.rules.calendars import local_date
from ecuanime.rules.contracts import Candidate, Reason, State, choose, is_open
from ecuanime.staff.models import ProductArea

_ROWS = (
    "fees",
    "grants__areas",
    "grants__work_types",
    "covers__area",
    "covers__work_type",
    "level_weights",
    "tiers",
    "rates__area",
    "rates__work_type",
    "weights__work_type",
    "surcharges",
    "calendar__bands",
    "service_level__calendar__bands",
    "service_level__targets",
)

_ENDED_LAST = Case(When(state=Contract.State.ENDED, then=Value(1)), default=Value(0))


def plans() -> QuerySet[Plan]:
    """The whole catalogue, those on sale first, each with its versions (newest first) and their prices at hand."""
    versions = PlanVersion.objects.order_by("-number").prefetch_related("fees", "grants", "tiers", "rates")
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


def newest_version(plan: Plan) -> PlanVersion:
    """What the plan says today, to whoever buys now; raises `PlanVersion.DoesNotExist` for one never published."""
    published = PlanVersion.objects.filter(plan=plan, published_at__isnull=False)
    return published.select_related("plan").order_by("-number")[:1].get()


def contracts_of(client: Client) -> QuerySet[Contract]:
    """All that a client has accepted, what is or will be in force first, with version and plan at hand."""
    contracts = Contract.objects.filter(client=client, state__in=BINDING).select_related("version__plan")
    return contracts.order_by(_ENDED_LAST, "precedence", "-starts_on", "id")


def quotes_of(client: Client) -> QuerySet[Contract]:
    """What is being offered to a client: drafts and quotes that wait for an answer, the newest first."""
    waiting = (Contract.State.DRAFT, Contract.State.QUOTED)
    quotes = Contract.objects.filter(client=client, state__in=waiting).select_related("version__plan")
    return quotes.order_by("-id")


def offers_waiting(offers: QuerySet[Contract], *, now: datetime) -> list[Contract]:
    """Those of some offers that can be answered today, what lapses first coming first."""
    quoted = offers.filter(state=Contract.State.QUOTED)
    ordered = quoted.order_by(F("valid_until").asc(nulls_last=True), "id")
    return [
        quote
        for quote in ordered[:50]
        if is_open(State(quote.state), quote.valid_until, local_date(now, quote.time_zone))
    ]


def replaceable_contracts(client: Client) -> QuerySet[Contract]:
    """What a client has accepted, has not ended, and has no accepted successor."""
    taken = Contract.objects.filter(replaces__isnull=False, state__in=BINDING).values("replaces")
    return contracts_of(client).exclude(state=Contract.State.ENDED).exclude(pk__in=taken)


def due_contracts(now: datetime, *, most: int = 200) -> QuerySet[Contract]:
    """The contracts whose next step has fallen due, the longest waiting first."""
    return Contract.objects.filter(next_due_at__lte=now).order_by("next_due_at", "id")[:most]


def in_force(client: Client, on: date) -> QuerySet[Contract]:
    """The contracts of a client that cover a local date, the lowest precedence first, with version and plan."""
    covering = Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gte=on))
    accepted = Contract.objects.filter(covering, client=client, state__in=BINDING)
    contracts = accepted.select_related("version__plan")
    return contracts.order_by("precedence", "starts_on", "id")


@dataclass(frozen=True)
class Judged:
    """A contract that work might fall under, and why it does or does not."""

    contract: Contract
    reason: Reason


def choice_for(client: Client, *, area: ProductArea | None, site: Site | None, at: datetime) -> list[Judged]:
    """What every contract of a client has to say about work in an area and at a site at an instant, in order of
    precedence.

    At most one is chosen: see `rules.contracts.choose`. Three queries, areas, sites and plans included.
    """
    contracts = {row.pk: row for row in accepted_by(client)}
    candidates = map(partial(_candidate, at=at), contracts.values())
    verdicts = choose(candidates, area.pk if area else None, site.pk if site else None)
    return [Judged(contracts[verdict.id], verdict.reason) for verdict in verdicts]


@remembered
def accepted_by(client: Client) -> list[Contract]:
    """What a client has accepted and work may fall under some day, with version, plan, areas and sites."""
    return accepted_by_all([client])[client]


def accepted_by_all(clients: Collection[Client]) -> dict[Client, list[Contract]]:
    """The same of many clients, in three queries."""
    accepted = Contract.objects.filter(client__in=clients, state__in=BINDING)
    dated = accepted.exclude(state=Contract.State.ENDED, ends_on=None)
    found: dict[Client, list[Contract]] = {client: [] for client in clients}
    by_id = {client.pk: client for client in clients}
    for contract in dated.select_related("version__plan").prefetch_related("areas", "sites"):
        found[by_id[contract.client_id]].append(contract)
    return found


def contract_that_fits(
    client: Client, *, area: ProductArea | None, site: Site | None, at: datetime
) -> Contract | None:
    """The contract that work in an area and at a site at an instant falls under, if there is one."""
    judged = choice_for(client, area=area, site=site, at=at)
    return next((each.contract for each in judged if each.reason == Reason.CHOSEN), None)


def in_place_of(contract: Contract, on: date) -> Contract:
    """The contract in whose place another may have come by a day, or gone: whichever of the chain covers that day.

    It is the contract itself where it covers the day, or where nothing else of its chain does.
    """
    found: Contract | None = contract
    while found is not None and on < found.starts_on:
        found = found.replaces
    while found is not None and found.ends_on is not None and found.ends_on < on:
        found = successor_of(found)
    return found if found is not None and found.is_binding and found.starts_on <= on else contract


def ordered_contracts(client: Client) -> QuerySet[Contract]:
    """What a client has accepted and has not ended, in the order in which work falls under it."""
    running = Contract.objects.filter(client=client, state__in=BINDING).exclude(state=Contract.State.ENDED)
    return (
        running.select_related("version__plan")
        .prefetch_related("areas", "sites")
        .order_by("precedence", "id")
    )


def _candidate(contract: Contract, at: datetime) -> Candidate:
    return Candidate(
        id=contract.pk,
        precedence=contract.precedence,
        worked_on=local_date(at, contract.time_zone),
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        areas=frozenset(area.pk for area in contract.areas.all()),
        sites=frozenset(site.pk for site in contract.sites.all()),
    )


def contract_by_number(number: str) -> Contract:
    """A contract with client, version, plan, calendar, areas and sites at hand; raises `Contract.DoesNotExist`."""
    contracts = Contract.objects.select_related(
        "client",
        "version__plan",
        "version__calendar",
        "accepted_by",
        "recorded_by",
        "replaces",
        "supersedes",
        "renewal_version",
        "settled_by",
        "answer",
    )
    return contracts.prefetch_related("areas", "sites").get(number=number)


def contract_page(
    clients: QuerySet[Client], *, states: Collection[str] = (Contract.State.ACTIVE,), after: str = ""
) -> Page[Contract]:
    """Contracts of these clients in some states for a list, the newest first."""
    contracts = Contract.objects.filter(client__in=clients).select_related("client", "version__plan")
    return contracts_in(contracts, states, after=after, size=50)


def contracts_in(
    contracts: QuerySet[Contract], states: Collection[str], *, after: str = "", size: int = 20
) -> Page[Contract]:
    """Those of some contracts that stand in these states, the newest first."""
    return page_of(contracts.filter(state__in=states), order=("-id",), after=after, size=size)


def contract_counts(clients: QuerySet[Client]) -> dict[str, int]:
    """How many contracts of these clients stand in each state; a state without any is left out."""
    rows = Contract.objects.filter(client__in=clients).values("state").annotate(count=Count("pk")).order_by()
    return {row["state"]: row["count"] for row in rows}


def contracts_with_due_period(now: datetime, *, limit: int = 100) -> list[Contract]:
    """Contracts whose next period is to be opened, the longest due first, with their version."""
    due = Contract.objects.filter(next_period_at__lte=now).select_related("version")
    return list(due.order_by("next_period_at", "id")[:limit])


def work_types() -> QuerySet[WorkType]:
    """The work types one can choose."""
    return WorkType.objects.filter(is_active=True)
