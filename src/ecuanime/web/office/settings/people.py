"""The people of the firm: invited, given roles and competences, and let go."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.accounts.actions import (
    change_roles,
    deactivate,
    forget_second_factor,
    invite_again,
    invite_person,
    reactivate,
)
from ecuanime.accounts.models import Role, User
from ecuanime.accounts.queries import people_of_firm
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.staff.actions import set_competences
from ecuanime.staff.queries import bands_of, levels_of, product_areas
from ecuanime.web.acting import attempt
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import for_staff
from ecuanime.web.office.settings.frame import show
from ecuanime.web.office.settings.people_forms import CompetenceForm, InviteForm, RolesForm
from ecuanime.web.office.settings.teams_forms import week_lines
from ecuanime.web.refusals import tell

administrators = for_staff(Role.ADMINISTRATOR)
MOST = 500


@administrators
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, is_setup: bool = False) -> HttpResponse:
    """Everybody, and the invitation of somebody more."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invited = invite_person(now=read_clock(), **form.cleaned_data)
        except Refused as refusal:
            tell(form, refusal)
        else:
            say(request, _("The invitation is on its way to %(email)s.") % {"email": invited.email})
            return redirect("setup_people" if is_setup else "settings_people")
    second_factor = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    everybody = people_of_firm(with_closed=True).annotate(has_second_factor=Exists(second_factor))
    rows = [_row(user) for user in everybody.order_by("-is_active", "name", "pk")[:MOST]]
    status = 422 if form.errors else 200
    return show(request, "people", {"form": form, "people": rows}, is_setup=is_setup, status=status)


@administrators
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's roles."""
    user = _person(pk)
    form = RolesForm(request.POST or None, initial={"roles": user.roles})
    if request.method == "POST" and form.is_valid():
        try:
            change_roles(user=user, roles=form.cleaned_data["roles"], now=read_clock())
        except Refused as refusal:
            tell(form, refusal)
        else:
            say(request, _("The roles of %(name)s were changed.") % {"name": user})
            return redirect("settings_person", pk=pk)
    return _person_page(request, user, form, CompetenceForm.of(user, levels_of(user), list(product_areas())))


@administrators
@require_POST
def competences(request: HttpRequest, pk: int) -> HttpResponse:
    """How well somebody knows each product area."""
    user = _person(pk)
    form = CompetenceForm.of(user, levels_of(user), list(product_areas()), request.POST)
    if form.is_valid():
        try:
            set_competences(user=user, levels=form.levels(), now=read_clock())
        except Refused as refusal:
            tell(form, refusal)
        else:
            say(request, _("The competences of %(name)s were saved.") % {"name": user})
            return redirect("settings_person", pk=pk)
    return _person_page(request, user, RolesForm(initial={"roles": user.roles}), form)


@administrators
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account: the person is out at once."""
    user = _person(pk)
    said = _("The account of %(name)s is closed.") % {"name": user}
    return _act(request, pk, lambda: deactivate(user=user, now=read_clock()), said)


@administrators
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed account again."""
    user = _person(pk)
    said = _("The account of %(name)s is open again.") % {"name": user}
    return _act(request, pk, lambda: reactivate(user=user, now=read_clock()), said)


@administrators
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Send another link."""
    user = _person(pk)
    said = _("Another link is on its way to %(email)s.") % {"email": user.email}
    return _act(request, pk, lambda: invite_again(user=user, now=read_clock()), said)


@administrators
@require_POST
def forget_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody who lost their phone sign in without it."""
    user = _person(pk)
    said = _("%(name)s signs in without a second factor until they set one up again.") % {"name": user}
    return _act(request, pk, lambda: forget_second_factor(user=user, now=read_clock()), said)


def _person(pk: int) -> User:
    return get_object_or_404(people_of_firm(with_closed=True), pk=pk)


def _act(request: HttpRequest, pk: int, act: Callable[[], object], said: str) -> HttpResponse:
    attempt(request, act, said)
    return redirect("settings_person", pk=pk)


def _person_page(
    request: HttpRequest, user: User, form: RolesForm, competence_form: CompetenceForm
) -> HttpResponse:
    context = {
        "person": user,
        "form": form,
        "competence_form": competence_form,
        "week": week_lines(bands_of(user)),
        "has_second_factor": Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists(),
    }
    wrong = (form.is_bound and form.errors) or (competence_form.is_bound and competence_form.errors)
    status, page = 422 if wrong else 200, "office/settings/person.html"
    return show(request, "people", context, is_setup=False, status=status, template=page)


def _row(user: User) -> dict[str, object]:
    return {"user": user, "roles": [Role(role).label for role in user.roles]}
