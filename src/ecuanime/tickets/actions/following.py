"""Following a ticket: being told what happens on it without answering it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.access import works_at_desk
from ecuanime.tickets.models import Follower, Ticket


@transaction.atomic
def follow(*, ticket: Ticket, user: User, by: User, now: datetime) -> Follower:
    """Let somebody, or oneself, be told of a ticket; again nothing changes. Refuses `not_at_desk`."""
    if not works_at_desk(user):
        text = _("%(name)s does not answer tickets. Choose somebody who does.")
        raise Refused("not_at_desk", text % {"name": user.name})
    values = {"added_by": by, "since": now}
    return Follower.objects.get_or_create(ticket=ticket, user=user, defaults=values)[0]


def unfollow(*, ticket: Ticket, user: User) -> None:
    """Tell them no more; nothing happens to whoever does not follow it."""
    Follower.objects.filter(ticket=ticket, user=user).delete()
