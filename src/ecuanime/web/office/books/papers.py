"""What a person types of a paper: a supplier's invoice or a customs document, and one that was typed wrongly."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.billing import actions
from ecuanime.billing.books.exchange import tax_currency_of
from ecuanime.billing.models import ReceivedInvoice
from ecuanime.foundation.clock import read_clock
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import done, status_of
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.books.paper_forms import CustomsForm, TypedForm
from ecuanime.web.office.books.received import received_page_of, received_row
from ecuanime.web.office.books.received_forms import TakeBackForm
from ecuanime.web.office.invoices.common import billers


@billers
@require_http_methods(["GET", "POST"])
def typed(request: StaffRequest) -> HttpResponse:
    """File a supplier's invoice that no program can read."""
    firm = the_firm()
    form = TypedForm(
        request.POST or None,
        request.FILES or None,
        country=firm.country,
        currency=tax_currency_of(firm),
    )
    return _filed(request, form, actions.file_typed_invoice, _("The invoice is filed."), "typed")


@billers
@require_http_methods(["GET", "POST"])
def customs(request: StaffRequest) -> HttpResponse:
    """File what customs charged on an import."""
    home = tax_currency_of(the_firm())
    form = CustomsForm(request.POST or None, request.FILES or None, currency=home)
    return _filed(
        request, form, actions.file_customs_document, _("The customs document is filed."), "customs", home
    )


@billers
@require_POST
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Take out of the book what was typed wrongly."""
    row, form = received_row(pk), TakeBackForm(request.POST, auto_id="withdrawn_%s")

    def act() -> None:
        actions.withdraw_received(received=row, by=request.user, now=read_clock(), **form.cleaned_data)

    if done(request, form, act, _("It is withdrawn. It can be filed again.")):
        return redirect("received")
    return received_page_of(request, row, withdraw_form=form)


def _filed(
    request: StaffRequest,
    form: TypedForm | CustomsForm,
    action: Callable[..., ReceivedInvoice],
    said: str,
    page: str,
    home: str = "",
) -> HttpResponse:
    """The page of what was filed; or the form, as long as it is not."""
    kept: list[ReceivedInvoice] = []

    def act() -> None:
        kept.append(action(by=request.user, now=read_clock(), **form.values()))

    if done(request, form, act, said):
        return redirect("received_invoice", kept[0].pk)
    context = {"form": form, "home": home}
    return render(request, f"office/books/{page}.html", context, status=status_of(form))
