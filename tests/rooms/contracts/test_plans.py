"""Plans: drafts, publication for good, templates, and what keeps a version from being published."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from ecuanime.contracts.actions import (
    create_plan,
    draft_version,
    offer_plan,
    provide_basics,
    publish_template,
    publish_version,
    withdraw_plan,
)
from ecuanime.contracts.completeness import shortcomings
from ecuanime.contracts.drafts import (
    CoverRow,
    FeeRow,
    GrantRow,
    RateRow,
    VersionDraft,
    WeightRow,
    digest_of,
    draft_of,
)
from ecuanime.contracts.models import (
    Cover,
    CoverageBand,
    CoverageCalendar,
    Grant,
    LevelWeight,
    Plan,
    PlanKind,
    PlanVersion,
    Rate,
    Unit,
    WorkType,
)
from ecuanime.contracts.templates import TEMPLATES
from ecuanime.staff.models import ProductArea
from tests.factories import NOW, make_person
from tests.rooms.contracts.snapshots import everything, refused

pytestmark = pytest.mark.django_db

ON_DEMAND = VersionDraft("A demanda", "On demand", rates=(RateRow(price_per_hour=Decimal("48.5")),))
PACK = replace(
    ON_DEMAND, grants=(GrantRow(10, bonus_every=20, bonus=1),), tiers={1: Decimal(43), 20: Decimal(41)}
)

INCIDENTS = replace(
    PACK, grants=(GrantRow(10, unit=Unit.INCIDENTS.value),), covers=(CoverRow(needs_incident=True),)
)
FLAT = replace(ON_DEMAND, fee=FeeRow(Decimal(300)), covers=(CoverRow(),))


def per_period(quantity: int, **fields: Any) -> GrantRow:
    return GrantRow(quantity, valid_months=None, per=Grant.Per.PERIOD.value, **fields)


MONTHLY = replace(ON_DEMAND, fee=FeeRow(Decimal(200)), grants=(per_period(5, rollover_cap=2),))


@pytest.fixture
def plan() -> Plan:
    return create_plan(code="a-demanda", kind=PlanKind.ON_DEMAND, now=NOW)


def published(code: str = "bono-20") -> PlanVersion:
    return publish_template(code=code, currency="EUR", by=None, now=NOW)


def test_a_plan_code_is_given_once(plan: Plan) -> None:
    refused(lambda: create_plan(code="a-demanda", kind=PlanKind.HOUR_PACK, now=NOW), "code_taken")


def test_a_draft_says_all_it_was_given() -> None:
    provide_basics(now=NOW)
    ProductArea.objects.create(code="linux", name="Linux")
    draft = replace(
        PACK,
        calendar="8x5",
        minimum_minutes=10,
        grants=(GrantRow(10, areas=("linux",)),),
        rates=(
            RateRow(price_per_hour=Decimal(48)),
            RateRow(price_per_hour=Decimal(60), area="linux", level="consultant"),
            RateRow(unit_price=Decimal("0.26"), work_type="travel"),
        ),
        weights=(WeightRow("onsite", Decimal("1.25"), 10),),
        surcharges={"holiday": Decimal("1.5")},
    )
    plan = create_plan(code="bono", kind=PlanKind.HOUR_PACK, now=NOW)

    version = draft_version(plan=plan, draft=draft, now=NOW)

    assert (version.number, version.published_at) == (1, None)
    assert draft_of(PlanVersion.objects.get()) == draft


def test_the_open_draft_is_replaced_and_a_published_one_is_followed(plan: Plan) -> None:
    first = draft_version(plan=plan, draft=ON_DEMAND, now=NOW)
    again = draft_version(plan=plan, draft=replace(ON_DEMAND, payment_days=15), now=NOW)
    assert (again.pk, again.payment_days, Rate.objects.count()) == (first.pk, 15, 1)

    publish_version(version=again, by=None, now=NOW)
    second = draft_version(plan=plan, draft=ON_DEMAND, now=NOW)

    assert (second.number, Plan.objects.get().versions.count()) == (2, 2)


@pytest.mark.parametrize(
    "names",
    [
        {"calendar": "9x9"},
        {"weights": (WeightRow("juggling"),)},
        {"rates": (RateRow(price_per_hour=Decimal(1), area="nowhere"),)},
        {"grants": (GrantRow(1, areas=("nowhere",)),)},
    ],
)
def test_a_draft_names_what_exists(plan: Plan, names: dict[str, Any]) -> None:
    refused(lambda: draft_version(plan=plan, draft=replace(ON_DEMAND, **names), now=NOW), "unknown_code")


def test_publishing_says_who_and_when_and_repeating_it_changes_nothing(plan: Plan) -> None:
    person = make_person("supervisor")
    version = draft_version(plan=plan, draft=ON_DEMAND, now=NOW)

    version = publish_version(version=version, by=person, now=NOW)
    before = everything()

    assert (version.published_at, version.published_by) == (NOW, person)
    assert publish_version(version=version, by=None, now=NOW) == version
    assert everything() == before


def test_a_draft_that_was_changed_after_it_was_read_is_not_published(plan: Plan) -> None:
    read = digest_of(draft_version(plan=plan, draft=ON_DEMAND, now=NOW))
    version = draft_version(plan=plan, draft=replace(ON_DEMAND, payment_days=15), now=NOW)
    refused(lambda: publish_version(version=version, by=None, now=NOW, read=read), "text_changed")
    version = draft_version(plan=plan, draft=ON_DEMAND, now=NOW)
    assert publish_version(version=version, by=None, now=NOW, read=read).published_at == NOW


def test_an_incomplete_version_is_not_published(plan: Plan) -> None:
    version = draft_version(plan=plan, draft=replace(ON_DEMAND, rates=()), now=NOW)
    refused(lambda: publish_version(version=version, by=None, now=NOW), "incomplete")


def test_allowances_that_overlap_in_one_period_are_not_published() -> None:
    area = ProductArea.objects.create(code="linux", name="Linux")
    monthly = create_plan(code="mensual", kind=PlanKind.MONTHLY, now=NOW)
    overlapping = replace(MONTHLY, grants=(per_period(5), per_period(1, areas=(area.code,))))
    version = draft_version(plan=monthly, draft=overlapping, now=NOW)
    refused(lambda: publish_version(version=version, by=None, now=NOW), "incomplete")


@pytest.mark.parametrize(
    ("kind", "draft", "word"),
    [
        (PlanKind.ON_DEMAND, replace(ON_DEMAND, name_en=" "), "name"),
        (PlanKind.ON_DEMAND, replace(ON_DEMAND, rounding_step=0), "one minute"),
        (PlanKind.ON_DEMAND, PACK, "Only a pack is bought"),
        (PlanKind.ON_DEMAND, replace(ON_DEMAND, rates=(RateRow(Decimal(1), area="x"),)), "base price"),
        (PlanKind.HOUR_PACK, replace(PACK, rates=()), "base price"),
        (PlanKind.HOUR_PACK, replace(PACK, grants=()), "how many hours"),
        (PlanKind.HOUR_PACK, replace(PACK, tiers={}), "at least one price"),
        (PlanKind.HOUR_PACK, replace(PACK, tiers={11: Decimal(1)}), "usual size"),
        (PlanKind.HOUR_PACK, replace(PACK, tiers={1: Decimal(-1)}), "never negative"),
        (PlanKind.HOUR_PACK, replace(PACK, grants=(GrantRow(0),)), "from one to 10,000"),
        (PlanKind.HOUR_PACK, replace(PACK, grants=(GrantRow(10, bonus=1),)), "bonus"),
        (PlanKind.HOUR_PACK, replace(PACK, grants=(GrantRow(20_000),)), "from one to 10,000"),
        (PlanKind.INCIDENT_PACK, PACK, "how many hours or incidents"),
        (PlanKind.INCIDENT_PACK, replace(INCIDENTS, covers=()), "of use only"),
        (PlanKind.HOUR_PACK, replace(PACK, covers=(CoverRow(needs_incident=True),)), "grants incidents"),
        (PlanKind.MONTHLY, replace(MONTHLY, fee=None), "the fee"),
        (PlanKind.MONTHLY, replace(MONTHLY, fee=FeeRow(Decimal(-1))), "never negative"),
        (PlanKind.MONTHLY, replace(MONTHLY, fee=FeeRow(Decimal(1), 0)), "120 months"),
        (PlanKind.MONTHLY, replace(MONTHLY, grants=()), "each period brings"),
        (PlanKind.MONTHLY, replace(MONTHLY, grants=(per_period(0),)), "from one to 10,000"),
        (
            PlanKind.MONTHLY,
            replace(MONTHLY, grants=(per_period(5, rollover_cap=6),)),
            "at most what the period",
        ),
        (PlanKind.MONTHLY, replace(MONTHLY, grants=(per_period(5, bonus=1),)), "not to a period"),
        (PlanKind.MONTHLY, replace(MONTHLY, grants=(per_period(5), per_period(1, areas=("x",)))), "overlap"),
        (PlanKind.MONTHLY, replace(MONTHLY, overage="overdraft"), "overdrawn"),
        (PlanKind.ON_DEMAND, replace(ON_DEMAND, fee=FeeRow(Decimal(1))), "paid each period"),
        (PlanKind.ON_DEMAND, replace(ON_DEMAND, grants=(per_period(5),)), "no periods"),
        (PlanKind.FLAT, replace(FLAT, covers=()), "which work"),
        (PlanKind.FLAT, replace(FLAT, covers=(CoverRow(cap_minutes=0),)), "one minute"),
        (PlanKind.FLAT, replace(FLAT, covers=(CoverRow(), CoverRow(cap_minutes=5))), "named twice"),
        (PlanKind.FLAT, replace(FLAT, covers=(CoverRow(in_hours_only=True),)), "needs these hours"),
        (PlanKind.FLAT, replace(FLAT, covers=(CoverRow(area="x"),), rates=()), "base price"),
        (PlanKind.INCLUDED, replace(FLAT, fee=None), "how many months"),
        (PlanKind.FLAT, replace(FLAT, term_months=121), "120 months"),
        (PlanKind.FLAT, replace(FLAT, overage_price=Decimal(-1)), "never negative"),
        (PlanKind.FLAT, replace(FLAT, level_weights={"consultant": Decimal(-1)}), "weight"),
        (PlanKind.ON_DEMAND, replace(ON_DEMAND, surcharges={"urgent": Decimal("0.9")}), "surcharge"),
        (PlanKind.ON_DEMAND, replace(ON_DEMAND, surcharges={"holiday": Decimal(2)}), "hours that the plan"),
        (PlanKind.ON_DEMAND, replace(ON_DEMAND, weights=(WeightRow("x", Decimal(-1)),)), "weight"),
    ],
)
def test_what_is_missing_is_named(kind: str, draft: VersionDraft, word: str) -> None:
    assert any(word in problem for problem in shortcomings(kind, draft))


@pytest.mark.parametrize(
    ("kind", "draft"),
    [
        (PlanKind.HOUR_PACK, replace(PACK, overage="overdraft", overage_limit_minutes=600)),
        (PlanKind.INCIDENT_PACK, INCIDENTS),
        (PlanKind.MONTHLY, MONTHLY),
        (
            PlanKind.MONTHLY,
            replace(MONTHLY, grants=(per_period(5, areas=("x",)), per_period(1, areas=("y",)))),
        ),
        (PlanKind.FLAT, replace(FLAT, rates=())),
        (PlanKind.FLAT, replace(FLAT, grants=(per_period(40),))),
        (PlanKind.INCLUDED, replace(FLAT, fee=None, term_months=3)),
    ],
)
def test_every_kind_can_be_complete(kind: str, draft: VersionDraft) -> None:
    assert shortcomings(kind, draft) == []


def test_a_draft_of_every_row_is_read_back_as_it_was() -> None:
    provide_basics(now=NOW)
    ProductArea.objects.create(code="linux", name="Linux")
    draft = replace(
        MONTHLY,
        overage_limit_minutes=600,
        overage_price=Decimal(39),
        term_months=12,
        notice_days=15,
        grants=(per_period(5, rollover_cap=2, rollover_periods=2, areas=("linux",), work_types=("remote",)),),
        covers=(CoverRow("linux", "phone", 120, in_hours_only=True), CoverRow()),
        level_weights={"consultant": Decimal("1.5")},
        calendar="8x5",
    )
    plan = create_plan(code="mensual", kind=PlanKind.MONTHLY, now=NOW)
    draft_version(plan=plan, draft=draft, now=NOW)
    assert draft_of(PlanVersion.objects.get()) == draft


def test_the_rows_of_a_published_version_stay() -> None:
    version = published("mensual")
    for row in (version.fees.get(), version.grants.get()):
        with pytest.raises(DatabaseError, match="published"), transaction.atomic():
            row.delete()
    with pytest.raises(DatabaseError, match="published"), transaction.atomic():
        Cover.objects.create(version=version)
    with pytest.raises(DatabaseError, match="published"), transaction.atomic():
        LevelWeight.objects.create(version=version, level="consultant")
    with pytest.raises(DatabaseError, match="published"), transaction.atomic():
        version.grants.get().work_types.add(WorkType.objects.get(code="remote"))


@pytest.mark.parametrize(
    ("rate", "word"),
    [
        (RateRow(), "one price"),
        (RateRow(Decimal(1), Decimal(1), work_type="x"), "one price"),
        (RateRow(Decimal(-1)), "never negative"),
        (RateRow(unit_price=Decimal(1)), "belongs to one work type"),
        (RateRow(Decimal(1), work_type="x", area="y"), "every area"),
    ],
)
def test_a_rate_that_rating_could_not_read_is_named(rate: RateRow, word: str) -> None:
    draft = replace(ON_DEMAND, rates=(*ON_DEMAND.rates, rate))
    assert any(word in problem for problem in shortcomings(PlanKind.ON_DEMAND, draft))


def test_a_plan_leaves_the_shop_and_comes_back(plan: Plan) -> None:
    refused(lambda: offer_plan(plan=plan, now=NOW), "nothing_published")
    publish_version(version=draft_version(plan=plan, draft=ON_DEMAND, now=NOW), by=None, now=NOW)

    assert not withdraw_plan(plan=plan, now=NOW).is_on_sale
    before = everything()
    withdraw_plan(plan=plan, now=NOW)
    assert everything() == before
    assert offer_plan(plan=plan, now=NOW).is_on_sale


@pytest.mark.parametrize("code", TEMPLATES)
def test_every_template_can_be_published_and_says_what_it_says(code: str) -> None:
    version = publish_template(code=code, currency="MXN", by=None, now=NOW)

    assert version.published_at == NOW
    assert draft_of(version) == replace(TEMPLATES[code].draft, currency="MXN")


def test_a_template_is_published_once() -> None:
    first = published()
    before = everything()
    assert published() == first
    assert everything() == before


def test_an_unknown_template_is_refused() -> None:
    refused(lambda: published("bono-11"), "unknown_template")


def test_the_basics_come_once_and_leave_what_is_there() -> None:
    WorkType.objects.create(code="remote", name_es="A distancia", name_en="Remote work")
    provide_basics(now=NOW)
    before = everything()
    provide_basics(now=NOW)

    assert everything() == before
    assert WorkType.objects.get(code="remote").name_es == "A distancia"
    assert set(CoverageCalendar.objects.values_list("code", flat=True)) == {"8x5", "12x6", "24x7"}


@pytest.mark.parametrize("rows", ["grants", "tiers", "rates", "weights", "surcharges"])
def test_the_database_keeps_the_rows_of_a_published_version(rows: str) -> None:
    first = getattr(published(), rows).first()
    for change in (first.delete, first.save):
        with pytest.raises(DatabaseError, match="published"), transaction.atomic():
            change()


def test_the_database_keeps_a_published_version_and_its_calendar() -> None:
    version = published()
    area = ProductArea.objects.create(code="linux", name="Linux")
    band = CoverageBand.objects.filter(calendar=version.calendar).first()
    assert band is not None
    grant = Grant.objects.get()
    changes = (
        lambda: PlanVersion.objects.update(payment_days=1),
        lambda: PlanVersion.objects.update(published_at=None),
        version.delete,
        lambda: Rate.objects.create(version=version, price_per_hour=1),
        lambda: grant.areas.add(area),
        band.delete,
        lambda: CoverageCalendar.objects.filter(pk=version.calendar_id).update(observes_holidays=False),
    )
    for change in changes:
        with pytest.raises(DatabaseError, match="published"), transaction.atomic():
            change()
