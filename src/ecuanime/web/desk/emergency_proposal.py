"""After a case: what its hours would have cost under each plan on sale, and an offer of one of them."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecuanime.accounts.models import Role
from ecuanime.emergencies import actions
from ecuanime.emergencies.access import visible_emergencies
from ecuanime.emergencies.proposals import comparison_of
from ecuanime.emergencies.queries import emergency_in
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import StaffRequest, for_staff


@for_staff(Role.SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: StaffRequest, number: str) -> HttpResponse:
    """The plans, the cheapest first, with their steps; sent, an offer of one (`plan`) is drafted."""
    case = emergency_in(visible_emergencies(request.user), number)
    if case is None:
        raise Http404
    refusal, now = "", read_clock()
    if request.method == "POST":
        plan = request.POST.get("plan", "")
        try:
            offer = actions.propose_plan(emergency=case, plan=plan, by=request.user, now=now)
        except Refused as refused:
            refusal = str(refused)
        else:
            say(request, _("The offer is drafted. The client sees nothing until you send it."))
            return redirect("contract", offer.number)
    context = {"case": case, "found": comparison_of(case, now=now), "refusal": refusal}
    return render(request, "desk/emergencies/proposal.html", context, status=422 if refusal else 200)
