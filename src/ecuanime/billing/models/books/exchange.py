"""What other currencies were worth in the firm's own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.foundation.fields import CurrencyField


class ExchangeRate(models.Model):
    """Units of the firm's currency for one of another on a day, as somebody of the firm noted it."""

    currency = CurrencyField(_("currency"))
    on = models.DateField(_("day"))
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "currency"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "on"], name="one_exchange_rate_a_day"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="exchange_rate_above_zero"),
        ]
