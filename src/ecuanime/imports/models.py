"""Files that were brought, their rows, and the former program's names for what is ours now."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.foundation.models import StoredFile


class Import(models.Model):
    """A file of one kind of things. `columns` says which column of the file (0 is the first) holds which field."""

    class State(models.TextChoices):
        """From the file to what was made of it."""

        STORED = "stored", _("being read")
        READ = "read", _("to be confirmed")
        ASKED = "asked", _("being written")
        BROUGHT = "brought", _("brought in")
        UNREADABLE = "unreadable", _("not readable")

    kind = models.SlugField(max_length=20)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    file_name = models.CharField(max_length=150)
    state = models.CharField(max_length=12, choices=State.choices, default=State.STORED)
    headers = models.JSONField(default=list)
    columns = models.JSONField(
        default=dict, help_text="the place of each field's column, by the field's name"
    )
    fault = models.CharField(max_length=600, blank=True, help_text="why it cannot be read, for a person")
    new = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="imports")
    stored_at = models.DateTimeField()
    brought_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-stored_at", "-id"])]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_at_work(self) -> bool:
        """Whether a job has still to say what comes of it."""
        return self.state in {self.State.STORED, self.State.ASKED}


class ImportRow(models.Model):
    """A row of a file as it stands there, and what it would do or did."""

    class Outcome(models.TextChoices):
        """What comes of it."""

        NEW = "new", _("new")
        KNOWN = "known", _("already here")
        WRONG = "wrong", _("wrong")

    file = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="the file's own row, counted from 1")
    cells = models.JSONField()
    outcome = models.CharField(max_length=6, choices=Outcome.choices)
    code = models.CharField(max_length=40, blank=True, help_text="the refusal's code")
    words = models.CharField(max_length=600, help_text="what it becomes, or why it cannot, for a person")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["file", "outcome", "number"])]


class Origin(models.Model):
    """What the former program called a thing of ours: known again by its key, it is never brought twice."""

    kind = models.SlugField(max_length=20)
    key = models.CharField(max_length=200)
    subject = models.BigIntegerField(help_text="the primary key of what was made of it")
    brought_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="origin_once")]
