"""Who may change what the firm says about itself."""

from __future__ import annotations

from collections.abc import Callable

from ecuanime.accounts.models import Role, User
from ecuanime.accounts.queries import people_of_firm


def may_change_firm(user: User) -> bool:
    """Its data, hours, holidays and product areas."""
    return user.has_role(Role.ADMINISTRATOR)


def may_rate_competence(user: User) -> bool:
    """Say how well a person knows a product area, which decides rates."""
    return user.has_role(Role.SUPERVISOR)


def leave_approver_for(user: User) -> Callable[[User | None], bool]:
    """Whether `user` may approve the leave of each person asked about (None: of somebody else), read once."""
    if not user.has_role(Role.SUPERVISOR):
        return lambda _of: False
    alone = may_approve_leave(user, user)
    return lambda of: of is None or of.pk != user.pk or alone


def may_approve_leave(user: User, of: User) -> bool:
    """Approve the leave of a person: a supervisor, their own only where nobody else could."""
    if not user.has_role(Role.SUPERVISOR):
        return False
    others = (person for person in people_of_firm().exclude(pk=user.pk) if person.has_role(Role.SUPERVISOR))
    return user.pk != of.pk or next(others, None) is None
