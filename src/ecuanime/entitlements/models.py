"""Lots and the append-only, double-entry ledger over them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.clients.models import Site
from ecuanime.contracts.models import Contract, ContractPeriod, Grant, Unit, WorkType
from ecuanime.foundation.fields import CurrencyField, HundredthsField, RateField
from ecuanime.staff.models import ProductArea


class Lot(models.Model):
    """A granted quantity with its validity and the price paid for it: hundredths of a minute, or whole incidents.

    `left` is the running sum of the lot's postings, kept here so that the database itself refuses an overdraw; it
    changes only together with a posting. `code` (BN-0187) is what people say. `belongs_to` is the pack a bonus came
    with, or the lot that a revalued, transferred or replacing one continues. A contract's overdraft account is a lot
    without hours of its own: `owed` is what was overdrawn and no lot has settled yet.
    """

    class Source(models.TextChoices):
        """How it came to be."""

        PURCHASE = "purchase", _("bought")
        BONUS = "bonus", _("bonus")
        REPLACEMENT = "replacement", _("replaces an expired one")
        REVALUATION = "revaluation", _("revalued")
        TRANSFER = "transfer", _("transferred")
        ALLOWANCE = "allowance", _("allowance of a period")
        ROLLOVER = "rollover", _("rolled over")
        OVERDRAFT = "overdraft", _("overdraft account")
        OPENING = "opening", _("brought from before")
        CREDIT = "credit", _("given for promises not kept")

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="lots")
    code = models.CharField(max_length=20, unique=True)
    unit = models.CharField(max_length=10, choices=Unit.choices, default=Unit.MINUTES)
    source = models.CharField(max_length=12, choices=Source.choices)
    belongs_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="bonuses"
    )
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, null=True, blank=True, related_name="lots")
    period = models.ForeignKey(
        ContractPeriod, on_delete=models.PROTECT, null=True, blank=True, related_name="lots"
    )
    granted = HundredthsField()
    left = HundredthsField(default=0)
    owed = HundredthsField(default=0)
    priority = models.SmallIntegerField(default=100)
    is_allowance = models.BooleanField(default=False)
    is_bonus = models.BooleanField(default=False)
    areas = models.ManyToManyField(ProductArea, blank=True)
    work_types = models.ManyToManyField(WorkType, blank=True)
    sites = models.ManyToManyField(Site, blank=True)
    valid_from = models.DateField()
    reaches_back_to = models.DateField(
        null=True, blank=True, help_text="the first day of work before its validity that it was let pay for"
    )
    expires_on = models.DateField(
        null=True, blank=True, help_text="last day, inclusive, in the contract's zone"
    )
    unit_price_paid = RateField(help_text="per hour or incident; 0 for a bonus and for an allowance")
    currency = CurrencyField()
    bought_at = models.DateTimeField()
    usable_from = models.DateTimeField(
        null=True, blank=True, help_text="paid or issued, as the contract says"
    )
    voided_at = models.DateTimeField(null=True, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True, help_text="when its expiry is to be booked")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(left__gte=0), name="lot_never_below_zero"),
            models.CheckConstraint(condition=models.Q(granted__gte=0), name="lot_granted_not_negative"),
            models.CheckConstraint(condition=models.Q(owed__gte=0), name="lot_never_owed_below_zero"),
            models.UniqueConstraint(
                fields=["contract"], condition=models.Q(source="overdraft"), name="one_overdraft_account"
            ),
        ]
        indexes = [
            models.Index(fields=["contract", "expires_on"]),
            models.Index(
                fields=["next_due_at"], condition=models.Q(next_due_at__isnull=False), name="lot_due"
            ),
            models.Index(
                fields=["expires_on"],
                condition=models.Q(left__gt=0, voided_at__isnull=True, usable_from__isnull=False),
                name="lot_expiring",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Movement(models.Model):
    """One fact of the ledger: its postings sum to zero. Never edited; a correction names what it corrects.

    `balance` is what stood in all the contract's lots of its unit after it, less what was overdrawn, so that a
    statement opens at any day without adding up what was before. `at` never goes back within a contract's unit.
    """

    class Kind(models.TextChoices):
        """What happened."""

        GRANT = "grant", _("purchase")
        BONUS = "bonus", _("bonus")
        DRAWDOWN = "drawdown", _("drawdown")
        REVERSAL = "reversal", _("reversal")
        EXPIRY = "expiry", _("expiry")
        VOID = "void", _("void")
        REFUND = "refund", _("refund")
        REVALUATION = "revaluation", _("revaluation")
        TRANSFER = "transfer", _("transfer")
        OVERDRAFT = "overdraft", _("overdraft")
        SETTLEMENT = "settlement", _("settlement")

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    unit = models.CharField(max_length=10, default=Unit.MINUTES, help_text="that of its lots")
    balance = HundredthsField(default=0, help_text="in the contract's lots of that unit, after it")
    at = models.DateTimeField(help_text="when it was booked")
    worked_at = models.DateTimeField(null=True, blank=True, help_text="when the work it pays was done")
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    idempotency_key = models.CharField(max_length=120, unique=True)
    cause = models.CharField(max_length=80, blank=True, help_text="what caused it, e.g. entry:512")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["contract", "unit", "-at", "-id"], name="movement_statement"),
            models.Index(fields=["cause"]),
        ]


class Account(models.TextChoices):
    """The accounts a quantity moves between: those of `rules.ledger`. What came in stands negative."""

    LOT = "lot", _("lot")
    GRANTED = "granted", _("granted")
    USED = "used", _("used")
    EXPIRED = "expired", _("expired")
    VOID = "void", _("void")
    REFUNDED = "refunded", _("refunded")
    REVALUED = "revalued", _("revalued")
    TRANSFERRED_IN = "transferred_in", _("transferred in")
    TRANSFERRED_OUT = "transferred_out", _("transferred out")
    OVERDRAWN = "overdrawn", _("overdrawn")


class Posting(models.Model):
    """One side of a movement: so much, in the lot's unit, into (positive) or out of (negative) an account of a lot.

    Counter-accounts carry the lot too, so that each lot's identity can be checked from its own postings. `left` is what
    the lot had after a posting to its own account; null on the others.
    """

    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="postings")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="postings")
    account = models.CharField(max_length=16, choices=Account.choices)
    quantity = HundredthsField()
    left = HundredthsField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["lot", "account", "-movement", "-id"], name="posting_statement")]


class LotNotice(models.Model):
    """That the client was told about a lot: once for each threshold."""

    class Threshold(models.TextChoices):
        """What was reached: those of `rules.packs`."""

        LOW = "low", _("runs low")
        DAYS_30 = "days_30", _("expires in 30 days")
        DAYS_7 = "days_7", _("expires in 7 days")

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="notices")
    threshold = models.CharField(max_length=10, choices=Threshold.choices)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "threshold"], name="lot_told_once")]
