"""Offers to clients, drafted and sent."""

from __future__ import annotations

from datetime import date

from ecuanime.accounts.models import User
from ecuanime.clients.models import Client
from ecuanime.contracts.actions import draft_quote, send_quote
from ecuanime.contracts.models import Contract
from ecuanime.contracts.offers import Offer
from tests.factories import NOW, make_contact, make_person, make_version

STARTS, UNTIL = date(2026, 12, 1), date(2026, 11, 30)


def make_draft(client: Client, *, by: User | None = None, **fields: object) -> Contract:
    """A draft for a client: from December, to be answered in November."""
    values = {"version": fields.pop("version", None) or make_version()}
    values |= {"starts_on": STARTS, "valid_until": UNTIL} | fields
    return draft_quote(client=client, offer=Offer(**values), by=by or make_person("supervisor"), now=NOW)


def make_quote(client: Client, *, by: User | None = None, **fields: object) -> Contract:
    """An offer that waits for an answer; the client gets a project lead if it has none."""
    if not client.contacts.filter(is_project_lead=True).exists():
        make_contact(client, is_project_lead=True)
    draft = make_draft(client, by=by, **fields)
    return send_quote(quote=draft, by=by or make_person("supervisor"), now=NOW)
