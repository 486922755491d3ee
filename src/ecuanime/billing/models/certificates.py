"""What every certificate of the firm has, whoever takes it: Spain's tax agency, Mexico's SAT."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

EXPIRES_SOON = timedelta(days=30)


class HeldCertificate(models.Model):
    """A certificate with its key, sealed with this installation's. One of a kind is used; when it is replaced or
    removed its key is forgotten. The password that it came with is never kept."""

    AUDITED: ClassVar[str]
    """What the audit trail calls one of its kind."""

    holder = models.CharField(max_length=200)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    key_sealed = models.TextField(blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def shown_number(self) -> str:
        """What tells it from others on paper."""
        raise NotImplementedError

    def is_expired(self, now: datetime) -> bool:
        """Whether it serves no more."""
        return now >= self.valid_until

    def expires_soon(self, now: datetime) -> bool:
        """Whether its successor should be at hand."""
        return now < self.valid_until <= now + EXPIRES_SOON


def one_in_use(name: str) -> models.UniqueConstraint:
    """One of a kind is not retired."""
    return models.UniqueConstraint(
        fields=["retired_at"], condition=Q(retired_at__isnull=True), nulls_distinct=False, name=name
    )


def retired_keep_no_key(name: str) -> models.CheckConstraint:
    """What is not used any more cannot be."""
    return models.CheckConstraint(condition=Q(retired_at__isnull=True) | Q(key_sealed=""), name=name)
