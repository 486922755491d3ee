"""Settings of a firm in Mexico: what it is to the SAT, its seal, and who stamps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.accounts.models import Role
from ecuanime.billing.actions import mexico as actions
from ecuanime.billing.models import MexicoSettings
from ecuanime.billing.packs import pack_of
from ecuanime.billing.packs.mx.catalogues import FORMS, PERIODS, REGIMES
from ecuanime.billing.packs.mx.declared import gaps, mexico_settings, seal_in_use
from ecuanime.billing.packs.mx.official import NAME, Catalogue, products_about, version, words_of
from ecuanime.foundation.clock import read_clock
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.guards import for_staff, person_of
from ecuanime.web.office.settings.frame import show

administrators = for_staff(Role.ADMINISTRATOR)
MOST_FOUND = 30
LONGEST_SEARCH = 80


def _regimes() -> list[tuple[str, Any]]:
    return [("", "—"), *((key, f"{key} {words}") for key, words in REGIMES.items())]


def _places() -> list[tuple[str, Any]]:
    return [("", gettext_lazy("not chosen yet")), *MexicoSettings.Environment.choices]


def _periods() -> list[tuple[str, Any]]:
    words = (
        gettext_lazy("in a global invoice of each day"),
        gettext_lazy("in a global invoice of each week"),
        gettext_lazy("in a global invoice of each half of a month"),
        gettext_lazy("in a global invoice of each month"),
    )
    return [("", gettext_lazy("each with its own CFDI")), *zip(PERIODS, words, strict=True)]


class MexicoForm(forms.Form):
    """What the firm is to the SAT, the keys of its lines, and its account with the PAC."""

    name = forms.CharField(
        label=gettext_lazy("Your firm's name by the SAT"),
        max_length=254,
        required=False,
        help_text=gettext_lazy(
            "In capitals as your Constancia de Situación Fiscal has it, without “S.A. de C.V.”."
        ),
    )
    regime = forms.ChoiceField(label=gettext_lazy("Tax regime"), choices=_regimes, required=False)
    service_key = forms.CharField(label=gettext_lazy("Key of services"), max_length=8)
    goods_key = forms.CharField(label=gettext_lazy("Key of goods"), max_length=8)
    expense_key = forms.CharField(label=gettext_lazy("Key of expenses passed on"), max_length=8)
    credit_form = forms.ChoiceField(
        label=gettext_lazy("How credit notes are given"),
        choices=[(key, f"{key} {words}") for key, words in FORMS.items()],
    )
    public_period = forms.ChoiceField(
        label=gettext_lazy("Invoices to clients without RFC"),
        choices=_periods,
        required=False,
        help_text=gettext_lazy("Plain sales in pesos; what concerns advances always has its own CFDI."),
    )
    pac = forms.ChoiceField(label=gettext_lazy("PAC"), choices=MexicoSettings.Pac.choices)
    environment = forms.ChoiceField(label=gettext_lazy("Invoices go to"), choices=_places, required=False)
    username = forms.CharField(
        label=gettext_lazy("User at the PAC"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password at the PAC"),
        max_length=200,
        required=False,
        strip=False,
        help_text=gettext_lazy("It is kept encrypted and never shown. Empty leaves the one that is kept."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    checks = forms.BooleanField(
        label=gettext_lazy("Hold invoices against them before they are sealed and sent"),
        required=False,
        help_text=gettext_lazy(
            "Turn it off where the SAT has published something newer than the package has: the PAC then judges alone."
        ),
    )

    def __init__(self, data: Any = None, *, kept: MexicoSettings | None) -> None:
        shown = kept or MexicoSettings()
        names = (name for name in self.base_fields if name != "password")
        super().__init__(data, initial={name: getattr(shown, name) for name in names})
        self._checks = shown.checks
        if not version():
            del self.fields["checks"]

    def changes(self) -> actions.MexicoChanges:
        """What the action takes; what cannot be chosen now stays as it was."""
        return actions.MexicoChanges(**{"checks": self._checks} | self.cleaned_data)


class SealForm(forms.Form):
    """The two files of a CSD and the password of its key."""

    certificate = forms.FileField(
        label=gettext_lazy("Certificate (.cer)"), widget=forms.FileInput(attrs={"accept": ".cer"})
    )
    key = forms.FileField(
        label=gettext_lazy("Private key (.key)"), widget=forms.FileInput(attrs={"accept": ".key"})
    )
    key_password = forms.CharField(
        label=gettext_lazy("Password of the key"),
        max_length=200,
        strip=False,
        help_text=gettext_lazy("It opens the key once and is not kept."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


@administrators
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def mexico(request: HttpRequest) -> HttpResponse:
    """What is set; with it complete, invoices are sealed and stamped."""
    form = MexicoForm(request.POST or None, kept=mexico_settings())

    def act() -> None:
        actions.save_mexico_settings(changes=form.changes(), by=person_of(request), now=read_clock())

    if done(request, form, act, _("Saved.")):
        return redirect("settings_mexico")
    return _page(request, form, SealForm())


@administrators
@sensitive_post_parameters("key_password")
@require_POST
def keep_seal(request: HttpRequest) -> HttpResponse:
    """Upload a CSD."""
    form = SealForm(request.POST, request.FILES)

    def act() -> None:
        given = form.cleaned_data
        actions.keep_seal(
            certificate=given["certificate"].read(),
            key=given["key"].read(),
            password=given["key_password"],
            by=person_of(request),
            now=read_clock(),
        )

    if done(request, form, act, _("Invoices are sealed with it from now on.")):
        return redirect("settings_mexico")
    return _page(request, MexicoForm(kept=mexico_settings()), form)


@administrators
@require_POST
def remove_seal(request: HttpRequest) -> HttpResponse:
    """Forget the CSD."""
    attempt(
        request,
        lambda: actions.remove_seal(by=person_of(request), now=read_clock()),
        _("The seal is removed and its key forgotten. No invoice is issued until there is another."),
    )
    return redirect("settings_mexico")


def _page(request: HttpRequest, form: MexicoForm, seal_form: SealForm) -> HttpResponse:
    firm, used, now = the_firm(), seal_in_use(), read_clock()
    context = {
        "form": form,
        "seal_form": seal_form,
        "gaps": [] if firm.is_demo else gaps(),
        "status": pack_of(firm).status.value,
        "used": used,
        "is_expired": used is not None and used.is_expired(now),
        "expires_soon": used is not None and used.expires_soon(now),
        "is_test": form.initial.get("environment") == MexicoSettings.Environment.TEST,
        **_official(request, mexico_settings() or MexicoSettings()),
    }
    status = status_of(form, seal_form)
    return show(request, "mexico", context, is_setup=False, status=status)


def _official(request: HttpRequest, kept: MexicoSettings) -> dict[str, Any]:
    """What the SAT's own catalogues say: the words of the keys in use, and those that a search finds."""
    wanted = request.GET.get("clave", "").strip()[:LONGEST_SEARCH]
    keys = dict.fromkeys((kept.service_key, kept.goods_key, kept.expense_key))
    return {
        "package": f"{NAME} {version()}" if version() else "",
        "key_words": [(key, words) for key in keys if (words := words_of(Catalogue.PRODUCTS, key))],
        "wanted": wanted,
        "found": products_about(wanted, most=MOST_FOUND),
        "most": MOST_FOUND,
    }
