"""Clients and their people."""

from __future__ import annotations

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Field, Path, Query, Router, Schema

from ecuanime.api.lists import Code, Filters, Key, Moment, Page, answers, page
from ecuanime.api.reader import ApiRequest
from ecuanime.clients.models import Client, Contact, Site

router = Router(tags=[_("Clients")])
ACTIVE = _("true: those of today; false: former ones")


class SiteOut(Schema):
    """A place of a client where work is done."""

    id: int
    name: str
    address: str
    city: str


class ClientOut(Schema):
    """An organisation that is served."""

    code: str = Field(description=_("what people say: C-0107"))
    name: str
    legal_name: str
    tax_id: str
    kind: str = Field(description=_("how it is taxed: business or consumer"))
    in_retail_scheme: bool = Field(description=_("pays Spain's equivalence surcharge on goods"))
    address: str
    postcode: str
    city: str
    region: str
    country: str = Field(description=_("two letters, ISO 3166"))
    language: str
    time_zone: str
    currency: str = Field(description=_("three letters, ISO 4217"))
    invoice_email: str
    is_active: bool
    created_at: Moment
    sites: list[SiteOut]


class ContactOut(Schema):
    """A person of a client."""

    id: int
    client: str = Field(description=_("the client's code"))
    name: str
    email: str
    phone: str
    job: str
    language: str
    is_project_lead: bool = Field(description=_("approves time"))
    sees_invoices: bool
    signs_in: bool = Field(description=_("has an account for the portal"))
    is_active: bool
    created_at: Moment


class ClientFilters(Filters):
    """Which clients."""

    is_active: bool | None = Field(None, description=ACTIVE)
    created_since: Moment | None = Field(None, description=_("taken on at this moment or later"))


class ContactFilters(Filters):
    """Which people."""

    client: Code | None = Field(None, description=_("the client's code"))
    is_active: bool | None = Field(None, description=ACTIVE)


@router.get("/clients", response=answers(Page[ClientOut]), url_name="clients", summary=_("List clients"))
def clients(request: ApiRequest, filters: Query[ClientFilters]) -> Page[ClientOut]:
    wanted = Q()
    if filters.is_active is not None:
        wanted &= Q(is_active=filters.is_active)
    if filters.created_since is not None:
        wanted &= Q(created_at__gte=filters.created_since)
    rows = request.auth.clients().filter(wanted).prefetch_related("sites")
    return page(request, filters, rows, order=("id",), shown=lambda found: [*map(client_out, found)])


@router.get(
    "/clients/{code}", response=answers(ClientOut, is_one=True), url_name="client", summary=_("One client")
)
def client(request: ApiRequest, code: Path[Code]) -> ClientOut:
    return client_out(get_object_or_404(request.auth.clients(), code=code))


@router.get(
    "/contacts", response=answers(Page[ContactOut]), url_name="contacts", summary=_("List people of clients")
)
def contacts(request: ApiRequest, filters: Query[ContactFilters]) -> Page[ContactOut]:
    wanted = Q()
    if filters.client is not None:
        wanted &= Q(client__code=filters.client)
    if filters.is_active is not None:
        wanted &= Q(is_active=filters.is_active)
    rows = request.auth.contacts().filter(wanted).select_related("client")
    return page(request, filters, rows, order=("id",), shown=lambda found: [*map(contact_out, found)])


@router.get(
    "/contacts/{id}",
    response=answers(ContactOut, is_one=True),
    url_name="contact",
    summary=_("One person of a client"),
)
def contact(request: ApiRequest, id: Path[Key]) -> ContactOut:
    return contact_out(get_object_or_404(request.auth.contacts().select_related("client"), pk=id))


def client_out(row: Client) -> ClientOut:
    """A client as programs get it; the team's notes stay with the team."""
    plain = {name: getattr(row, name) for name in ClientOut.model_fields if name != "sites"}
    return ClientOut(**plain, sites=[_site_out(site) for site in row.sites.all()])


def _site_out(row: Site) -> SiteOut:
    return SiteOut(**{name: getattr(row, name) for name in SiteOut.model_fields})


def contact_out(row: Contact) -> ContactOut:
    """A person of a client as programs get them."""
    own = {name: getattr(row, name) for name in ContactOut.model_fields if name not in {"client", "signs_in"}}
    return ContactOut(**own, client=row.client.code, signs_in=row.user_id is not None)
