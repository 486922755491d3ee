"""What a firm wants to know of its tickets beyond what every firm does: fields of its own, and their values."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecuanime.foundation.words import folded, plain_words
from ecuanime.tickets.models.tickets import Ticket


class FieldKind(models.TextChoices):
    """What a field holds."""

    TEXT = "text", _("text")
    NUMBER = "number", _("number")
    DATE = "date", _("date")
    CHOICE = "choice", _("one of a list")


class TicketField(models.Model):
    """A field of the firm's. One no longer in use keeps its values, and is shown where it has one."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    kind = models.CharField(max_length=8, choices=FieldKind.choices)
    choices = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """What a query calls it, after `field.`: its words in lower case, without accents, joined by `_`."""
        return plain_words(self.name).replace(" ", "_")


class FieldValue(models.Model):
    """What a ticket says in a field: in `text` (choices too), `number` or `on`, by the field's kind; never none."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="field_values")
    field = models.ForeignKey(TicketField, on_delete=models.PROTECT, related_name="values")
    text = models.CharField(max_length=300, blank=True)
    number = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "field"], name="field_once"),
            models.CheckConstraint(
                condition=~Q(text="") | Q(number__isnull=False) | Q(on__isnull=False), name="field_has_value"
            ),
        ]
        indexes = [
            models.Index(
                F("field"), OpClass(folded("text"), name="text_pattern_ops"), F("ticket"), name="field_words"
            ),
            models.Index(
                fields=["field", "number", "ticket"], condition=Q(number__isnull=False), name="field_number"
            ),
            models.Index(fields=["field", "on", "ticket"], condition=Q(on__isnull=False), name="field_day"),
        ]

    @property
    def said(self) -> str:
        """The value as it is typed: a number without needless zeros, a day as 2026-11-30."""
        if self.number is not None:
            return format(self.number.normalize(), "f")
        return self.on.isoformat() if self.on else self.text
