"""Who may change what the firm says about itself."""

from __future__ import annotations

from ecuanime.accounts.models import Role, User
from ecuanime.accounts.queries import people_of_firm


def may_change_firm(user: User) -> bool:
    """Its data, hours, holidays and product areas."""
    return user.has_role(Role.ADMINISTRATOR)


def may_rate_competence(user: User) -> bool:
    """Say how well a person knows a product area, which decides rates."""
    return user.has_role(Role.SUPERVISOR)


def may_approve_leave(user: User, of: User) -> bool:
    """Approve the leave of a person: a supervisor, their own only where nobody else could."""
    if not user.has_role(Role.SUPERVISOR):
        return False
    others = (person for person in people_of_firm().exclude(pk=user.pk) if person.has_role(Role.SUPERVISOR))
    return user.pk != of.pk or next(others, None) is None
