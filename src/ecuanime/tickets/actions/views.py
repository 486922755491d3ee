"""Keeping views: a query with a name, for oneself or for others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import Role, User
from ecuanime.delivery.text import one_line
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import Team
from ecuanime.tickets.access import may_change_view
from ecuanime.tickets.filters import Unreadable, matching, read_query
from ecuanime.tickets.models import Column, Order, SavedView, usual_columns

MOST_VIEWS = 50


@transaction.atomic
def keep_view(
    *,
    view: SavedView | None,
    by: User,
    name: str,
    query: str,
    now: datetime,
    order: str = Order.WAITING,
    columns: Sequence[str] | None = None,
    audience: str = SavedView.Audience.OWNER,
    team: Team | None = None,
    position: int = 0,
) -> SavedView:
    """Keep a view under a name, or change `view` into this; whoever made it stays its owner.

    Refuses `not_yours`, `no_name`, `query` (it cannot be read), `team` (none, or not one of theirs), `too_many` (50
    of one person) and `bad_choice` (an order, column or audience that there is not).
    """
    if view is not None and not may_change_view(by, view):
        raise Refused("not_yours", _("This view is somebody else's. Keep one of your own."))
    name = one_line(name, 60).strip()
    if not name:
        raise Refused("no_name", _("A view needs a name."))
    try:
        matching(by, read_query(query), now=now)
    except Unreadable as problem:
        raise Refused("query", problem.text) from problem
    known = order in Order.values and audience in SavedView.Audience.values
    chosen = usual_columns() if columns is None else list(columns)
    if not known or not set(chosen) <= set(Column.values):
        raise Refused("bad_choice", _("There is no such choice. Choose one from the list."))
    shared_with = team if audience == SavedView.Audience.TEAM else None
    if audience == SavedView.Audience.TEAM and not _may_share_with(by, shared_with):
        raise Refused("team", _("Choose one of your teams."))
    if view is None and by.saved_views.count() >= MOST_VIEWS:
        raise Refused("too_many", _("You have %(most)s views: remove one first.") % {"most": MOST_VIEWS})
    kept = view or SavedView(owner=by)
    kept.name, kept.query, kept.order, kept.columns = name, query.strip(), order, chosen
    kept.audience, kept.team, kept.position = audience, shared_with, position
    kept.save()
    audit.record("view_kept", kept, now=now, name=name, query=kept.query, audience=audience)
    return kept


@transaction.atomic
def remove_view(*, view: SavedView, by: User, now: datetime) -> None:
    """Take a view out of every side bar; no ticket changes. Refuses `not_yours`."""
    if not may_change_view(by, view):
        raise Refused("not_yours", _("This view is somebody else's, who alone may remove it."))
    audit.record("view_removed", view, now=now, name=view.name, query=view.query)
    view.delete()


def _may_share_with(by: User, team: Team | None) -> bool:
    return team is not None and (by.has_role(Role.SUPERVISOR) or by.teams.filter(pk=team.pk).exists())
