"""Settings of emergencies: whether they are offered, in which hours, at which rates, and who is alerted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.accounts.models import Role
from ecuanime.contracts.models import Plan
from ecuanime.contracts.queries import newest_version
from ecuanime.emergencies.actions import set_alert_list, set_service
from ecuanime.emergencies.conditions import the_service
from ecuanime.emergencies.models import ExpressService
from ecuanime.emergencies.queries import alert_lists
from ecuanime.foundation.clock import read_clock
from ecuanime.staff.models import Competence, ProductArea
from ecuanime.staff.queries import product_areas
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.guards import for_staff, person_of
from ecuanime.web.office.settings.frame import show

if TYPE_CHECKING:
    _ServiceForm = forms.ModelForm[ExpressService]
else:  # the real class takes no type arguments
    _ServiceForm = forms.ModelForm

administrators = for_staff(Role.ADMINISTRATOR)


class ServiceForm(_ServiceForm):
    """How emergencies are served."""

    class Meta:
        model = ExpressService
        fields = (
            "is_offered",
            "takes_strangers",
            "calendar",
            "express_plan",
            "on_demand_plan",
            "guarantee_hours",
            "counts_guarantee",
            "alert_minutes",
            "update_minutes",
            "silence_hours",
            "nda",
        )
        widgets = {"nda": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["calendar"].empty_label = gettext_lazy("at any hour")
        on_sale = Plan.objects.filter(is_on_sale=True, versions__published_at__isnull=False)
        for name in ("express_plan", "on_demand_plan"):
            fields[name].queryset = on_sale.distinct().order_by("code")
            fields[name].label_from_instance = _named


def _named(plan: Plan) -> str:
    return f"{newest_version(plan)} ({plan.code})"


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def service(request: HttpRequest) -> HttpResponse:
    """How they are served, and the alert list of each product area."""
    form = ServiceForm(request.POST or None, instance=the_service())
    kept = done(
        request,
        form,
        lambda: set_service(service=form.save(commit=False), by=person_of(request), now=read_clock()),
        _("Kept. What was accepted before stays as it was."),
    )
    if kept:
        return redirect("settings_express")
    context = {"form": form, "areas": _areas()}
    return show(request, "express", context, is_setup=False, status=status_of(form))


@administrators
@require_POST
def alert_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is alerted in a product area: those with a place, in its order."""
    area = get_object_or_404(ProductArea, pk=pk)
    places = []
    for each in Competence.objects.filter(area=area).select_related("user"):
        said = request.POST.get(f"place{each.user_id}", "").strip()
        if said.isascii() and said.isdigit():
            places.append((int(said), each.user_id, each.user))
    people = [user for _place, _id, user in sorted(places, key=lambda row: row[:2])]
    attempt(
        request,
        lambda: set_alert_list(area=area, people=people, by=person_of(request), now=read_clock()),
        _("The alert list of %(area)s is kept.") % {"area": area},
    )
    return redirect("settings_express")


def _areas() -> list[dict[str, Any]]:
    """The product areas with who knows them and their places."""
    lists = alert_lists()
    rows: dict[int, list[dict[str, Any]]] = {}
    known = (
        Competence.objects.filter(user__is_active=True).select_related("user").order_by("user__name", "pk")
    )
    for each in known:
        place = lists.get(each.area_id, {}).get(each.user_id, "")
        rows.setdefault(each.area_id, []).append({"user": each.user, "place": place})
    return [{"area": area, "people": rows.get(area.pk, [])} for area in product_areas()]
