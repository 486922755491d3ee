"""Writing and publishing plans. Published versions and their rows never change; the database sees to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.contracts.completeness import shortcomings
from ecuanime.contracts.drafts import VersionDraft, digest_of, draft_of
from ecuanime.contracts.models import (
    CoverageBand,
    CoverageCalendar,
    Plan,
    PlanVersion,
    WorkType,
)
from ecuanime.contracts.templates import CALENDARS, OFFICE_HOURS, TEMPLATES, WORK_TYPES
from ecuanime.contracts.writing import named_by, write_columns, write_rows
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import Firm


@transaction.atomic
def create_plan(*, code: str, kind: str, now: datetime) -> Plan:
    """Add a plan without text to the catalogue; it is on sale once a version is published.

    Refused: `code_taken`.
    """
    plan, is_new = Plan.objects.get_or_create(code=code, defaults={"kind": kind, "created_at": now})
    if not is_new:
        raise Refused(
            "code_taken",
            _("There is a plan with the code “%(code)s” already. Open that one, or choose another code.")
            % {"code": code},
        )
    record("plan_created", plan, now=now, code=code, kind=kind)
    return plan


@transaction.atomic
def draft_version(*, plan: Plan, draft: VersionDraft, now: datetime) -> PlanVersion:
    """Write the plan's draft version: the one open draft is replaced, else the next number is opened.

    Refused: `unknown_code` for an area, work type or calendar that does not exist.
    """
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    named = named_by(draft)
    version = plan.versions.filter(published_at=None).first()
    if version is None:
        last = plan.versions.aggregate(last=Max("number"))["last"] or 0
        version = PlanVersion(plan=plan, number=last + 1)
    write_columns(version, draft, named)
    version.save()
    write_rows(version, draft, named, now)
    record("plan_version_drafted", version, now=now, plan=plan.code, number=version.number)
    return version


@transaction.atomic
def publish_version(
    *, version: PlanVersion, by: User | None, now: datetime, read: str | None = None
) -> PlanVersion:
    """Publish a draft for good. A version already published is given back as it is.

    `read` is the digest of the draft that the person had before them (`drafts.digest_of`).
    Refused: `text_changed` when the draft is not that one any more; `incomplete`, naming what is missing (on demand
    needs a base rate; a pack a grant, a tier and a rate…).
    """
    Plan.objects.select_for_update(no_key=True).get(pk=version.plan_id)
    version = PlanVersion.objects.select_for_update(of=("self",)).select_related("plan").get(pk=version.pk)
    if version.published_at is not None:
        return version
    if read is not None and read != digest_of(version):
        raise Refused(
            "text_changed",
            _("The draft was changed after you read it. Nothing was published; read it again, please."),
        )
    missing = shortcomings(version.plan.kind, draft_of(version))
    if missing:
        raise Refused("incomplete", _("It cannot be published yet.") + " " + " ".join(missing))
    version.published_at, version.published_by = now, by
    version.save(update_fields=["published_at", "published_by"])
    record("plan_version_published", version, now=now, plan=version.plan.code, number=version.number)
    return version


@transaction.atomic
def withdraw_plan(*, plan: Plan, now: datetime) -> Plan:
    """Take a plan off sale; contracts keep what they accepted. A plan off sale stays so."""
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    if plan.is_on_sale:
        _put_on_sale(plan, False, now)
    return plan


@transaction.atomic
def offer_plan(*, plan: Plan, now: datetime) -> Plan:
    """Put a plan on sale again; a plan on sale stays so. Refused: `nothing_published`."""
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    if not plan.versions.filter(published_at__isnull=False).exists():
        raise Refused(
            "nothing_published",
            _("This plan has no published version, so nobody could contract it. Publish its draft first."),
        )
    if not plan.is_on_sale:
        _put_on_sale(plan, True, now)
    return plan


def _put_on_sale(plan: Plan, is_on_sale: bool, now: datetime) -> None:
    plan.is_on_sale = is_on_sale
    plan.save(update_fields=["is_on_sale"])
    record("plan_offered" if is_on_sale else "plan_withdrawn", plan, now=now, code=plan.code)


@transaction.atomic
def provide_basics(*, now: datetime) -> None:
    """The usual work types and coverage calendars (8x5, 12x6, 24x7), where they do not exist yet.

    8x5 is the trade's name for office hours: it covers the hours in which the firm opens, or usually would.
    """
    for position, (code, name_es, name_en) in enumerate(WORK_TYPES):
        names = {"name_es": name_es, "name_en": name_en, "position": position}
        work_type, is_new = WorkType.objects.get_or_create(code=code, defaults=names)
        if is_new:
            record("work_type_added", work_type, now=now, code=code)
    firm = Firm.objects.first() or Firm()
    for code, name, weekdays, opens, closes, observes_holidays in CALENDARS:
        calendar, is_new = CoverageCalendar.objects.get_or_create(
            code=code, defaults={"name": name, "observes_holidays": observes_holidays}
        )
        if is_new:
            if code == OFFICE_HOURS:
                opens, closes = firm.opens_at, firm.closes_at
            CoverageBand.objects.bulk_create(
                CoverageBand(calendar=calendar, weekday=weekday, starts_at=opens, ends_at=closes)
                for weekday in weekdays
            )
            record("calendar_added", calendar, now=now, code=code)


@transaction.atomic
def publish_template(*, code: str, currency: str, by: User | None, now: datetime) -> PlanVersion:
    """Add a plan from a template and publish it; a plan published under the code already is given back as it is.

    `code` is one of `templates.TEMPLATES`; provides the basics it needs. Refused: `unknown_template`.
    """
    template = TEMPLATES.get(code)
    if template is None:
        raise Refused("unknown_template", _("There is no such template. Choose one of the list."))
    provide_basics(now=now)
    published = PlanVersion.objects.filter(plan__code=code, published_at__isnull=False)
    newest = published.order_by("-number").first()
    if newest is not None:
        return newest
    plan = Plan.objects.filter(code=code).first() or create_plan(code=code, kind=template.kind, now=now)
    version = draft_version(plan=plan, draft=replace(template.draft, currency=currency), now=now)
    return publish_version(version=version, by=by, now=now)
