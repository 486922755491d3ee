"""The people of a client: who they are, what they may do, and their door to the portal."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.accounts.models import Role
from ecuanime.clients.access import may_change_contact
from ecuanime.clients.actions import (
    add_contact,
    give_portal_access,
    set_contact_active,
    set_rights,
    take_portal_access,
    update_contact,
)
from ecuanime.clients.models import Client, Contact
from ecuanime.clients.queries import contacts_of, substitutions_of
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.components.substitutes import SubstituteForm, change_substitutes
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import for_staff, person_of
from ecuanime.web.office.clients.common import client_of, show
from ecuanime.web.office.clients.forms import ContactForm, RightsForm
from ecuanime.web.refusals import tell

everybody = for_staff()
managers = for_staff(Role.SUPERVISOR, Role.CONSULTANT, Role.BILLING)
MOST = 500


@everybody
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody of the client, and the form to add one more."""
    client = client_of(request, code)
    form = ContactForm(request.POST or None, initial={"language": client.language})
    said = _("Added. Mail from their address is recognised as the client's.")
    if done(request, form, lambda: add_contact(client=client, now=read_clock(), **form.cleaned_data), said):
        return redirect("client_people", code)
    context = {"form": form, "people": contacts_of(client, with_former=True)[:MOST]}
    return show(request, client, "people", context, status=status_of(form))


@everybody
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Correct a contact's data."""
    client, kept = _found(request, code, pk)
    may_change = may_change_contact(person_of(request), kept)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    form = ContactForm(request.POST or None, initial=ContactForm.initial_of(kept))
    if done(
        request,
        form,
        lambda: update_contact(contact=kept, now=read_clock(), **form.cleaned_data),
        _("Saved."),
    ):
        return redirect("client_contact", code, pk)
    return _page(request, client, kept, form, RightsForm(initial=RightsForm.initial_of(kept)))


@managers
@require_POST
def rights(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """What the contact may do in the portal."""
    client, kept = _found(request, code, pk)
    form = RightsForm(request.POST)
    said = _("The rights of %(name)s were saved.") % {"name": kept.name}
    if done(
        request,
        form,
        lambda: set_rights(contact=kept, now=read_clock(), **form.rights(client.currency)),
        said,
    ):
        return redirect("client_contact", code, pk)
    return _page(request, client, kept, ContactForm(initial=ContactForm.initial_of(kept)), form)


@managers
@require_POST
def substitutes(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Who approves for the contact while they are away: named or cancelled."""
    client, kept = _found(request, code, pk)
    form = SubstituteForm(request.POST if "cancel" not in request.POST else None, lead=kept)
    try:
        if change_substitutes(request.POST, kept, form, read_clock()):
            say(request, _("Saved."))
            return redirect("client_contact", code, pk)
    except Refused as refusal:
        tell(form, refusal)
    rights_form = RightsForm(initial=RightsForm.initial_of(kept))
    contact_form = ContactForm(initial=ContactForm.initial_of(kept))
    return _page(request, client, kept, contact_form, rights_form, substitute_form=form)


@managers
@require_POST
def give_access(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Open the portal to the contact and mail them the link; again sends another link."""
    _client, kept = _found(request, code, pk)
    said = _("A link to the portal is on its way to %(email)s.") % {"email": kept.email}
    attempt(request, lambda: give_portal_access(contact=kept, now=read_clock()), said)
    return redirect("client_contact", code, pk)


@managers
@require_POST
def take_access(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Close the portal to the contact."""
    _client, kept = _found(request, code, pk)
    said = _("%(name)s can no longer sign in.") % {"name": kept.name}
    attempt(request, lambda: take_portal_access(contact=kept, now=read_clock()), said)
    return redirect("client_contact", code, pk)


@managers
@require_POST
def leave(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Note that the contact left."""
    _client, kept = _found(request, code, pk)
    said = _("%(name)s is no longer a contact. What they wrote stays.") % {"name": kept.name}
    attempt(request, lambda: set_contact_active(contact=kept, active=False, now=read_clock()), said)
    return redirect("client_people", code)


@managers
@require_POST
def come_back(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Note that the contact is back."""
    _client, kept = _found(request, code, pk)
    said = _("%(name)s is a contact again.") % {"name": kept.name}
    attempt(request, lambda: set_contact_active(contact=kept, active=True, now=read_clock()), said)
    return redirect("client_people", code)


def _found(request: HttpRequest, code: str, pk: int) -> tuple[Client, Contact]:
    client = client_of(request, code)
    return client, get_object_or_404(contacts_of(client, with_former=True).select_related("client"), pk=pk)


def _page(
    request: HttpRequest,
    client: Client,
    kept: Contact,
    form: ContactForm,
    rights_form: RightsForm,
    substitute_form: SubstituteForm | None = None,
) -> HttpResponse:
    substitute_form = substitute_form or SubstituteForm(lead=kept)
    context: dict[str, Any] = {
        "contact_shown": kept,
        "form": form,
        "rights_form": rights_form,
        "substitute_form": substitute_form,
        "substitutions": substitutions_of(kept, now=read_clock()) if kept.is_project_lead else [],
        "may_change": may_change_contact(person_of(request), kept),
    }
    status = status_of(form, rights_form, substitute_form)
    return show(request, client, "people", context, template="office/clients/contact.html", status=status)
