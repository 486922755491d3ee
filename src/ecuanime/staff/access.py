"""Who may change what the firm says about itself."""

from __future__ import annotations

from ecuanime.accounts.models import Role, User


def may_change_firm(user: User) -> bool:
    """Its data, hours, holidays and product areas."""
    return user.has_role(Role.ADMINISTRATOR)


def may_rate_competence(user: User) -> bool:
    """Say how well a person knows a product area, which decides rates."""
    return user.has_role(Role.SUPERVISOR)
