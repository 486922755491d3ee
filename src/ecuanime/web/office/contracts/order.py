"""A client's contracts in the order in which work falls under them, and why a piece of work falls under which."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from ecuanime.accounts.models import Role
from ecuanime.clients.models import Client, Site
from ecuanime.clients.queries import sites_of
from ecuanime.contracts.access import may_change_contracts
from ecuanime.contracts.actions import order_contracts
from ecuanime.contracts.queries import Judged, choice_for, ordered_contracts
from ecuanime.foundation.clock import read_clock
from ecuanime.rules.calendars import local_date
from ecuanime.rules.contracts import Reason
from ecuanime.staff.models import ProductArea
from ecuanime.staff.queries import product_areas
from ecuanime.web.acting import attempt
from ecuanime.web.guards import for_staff, person_of
from ecuanime.web.office.clients.common import client_of

everybody = for_staff()
writers = for_staff(Role.SUPERVISOR)

_NOON = time(12)


class WorkForm(forms.Form):
    """Work to ask about: in which area, at which site, on which day."""

    area = forms.ModelChoiceField(
        label=gettext_lazy("Product area"),
        queryset=ProductArea.objects.none(),
        required=False,
        empty_label=gettext_lazy("Not known yet"),
    )
    site = forms.ModelChoiceField(
        label=gettext_lazy("Site"),
        queryset=Site.objects.none(),
        required=False,
        empty_label=gettext_lazy("Not known yet"),
    )
    on = forms.DateField(
        label=gettext_lazy("Worked on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, data: Any, client: Client) -> None:
        super().__init__(data)
        fields: Any = self.fields
        fields["area"].queryset = product_areas()
        fields["site"].queryset = sites_of(client)
        if not fields["site"].queryset.exists():
            del fields["site"]


@everybody
@require_safe
def order(request: HttpRequest, code: str) -> HttpResponse:
    """The contracts in their order, and what each has to say about a piece of work."""
    client, now = client_of(request, code), read_clock()
    today = local_date(now, client.time_zone)
    form = WorkForm(request.GET if "on" in request.GET else {"on": today}, client)
    given = form.cleaned_data if form.is_valid() else {}
    on = given.get("on") or today
    at = datetime.combine(on, _NOON, ZoneInfo(client.time_zone))
    context = {
        "client": client,
        "contracts": list(ordered_contracts(client)),
        "form": form,
        "on": on,
        "judged": [
            _told(each) for each in choice_for(client, area=given.get("area"), site=given.get("site"), at=at)
        ],
        "may_change": may_change_contracts(person_of(request)),
    }
    return render(request, "office/contracts/order.html", context)


@writers
@require_POST
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Put one contract before the one above it: the whole order as it was seen is posted along."""
    client, now = client_of(request, code), read_clock()
    numbers, moved = request.POST.getlist("order"), request.POST.get("up", "")
    if moved in numbers[1:]:
        place = numbers.index(moved)
        numbers[place - 1], numbers[place] = moved, numbers[place - 1]
        said = _("%(number)s now comes before %(next)s.") % {"number": moved, "next": numbers[place]}
        attempt(request, lambda: order_contracts(client=client, numbers=numbers, now=now), said)
    return redirect("contract_order", client.code)


def _told(judged: Judged) -> dict[str, object]:
    return {
        "contract": judged.contract,
        "is_chosen": judged.reason == Reason.CHOSEN,
        "why": reason_of(judged),
    }


def reason_of(judged: Judged) -> str:
    """Why work falls, or does not fall, under a contract, in words."""
    return {
        Reason.CHOSEN: _("The work falls under this one: the first in order that is in force and covers it."),
        Reason.LATER_IN_ORDER: _("It covers it too, but comes later in the order."),
        Reason.ONLY_SOME_AREAS: _("It covers only some areas, and the area is not known."),
        Reason.OTHER_AREA: _("It does not cover that area."),
        Reason.ONLY_SOME_SITES: _("It covers only some sites, and the site is not known."),
        Reason.OTHER_SITE: _("It does not cover that site."),
        Reason.NOT_YET: _("It had not begun."),
        Reason.OVER: _("It had ended."),
    }[judged.reason]
