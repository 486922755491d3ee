"""What the floor stores: the audit chain, and one row for every file kept by its hash."""

from __future__ import annotations

from django.db import models


class AuditEntry(models.Model):
    """One thing that somebody did.

    `body` is the canonical JSON of who, when, what and from where. When its transaction commits, the database
    itself gives the entry its `sequence` and chains it: `hash = sha256(previous_hash | sequence | body)` in
    hexadecimal, so that a changed, removed or inserted entry shows. Rows are never updated or deleted.
    """

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=200)
    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=64)
    address = models.GenericIPAddressField(null=True, blank=True)
    body = models.TextField()
    sequence = models.BigIntegerField(null=True, unique=True, editable=False)
    previous_hash = models.CharField(max_length=64, editable=False, default="")
    hash = models.CharField(max_length=64, editable=False, default="")

    class Meta:
        indexes = [models.Index(fields=["object_kind", "object_id", "id"])]


class StoredFile(models.Model):
    """Bytes kept once under their SHA-256, in the data folder; the row is what the rest refers to."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField(help_text="bytes")
    created_at = models.DateTimeField(auto_now_add=True)
