"""What a contact thought of how their ticket was dealt with."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecuanime.clients.models import Contact
from ecuanime.tickets.models.tickets import Ticket


class Level(models.IntegerChoices):
    """How content somebody was."""

    VERY_BAD = 1, _("Very bad")
    BAD = 2, _("Bad")
    FAIR = 3, _("Fair")
    GOOD = 4, _("Good")
    VERY_GOOD = 5, _("Very good")


class Opinion(models.Model):
    """The question that a contact was asked when their ticket closed, and what they answered, if they did."""

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="opinion")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="opinions")
    asked_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField(choices=Level.choices, null=True, blank=True)
    comment = models.CharField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__range=(1, 5)), name="opinion_level"
            )
        ]
        indexes = [
            models.Index(fields=["contact", "-asked_at"]),
            models.Index(
                fields=["answered_at"], condition=Q(answered_at__isnull=False), name="opinion_given"
            ),
        ]
