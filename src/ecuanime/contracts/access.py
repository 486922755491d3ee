"""Who may see or change plans and contracts."""

from __future__ import annotations

from django.db.models import QuerySet

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Contact
from ecuanime.contracts.models import BINDING, Contract

_SHOWN = ("client", "version__plan", "version__calendar", "replaces", "renewal_version", "answer")


def may_change_plans(user: User) -> bool:
    """Supervisors and administrators write the catalogue; everybody else of the firm reads it."""
    return user.has_role(Role.SUPERVISOR)


def may_change_contracts(user: User) -> bool:
    """Supervisors and administrators open and end contracts; everybody else of the firm reads them."""
    return user.has_role(Role.SUPERVISOR)


def contracts_seen_by(contact: Contact) -> QuerySet[Contract]:
    """What the contact's own client has accepted."""
    contracts = Contract.objects.filter(client=contact.client_id, state__in=BINDING)
    return contracts.select_related("version__plan")


def offers_seen_by(contact: Contact) -> QuerySet[Contract]:
    """Contracts and everything that was ever offered to the client, for its project leads; nothing for others."""
    if not contact.is_project_lead:
        return Contract.objects.none()
    offered = Contract.objects.filter(client=contact.client_id).exclude(state=Contract.State.DRAFT)
    return offered.select_related(
        "client", "version__plan", "version__calendar", "replaces", "renewal_version", "answer"
    )


def may_answer(contact: Contact, quote: Contract) -> bool:
    """The client's project leads accept and decline what is offered to it."""
    return contact.is_active and contact.is_project_lead and contact.client_id == quote.client_id
