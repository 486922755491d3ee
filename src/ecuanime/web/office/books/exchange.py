"""What other currencies were worth: the rates that the firm noted."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecuanime.billing import actions
from ecuanime.billing.books.exchange import home_currencies
from ecuanime.billing.models import ExchangeRate
from ecuanime.foundation.clock import read_clock
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import done, status_of
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.books.keeping_forms import RateForm
from ecuanime.web.office.invoices.common import firm_today, keepers

MOST_RATES = 60


@keepers
@require_http_methods(["GET", "POST"])
def rates(request: StaffRequest) -> HttpResponse:
    """The exchange rates that the firm noted, the newest first, and one more."""
    form = RateForm(request.POST or None, homes=home_currencies(the_firm()), today=firm_today())
    if done(
        request,
        form,
        lambda: actions.note_exchange_rate(by=request.user, now=read_clock(), **form.cleaned_data),
        _("The rate is noted."),
    ):
        return redirect("exchange_rates")
    context = {
        "form": form,
        "rates": ExchangeRate.objects.select_related("noted_by")[:MOST_RATES],
    }
    return render(request, "office/books/rates.html", context, status=status_of(form))
