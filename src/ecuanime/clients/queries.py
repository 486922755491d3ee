"""Shared reads about clients and their people, each with a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Lower

from ecuanime.accounts.models import User
from ecuanime.clients.mail_domains import domain_of
from ecuanime.clients.models import Client, ClientDomain, Contact

PAGE = 50


@dataclass(frozen=True)
class Recognised:
    """Whose mail it is: the client, and the contact when the address itself is known."""

    client: Client
    contact: Contact | None


@dataclass(frozen=True)
class ClientPage:
    """A page of clients by name, and the keys of what comes before and after it (empty at the ends)."""

    clients: list[Client]
    before: str
    after: str


def contact_of(user: User) -> Contact | None:
    """The active contact an account belongs to, with their client; None for people of the firm."""
    return (
        Contact.objects.select_related("client")
        .filter(user=user, is_active=True, client__is_active=True)
        .first()
    )


def recognise(email: str) -> Recognised | None:
    """Whose mail this address sends: a contact's, else by a domain confirmed for one client; None for a stranger.

    The domain must be the confirmed one itself: a subdomain may be anybody's.
    """
    contact = (
        Contact.objects.select_related("client")
        .annotate(address=Lower("email"))
        .filter(address=email.strip().lower(), is_active=True, client__is_active=True)
        .exclude(email="")
        .first()
    )
    if contact is not None:
        return Recognised(contact.client, contact)
    domain = domain_of(email)
    found = (
        ClientDomain.objects.select_related("client").filter(domain=domain, client__is_active=True).first()
        if domain
        else None
    )
    return Recognised(found.client, None) if found else None


def client_by_code(code: str, among: QuerySet[Client]) -> Client:
    """The client that people call by this code, among those one may see; raises `Client.DoesNotExist`."""
    return among.get(code=code)


def client_page(
    among: QuerySet[Client],
    *,
    search: str = "",
    active: bool = True,
    after: str = "",
    before: str = "",
    size: int = PAGE,
) -> ClientPage:
    """The clients by name, `size` at a time, from the key `after` or up to the key `before`.

    `search` finds in names, legal names, codes, tax ids and domains. A key that makes no sense starts anew.
    """
    found = among.filter(is_active=active)
    for word in search.split()[:8]:
        found = found.filter(
            Q(name__icontains=word)
            | Q(legal_name__icontains=word)
            | Q(code__icontains=word)
            | Q(tax_id__istartswith=word)
            | Q(pk__in=ClientDomain.objects.filter(domain__icontains=word).values("client"))
        )
    backwards = not after and _key(before) is not None
    key = _key(after) or _key(before)
    if key is not None:
        found = found.filter(_beyond(*key, backwards=backwards))
    order = ("-name", "-pk") if backwards else ("name", "pk")
    rows = list(found.prefetch_related(_leads()).order_by(*order)[: size + 1])
    has_more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    return ClientPage(
        clients=rows,
        before=_written(rows[0]) if rows and (has_more if backwards else key is not None) else "",
        after=_written(rows[-1]) if rows and (backwards or has_more) else "",
    )


def contacts_of(client: Client, *, with_former: bool = False) -> QuerySet[Contact]:
    """The client's people, project leads first, with their account at hand."""
    people = client.contacts.select_related("user").order_by("-is_active", "-is_project_lead", "name", "pk")
    return people if with_former else people.filter(is_active=True)


def project_leads(client: Client) -> QuerySet[Contact]:
    """The client's people who approve time."""
    return contacts_of(client).filter(is_project_lead=True)


def _leads() -> Prefetch[str]:
    leads = Contact.objects.filter(is_project_lead=True, is_active=True).order_by("name", "pk")
    return Prefetch("contacts", queryset=leads, to_attr="leads")


def _beyond(name: str, pk: int, *, backwards: bool) -> Q:
    if backwards:
        return Q(name__lt=name) | Q(name=name, pk__lt=pk)
    return Q(name__gt=name) | Q(name=name, pk__gt=pk)


def _written(client: Client) -> str:
    return f"{client.pk}.{client.name}"


def _key(written: str) -> tuple[str, int] | None:
    number, dot, name = written.partition(".")
    return (name, int(number)) if dot and number.isdigit() and len(number) < 19 else None
