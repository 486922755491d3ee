"""Shared reads about plans and contracts."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Prefetch, Q, QuerySet

from ecuanime.clients.models import Client
from ecuanime.contracts.models import Contract, Plan, PlanVersion, WorkType


def plans() -> QuerySet[Plan]:
    """The whole catalogue, those on sale first, each with its versions (newest first) and their prices at hand."""
    versions = PlanVersion.objects.order_by("-number").prefetch_related("grants", "tiers", "rates")
    return Plan.objects.prefetch_related(Prefetch("versions", versions)).order_by(
        "-is_on_sale", "kind", "code"
    )


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


def contracts_by_number() -> QuerySet[Contract]:
    """Every contract for a list, the active ones first and the newest first among them."""
    contracts = Contract.objects.select_related("client", "version__plan")
    return contracts.order_by(F("state").asc(), "-id")


def work_types() -> QuerySet[WorkType]:
    """The work types one can choose."""
    return WorkType.objects.filter(is_active=True)
