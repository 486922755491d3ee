"""What the file of a received invoice cannot know: investment goods, and what came through customs."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecuanime.billing import actions
from ecuanime.foundation.clock import read_clock
from ecuanime.web.acting import attempt, done
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.books.received import received_page_of, received_row
from ecuanime.web.office.books.received_forms import InvestmentForm
from ecuanime.web.office.invoices.common import billers


@billers
@require_POST
def investment(request: StaffRequest, pk: int) -> HttpResponse:
    """Say how much of it are investment goods."""
    row = received_row(pk)
    form = InvestmentForm(request.POST, taxes=list(row.taxes.order_by("pk")), currency=row.currency)

    def act() -> None:
        actions.mark_investment(received=row, bases=form.bases, by=request.user, now=read_clock())

    if done(request, form, act, _("It is noted what of it are investment goods.")):
        return redirect("received_invoice", pk)
    return received_page_of(request, row, investment_form=form)


@billers
@require_POST
def imported(request: StaffRequest, pk: int) -> HttpResponse:
    """Say whether its goods came through customs."""
    row, is_imported = received_row(pk), request.POST.get("imported") == "on"
    attempt(
        request,
        lambda: actions.mark_imported(
            received=row, is_imported=is_imported, by=request.user, now=read_clock()
        ),
        _("It is noted how its goods came."),
    )
    return redirect("received_invoice", pk)
