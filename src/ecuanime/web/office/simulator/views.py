"""The simulator: what would this work cost under this contract, now and as things stood, and why. It stores nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecuanime.accounts.models import Role
from ecuanime.billing.drafting.taxing import foreseen_percent
from ecuanime.clients.access import visible_clients
from ecuanime.contracts.models import Contract
from ecuanime.foundation import formats
from ecuanime.foundation.clock import read_clock
from ecuanime.rules.calendars import end_of_day
from ecuanime.rules.scenario import Taxation
from ecuanime.staff.queries import today_at_firm
from ecuanime.tickets.access import visible_tickets
from ecuanime.tickets.models import Ticket
from ecuanime.web.acting import status_of
from ecuanime.web.guards import for_staff, person_of
from ecuanime.web.office.simulator.forms import SUPPOSED, ScenarioForm, SupposedForm
from ecuanime.web.office.simulator.page import as_text, supposed, written
from ecuanime.worklog.supposed import scenario_of

supervisors = for_staff(Role.SUPERVISOR)


@supervisors
@require_http_methods(["GET", "POST"])
def simulator(request: HttpRequest) -> HttpResponse:
    """Suppose work under a contract (GET), or a whole scenario as JSON (POST), and see what it comes to."""
    if request.method == "POST":
        return _written(request)
    form = _supposed_form(request)
    context: dict[str, Any] = {"form": form, "status": status_of(form)}
    if form.is_bound and form.is_valid():
        context |= _supposed(request, form)
    return _page(request, context)


def _written(request: HttpRequest) -> HttpResponse:
    form = ScenarioForm(request.POST)
    context: dict[str, Any] = {"form": _supposed_form(request), "scenario_form": form, "is_open": True}
    if form.is_valid():
        context["outcomes"] = [written(form.cleaned_data["scenario"])]
    return _page(request, context | {"status": status_of(form)})


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    status = context.pop("status")
    return render(
        request, "office/simulator.html", {"query": request.GET.urlencode(), **context}, status=status
    )


def _supposed_form(request: HttpRequest) -> SupposedForm:
    """The form, answered if a day was given; a link from a contract or a ticket only fills it in."""
    today = today_at_firm(read_clock())
    initial = {"dia": today, "desde": "09:00", "hasta": "10:00", **request.GET.dict()}
    given = request.GET if "dia" in request.GET else None
    return SupposedForm(given, _contracts(request), initial=initial)


def _contracts(request: HttpRequest) -> QuerySet[Contract]:
    """Those of the clients that the person may see, with all that rating reads of a contract."""
    contracts = Contract.objects.filter(client__in=visible_clients(person_of(request)))
    return contracts.select_related("client", "version__plan", "version__calendar").order_by(
        "client__name", "state", "precedence", "id"
    )


def _supposed(request: HttpRequest, form: SupposedForm) -> dict[str, Any]:
    """The outcome now and, if asked for, as things stood on a day; and the scenario to go on with by hand."""
    contract, day = form.cleaned_data["contrato"], form.cleaned_data["estado"]
    entry = form.entry(_ticket(request, form))
    today = today_at_firm(read_clock())
    tax = Taxation(foreseen_percent(contract.client, today))
    now = replace(scenario_of(entry, contract), tax=tax)
    outcomes = [supposed(_("As the lots stand now"), now)]
    if day is not None:
        then = replace(scenario_of(entry, contract, as_of=end_of_day(day, contract.time_zone)), tax=tax)
        said = formats.long_date(day, formats.locale_for(get_language()))
        outcomes.append(supposed(_("As the lots stood on %(day)s") % {"day": said}, then))
    return {
        "contract": contract,
        "outcomes": outcomes,
        "scenario_form": ScenarioForm(initial={"scenario": as_text(now)}),
    }


def _ticket(request: HttpRequest, form: SupposedForm) -> Ticket:
    """The ticket whose earlier time counts for rounding, if the person sees it; else one that is supposed too."""
    number = form.cleaned_data["ticket"]
    found = visible_tickets(person_of(request)).filter(number=number).first() if number else None
    return found or Ticket(pk=SUPPOSED, created_at=read_clock())
