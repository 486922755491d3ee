"""What is charged without time, the packs that follow others by themselves, and the runs that draft."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.clients.models import Client
from ecuanime.contracts.models import Contract
from ecuanime.entitlements.models import Lot
from ecuanime.foundation.fields import CurrencyField, RateField


class Charge(models.Model):
    """Something to be paid in advance that is not worked time: a pack that was ordered, or the fee of a period.

    A pack stands on one advance document: discarding that draft, or crediting it whole, cancels the order. A fee
    (without lot) goes on the first draft that its client gets from `due_on` on, and is free again when that is gone.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="charges")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="charges")
    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="charge")
    description = models.CharField(max_length=300)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    units = models.PositiveIntegerField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True, help_text="the last day that a fee pays for")
    is_billed = models.BooleanField(default=True)
    price = RateField(help_text="per hour when minutes are set, else per unit")
    currency = CurrencyField()
    idempotency_key = models.CharField(max_length=100, unique=True)
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["client", "created_at"]),
            models.Index(
                fields=["due_on", "client"],
                condition=models.Q(is_billed=False, cancelled_at__isnull=True),
                name="charge_to_bill",
            ),
        ]


class NextPack(models.Model):
    """What became of the pack after one that nears its end: the order, or else why there is none; one for each lot."""

    class Refusal(models.TextChoices):
        """What keeps it from being ordered: the codes of the refusals."""

        WITHDRAWN = "withdrawn", _("its plan is no longer on sale")
        NO_PRICE = "no_price", _("its plan no longer sells a pack of that size")
        OTHER_CURRENCY = "other_currency", _("its plan is sold in another currency now")
        CONTRACT_ENDED = "contract_ended", _("the contract has ended")
        INACTIVE_CLIENT = "inactive_client", _("the client is not active")

    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="next_pack")
    charge = models.OneToOneField(Charge, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    refusal = models.CharField(max_length=16, choices=Refusal.choices, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(charge__isnull=False, refusal="")
                | models.Q(charge__isnull=True) & ~models.Q(refusal=""),
                name="next_pack_ordered_or_refused",
            ),
        ]


class Run(models.Model):
    """One pass over what is billable up to a day. It may be repeated: a segment is on one live invoice at most."""

    up_to = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    clients_total = models.PositiveIntegerField(default=0)
    clients_done = models.PositiveIntegerField(default=0)
