"""The state of the books: closed periods, and when clients are reminded of what is overdue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.books import closed_through, ladder
from ecuanime.billing.models import Closing, Numbering, Series
from ecuanime.foundation.clock import read_clock
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.web.office.clients.common import attempt, client_of, done, status_of
from ecuanime.web.office.invoices.forms import day_input
from ecuanime.web.office.invoices.views import billers, invoice_of

keepers = for_staff(Role.BILLING)


class ClosingForm(forms.Form):
    """Through which day the books are closed."""

    through = forms.DateField(label=gettext_lazy("Closed through"), widget=day_input())
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Only needed to open closed days again."),
    )


class LadderForm(forms.Form):
    """After how many days clients are reminded."""

    days = forms.CharField(
        label=gettext_lazy("Days after the due day"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("3, 10, 20: one reminder after each. Empty: nobody is reminded."),
    )

    def clean_days(self) -> list[int]:
        """Whole numbers."""
        parts = self.cleaned_data["days"].replace(",", " ").split()
        if not all(part.isascii() and part.isdigit() and len(part) < 5 for part in parts):
            raise forms.ValidationError(_("Write whole days, separated by commas."))
        return [int(part) for part in parts]


class NumberingForm(forms.Form):
    """A series of the firm, new or by its code."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=6,
        help_text=gettext_lazy("Letters. One that is there is changed."),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60, required=False)
    purpose = forms.ChoiceField(label=gettext_lazy("For"), choices=Series.Purpose.choices)
    shape = forms.ChoiceField(
        label=gettext_lazy("How a number reads"),
        choices=Numbering.Shape.choices,
        initial=Numbering.Shape.LONG,
    )
    digits = forms.IntegerField(label=gettext_lazy("Digits"), min_value=1, max_value=8, initial=4)
    is_default = forms.BooleanField(label=gettext_lazy("Used unless another is chosen"), required=False)


@keepers
@require_safe
def books(request: StaffRequest) -> HttpResponse:
    """Closed periods and the ladder of reminders."""
    return _books(request)


def _books(
    request: StaffRequest,
    *,
    closing_form: ClosingForm | None = None,
    ladder_form: LadderForm | None = None,
    numbering_form: NumberingForm | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "closed": closed_through(),
        "closings": Closing.objects.select_related("closed_by").order_by("-pk")[:12],
        "series": Numbering.objects.all(),
        "numbering_form": numbering_form or NumberingForm(),
        "closing_form": closing_form or ClosingForm(),
        "ladder_form": ladder_form or LadderForm(initial={"days": ", ".join(map(str, ladder()))}),
    }
    sent = [form for form in (closing_form, ladder_form, numbering_form) if form is not None]
    return render(request, "office/invoices/books.html", context, status=status_of(*sent))


@keepers
@require_POST
def close(request: StaffRequest) -> HttpResponse:
    """Close the books through a day, or open days again."""
    form = ClosingForm(request.POST)
    if done(
        request,
        form,
        lambda: actions.close_books(by=request.user, now=read_clock(), **form.cleaned_data),
        _("The books are closed through that day."),
    ):
        return redirect("books")
    return _books(request, closing_form=form)


@keepers
@require_POST
def remind(request: StaffRequest) -> HttpResponse:
    """Set the ladder of reminders."""
    form = LadderForm(request.POST)
    if done(
        request,
        form,
        lambda: actions.save_reminder_ladder(by=request.user, now=read_clock(), **form.cleaned_data),
        _("Clients are reminded like that from now on."),
    ):
        return redirect("books")
    return _books(request, ladder_form=form)


@keepers
@require_POST
def number(request: StaffRequest) -> HttpResponse:
    """Add a series, or change one."""
    form = NumberingForm(request.POST)
    if done(
        request,
        form,
        lambda: actions.save_numbering(by=request.user, now=read_clock(), **form.cleaned_data),
        _("The series is there from now on."),
    ):
        return redirect("books")
    return _books(request, numbering_form=form)


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
