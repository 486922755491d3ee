"""The firm, its holidays and the product areas it supports."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.accounts.models import Language
from ecuanime.foundation.fields import CurrencyField


class Escalation(models.TextChoices):
    """Who hears, beside whoever answers the ticket, that a promised time is up."""

    SUPERVISORS = "supervisors", _("the supervisors")
    LEAD = "lead", _("whoever leads the team of its queue, else the supervisors")
    BOTH = "both", _("whoever leads the team of its queue, and the supervisors")


class Firm(models.Model):
    """The support firm that runs this installation: one row."""

    class LegalForm(models.TextChoices):
        """Who the firm is: customers withhold income tax on what a professional charges, and on nothing else."""

        COMPANY = "company", _("company or other entity")
        PROFESSIONAL = "professional", _("natural person, professional activity")
        TRADER = "trader", _("natural person, business activity")

    name = models.CharField(_("name"), max_length=160)
    country = models.CharField(_("country"), max_length=2, help_text="ISO 3166-1 alpha-2")
    tax_id = models.CharField(_("tax id"), max_length=30, blank=True)
    legal_form = models.CharField(
        _("legal form"), max_length=12, choices=LegalForm.choices, default=LegalForm.COMPANY
    )
    professional_since = models.DateField(_("professional activity since"), null=True, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    website = models.URLField(_("website"), blank=True)
    iban = models.CharField(_("bank account (IBAN)"), max_length=34, blank=True)
    registry_note = models.CharField(_("registry details for invoices"), max_length=300, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Madrid")
    currency = CurrencyField(_("currency"))
    language = models.CharField(_("language"), max_length=5, choices=Language.choices, default=Language.ES)
    holiday_subdivision = models.CharField(_("region for holidays"), max_length=10, blank=True)
    opens_at = models.TimeField(_("opens at"), default=time(9))
    closes_at = models.TimeField(_("closes at"), default=time(18))
    cut_at = models.TimeField(_("daily cut"), default=time(20))
    close_solved_after_days = models.PositiveSmallIntegerField(
        _("days until a solved ticket closes"), default=7
    )
    assigns_by_itself = models.BooleanField(_("new tickets are given to somebody at once"), default=False)
    satisfaction_every_days = models.PositiveSmallIntegerField(
        _("days between two questions about satisfaction"),
        default=90,
        help_text="a contact is asked at most once in so many days; 0 asks nobody",
    )
    escalates_to = models.CharField(
        _("that a promised time is up is told to"),
        max_length=12,
        choices=Escalation.choices,
        default=Escalation.SUPERVISORS,
    )
    takes_public_requests = models.BooleanField(_("anybody may ask by the public form"), default=False)
    is_demo = models.BooleanField(default=False)
    setup_finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_firm")]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The firm's time zone."""
        return ZoneInfo(self.time_zone)


class Holiday(models.Model):
    """A day on which the firm is closed."""

    on = models.DateField(unique=True)
    name = models.CharField(max_length=120)


class ProductArea(models.Model):
    """Something the firm supports: Linux, PostgreSQL, Aspel SAE, cPanel…"""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name
