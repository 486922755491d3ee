"""Checklists with their items, and their runs with what was answered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """How an item is answered."""

    YES_NO = "yes_no", _("yes or no")
    TEXT = "text", _("text")
    NUMBER = "number", _("number")


class Checklist(models.Model):
    """What is to be gone through; with `blocks_solving` nothing is solved before its required items are answered."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    blocks_solving = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ChecklistItem(models.Model):
    """One thing to look at or to do."""

    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.YES_NO)
    is_required = models.BooleanField(default=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["checklist", "position"], name="item_position_once")]


class Run(models.Model):
    """One going-through of a checklist."""

    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="runs")
    name = models.CharField(max_length=120)
    blocks_solving = models.BooleanField()
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")


class RunItem(models.Model):
    """An item as it stood when the run began, and its answer: `yes`, `no`, a text or a number; empty until then."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    is_required = models.BooleanField()
    answer = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="run_item_position_once")]
