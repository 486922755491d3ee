"""Work types, coverage calendars, and plans with their immutable versions."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.foundation.fields import CurrencyField, FactorField, OptionalRateField, RateField
from ecuanime.rules.recurrence import Period, period
from ecuanime.staff.models import Competence, ProductArea


class WorkType(models.Model):
    """What kind of work a time entry is: remote, phone, on-site, travel, workshop, consultancy…"""

    code = models.SlugField(max_length=40, unique=True)
    name_es = models.CharField(_("name in Spanish"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        from django.utils.translation import get_language

        return self.name_en if (get_language() or "es").startswith("en") else self.name_es


class CoverageCalendar(models.Model):
    """The hours a contract covers (8x5, 12x6, 24x7). Its holidays are the firm's, unless it ignores them."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    observes_holidays = models.BooleanField(_("closed on holidays"), default=True)

    def __str__(self) -> str:
        return self.name


class CoverageBand(models.Model):
    """One open interval of a weekday, in the contract's local time; `ends_at` null means midnight."""

    calendar = models.ForeignKey(CoverageCalendar, on_delete=models.CASCADE, related_name="bands")
    weekday = models.PositiveSmallIntegerField(help_text="0 Monday … 6 Sunday")
    starts_at = models.TimeField()
    ends_at = models.TimeField(null=True, blank=True)

    class Meta:
        ordering = ["weekday", "starts_at"]


class PlanKind(models.TextChoices):
    """How a plan is sold; all kinds are made of the same rows, so a new one adds data."""

    HOUR_PACK = "hour_pack", _("Hour pack")
    INCIDENT_PACK = "incident_pack", _("Incident pack")
    MONTHLY = "monthly", _("Fixed monthly")
    FLAT = "flat", _("Flat fee")
    INCLUDED = "included", _("Included period")
    ON_DEMAND = "on_demand", _("On demand")


PACKS = (PlanKind.HOUR_PACK, PlanKind.INCIDENT_PACK)
"""The kinds that are bought in advance, as often as one likes."""


class Unit(models.TextChoices):
    """What is granted and drawn: those of `rules.packs`."""

    MINUTES = "minutes", _("hours and minutes")
    INCIDENTS = "incidents", _("incidents")


class Plan(models.Model):
    """A priced offer of the catalogue; what it says is in its versions."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=PlanKind.choices)
    is_on_sale = models.BooleanField(_("on sale"), default=True)
    created_at = models.DateTimeField()


class RoundingGroup(models.TextChoices):
    """What is rounded together, once."""

    ENTRY = "entry", _("each entry")
    TICKET = "ticket", _("each ticket")
    TICKET_DAY = "ticket_day", _("each ticket and day")
    DAY = "day", _("each day")


class RoundingMode(models.TextChoices):
    """Which way the rest of a step goes."""

    UP = "up", _("up")
    NEAREST = "nearest", _("to the nearest")
    DOWN = "down", _("down")


class Tie(models.TextChoices):
    """Where an exact half goes when rounding to the nearest."""

    UP = "up", _("up")
    DOWN = "down", _("down")
    EVEN = "even", _("to the even step")


class Overage(models.TextChoices):
    """What happens to work that no lot covers."""

    BILL = "bill", _("bill it at the overage rate")
    OVERDRAFT = "overdraft", _("note it down for the next pack to settle")
    HOLD = "hold", _("hold it until the client consents")


class Approval(models.TextChoices):
    """Whose approval draws."""

    SUPERVISOR = "supervisor", _("the supervisor")
    BOTH = "both", _("the supervisor and the client")


class PlanVersion(models.Model):
    """What a plan says from its publication on. Once published, neither it nor its rows ever change.

    `overage_limit_minutes` is the most that may be billed or overdrawn without asking again (null: no limit), and
    `overage_price` replaces the base rate for what nothing covers. `term_months` (null: open) and `notice_days` say how
    long a contract lasts before it renews or ends, and how long before that one says so.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name_es = models.CharField(_("name in Spanish"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    currency = CurrencyField(_("currency"))
    calendar = models.ForeignKey(CoverageCalendar, on_delete=models.PROTECT, null=True, blank=True)
    rounding_group = models.CharField(
        max_length=12, choices=RoundingGroup.choices, default=RoundingGroup.TICKET_DAY
    )
    rounding_step = models.PositiveSmallIntegerField(_("step (minutes)"), default=15)
    rounding_mode = models.CharField(max_length=8, choices=RoundingMode.choices, default=RoundingMode.UP)
    rounding_tie = models.CharField(max_length=5, choices=Tie.choices, default=Tie.UP)
    minimum_minutes = models.PositiveSmallIntegerField(_("minimum (minutes)"), default=0)
    overage = models.CharField(max_length=10, choices=Overage.choices, default=Overage.BILL)
    overage_limit_minutes = models.PositiveIntegerField(
        _("overage without asking (minutes)"), null=True, blank=True
    )
    overage_price = OptionalRateField(_("overage price per hour"))
    term_months = models.PositiveSmallIntegerField(_("term (months)"), null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(_("notice (days)"), default=30)
    approval = models.CharField(max_length=12, choices=Approval.choices, default=Approval.BOTH)
    silence_is_consent = models.BooleanField(_("silence is consent"), default=False)
    approval_days = models.PositiveSmallIntegerField(_("days to answer (working days)"), default=5)
    hours_visible = models.BooleanField(_("the client sees the hours left"), default=True)
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=30)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once")]

    def __str__(self) -> str:
        from django.utils.translation import get_language

        return self.name_en if (get_language() or "es").startswith("en") else self.name_es

    @property
    def fee(self) -> Fee | None:
        """What is paid again and again, if anything is."""
        return next(iter(self.fees.all()), None)

    def period(self, starts_on: date, number: int) -> Period:
        """The period with this number of a contract that began on a day."""
        fee = self.fee
        if fee is None:
            return period(starts_on, 1, number)
        return period(starts_on, fee.every_months, number, by_month=fee.begins == Fee.Begins.MONTH)

    @property
    def has_periods(self) -> bool:
        """Whether a contract runs in periods: a fee is due, or an allowance comes, in each."""
        return self.fee is not None or any(grant.per == Grant.Per.PERIOD for grant in self.grants.all())


class Fee(models.Model):
    """What a contract costs each period, in major units, charged in advance when the period opens.

    Its periods begin on the contract's first day, or on the first of a month: then the first one is shorter. A period
    that the contract has only a part of is paid whole, or by the day; what it brings is whole, or divided likewise.
    """

    class Begins(models.TextChoices):
        """From when periods are counted."""

        START = "start", _("on the contract's first day")
        MONTH = "month", _("on the first of a month")

    class ProRata(models.TextChoices):
        """What is paid for the part of a period that a contract has, and what that part brings."""

        NONE = "none", _("the whole fee")
        BY_DAY = "by_day", _("its share by days")
        SHARES = "shares", _("its share by days, and brings its share")

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="fees")
    price = RateField(_("price per period"))
    every_months = models.PositiveSmallIntegerField(_("every (months)"), default=1)
    begins = models.CharField(_("periods begin"), max_length=5, choices=Begins.choices, default=Begins.START)
    pro_rata = models.CharField(
        _("part of a period costs"), max_length=6, choices=ProRata.choices, default=ProRata.NONE
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version"], name="fee_once")]

    @property
    def is_by_day(self) -> bool:
        """Whether a part of a period costs its share by days."""
        return self.pro_rata != Fee.ProRata.NONE

    @property
    def divides_allowance(self) -> bool:
        """Whether a part of a period brings its share by days."""
        return self.pro_rata == Fee.ProRata.SHARES


class Grant(models.Model):
    """What the plan grants, as lots: at each purchase (a pack) or in each period (an allowance).

    `quantity` is in hours or incidents, by `unit`: for a purchase what is usually bought, for a period what it brings.
    Of a purchase, `valid_months` fixes `expires_on = start + N months − 1 day` (null never expires), and `bonus_every`
    20 with `bonus` 1 reads "one free for each 20 bought", rounded down; what is left of it `moves_on` to the contract
    that renews this one. An allowance is valid in its period;
    `rollover_cap` of it (null: nothing) rolls over and lasts `rollover_periods` more.
    """

    class Per(models.TextChoices):
        """How often it is granted."""

        PURCHASE = "purchase", _("at each purchase")
        PERIOD = "period", _("in each period")

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="grants")
    unit = models.CharField(max_length=10, choices=Unit.choices, default=Unit.MINUTES)
    per = models.CharField(max_length=10, choices=Per.choices, default=Per.PURCHASE)
    quantity = models.PositiveIntegerField(_("quantity (hours or incidents)"))
    valid_months = models.PositiveSmallIntegerField(_("valid for (months)"), null=True, blank=True)
    bonus_every = models.PositiveIntegerField(_("a bonus for each"), null=True, blank=True)
    bonus = models.PositiveIntegerField(_("bonus"), default=0)
    rollover_cap = models.PositiveIntegerField(_("rolls over up to"), null=True, blank=True)
    rollover_periods = models.PositiveSmallIntegerField(_("for (periods)"), default=1)
    moves_on = models.BooleanField(_("what is left moves to the contract that renews it"), default=False)
    priority = models.SmallIntegerField(default=100)
    areas = models.ManyToManyField(ProductArea, blank=True, help_text="empty: all of the contract's areas")
    work_types = models.ManyToManyField(WorkType, blank=True, help_text="empty: every work type")


class PriceTier(models.Model):
    """The price of an hour or an incident when at least `from_quantity` are bought at once."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="tiers")
    from_quantity = models.PositiveIntegerField(_("from"))
    unit_price = RateField(_("price per hour or incident"))

    class Meta:
        ordering = ["from_quantity"]
        constraints = [models.UniqueConstraint(fields=["version", "from_quantity"], name="tier_once")]


class Cover(models.Model):
    """Work that the plan itself covers: in an area and of a work type (null: any), the narrowest row that fits.

    `cap_minutes` is the most it covers of one ticket (null: all). With `needs_incident` it covers only tickets that
    hold an incident; with `in_hours_only` nothing outside the coverage hours or on holidays.
    """

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="covers")
    area = models.ForeignKey(ProductArea, on_delete=models.PROTECT, null=True, blank=True)
    work_type = models.ForeignKey(WorkType, on_delete=models.PROTECT, null=True, blank=True)
    cap_minutes = models.PositiveIntegerField(_("at most of each ticket (minutes)"), null=True, blank=True)
    needs_incident = models.BooleanField(_("only with an incident"), default=False)
    in_hours_only = models.BooleanField(_("only in the hours covered"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "area", "work_type", "in_hours_only"],
                name="cover_once",
                nulls_distinct=False,
            )
        ]


class Rate(models.Model):
    """The price of an hour of work that no lot covers: the base, or an exact price for a work type or a band.

    `area`, `level` and `work_type` narrow it (the narrowest that fits wins). A row with a `work_type` or a `band`
    is an absolute price: it replaces weight and surcharge for money. `unit_price` prices a piece instead of an
    hour (a call-out, a kilometre).
    """

    class Band(models.TextChoices):
        """When an absolute price applies; empty for always."""

        ANY = "", _("always")
        AFTER_HOURS = "after_hours", _("outside the coverage hours")
        HOLIDAY = "holiday", _("on holidays")

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="rates")
    area = models.ForeignKey(ProductArea, on_delete=models.PROTECT, null=True, blank=True)
    level = models.CharField(max_length=20, choices=Competence.Level.choices, blank=True)
    work_type = models.ForeignKey(WorkType, on_delete=models.PROTECT, null=True, blank=True)
    band = models.CharField(max_length=12, choices=Band.choices, blank=True, default=Band.ANY)
    price_per_hour = OptionalRateField(_("price per hour"))
    unit_price = OptionalRateField(_("price per unit"))
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True, help_text="inclusive")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(price_per_hour__isnull=False) ^ models.Q(unit_price__isnull=False),
                name="rate_hour_or_unit",
            )
        ]


class Weight(models.Model):
    """How much of a pack a minute of this work type takes, and under how many minutes it is free."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="weights")
    work_type = models.ForeignKey(WorkType, on_delete=models.PROTECT)
    factor = FactorField(default=1)
    free_under_minutes = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "work_type"], name="weight_once")]


class LevelWeight(models.Model):
    """How much more of a pack a minute of this competence level takes; money knows the level from its rate."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="level_weights")
    level = models.CharField(max_length=20, choices=Competence.Level.choices)
    factor = FactorField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "level"], name="level_weight_once")]


class Surcharge(models.Model):
    """A factor for work outside the coverage hours, on holidays or urgent; the largest that fits applies alone."""

    class When(models.TextChoices):
        """The circumstance."""

        AFTER_HOURS = "after_hours", _("outside the coverage hours")
        HOLIDAY = "holiday", _("on holidays")
        URGENT = "urgent", _("urgent")

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="surcharges")
    when = models.CharField(max_length=12, choices=When.choices)
    factor = FactorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "when"], name="surcharge_once")]
