"""Money that came from clients and went back, and the payments whose bank says that they were not theirs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.billing.models.documents.invoices import Invoice
from ecuanime.clients.models import Client
from ecuanime.foundation.fields import CurrencyField, MinorUnitsField


class Payment(models.Model):
    """Money that came from a client or went back, never edited: a mistake is corrected by its negative.

    Without an invoice it is held for the client: a deposit, or what came above what was owed. Applying it is a pair
    of rows: one takes it out of what is held, the other puts it on the invoice. Rows that belong to one that came
    first name it in `about`. What is given up as lost is a row too, though no money. A reference counts once per
    client: `reference_key` keeps it so, and is given up only when the payment is taken back.
    """

    class Method(models.TextChoices):
        """How it came."""

        TRANSFER = "transfer", _("bank transfer")
        CARD = "card", _("card")
        CASH = "cash", _("cash")
        DIRECT_DEBIT = "direct_debit", _("direct debit")
        OTHER = "other", _("other")

    class Kind(models.TextChoices):
        """What happened with the money."""

        RECEIVED = "received", _("received")
        RETURNED = "returned", _("given back")
        CORRECTION = "correction", _("taken back")
        APPLIED = "applied", _("credit applied")
        CHARGEBACK = "chargeback", _("disputed: money withdrawn")
        RECOVERED = "recovered", _("dispute won: money back")
        BROUGHT = "brought", _("paid before the invoice was brought over")
        WRITE_OFF = "write_off", _("written off")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="payments")
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    currency = CurrencyField()
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.RECEIVED)
    received_on = models.DateField(_("received on"))
    amount = MinorUnitsField()
    method = models.CharField(_("method"), max_length=12, choices=Method.choices, default=Method.TRANSFER)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    reference_key = models.CharField(max_length=120, null=True, blank=True)
    exchange_rate = models.DecimalField(max_digits=18, decimal_places=8, null=True, blank=True)
    home_value = MinorUnitsField(null=True, blank=True, help_text="what it was worth in the firm's currency")
    home_booked = MinorUnitsField(
        null=True, blank=True, help_text="what it takes off there, at the rate that was booked before"
    )
    about = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    idempotency_key = models.CharField(max_length=120, unique=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["received_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "reference_key"],
                condition=models.Q(reference_key__isnull=False),
                name="reference_once_a_client",
            )
        ]
        indexes = [
            models.Index(fields=["invoice", "received_on", "id"]),
            models.Index(fields=["client", "currency", "received_on", "id"]),
            models.Index(
                fields=["client", "currency"],
                condition=models.Q(invoice__isnull=True),
                name="money_held",
            ),
        ]

    @property
    def exchange_difference(self) -> int | None:
        """What its rate brought, above zero, or cost, in the firm's currency; None where that is not known."""
        if self.home_value is None or self.home_booked is None:
            return None
        return self.home_value - self.home_booked

    @property
    def is_write_off(self) -> bool:
        """Whether it gives something up as lost, or takes that back; `corrects` should be at hand."""
        of = self if self.corrects is None else self.corrects
        return of.kind == self.Kind.WRITE_OFF

    @property
    def can_be_corrected(self) -> bool:
        """Whether it may be taken back as noted by mistake; `corrected_by` and `dispute` should be at hand."""
        undone = hasattr(self, "corrected_by") or hasattr(self, "dispute")
        return not undone and self.kind in (self.Kind.RECEIVED, self.Kind.RETURNED, self.Kind.APPLIED)


class Dispute(models.Model):
    """A payment that the client's bank withdrew (a chargeback), until it is known who keeps the money."""

    class Outcome(models.TextChoices):
        """How it stands."""

        OPEN = "open", _("open")
        WON = "won", _("won: the money came back")
        LOST = "lost", _("lost: it is owed again")

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="dispute")
    withdrawn = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="+")
    recovered = models.OneToOneField(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=300)
    opened_on = models.DateField()
    outcome = models.CharField(max_length=4, choices=Outcome.choices, default=Outcome.OPEN)
    settled_on = models.DateField(null=True, blank=True)
