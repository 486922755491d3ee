"""What a firm that is not known says, the links by which people follow a case, and the client's own papers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from ecuanime.clients.models import Contact
from ecuanime.emergencies.models.cases import Emergency
from ecuanime.foundation.models import StoredFile
from ecuanime.staff.models import ProductArea


class PublicDeclaration(models.Model):
    """An emergency as somebody wrote it in the public form, until the link in their mail proves their address."""

    firm = models.CharField(max_length=160)
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)
    phone = models.CharField(max_length=30)
    area = models.ForeignKey(ProductArea, on_delete=models.CASCADE, related_name="+")
    facts = models.TextField(max_length=5000)
    since = models.CharField(max_length=200, blank=True)
    critical = models.TextField(max_length=2000, blank=True)
    desired = models.TextField(max_length=2000)
    available = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=5)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    emergency = models.ForeignKey(
        Emergency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="that it became, or was added to",
    )


class CaseLink(models.Model):
    """A person's way to a case without an account; what is mailed is its signed key.

    It lasts from its latest mail on. A revoked one stays, for whoever asks which links there were.
    """

    emergency = models.ForeignKey(Emergency, on_delete=models.CASCADE, related_name="links")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["emergency", "contact"],
                condition=Q(revoked_at__isnull=True),
                name="case_link_once",
            )
        ]


class OwnAgreement(models.Model):
    """A confidentiality agreement of the client's own, for one case; it holds in place of the firm's.

    One that was taken back or replaced stays, as it may have been read.
    """

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="agreements")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=40)
    given_by = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["emergency"], condition=Q(taken_back_at__isnull=True), name="own_agreement_once"
            )
        ]
