"""Shared reads about plans and contracts."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from ecuanime.clients.models import Client
from ecuanime.contracts.models import Contract, Plan, PlanVersion, WorkType


def plans() -> QuerySet[Plan]:
    """The whole catalogue, those on sale first, each with its versions at hand."""
    raise NotImplementedError


def versions_on_sale() -> QuerySet[PlanVersion]:
    """The newest published version of every plan on sale: what a new contract can accept."""
    raise NotImplementedError


def contracts_of(client: Client) -> QuerySet[Contract]:
    """All contracts of a client, those in force first, with version and plan at hand."""
    raise NotImplementedError


def in_force(client: Client, on: date) -> QuerySet[Contract]:
    """The contracts of a client that cover a local date, the lowest precedence first, with version and plan."""
    raise NotImplementedError


def contract_by_number(number: str) -> Contract:
    """A contract with client, version, plan, calendar and areas at hand; raises `Contract.DoesNotExist`."""
    raise NotImplementedError


def work_types() -> QuerySet[WorkType]:
    """The work types one can choose."""
    raise NotImplementedError
