"""Clients and their people, taken on and changed."""

from __future__ import annotations

from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Field, Path

from ecuanime.accounts.models import Language
from ecuanime.api.clients import ClientOut, ContactOut, client_out, contact_out, router
from ecuanime.api.errors import NotAllowed
from ecuanime.api.lists import Code, Key, one_of
from ecuanime.api.reader import ApiRequest
from ecuanime.api.writing import Country, Currency, Given, left_out, line, writes
from ecuanime.clients.access import may_change_contact, may_manage_clients, may_note_contacts
from ecuanime.clients.actions import (
    add_contact,
    create_client,
    set_client_active,
    set_contact_active,
    set_rights,
    update_client,
    update_contact,
)
from ecuanime.clients.models import Client, Contact
from ecuanime.foundation.clock import read_clock

KindWord = Annotated[Client.Kind, one_of(Client.Kind)]
LanguageWord = Annotated[Language, one_of(Language)]
Limit = Annotated[int, Field(ge=0, le=2**31 - 1)]
_RIGHTS = ("is_project_lead", "sees_invoices", "approves_up_to_minutes", "approves_up_to_amount")


class ClientChange(Given):
    """What changes of a client; what is left out stays."""

    name: Annotated[str, line(160)] = left_out()
    legal_name: Annotated[str, line(200)] = left_out()
    tax_id: Annotated[str, line(30)] = left_out()
    kind: KindWord = left_out(_("how it is taxed"))
    in_retail_scheme: bool = left_out(_("pays Spain's equivalence surcharge on goods"))
    address: Annotated[str, line(200)] = left_out()
    postcode: Annotated[str, line(12)] = left_out()
    city: Annotated[str, line(80)] = left_out()
    region: Annotated[str, line(80)] = left_out()
    country: Country = left_out()
    language: LanguageWord = left_out()
    time_zone: Annotated[str, line(60)] = left_out(_("as in Europe/Madrid"))
    currency: Currency = left_out()
    invoice_email: Annotated[str, line(254)] = left_out()


class ClientIn(ClientChange):
    """A client to be taken on; what is left out is as the firm's."""

    name: Annotated[str, line(160)]


class ClientChangeOrStop(ClientChange):
    """What changes of a client, and whether it is still served."""

    is_active: bool = left_out(_("false: a former one, whose people cannot open the portal"))


class ContactChange(Given):
    """What changes of a person; what is left out stays."""

    name: Annotated[str, line(120)] = left_out()
    email: Annotated[str, line(254)] = left_out()
    phone: Annotated[str, line(30)] = left_out()
    job: Annotated[str, line(80)] = left_out()
    language: LanguageWord = left_out()
    is_project_lead: bool = left_out(_("approves time"))
    sees_invoices: bool = left_out()
    approves_up_to_minutes: Limit | None = left_out(_("a day; null for no limit"))
    approves_up_to_amount: Limit | None = left_out(_("a day, in minor units; null for no limit"))


class ContactIn(ContactChange):
    """A person to be noted; nobody is written to."""

    client: Code = Field(description=_("the client's code"))
    name: Annotated[str, line(120)]


class ContactChangeOrLeave(ContactChange):
    """What changes of a person, and whether they are still there."""

    is_active: bool = left_out(_("false: they left, and cannot open the portal"))


@writes(
    router,
    "POST",
    "/clients",
    ClientOut,
    may=lambda reader: may_manage_clients(reader.user),
    url_name="clients",
    summary=_("Take a client on"),
    status=201,
)
def new_client(request: ApiRequest, given: ClientIn) -> ClientOut:
    return client_out(create_client(now=read_clock(), **given.changes()))


@writes(
    router,
    "PATCH",
    "/clients/{code}",
    ClientOut,
    may=lambda reader: may_manage_clients(reader.user),
    url_name="client",
    summary=_("Change a client"),
)
def change_client(request: ApiRequest, code: Path[Code], given: ClientChangeOrStop) -> ClientOut:
    now, changes = read_clock(), given.changes()
    kept = get_object_or_404(request.auth.clients(), code=code)
    if "is_active" in changes:
        kept = set_client_active(client=kept, active=changes.pop("is_active"), now=now)
    return client_out(update_client(client=kept, now=now, **changes))


@writes(
    router,
    "POST",
    "/contacts",
    ContactOut,
    may=lambda reader: may_note_contacts(reader.user),
    url_name="contacts",
    summary=_("Note a person of a client"),
    status=201,
)
def new_contact(request: ApiRequest, given: ContactIn) -> ContactOut:
    now, changes = read_clock(), given.changes()
    client = get_object_or_404(request.auth.clients(), code=changes.pop("client"))
    rights = _rights_in(request, changes)
    contact = add_contact(client=client, now=now, **changes)
    return contact_out(_with_rights(contact, rights, now))


@writes(
    router,
    "PATCH",
    "/contacts/{id}",
    ContactOut,
    may=lambda reader: may_note_contacts(reader.user),
    url_name="contact",
    summary=_("Change a person of a client"),
)
def change_contact(request: ApiRequest, id: Path[Key], given: ContactChangeOrLeave) -> ContactOut:
    now, changes = read_clock(), given.changes()
    kept = get_object_or_404(request.auth.contacts().select_related("client"), pk=id)
    if not may_change_contact(request.auth.user, kept):
        raise NotAllowed
    rights = _rights_in(request, changes)
    if "is_active" in changes:
        _require_manager(request)
        kept = set_contact_active(contact=kept, active=changes.pop("is_active"), now=now)
    return contact_out(_with_rights(update_contact(contact=kept, now=now, **changes), rights, now))


def _rights_in(request: ApiRequest, changes: dict[str, Any]) -> dict[str, Any]:
    """Take the rights out of the changes; they are given by those who manage clients alone."""
    rights = {name: changes.pop(name) for name in _RIGHTS if name in changes}
    if rights:
        _require_manager(request)
    return rights


def _require_manager(request: ApiRequest) -> None:
    if not may_manage_clients(request.auth.user):
        raise NotAllowed


def _with_rights(contact: Contact, rights: dict[str, Any], now: Any) -> Contact:
    if not rights:
        return contact
    before = {name: getattr(contact, name) for name in _RIGHTS}
    return set_rights(contact=contact, now=now, **before | rights)
