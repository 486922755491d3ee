"""Settings about the firm's bank: who collects by direct debit, and the columns of statements as CSV, by account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.models import BankFormat, CreditorSettings
from ecuanime.foundation.clock import read_clock
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.guards import for_staff, person_of
from ecuanime.web.office.settings.frame import show

keepers = for_staff(Role.BILLING)


class ColumnsForm(forms.Form):
    """How an account's CSV is written: columns by the words that stand in its header."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    account = forms.CharField(label=gettext_lazy("Account"), max_length=42)
    currency = forms.RegexField("^[A-Z]{3}\\Z", label=gettext_lazy("Currency"), max_length=3)
    separator = forms.ChoiceField(
        label=gettext_lazy("What stands between cells"), choices=BankFormat.Separator.choices, initial=";"
    )
    decimal_mark = forms.ChoiceField(
        label=gettext_lazy("How amounts are written"), choices=BankFormat.DecimalMark.choices, initial=","
    )
    date_format = forms.ChoiceField(
        label=gettext_lazy("How days are written"), choices=BankFormat.DateFormat.choices
    )
    day_column = forms.CharField(label=gettext_lazy("Column of the day"), max_length=60)
    amount_column = forms.CharField(
        label=gettext_lazy("Column of the amount, or of money that came"), max_length=60
    )
    out_column = forms.CharField(
        label=gettext_lazy("Column of money that went"), max_length=60, required=False
    )
    text_column = forms.CharField(
        label=gettext_lazy("Column of what the sender wrote"), max_length=60, required=False
    )
    name_column = forms.CharField(label=gettext_lazy("Column of who sent it"), max_length=60, required=False)
    account_column = forms.CharField(
        label=gettext_lazy("Column of the account it came from"), max_length=60, required=False
    )
    reference_column = forms.CharField(
        label=gettext_lazy("Column of the bank's reference"), max_length=60, required=False
    )


class CreditorForm(forms.Form):
    """Who the firm is to the banks of those it collects from."""

    creditor_id = forms.CharField(label=gettext_lazy("SEPA creditor identifier"), max_length=35)
    bic = forms.CharField(label=gettext_lazy("BIC of your bank"), max_length=11, required=False)

    def __init__(self, data: Any = None) -> None:
        kept = CreditorSettings.objects.first()
        usual = {"creditor_id": kept.creditor_id, "bic": kept.bic} if kept else {}
        super().__init__(data, initial=usual, auto_id="creditor_%s")


@keepers
@require_http_methods(["GET", "POST"])
def bank(request: HttpRequest) -> HttpResponse:
    """The columns there are, and new ones."""
    return _page(request, None)


@keepers
@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the columns of an account."""
    return _page(request, get_object_or_404(BankFormat, pk=pk))


@keepers
@require_POST
def creditor(request: HttpRequest) -> HttpResponse:
    """Keep the firm's creditor identifier and its bank."""
    form = CreditorForm(request.POST)

    def act() -> None:
        actions.save_creditor(by=person_of(request), now=read_clock(), **form.cleaned_data)

    if done(request, form, act, _("Saved.")):
        return redirect("settings_bank")
    return _page(request, None, creditor_form=form)


@keepers
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget the columns of an account; what was read by them stays."""
    kept = get_object_or_404(BankFormat, pk=pk)
    attempt(
        request,
        lambda: actions.remove_bank_format(kept=kept, by=person_of(request), now=read_clock()),
        _("Those columns are gone. What was read by them stays."),
    )
    return redirect("settings_bank")


def _page(
    request: HttpRequest, edited: BankFormat | None, *, creditor_form: CreditorForm | None = None
) -> HttpResponse:
    firm = the_firm()
    usual: dict[str, Any] = {"account": firm.iban, "currency": firm.currency}
    if edited is not None:
        usual = {name: getattr(edited, name) for name in ColumnsForm.base_fields}
    form = ColumnsForm(None if creditor_form else request.POST or None, initial=usual)
    if done(request, form, lambda: _keep(request, edited, form.cleaned_data), _("The columns were kept.")):
        return redirect("settings_bank")
    context = {"form": form, "listed": BankFormat.objects.all(), "edited": edited}
    context["creditor_form"] = creditor_form or CreditorForm()
    sent = [each for each in (form, creditor_form) if each is not None]
    return show(request, "bank", context, is_setup=False, status=status_of(*sent))


def _keep(request: HttpRequest, edited: BankFormat | None, facts: dict[str, Any]) -> None:
    actions.save_bank_format(kept=edited, by=person_of(request), now=read_clock(), **facts)
