"""Who may manage accounts."""

from __future__ import annotations

from ecuanime.accounts.models import Role, User


def may_manage_people(user: User) -> bool:
    """Invite people, change their roles, close accounts."""
    return user.has_role(Role.ADMINISTRATOR)
