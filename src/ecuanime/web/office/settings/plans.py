"""The step of the set-up that puts the first plans on sale, from templates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ecuanime.accounts.models import Role
from ecuanime.contracts.actions import publish_template
from ecuanime.contracts.models import Plan, PlanKind
from ecuanime.contracts.templates import TEMPLATES, PlanTemplate
from ecuanime.contracts.words import price
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import the_firm
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import for_staff, person_of
from ecuanime.web.office.settings.frame import after, show
from ecuanime.web.refusals import tell

USUAL = (PlanKind.HOUR_PACK, PlanKind.ON_DEMAND)
"""The kinds that most firms begin with: they stand ticked."""


class PlansForm(forms.Form):
    """Which of the templates to sell."""

    plans = forms.MultipleChoiceField(
        label=_("Plans to sell"), widget=forms.CheckboxSelectMultiple, required=False, choices=()
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plans: Any = self.fields["plans"]
        plans.choices = choices


@for_staff(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def plans(request: HttpRequest) -> HttpResponse:
    """Choose templates; each becomes a published plan in the firm's currency."""
    currency = the_firm().currency
    known = set(Plan.objects.filter(code__in=TEMPLATES).values_list("code", flat=True))
    open_ones = [template for code, template in TEMPLATES.items() if code not in known]
    choices = [(template.code, _described(template, currency)) for template in open_ones]
    form = PlansForm(
        request.POST or None,
        choices=choices,
        initial={"plans": [template.code for template in open_ones if template.kind in USUAL]},
    )
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                for code in form.cleaned_data["plans"]:
                    publish_template(code=code, currency=currency, by=person_of(request), now=read_clock())
        except Refused as refusal:
            tell(form, refusal)
        else:
            total = len(form.cleaned_data["plans"])
            if total:
                said = ngettext("%(total)s plan is on sale.", "%(total)s plans are on sale.", total)
                say(request, said % {"total": total})
            return redirect(after("plans", is_setup=True))
    context = {
        "form": form,
        "choices": choices,
        "known": [TEMPLATES[code] for code in TEMPLATES if code in known],
    }
    return show(request, "plans", context, is_setup=True, status=422 if form.errors else 200)


def _described(template: PlanTemplate, currency: str) -> str:
    """The name and what it costs: its fee, an incident or an hour."""
    draft = template.draft
    name = draft.name_en if (get_language() or "es").startswith("en") else draft.name_es
    if draft.fee is not None:
        words = ngettext("%(price)s every month", "%(price)s every %(months)d months", draft.fee.every_months)
        cost = words % {"price": price(draft.fee.price, currency), "months": draft.fee.every_months}
        return f"{name} · {cost}"
    if template.kind == PlanKind.INCIDENT_PACK:
        cost = gettext("from %(price)s an incident") % {"price": price(min(draft.tiers.values()), currency)}
        return f"{name} · {cost}"
    if template.kind == PlanKind.INCLUDED:
        return name
    hours = draft.grants[0].quantity if draft.grants else 0
    tiers = [amount for start, amount in sorted(draft.tiers.items()) if start <= hours]
    base = next((rate.price_per_hour for rate in draft.rates if rate.is_base), None)
    amount = tiers[-1] if tiers else base
    return f"{name} · {price(amount, currency)}/h" if amount is not None else name
