"""The people of the firm: what they know, whom they work with, when they work and when they are away."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ecuanime.staff.models.firm import ProductArea


class Competence(models.Model):
    """How well a person knows a product area: the level picks the rate and, later, who is asked."""

    class Level(models.TextChoices):
        """From learning to deciding."""

        TECHNICIAN = "technician", _("Technician")
        CONSULTANT = "consultant", _("Consultant")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="competences")
    area = models.ForeignKey(ProductArea, on_delete=models.CASCADE, related_name="competences")
    level = models.CharField(max_length=20, choices=Level.choices, default=Level.TECHNICIAN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "area"], name="competence_once")]


class Team(models.Model):
    """People who share the work on something: a queue, a language, a shift. One person may be in several.

    Its `lead` is told when time is up, where the firm says so.
    """

    name = models.CharField(_("name"), max_length=80)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("members"), related_name="teams", blank=True
    )
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        verbose_name=_("who leads it"),
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(Lower("name"), name="team_name_once")]

    def __str__(self) -> str:
        return self.name


class WorkingBand(models.Model):
    """Hours of a weekday (Monday is 0) in which a person works, in their own time zone; 00:00 ends with the day.

    Whoever has none keeps the firm's hours from Monday to Friday.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="working_bands")
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("until"))

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.UniqueConstraint(fields=["user", "weekday", "opens"], name="working_band_once"),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="working_band_in_a_week"),
            models.CheckConstraint(
                condition=models.Q(closes="00:00") | models.Q(closes__gt=models.F("opens")),
                name="working_band_makes_sense",
            ),
        ]


class Leave(models.Model):
    """Days, or a part of one day, on which a person does not work. It counts once somebody has approved it.

    Both days are included and read in the person's time zone. With `from_time` it is that part of its one day.
    """

    class Kind(models.TextChoices):
        """Why they are away."""

        HOLIDAY = "holiday", _("Holiday")
        SICK = "sick", _("Sick leave")
        TRAINING = "training", _("Training")
        OTHER = "other", _("Other leave")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="leaves")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.HOLIDAY)
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("until"), help_text="inclusive")
    from_time = models.TimeField(_("from (time)"), null=True, blank=True)
    until_time = models.TimeField(_("until (time)"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    asked_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["first_day", "id"]
        indexes = [models.Index(fields=["user", "last_day"]), models.Index(fields=["last_day"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="leave_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(from_time=None, until_time=None)
                | models.Q(first_day=models.F("last_day"), until_time__gt=models.F("from_time")),
                name="leave_part_of_one_day",
            ),
        ]
