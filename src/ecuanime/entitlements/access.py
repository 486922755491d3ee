"""Who may see or change prepaid hours."""

from __future__ import annotations

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Contact
from ecuanime.contracts.models import Contract


def may_void_lots(user: User) -> bool:
    """Supervisors and administrators cancel what is unused of a pack, move it, and replace what expired."""
    return user.has_role(Role.SUPERVISOR)


def may_see_hours(contact: Contact, contract: Contract) -> bool:
    """A contact sees the hours of their own client's contract, unless the contract hides them."""
    return contract.client_id == contact.client_id and contract.client_sees_hours
