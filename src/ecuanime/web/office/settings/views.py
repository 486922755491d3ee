"""Settings about the firm: its data, hours, holidays, product areas and invoicing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.accounts.models import Role
from ecuanime.billing.packs import pack_of
from ecuanime.foundation.clock import read_clock
from ecuanime.staff.actions import (
    add_holiday,
    add_product_area,
    finish_setup,
    remove_holiday,
    remove_product_area,
    rename_product_area,
    update_firm,
)
from ecuanime.staff.countries import has_holidays
from ecuanime.staff.models import Holiday, ProductArea
from ecuanime.staff.queries import holidays_from, product_areas, the_firm
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import for_staff
from ecuanime.web.office.settings.forms import (
    AreaForm,
    FirmForm,
    HolidayForm,
    HoursForm,
    InvoicingForm,
    initial_of,
)
from ecuanime.web.office.settings.frame import after, progress, show

administrators = for_staff(Role.ADMINISTRATOR)


@administrators
def index(request: HttpRequest) -> HttpResponse:
    """The settings begin with the firm."""
    return redirect("settings_firm")


@administrators
@require_http_methods(["GET", "POST"])
def firm(request: HttpRequest, is_setup: bool = False) -> HttpResponse:
    """Name, country, tax id, address, currency and language."""
    kept = the_firm()
    form = FirmForm(request.POST or None, initial=initial_of(kept, FirmForm))
    if done(request, form, lambda: update_firm(now=read_clock(), **form.cleaned_data), _("Saved.")):
        return redirect(after("firm", is_setup=is_setup))
    context = {"form": form, "why_proformas": pack_of(kept).why_not}
    return show(request, "firm", context, is_setup=is_setup, status=status_of(form))


@administrators
@require_http_methods(["GET", "POST"])
def hours(request: HttpRequest, is_setup: bool = False) -> HttpResponse:
    """Zone, opening hours, daily cut, region, and the list of holidays."""
    kept = the_firm()
    form = HoursForm(request.POST or None, firm=kept, initial=initial_of(kept, HoursForm))
    if done(request, form, lambda: update_firm(now=read_clock(), **form.cleaned_data), _("Saved.")):
        return redirect(after("hours", is_setup=is_setup))
    return _hours_page(request, form, HolidayForm(), is_setup=is_setup)


@administrators
@require_POST
def new_holiday(request: HttpRequest, is_setup: bool = False) -> HttpResponse:
    """Add a day to the list."""
    form = HolidayForm(request.POST)
    if done(
        request, form, lambda: add_holiday(now=read_clock(), **form.cleaned_data), _("The holiday was added.")
    ):
        return redirect("setup_hours" if is_setup else "settings_hours")
    kept = the_firm()
    return _hours_page(
        request, HoursForm(firm=kept, initial=initial_of(kept, HoursForm)), form, is_setup=is_setup
    )


@administrators
@require_POST
def drop_holiday(request: HttpRequest, pk: int, is_setup: bool = False) -> HttpResponse:
    """Take a day off the list."""
    remove_holiday(holiday=get_object_or_404(Holiday, pk=pk), now=read_clock())
    say(request, _("The holiday was removed."))
    return redirect("setup_hours" if is_setup else "settings_hours")


@administrators
@require_http_methods(["GET", "POST"])
def areas(request: HttpRequest) -> HttpResponse:
    """What the firm supports."""
    form = AreaForm(request.POST or None)
    if done(
        request,
        form,
        lambda: add_product_area(now=read_clock(), **form.cleaned_data),
        _("The area was added."),
    ):
        return redirect("settings_areas")
    context = {"form": form, "areas": product_areas()}
    return show(request, "areas", context, is_setup=False, status=status_of(form))


@administrators
@require_http_methods(["GET", "POST"])
def area(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename an area."""
    kept = get_object_or_404(ProductArea, pk=pk)
    form = AreaForm(request.POST or None, initial={"name": kept.name})
    if done(
        request,
        form,
        lambda: rename_product_area(area=kept, now=read_clock(), **form.cleaned_data),
        _("Saved."),
    ):
        return redirect("settings_areas")
    context = {"form": form, "areas": product_areas(), "edited": kept}
    return show(request, "areas", context, is_setup=False, status=status_of(form))


@administrators
@require_POST
def drop_area(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an area that nothing uses."""
    kept = get_object_or_404(ProductArea, pk=pk)
    attempt(request, lambda: remove_product_area(area=kept, now=read_clock()), _("The area was removed."))
    return redirect("settings_areas")


@administrators
@require_http_methods(["GET", "POST"])
def invoicing(request: HttpRequest) -> HttpResponse:
    """Bank account and registry details, and what invoices are in this country."""
    kept = the_firm()
    form = InvoicingForm(request.POST or None, initial=initial_of(kept, InvoicingForm))
    if done(request, form, lambda: update_firm(now=read_clock(), **form.cleaned_data), _("Saved.")):
        return redirect("settings_invoicing")
    context = {"form": form, "why_proformas": pack_of(kept).why_not, "kept": kept}
    return show(request, "invoicing", context, is_setup=False, status=status_of(form))


@administrators
@require_http_methods(["GET", "POST"])
def ready(request: HttpRequest) -> HttpResponse:
    """The end of the set-up: what is left, and the way to work."""
    if request.method == "POST":
        finish_setup(now=read_clock())
        return redirect("home")
    done = progress()
    context = {"done": done, "why_proformas": pack_of(the_firm()).why_not}
    return show(request, "ready", context, is_setup=True)


def _hours_page(request: HttpRequest, form: Form, holiday_form: Form, *, is_setup: bool) -> HttpResponse:
    kept = the_firm()
    context = {
        "form": form,
        "holiday_form": holiday_form,
        "holidays": holidays_from(_first_of_year(kept.zone))[:200],
        "knows_holidays": has_holidays(kept.country),
    }
    return show(request, "hours", context, is_setup=is_setup, status=status_of(form, holiday_form))


def _first_of_year(zone: Any) -> date:
    return read_clock().astimezone(zone).date().replace(month=1, day=1)
