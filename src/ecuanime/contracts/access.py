"""Who may see or change plans and contracts."""

from __future__ import annotations

from django.db.models import QuerySet

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Contact
from ecuanime.contracts.models import Contract


def may_change_plans(user: User) -> bool:
    """Supervisors and administrators write the catalogue; everybody else of the firm reads it."""
    return user.has_role(Role.SUPERVISOR)


def may_change_contracts(user: User) -> bool:
    """Supervisors and administrators open and end contracts; everybody else of the firm reads them."""
    return user.has_role(Role.SUPERVISOR)


def contracts_seen_by(contact: Contact) -> QuerySet[Contract]:
    """The contracts of the contact's own client."""
    return Contract.objects.filter(client=contact.client_id).select_related("version__plan")
