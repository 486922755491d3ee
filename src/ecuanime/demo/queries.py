"""Reads about the demo: who can sign in to it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Contact
from ecuanime.demo.cast import PASSWORD, STAFF
from ecuanime.demo.progress import Progress, progress

__all__ = ["PASSWORD", "Account", "Progress", "demo_accounts", "progress"]

SHOWN_CONTACTS = 3


@dataclass(frozen=True)
class Account:
    """Somebody of the demo one can be: whom, and what they may do, in words."""

    email: str
    name: str
    what: str


def demo_accounts() -> list[Account]:
    """One account for each role of the firm, then three of a client: two that approve, one that only asks."""
    firm = {user.email: user for user in User.objects.filter(email__in=[one.email for one in STAFF])}
    people = [
        Account(person.email, person.name, ", ".join(str(Role(role).label) for role in person.roles))
        for person in STAFF
        if person.email in firm and firm[person.email].is_active
    ]
    return people + [
        Account(contact.email, contact.name, _of_client(contact)) for contact in _contacts() if contact.email
    ]


def _contacts() -> list[Contact]:
    with_access = Contact.objects.filter(user__is_active=True).select_related("client")
    leads = list(
        with_access.filter(is_project_lead=True).order_by("client__code", "pk")[: SHOWN_CONTACTS - 1]
    )
    others = with_access.filter(is_project_lead=False).order_by("client__code", "pk")[:1]
    return [*leads, *others]


def _of_client(contact: Contact) -> str:
    facts = {"client": contact.client.name}
    if not contact.is_project_lead:
        return _("%(client)s, asks and follows their own requests") % facts
    if contact.approves_up_to_minutes is None:
        return _("%(client)s, approves time") % facts
    hours = contact.approves_up_to_minutes // 60
    text = ngettext(
        "%(client)s, approves up to %(hours)d hour a day",
        "%(client)s, approves up to %(hours)d hours a day",
        hours,
    )
    return text % (facts | {"hours": hours})
