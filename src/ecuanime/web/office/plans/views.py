"""The catalogue: plans, what each version means, and publishing the next one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.accounts.models import Role
from ecuanime.contracts.access import may_change_plans
from ecuanime.contracts.actions import (
    create_plan,
    draft_version,
    offer_plan,
    publish_template,
    publish_version,
    withdraw_plan,
)
from ecuanime.contracts.completeness import shortcomings
from ecuanime.contracts.drafts import VersionDraft, digest_of, draft_of
from ecuanime.contracts.example import example_of
from ecuanime.contracts.example_month import Month, month_of
from ecuanime.contracts.models import Plan, PlanKind, PlanVersion
from ecuanime.contracts.queries import calendars, plans, versions_of, work_types
from ecuanime.contracts.templates import TEMPLATES
from ecuanime.contracts.words import price, sentences_of
from ecuanime.foundation.clock import read_clock
from ecuanime.rules.calendars import local_date
from ecuanime.staff.queries import product_areas, the_firm
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.guards import for_staff, person_of
from ecuanime.web.office.plans.forms import MonthForm, NewPlanForm, PublishForm, VersionForm

everybody = for_staff()
writers = for_staff(Role.SUPERVISOR)


@everybody
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every plan, those on sale first, with what it costs."""
    rows = [_row(plan) for plan in plans()]
    known = {row["plan"].code for row in rows}
    context = {
        "rows": rows,
        "templates": [template for template in TEMPLATES.values() if template.code not in known],
        "may_change": may_change_plans(person_of(request)),
    }
    return render(request, "office/plans/list.html", context)


def _row(plan: Plan) -> dict[str, Any]:
    versions = list(plan.versions.all())
    published = next((version for version in versions if version.published_at), None)
    shown = published or (versions[0] if versions else None)
    return {
        "plan": plan,
        "version": shown,
        "price": _price_of(plan, shown) if shown else "",
        "is_published": published is not None,
        "has_draft": any(version.published_at is None for version in versions),
    }


def _price_of(plan: Plan, version: PlanVersion) -> str:
    """What it costs: its fee, the lowest price of a pack, or the base rate."""
    if version.fee is not None:
        text = ngettext(
            "%(price)s every month", "%(price)s every %(months)d months", version.fee.every_months
        )
        return text % {
            "price": price(version.fee.price, version.currency),
            "months": version.fee.every_months,
        }
    if plan.kind == PlanKind.INCLUDED:
        return _("included")
    if plan.kind == PlanKind.INCIDENT_PACK:
        prices = [tier.unit_price for tier in version.tiers.all()]
        text = _("from %(price)s an incident")
    elif plan.kind == PlanKind.HOUR_PACK:
        prices = [tier.unit_price for tier in version.tiers.all()]
        text = _("from %(price)s an hour") if len(prices) > 1 else _("%(price)s an hour")
    else:
        rows = [
            rate
            for rate in version.rates.all()
            if rate.price_per_hour and not rate.work_type_id and not rate.band
        ]
        prices, text = [row.price_per_hour for row in rows if row.price_per_hour], _("%(price)s an hour")
    return text % {"price": price(min(prices), version.currency)} if prices else ""


@writers
@require_POST
def from_template(request: HttpRequest) -> HttpResponse:
    """Add a plan that is ready to be sold."""
    code, currency = request.POST.get("code", ""), the_firm().currency
    user, now = person_of(request), read_clock()
    said = _("The plan is on sale. Look at its prices: they are a starting point.")
    attempt(request, lambda: publish_template(code=code, currency=currency, by=user, now=now), said)
    return redirect("plan", code) if Plan.objects.filter(code=code).exists() else redirect("plans")


@writers
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a plan of one's own."""
    form = NewPlanForm(request.POST or None, initial={"kind": PlanKind.HOUR_PACK})
    said = _("The plan is begun. Nobody sees it as an offer until its text is published.")
    if done(request, form, lambda: create_plan(now=read_clock(), **form.cleaned_data), said):
        return redirect("plan_edit", form.cleaned_data["code"])
    return render(request, "office/plans/new.html", {"form": form}, status=status_of(form))


@everybody
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """What a plan means, with an example, and its versions."""
    kept = get_object_or_404(Plan, code=code)
    versions = list(versions_of(kept))
    published = [version for version in versions if version.published_at]
    draft = next((version for version in versions if version.published_at is None), None)
    tried = _month_form(request)
    current = _in_words(published[0], tried) if published else None
    context = {
        "plan": kept,
        "name": str((published or versions)[0]) if versions else kept.code,
        "current": current,
        "draft": _in_words(draft, tried, since=current) if draft else None,
        "month_form": tried,
        "published": published,
        "may_change": may_change_plans(person_of(request)),
    }
    return render(request, "office/plans/detail.html", context)


def _month_form(request: HttpRequest) -> MonthForm:
    usual = Month()
    initial = {"requests": usual.requests, "minutes": usual.minutes, "at_night": usual.at_night}
    return MonthForm(request.GET if "requests" in request.GET else None, initial=initial)


def _in_words(version: PlanVersion, tried: MonthForm, since: dict[str, Any] | None = None) -> dict[str, Any]:
    """A version's sentences and examples; `since` is the one in force, to mark what would change."""
    firm = the_firm()
    today = local_date(read_clock(), firm.time_zone)
    month = tried.month if tried.is_valid() else Month()
    missing = [] if version.published_at else shortcomings(version.plan.kind, draft_of(version))
    sentences = sentences_of(version)
    return {
        "version": version,
        "sentences": sentences,
        "changed": set(sentences) - set(since["sentences"]) if since else set(),
        "example": None if missing else example_of(version, today),
        "month": None if missing else month_of(version, today, month, zone=firm.time_zone),
        "missing": missing,
    }


@writers
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Write the next version, beginning with what holds now."""
    kept = get_object_or_404(Plan, code=code)
    form = _version_form(request, kept)
    said = _("The draft is saved. Read what it means before you publish it.")
    if done(request, form, lambda: draft_version(plan=kept, draft=form.as_draft(), now=read_clock()), said):
        return redirect("plan", code)
    return render(request, "office/plans/edit.html", {"plan": kept, "form": form}, status=status_of(form))


def _version_form(request: HttpRequest, kept: Plan) -> VersionForm:
    newest = kept.versions.select_related("calendar").order_by("-number").first()
    text = draft_of(newest) if newest else VersionDraft("", "", currency=the_firm().currency)
    return VersionForm(
        request.POST or None,
        kind=kept.kind,
        draft=text,
        calendars=calendars(),
        areas=product_areas(),
        types=work_types(),
    )


@writers
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Publish the draft, after saying that it is for good."""
    kept = get_object_or_404(Plan, code=code)
    draft = get_object_or_404(versions_of(kept), published_at=None)
    if request.method == "POST":
        user, now, read = person_of(request), read_clock(), request.POST.get("read", "")
        said = _("Published. New contracts get this version; those that exist keep theirs.")
        attempt(request, lambda: publish_version(version=draft, by=user, now=now, read=read), said)
        return redirect("plan", code)
    form = PublishForm(initial={"read": digest_of(draft)})
    context = {"plan": kept, "draft": draft, "form": form, "sentences": sentences_of(draft)}
    return render(request, "office/plans/publish.html", context)


@writers
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take a plan off sale."""
    kept = get_object_or_404(Plan, code=code)
    said = _("The plan is off sale. Its contracts go on as they are.")
    attempt(request, lambda: withdraw_plan(plan=kept, now=read_clock()), said)
    return redirect("plan", code)


@writers
@require_POST
def offer(request: HttpRequest, code: str) -> HttpResponse:
    """Put a plan on sale again."""
    kept = get_object_or_404(Plan, code=code)
    attempt(request, lambda: offer_plan(plan=kept, now=read_clock()), _("The plan is on sale again."))
    return redirect("plan", code)
