"""Teams, the hours of each person, and whether new tickets are given out by themselves."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.accounts.models import Role
from ecuanime.accounts.queries import people_of_firm
from ecuanime.foundation.clock import read_clock
from ecuanime.staff.actions import (
    change_team,
    dissolve_team,
    handle_new_tickets,
    make_team,
    set_working_hours,
)
from ecuanime.staff.models import Team
from ecuanime.staff.queries import bands_of, teams, the_firm
from ecuanime.web.acting import attempt, done
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import for_staff
from ecuanime.web.office.settings.frame import show
from ecuanime.web.office.settings.teams_forms import NewTicketsForm, TeamForm, WeekForm

administrators = for_staff(Role.ADMINISTRATOR)


@administrators
@require_http_methods(["GET", "POST"])
def all_teams(request: HttpRequest) -> HttpResponse:
    """The teams there are, and another one."""
    form = TeamForm(request.POST or None, people=people_of_firm())
    if done(request, form, lambda: make_team(now=read_clock(), **form.cleaned_data), _("The team was made.")):
        return redirect("settings_teams")
    return _page(request, form)


@administrators
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """One team's name, members and lead."""
    kept = get_object_or_404(Team, pk=pk)
    initial = {"name": kept.name, "members": kept.members.all(), "lead": kept.lead_id}
    form = TeamForm(request.POST or None, initial=initial, people=people_of_firm())
    if done(
        request, form, lambda: change_team(team=kept, now=read_clock(), **form.cleaned_data), _("Saved.")
    ):
        return redirect("settings_teams")
    return _page(request, form, edited=kept)


@administrators
@require_POST
def dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a team."""
    kept = get_object_or_404(Team, pk=pk)
    attempt(request, lambda: dissolve_team(team=kept, now=read_clock()), _("The team was dissolved."))
    return redirect("settings_teams")


@administrators
@require_POST
def giving_out(request: HttpRequest) -> HttpResponse:
    """Whether new tickets are given to somebody at once, and whether anybody may ask."""
    form = NewTicketsForm(request.POST)
    if form.is_valid():
        handle_new_tickets(now=read_clock(), **form.cleaned_data)
        say(request, _("Saved."))
    return redirect("settings_teams")


@administrators
@require_http_methods(["GET", "POST"])
def week(request: HttpRequest, pk: int) -> HttpResponse:
    """The hours of the week in which a person works."""
    person = get_object_or_404(people_of_firm(with_closed=True), pk=pk)
    form = WeekForm(request.POST or None, bands=bands_of(person))

    def save() -> None:
        set_working_hours(user=person, bands=form.bands(), now=read_clock())

    if done(request, form, save, _("The hours of %(name)s were saved.") % {"name": person}):
        return redirect("settings_person", pk=pk)
    context = {"person": person, "form": form, "firm_hours": the_firm()}
    return show(
        request,
        "people",
        context,
        is_setup=False,
        status=422 if form.is_bound else 200,
        template="office/settings/week.html",
    )


def _page(request: HttpRequest, form: TeamForm, edited: Team | None = None) -> HttpResponse:
    firm = the_firm()
    context: dict[str, Any] = {
        "form": form,
        "teams": teams()[:200],
        "edited": edited,
        "giving_form": NewTicketsForm(
            initial={"given_out": firm.assigns_by_itself, "from_anybody": firm.takes_public_requests}
        ),
    }
    return show(request, "teams", context, is_setup=False, status=422 if form.is_bound else 200)
