"""SEPA direct debits: the firm as creditor, what clients have signed, and what is collected together."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ecuanime.billing.models.documents.invoices import Invoice
from ecuanime.billing.models.money.payments import Payment
from ecuanime.clients.models import Client
from ecuanime.foundation.fields import MinorUnitsField
from ecuanime.foundation.models import StoredFile


class CreditorSettings(models.Model):
    """Who the firm is to whoever it collects from. One row."""

    creditor_id = models.CharField(max_length=35, help_text="SEPA creditor identifier, AT-02")
    bic = models.CharField(max_length=11, blank=True, help_text="of the bank that collects")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_creditor_settings")]


class Mandate(models.Model):
    """A client's leave to collect from an account, as they signed it. It never changes: a new one follows it."""

    class Scheme(models.TextChoices):
        """Under which rules it is collected."""

        CORE = "CORE", _("CORE: may be given back for eight weeks")
        B2B = "B2B", _("B2B: between businesses, the bank has it too")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="mandates")
    reference = models.CharField(max_length=35, unique=True)
    scheme = models.CharField(max_length=4, choices=Scheme.choices, default=Scheme.CORE)
    is_once = models.BooleanField(default=False, help_text="it allows one collection alone")
    signed_on = models.DateField()
    holder = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                condition=models.Q(cancelled_at__isnull=True),
                name="one_mandate_a_client",
            )
        ]

    def __str__(self) -> str:
        return self.reference


class Collection(models.Model):
    """Invoices that are collected together on a day: the file that the bank gets, which stays as it was made."""

    number = models.CharField(max_length=35, unique=True, help_text="MsgId of the file")
    collect_on = models.DateField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    idempotency_key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.number


class CollectedInvoice(models.Model):
    """An invoice of a collection with what is collected of it. In one open collection at most."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", pgettext_lazy("direct debit", "under way")
        COLLECTED = "collected", pgettext_lazy("direct debit", "collected")
        RETURNED = "returned", pgettext_lazy("direct debit", "returned")
        CANCELLED = "cancelled", pgettext_lazy("direct debit", "withdrawn")

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="items")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="collected")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="collected")
    amount = MinorUnitsField()
    end_to_end = models.CharField(max_length=35, unique=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    payment = models.OneToOneField(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="collected"
    )
    reason = models.CharField(max_length=120, blank=True, help_text="why it came back")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"], condition=models.Q(state="open"), name="in_one_open_collection"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="something_is_collected"),
        ]
        indexes = [
            models.Index(fields=["collection"], condition=models.Q(state="open"), name="under_way"),
        ]

    @property
    def batch(self) -> str:
        """What the bank calls the part of the file that it stands in: PmtInfId."""
        return batch_name(self.collection.number, self.mandate.scheme, is_once=self.mandate.is_once)


def batch_name(number: str, scheme: str, *, is_once: bool = False) -> str:
    """The PmtInfId of a part of a collection's file: of a scheme, and of what is collected once."""
    return f"{number}-{scheme}{'-1' if is_once else ''}"
