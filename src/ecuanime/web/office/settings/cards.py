"""Settings of card payments: Stripe's two secrets, which are written and never shown, and whether they are used."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.accounts.models import Role
from ecuanime.billing.actions.cards import pages as actions
from ecuanime.billing.cards.told import KINDS
from ecuanime.billing.models import CardSettings
from ecuanime.foundation.clock import read_clock
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.guards import for_staff, person_of
from ecuanime.web.office.settings.frame import show

administrators = for_staff(Role.ADMINISTRATOR)
_NEVER_SHOWN = gettext_lazy("Encrypted and never shown. Left empty, what is kept stays.")


class CardsForm(forms.Form):
    """Stripe's secrets, and whether clients may pay by card."""

    key = forms.CharField(
        label=gettext_lazy("Secret key"),
        max_length=300,
        required=False,
        help_text=_NEVER_SHOWN,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    signing_secret = forms.CharField(
        label=gettext_lazy("Signing secret of the events"),
        max_length=300,
        required=False,
        help_text=_NEVER_SHOWN,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    is_on = forms.BooleanField(label=gettext_lazy("Clients may pay invoices by card"), required=False)


@administrators
@sensitive_post_parameters("key", "signing_secret")
@require_http_methods(["GET", "POST"])
def cards(request: HttpRequest) -> HttpResponse:
    """What is kept, without showing it, and what is to be done at Stripe."""
    kept = CardSettings.objects.filter(pk=1).first() or CardSettings()
    form = CardsForm(request.POST or None, initial={"is_on": kept.is_on})

    def act() -> None:
        changes = actions.CardChanges(**form.cleaned_data)
        actions.save_card_settings(changes=changes, by=person_of(request), clock=read_clock)

    if done(request, form, act, _("Saved.")):
        return redirect("settings_cards")
    context = {
        "form": form,
        "kept": kept,
        "is_demo": the_firm().is_demo,
        "trouble": actions.TROUBLE.get(kept.trouble, ""),
        "address": f"{settings.ECUANIME_URL}{reverse('api_stripe_events')}",
        "kinds": KINDS,
    }
    return show(request, "cards", context, is_setup=False, status=status_of(form))


@administrators
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Forget both secrets."""
    attempt(
        request,
        lambda: actions.forget_card_keys(by=person_of(request), now=read_clock()),
        _("Both secrets are forgotten. Nobody can pay by card, and what Stripe says is not heard."),
    )
    return redirect("settings_cards")
