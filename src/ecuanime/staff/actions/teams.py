"""Teams: made, changed and dissolved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models.deletion import ProtectedError
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import Firm, Team


@transaction.atomic
def make_team(*, name: str, members: Iterable[User] = (), lead: User | None = None, now: datetime) -> Team:
    """Put people together under a name. Refuses `no_name`, `team_known` and `not_of_firm`."""
    people = _of_firm(members)
    _of_firm([lead] if lead else [])
    team = Team.objects.create(name=_free_name(name), lead=lead)
    team.members.set(people)
    audit.record("team_made", team, now=now, name=team.name, members=[person.pk for person in people])
    return team


@transaction.atomic
def change_team(
    *, team: Team, name: str, members: Iterable[User], lead: User | None = None, now: datetime
) -> Team:
    """Give it this name, this lead and exactly these members. Refuses as `make_team`."""
    people = _of_firm(members)
    _of_firm([lead] if lead else [])
    kept = Team.objects.select_for_update().get(pk=team.pk)
    kept.name, kept.lead = _free_name(name, besides=kept), lead
    kept.save(update_fields=["name", "lead"])
    kept.members.set(people)
    audit.record("team_changed", kept, now=now, name=kept.name, members=[person.pk for person in people])
    return kept


@transaction.atomic
def dissolve_team(*, team: Team, now: datetime) -> None:
    """Forget a team that nothing uses; its people stay. Refuses `team_in_use`."""
    kept = Team.objects.select_for_update().get(pk=team.pk)
    audit.record("team_dissolved", kept, now=now, name=kept.name)
    try:
        kept.delete()
    except ProtectedError as error:
        raise Refused("team_in_use", _("Something still uses this team, so it stays.")) from error


@transaction.atomic
def handle_new_tickets(*, given_out: bool, from_anybody: bool, now: datetime) -> Firm:
    """Say whether new tickets are given to somebody at once, and whether anybody may ask by the public form.

    The same again changes nothing.
    """
    firm = Firm.objects.select_for_update().get()
    if (firm.assigns_by_itself, firm.takes_public_requests) != (given_out, from_anybody):
        firm.assigns_by_itself, firm.takes_public_requests = given_out, from_anybody
        firm.save(update_fields=["assigns_by_itself", "takes_public_requests"])
        audit.record("new_tickets_handled", firm, now=now, given_out=given_out, from_anybody=from_anybody)
    return firm


def _free_name(name: str, besides: Team | None = None) -> str:
    plain = " ".join(name.split())[:80]
    if not plain:
        raise Refused("no_name", _("Give the team a name, as in Systems or Morning shift."))
    others = Team.objects.filter(name__iexact=plain)
    if any(other != besides for other in others):
        raise Refused("team_known", _("There is already a team with this name, so nothing was changed."))
    return plain


def _of_firm(members: Iterable[User]) -> list[User]:
    people = list(members)
    if any(not person.roles for person in people):
        raise Refused("not_of_firm", _("Only people of the firm can be in a team."))
    return people
