"""Who may move a firm in."""

from __future__ import annotations

from ecuanime.accounts.models import Role, User


def may_import(user: User) -> bool:
    """Administrators: a file can hold every client, their people and their prices."""
    return user.has_role(Role.ADMINISTRATOR)
