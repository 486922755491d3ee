"""Reads about the demo: whom one can be in it, and how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecuanime.accounts.models import Role
from ecuanime.demo.cast import PASSWORD, STAFF, Customer, Someone
from ecuanime.demo.customers import CUSTOMERS
from ecuanime.demo.progress import Progress, progress

__all__ = ["PASSWORD", "Account", "Progress", "demo_accounts", "progress"]


@dataclass(frozen=True)
class Account:
    """Somebody of the demo one can be: their address, their name, and what they may do, in words."""

    email: str
    name: str
    what: str


def demo_accounts() -> tuple[Account, ...]:
    """Everybody of the firm, then three of its clients: two that approve, one that only asks.

    Told by the cast, without the database: it is read on every page of the demo.
    """
    firm = [
        Account(one.email, one.name, ", ".join(str(Role(role).label) for role in one.roles)) for one in STAFF
    ]
    clients = [
        Account(f"{someone.mail}@{customer.domain}", someone.name, _of_client(customer, someone))
        for customer, someone in _shown()
    ]
    return (*firm, *clients)


def _shown() -> Iterator[tuple[Customer, Someone]]:
    first = CUSTOMERS[0]
    yield from ((first, someone) for someone in first.people if someone.is_lead)
    everybody = ((customer, someone) for customer in CUSTOMERS for someone in customer.people)
    yield next(
        (customer, someone) for customer, someone in everybody if someone.signs_in and not someone.is_lead
    )


def _of_client(customer: Customer, someone: Someone) -> str:
    facts = {"client": customer.name}
    if not someone.is_lead:
        return _("%(client)s, follows their own requests") % facts
    if someone.limit is None:
        return _("%(client)s, approves time") % facts
    hours = someone.limit // 60
    text = ngettext(
        "%(client)s, approves up to %(hours)d hour a day",
        "%(client)s, approves up to %(hours)d hours a day",
        hours,
    )
    return text % {**facts, "hours": hours}
