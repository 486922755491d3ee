"""What one currency was worth in another."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.foundation.fields import CurrencyField


class RateSource(models.TextChoices):
    """Who published an exchange rate."""

    ECB = "ecb", _("European Central Bank")
    BANXICO = "banxico", _("Banco de México")
    OTHER = "other", _("another source")


class ExchangeRate(models.Model):
    """Units of `home` for one of another currency on a day, as somebody of the firm noted it.

    `home` is the firm's own currency, or that of the law of its country. Nobody is named where that was not kept.
    """

    currency = CurrencyField(_("currency"))
    home = CurrencyField()
    on = models.DateField(_("day"))
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)
    source = models.CharField(
        _("published by"), max_length=8, choices=RateSource.choices, default=RateSource.OTHER
    )
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "currency"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "home", "on"], name="one_exchange_rate_a_day"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="exchange_rate_above_zero"),
        ]
