"""Asking VIES about a client's VAT number at somebody's click."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecuanime.billing import actions
from ecuanime.billing.models import VatCheck
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.clients.common import client_of
from ecuanime.web.office.invoices.common import billers


@billers
@require_POST
def check_vat(request: StaffRequest, code: str) -> HttpResponse:
    """Ask, keep the answer and say it; a service that is away stops nothing."""
    kept = client_of(request, code)
    try:
        check = actions.check_vat_number(client=kept, by=request.user, clock=read_clock)
    except Refused as refusal:
        say_refused(request, str(refusal))
    else:
        facts = {"number": check.number}
        if check.outcome == VatCheck.Outcome.VALID:
            say(request, _("VIES calls %(number)s valid.") % facts)
        elif check.outcome == VatCheck.Outcome.INVALID:
            say_refused(request, _("VIES says that %(number)s is not valid.") % facts)
        else:
            say_refused(request, _("VIES gave no answer about %(number)s. Ask again later.") % facts)
    return redirect("client_data", code)
