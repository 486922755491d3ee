"""Taking the demo away, from the settings."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ecuanime.accounts.models import Role
from ecuanime.demo.removal import remove_demo
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import the_firm
from ecuanime.web.components.toasts import say_refused
from ecuanime.web.guards import StaffRequest, for_staff


@for_staff(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def remove(request: StaffRequest) -> HttpResponse:
    """Ask, then remove the demo with all it holds and go on to the set-up. Not found for a firm that is none."""
    if not the_firm().is_demo:
        raise Http404
    if request.method == "GET":
        return render(request, "office/settings/demo_remove.html")
    # Signed out first: afterwards there is no session left to sign out of.
    get_adapter().logout(request)
    try:
        path = remove_demo()
    except Refused as refusal:
        say_refused(request, str(refusal))
        return redirect("account_login")
    return redirect(path)
