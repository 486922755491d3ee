"""The state of the books: closed periods, and when clients are reminded of what is overdue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.books.closed import closed_through, ladder
from ecuanime.billing.models import Closing, Numbering
from ecuanime.foundation.clock import read_clock
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.web.office.books.keeping_forms import ClosingForm, LadderForm, NumberingForm
from ecuanime.web.office.clients.common import client_of
from ecuanime.web.office.invoices.common import billers, invoice_of

keepers = for_staff(Role.BILLING)


@keepers
@require_safe
def books(request: StaffRequest) -> HttpResponse:
    """Closed periods and the ladder of reminders."""
    return _books(request)


def _books(request: StaffRequest, **sent: Form) -> HttpResponse:
    context: dict[str, Any] = {
        "closed": closed_through(),
        "closings": Closing.objects.select_related("closed_by").order_by("-pk")[:12],
        "series": Numbering.objects.all(),
        "numbering_form": NumberingForm(),
        "closing_form": ClosingForm(),
        "ladder_form": LadderForm(initial={"days": ", ".join(map(str, ladder()))}),
    }
    return render(request, "office/books/keeping.html", context | sent, status=status_of(*sent.values()))


@keepers
@require_POST
def close(request: StaffRequest) -> HttpResponse:
    """Close the books through a day, or open days again."""
    said = _("The books are closed through that day.")
    return _keep(request, actions.close_books, said, closing_form=ClosingForm(request.POST))


@keepers
@require_POST
def remind(request: StaffRequest) -> HttpResponse:
    """Set the ladder of reminders."""
    said = _("Clients are reminded like that from now on.")
    return _keep(request, actions.save_reminder_ladder, said, ladder_form=LadderForm(request.POST))


@keepers
@require_POST
def number(request: StaffRequest) -> HttpResponse:
    """Add a series, or change one."""
    said = _("The series is there from now on.")
    return _keep(request, actions.save_numbering, said, numbering_form=NumberingForm(request.POST))


def _keep(request: StaffRequest, action: Callable[..., object], said: str, **sent: Form) -> HttpResponse:
    """Act on the one form that was sent; refused, it is shown with the rest of the page."""
    (form,) = sent.values()
    if done(request, form, lambda: action(by=request.user, now=read_clock(), **form.cleaned_data), said):
        return redirect("books")
    return _books(request, **sent)


@billers
@require_POST
def stop_invoice(request: StaffRequest, key: str) -> HttpResponse:
    """Stop the reminders of one document, or let them go on."""
    found, is_stopped = invoice_of(key), request.POST.get("stop") == "on"
    attempt(
        request,
        lambda: actions.stop_reminders(
            invoice=found, is_stopped=is_stopped, by=request.user, now=read_clock()
        ),
        _("No reminder of it leaves.") if is_stopped else _("Its reminders go on."),
    )
    return redirect("invoice", key)


@billers
@require_POST
def stop_client(request: StaffRequest, code: str) -> HttpResponse:
    """Never remind a client, or do again."""
    client, is_stopped = client_of(request, code), request.POST.get("stop") == "on"
    actions.stop_client_reminders(client=client, is_stopped=is_stopped, by=request.user, now=read_clock())
    say(request, _("This client is never reminded.") if is_stopped else _("This client is reminded again."))
    return redirect("client_account", code)
