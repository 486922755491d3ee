"""Work types, coverage calendars, and plans with their immutable versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.foundation.fields import CurrencyField, FactorField, OptionalRateField, RateField
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
    ON_DEMAND = "on_demand", _("On demand")


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
    HOLD = "hold", _("hold it until the client consents")


class Approval(models.TextChoices):
    """Whose approval draws."""

    SUPERVISOR = "supervisor", _("the supervisor")
    BOTH = "both", _("the supervisor and the client")


class PlanVersion(models.Model):
    """What a plan says from its publication on. Once published, neither it nor its rows ever change."""

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


class Grant(models.Model):
    """What buying the plan grants: for an hour pack, each hour bought gives 60 minutes, plus a bonus by slab.

    `valid_months` fixes `expires_on = start + N months − 1 day`; null never expires. `bonus_every` 20 and
    `bonus_hours` 1 read "one free hour for each 20 bought", rounded down.
    """

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="grants")
    default_hours = models.PositiveIntegerField(_("hours by default"))
    valid_months = models.PositiveSmallIntegerField(_("valid for (months)"), null=True, blank=True)
    bonus_every = models.PositiveIntegerField(_("a bonus for each (hours)"), null=True, blank=True)
    bonus_hours = models.PositiveIntegerField(_("hours of bonus"), default=0)
    priority = models.SmallIntegerField(default=100)
    areas = models.ManyToManyField(ProductArea, blank=True, help_text="empty: all of the contract's areas")


class PriceTier(models.Model):
    """The price of an hour when at least `from_hours` are bought at once."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="tiers")
    from_hours = models.PositiveIntegerField(_("from (hours)"))
    price_per_hour = RateField(_("price per hour"))

    class Meta:
        ordering = ["from_hours"]
        constraints = [models.UniqueConstraint(fields=["version", "from_hours"], name="tier_once")]


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
