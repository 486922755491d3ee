"""Contracts opened and ended, and packs ordered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Field, Path, Schema

from ecuanime.api.contracts import ContractOut, contract_out, router
from ecuanime.api.lists import Code, Key, one_of
from ecuanime.api.reader import ApiRequest, Reader
from ecuanime.api.writing import Given, left_out, line, writes
from ecuanime.billing.access import may_bill
from ecuanime.billing.actions import order_pack
from ecuanime.clients.models import Client
from ecuanime.contracts.access import may_change_contracts
from ecuanime.contracts.actions import open_contract
from ecuanime.contracts.models import Approval, Contract, Overage
from ecuanime.contracts.queries import versions_on_sale
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import ProductArea
from ecuanime.worklog.actions import end_contract


class TermsIn(Given):
    """What is agreed with a client; what is left out is as its plan says."""

    client: Code = Field(description=gettext_noop("the client's code"))
    plan: Code = Field(description=gettext_noop("the code of a plan on sale; its newest version is accepted"))
    starts_on: date
    ends_on: date | None = left_out(gettext_noop("its last day; null when it has none"))
    areas: Annotated[list[Code], Field(max_length=50)] = left_out(
        gettext_noop("codes of product areas; empty: all")
    )
    sites: Annotated[list[Key], Field(max_length=50)] = left_out(
        gettext_noop("ids of the client's sites; empty: all")
    )
    approval: Annotated[Approval, one_of(Approval)] = left_out(gettext_noop("whose approval draws"))
    overage: Annotated[Overage, one_of(Overage)] = left_out(gettext_noop("work that no lot covers"))
    overage_price: Annotated[Decimal | None, Field(ge=0, max_digits=12, decimal_places=4)] = left_out(
        gettext_noop("per hour of what nothing covers")
    )
    overage_limit_minutes: Annotated[int | None, Field(ge=0, le=600_000)] = left_out(
        gettext_noop("overage without asking")
    )
    hours_visible: bool | None = left_out(gettext_noop("whether the client sees the hours left"))


class ContractIn(TermsIn):
    """A contract agreed with a client."""


class ContractEnd(Given):
    """The last day of a contract."""

    ends_on: date = Field(description=gettext_noop("inclusive; work done until then is still rated by it"))
    reason: Annotated[str, line(300)] = ""


class PackIn(Given):
    """A pack ordered: its quantity is granted and a draft charges it."""

    quantity: Annotated[int, Field(ge=1, le=100_000)] = Field(description=gettext_noop("hours or incidents"))
    starts_on: date | None = Field(None, description=gettext_noop("null for today"))
    usable_at_once: bool = Field(False, description=gettext_noop("false: once its document is issued"))


class OrderOut(Schema):
    """What an order made."""

    lot: str = Field(description=gettext_noop("the code of what was granted"))
    invoice: Key = Field(description=gettext_noop("the id of the draft that charges it"))


def changes_contracts(reader: Reader) -> bool:
    return may_change_contracts(reader.user)


@writes(
    router,
    "POST",
    "/contracts",
    ContractOut,
    may=changes_contracts,
    url_name="contracts",
    summary=gettext_noop("Open a contract"),
    status=201,
)
def new_contract(request: ApiRequest, given: ContractIn) -> ContractOut:
    client, wanted = terms_in(request, given)
    kept = open_contract(client=client, recorded_by=request.auth.user, now=read_clock(), **wanted)
    return contract_out(kept)


def terms_in(request: ApiRequest, given: TermsIn) -> tuple[Client, dict[str, Any]]:
    """The client and what was sent, its plan, areas and sites looked up.

    Refused: `unknown_plan`, `unknown_area`, `unknown_site`.
    """
    wanted = given.changes()
    client = get_object_or_404(request.auth.clients(), code=wanted.pop("client"))
    version = versions_on_sale().filter(plan__code=wanted.pop("plan")).first()
    if version is None:
        raise Refused("unknown_plan", _("There is no such plan on sale."))
    codes = set(wanted.pop("areas", []))
    areas = list(ProductArea.objects.filter(code__in=codes))
    if len(areas) < len(codes):
        raise Refused("unknown_area", _("There is no such product area."))
    keys = set(wanted.pop("sites", []))
    sites = list(client.sites.filter(pk__in=keys))
    if len(sites) < len(keys):
        raise Refused("unknown_site", _("There is no such site of this client."))
    return client, wanted | {"version": version, "areas": tuple(areas), "sites": tuple(sites)}


@writes(
    router,
    "POST",
    "/contracts/{number}/end",
    ContractOut,
    may=changes_contracts,
    url_name="contract_end",
    summary=gettext_noop("End a contract"),
)
def finish_contract(request: ApiRequest, number: Path[Code], given: ContractEnd) -> ContractOut:
    kept = end_contract(contract=_contract(request, number), now=read_clock(), **given.model_dump())
    return contract_out(_contract(request, kept.number))


@writes(
    router,
    "POST",
    "/contracts/{number}/packs",
    OrderOut,
    may=lambda reader: may_bill(reader.user),
    url_name="contract_packs",
    summary=gettext_noop("Order a pack"),
    status=201,
)
def new_pack(request: ApiRequest, number: Path[Code], given: PackIn) -> OrderOut:
    charge = order_pack(
        contract=_contract(request, number),
        quantity=given.quantity,
        starts_on=given.starts_on,
        usable_at_once=given.usable_at_once,
        by=request.auth.user,
        idempotency_key=request.once,
        now=read_clock(),
    )
    assert charge.lot  # an order of a pack grants it
    return OrderOut(lot=charge.lot.code, invoice=charge.lines.get().invoice_id)


def _contract(request: ApiRequest, number: str) -> Contract:
    rows = request.auth.contracts().select_related("client", "version__plan")
    return get_object_or_404(rows, number=number)
