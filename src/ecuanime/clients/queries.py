"""Shared reads about clients and their people, each with a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Lower

from ecuanime.accounts.models import User
from ecuanime.clients.access import visible_clients
from ecuanime.clients.mail_domains import domain_of
from ecuanime.clients.models import CONTACT_WORDS, Client, ClientDomain, Contact, Site, Substitution
from ecuanime.foundation.paging import Page, page_of
from ecuanime.foundation.prepared import prepared
from ecuanime.foundation.remembering import remembered
from ecuanime.foundation.words import plain_words
from ecuanime.rules.calendars import local_date

PAGE = 50
MOST_WORDS = 8
ASKING = 50


@dataclass(frozen=True)
class Recognised:
    """Whose mail it is: the client, and the contact when the address itself is known."""

    client: Client
    contact: Contact | None


def contact_of(user: User) -> Contact | None:
    """The active contact an account belongs to, with their client; None for people of the firm."""
    return next(iter(_contacts(user=user.pk)), None)


@prepared
def _contacts(*, user: int) -> QuerySet[Contact]:
    known = Contact.objects.select_related("client")
    return known.filter(user=user, is_active=True, client__is_active=True).order_by("pk")[:1]


@remembered
def recognise(email: str) -> Recognised | None:
    """Whose mail this address sends: a contact's, else by a domain confirmed for one client; None for a stranger.

    The domain must be the confirmed one itself: a subdomain may be anybody's.
    """
    return recognise_all([email])[email]


def recognise_all(emails: Collection[str]) -> dict[str, Recognised | None]:
    """The same of many addresses, in two queries."""
    plain = {email: email.strip().lower() for email in emails}
    contacts = Contact.objects.select_related("client").annotate(address=Lower("email"))
    known = contacts.filter(address__in={*plain.values()} - {""}, is_active=True, client__is_active=True)
    by_address = {contact.address: contact for contact in known.order_by("-pk")}
    domains = {email: domain_of(email) for email, address in plain.items() if address not in by_address}
    found = ClientDomain.objects.select_related("client").filter(client__is_active=True)
    by_domain = {row.domain: row.client for row in found.filter(domain__in={*domains.values()} - {None})}
    return {
        email: _recognised(by_address.get(plain[email]), by_domain.get(domains.get(email) or ""))
        for email in plain
    }


def _recognised(contact: Contact | None, client: Client | None) -> Recognised | None:
    if contact is not None:
        return Recognised(contact.client, contact)
    return Recognised(client, None) if client else None


def client_by_code(code: str, among: QuerySet[Client]) -> Client:
    """The client that people call by this code, among those one may see; raises `Client.DoesNotExist`."""
    return among.get(code=code)


def client_page(
    among: QuerySet[Client], *, search: str = "", active: bool = True, after: str = "", size: int = PAGE
) -> Page[Client]:
    """The clients by name, `size` at a time, after the cursor of the page before; each with its `leads` at hand.

    `search` finds in names, legal names, codes, tax ids and domains; every word must be found.
    """
    found = _with_words(among.filter(is_active=active), search.split()[:MOST_WORDS])
    leads = Contact.objects.filter(is_project_lead=True, is_active=True).order_by("name", "pk")
    with_leads = found.prefetch_related(Prefetch("contacts", queryset=leads, to_attr="leads"))
    return page_of(with_leads, order=("name", "id"), after=after, size=size)


def clients_named(user: User, text: str, *, limit: int) -> list[Client]:
    """The first of those that `client_page` finds among the clients `user` may see; their names and codes alone."""
    words = text.split()[:MOST_WORDS]
    if user.is_of_firm:
        return _named_of_firm(len(words), limit, **_numbered(words))
    return list(_named(visible_clients(user), words, limit))


@prepared
def _named_of_firm(count: int, limit: int, /, **words: Any) -> QuerySet[Client]:
    return _named(Client.objects.all(), list(words.values()), limit)


def _named(among: QuerySet[Client], words: Sequence[Any], limit: int) -> QuerySet[Client]:
    return (
        _with_words(among.filter(is_active=True), words).only("name", "code").order_by("name", "id")[:limit]
    )


def _numbered(words: Sequence[str]) -> dict[str, str]:
    return {f"word_{number}": word for number, word in enumerate(words)}


def _with_words(clients: QuerySet[Client], words: Iterable[Any]) -> QuerySet[Client]:
    for word in words:
        clients = clients.filter(
            Q(name__mentions=word)
            | Q(legal_name__mentions=word)
            | Q(code__mentions=word)
            | Q(tax_id__opens_with=word)
            | Q(pk__in=ClientDomain.objects.filter(domain__mentions=word).values("client"))
        )
    return clients


def contacts_of(client: Client, *, with_former: bool = False) -> QuerySet[Contact]:
    """The client's people, project leads first, with their account at hand."""
    people = client.contacts.select_related("user").order_by("-is_active", "-is_project_lead", "name", "pk")
    return people if with_former else people.filter(is_active=True)


def contacts_at_hand(client: Client) -> list[Contact]:
    """The client's people who may ask for something, project leads first, with their account at hand; at most 50."""
    return _contacts_of(client=client.pk)


@prepared
def _contacts_of(*, client: int) -> QuerySet[Contact]:
    people = Contact.objects.filter(client=client, is_active=True).select_related("user")
    return people.order_by("-is_project_lead", "name", "pk")[:ASKING]


def sites_at_hand(client: Client) -> list[Site]:
    """The places of a client where work is done, by name."""
    return _sites(client=client.pk)


@prepared
def _sites(*, client: int) -> QuerySet[Site]:
    return Site.objects.filter(client=client).order_by("name", "pk")


def sites_of(client: Client) -> QuerySet[Site]:
    """The places of a client where work is done, by name."""
    return client.sites.order_by("name", "pk")


def sites_called(codes: Collection[str]) -> dict[str, str]:
    """What these sites are called, by their codes; in one query."""
    keys = [int(code) for code in codes if code.isdecimal()]
    return {site.code: site.name for site in Site.objects.filter(pk__in=keys)}


def people_named(user: User, text: str, *, limit: int) -> list[Contact]:
    """People of clients that `user` may see whose name or address has words that begin with all of these, by name.

    Accents do not count.
    """
    words = plain_words(text).split()[:MOST_WORDS]
    if not words:
        return []
    beginnings = " & ".join(f"{word}:*" for word in words)
    if user.is_of_firm:
        return _people_of_all(limit, beginnings=beginnings)
    return list(_people(beginnings).filter(client__in=visible_clients(user))[:limit])


@prepared
def _people_of_all(limit: int, /, *, beginnings: str) -> QuerySet[Contact]:
    return _people(beginnings)[:limit]


def _people(beginnings: str) -> QuerySet[Contact]:
    wanted = SearchQuery(beginnings, config="simple", search_type="raw")
    named = Contact.objects.alias(words=CONTACT_WORDS).filter(words=wanted, is_active=True)
    shown = named.select_related("client").only("name", "email", "phone", "client__name", "client__code")
    return shown.order_by("name", "pk")


def project_leads(client: Client) -> QuerySet[Contact]:
    """The client's people who approve time."""
    return contacts_of(client).filter(is_project_lead=True)


def stands_in_for(contact: Contact, *, now: datetime) -> Contact | None:
    """The project lead for whom a contact may approve today, the client's date; None for nobody."""
    today = local_date(now, contact.client.time_zone)
    found = (
        _in_force(today)
        .filter(substitute=contact, lead__is_project_lead=True, lead__is_active=True)
        .select_related("lead__client")
        .first()
    )
    return found.lead if found else None


def approvers_of(client: Client, *, now: datetime) -> list[Contact]:
    """Who approves the client's time today: its project leads, and those who stand in for one."""
    today = local_date(now, client.time_zone)
    standing_in = _in_force(today).filter(
        lead__client=client, lead__is_project_lead=True, lead__is_active=True
    )
    people = contacts_of(client).filter(Q(is_project_lead=True) | Q(pk__in=standing_in.values("substitute")))
    return list(people)


def substitutions_of(lead: Contact, *, now: datetime) -> QuerySet[Substitution]:
    """Who stands in for a lead, now or later, the earliest first."""
    today = local_date(now, lead.client.time_zone)
    rows = Substitution.objects.filter(lead=lead, cancelled_at=None, last_day__gte=today)
    return rows.select_related("substitute").order_by("first_day", "pk")


def _in_force(on: date) -> QuerySet[Substitution]:
    return Substitution.objects.filter(
        cancelled_at=None, first_day__lte=on, last_day__gte=on, substitute__is_active=True
    ).order_by("pk")
