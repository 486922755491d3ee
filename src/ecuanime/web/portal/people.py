"""The people of the client's organisation, managed by their own administrator."""

from __future__ import annotations

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.clients.access import may_manage_colleague
from ecuanime.clients.actions import colleague_left, invite_colleague, set_colleague
from ecuanime.clients.models import Contact
from ecuanime.clients.queries import contacts_of
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.web.acting import attempt
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.guards import PortalRequest, for_contacts
from ecuanime.web.portal.frame import in_their_zone
from ecuanime.web.refusals import tell

MOST = 300


class ColleagueForm(forms.Form):
    """Somebody more of the organisation."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    job = forms.CharField(label=gettext_lazy("What they do"), max_length=80, required=False)


@for_contacts
@in_their_zone
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: PortalRequest) -> HttpResponse:
    """Everybody, what each may do, and the invitation of somebody more."""
    _require_manager(request)
    form = ColleagueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invited = invite_colleague(by=request.contact, now=read_clock(), **form.cleaned_data)
        except Refused as refusal:
            tell(form, refusal)
        else:
            say(request, _("A link is on its way to %(email)s.") % {"email": invited.email})
            return redirect("portal_people")
    rows = [
        {
            "person": person,
            "signs_in": person.user is not None and person.user.is_active,
            "may_change": may_manage_colleague(request.contact, person),
        }
        for person in contacts_of(request.contact.client)[:MOST]
    ]
    context = {"form": form, "rows": rows}
    return render(request, "portal/people.html", context, status=422 if form.is_bound else 200)


@for_contacts
@require_POST
def colleague(request: PortalRequest, pk: int) -> HttpResponse:
    """What a colleague sees, and whether they sign in."""
    person, given = _person(request, pk), request.POST
    try:
        set_colleague(
            by=request.contact,
            contact=person,
            sees_invoices="sees_invoices" in given,
            sees_dossier="sees_dossier" in given,
            has_access="has_access" in given,
            now=read_clock(),
        )
    except Refused as refusal:
        say_refused(request, str(refusal))
    else:
        say(request, _("The rights of %(name)s were saved.") % {"name": person.name})
    return redirect("portal_people")


@for_contacts
@require_POST
def left(request: PortalRequest, pk: int) -> HttpResponse:
    """A colleague is no longer there."""
    person = _person(request, pk)
    attempt(
        request,
        lambda: colleague_left(by=request.contact, contact=person, now=read_clock()),
        _("%(name)s can no longer sign in.") % {"name": person.name},
    )
    return redirect("portal_people")


def _require_manager(request: PortalRequest) -> None:
    if not request.contact.manages_people:
        raise PermissionDenied


def _person(request: PortalRequest, pk: int) -> Contact:
    """Somebody of the same organisation; nobody else exists here."""
    _require_manager(request)
    return get_object_or_404(contacts_of(request.contact.client), pk=pk)
