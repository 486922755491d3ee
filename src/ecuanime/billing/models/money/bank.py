"""What the firm's bank says: statements that were read, their entries, and what of them paid what."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ecuanime.billing.models.money.payments import Payment
from ecuanime.foundation.fields import CurrencyField, MinorUnitsField
from ecuanime.foundation.models import StoredFile


class BankFormat(models.Model):
    """How an account's statements are written as CSV: its columns by the names in its header, and its figures."""

    class Separator(models.TextChoices):
        """What stands between two cells."""

        SEMICOLON = ";", _("semicolon ;")
        COMMA = ",", _("comma ,")
        TAB = "\t", _("tabulator")
        BAR = "|", _("bar |")

    class DecimalMark(models.TextChoices):
        """What stands before the decimals; the other one may group thousands."""

        COMMA = ",", "1.234,56"
        POINT = ".", "1,234.56"

    class DateFormat(models.TextChoices):
        """How a day is written."""

        SLASHES = "%d/%m/%Y", "31/12/2026"
        SHORT = "%d/%m/%y", "31/12/26"
        DASHES = "%d-%m-%Y", "31-12-2026"
        POINTS = "%d.%m.%Y", "31.12.2026"
        ISO = "%Y-%m-%d", "2026-12-31"
        MONTH_FIRST = "%m/%d/%Y", "12/31/2026"

    name = models.CharField(max_length=60, unique=True)
    account = models.CharField(max_length=34)
    currency = CurrencyField()
    separator = models.CharField(max_length=1, choices=Separator.choices, default=";")
    decimal_mark = models.CharField(max_length=1, choices=DecimalMark.choices, default=",")
    date_format = models.CharField(max_length=10, choices=DateFormat.choices, default="%d/%m/%Y")
    day_column = models.CharField(max_length=60)
    amount_column = models.CharField(max_length=60)
    out_column = models.CharField(max_length=60, blank=True)
    text_column = models.CharField(max_length=60, blank=True)
    name_column = models.CharField(max_length=60, blank=True)
    account_column = models.CharField(max_length=60, blank=True)
    reference_column = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class BankFile(models.Model):
    """A file with statements, kept as it came. `format` is the standard's name, or that of the columns of a CSV."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=60)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "format"], name="bank_file_once")]


class BankEntry(models.Model):
    """A movement of an account, once however many files have it: `identity` tells it from all others of the account.

    `amount` is above zero for money that came. `matched` is what of it is noted as payments: what is left waits. What
    the bank says never changes.
    """

    class State(models.TextChoices):
        """How it stands."""

        TO_MATCH = "to_match", pgettext_lazy("bank entries", "to match")
        MATCHED = "matched", pgettext_lazy("bank entries", "matched")
        SET_ASIDE = "set_aside", pgettext_lazy("bank entries", "set aside")
        OUT = "out", pgettext_lazy("bank entries", "money out")

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="entries")
    account = models.CharField(max_length=34)
    identity = models.CharField(max_length=64)
    booked_on = models.DateField()
    value_on = models.DateField(null=True, blank=True)
    amount = MinorUnitsField()
    currency = CurrencyField()
    text = models.CharField(max_length=1000, blank=True)
    reference = models.CharField(max_length=35, blank=True, help_text="structured creditor reference")
    bank_reference = models.CharField(max_length=80, blank=True)
    end_to_end = models.CharField(max_length=35, blank=True)
    mandate = models.CharField(max_length=35, blank=True)
    batch = models.CharField(max_length=35, blank=True, help_text="PmtInfId of what was collected together")
    party_name = models.CharField(max_length=140, blank=True)
    party_account = models.CharField(max_length=34, blank=True)
    return_code = models.CharField(max_length=35, blank=True, help_text="why a direct debit came back")
    state = models.CharField(max_length=9, choices=State.choices)
    matched = MinorUnitsField(default=0)
    set_aside_reason = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    filed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "identity"], name="bank_entry_once"),
            models.CheckConstraint(
                condition=models.Q(matched=0)
                | models.Q(matched__gt=0, matched__lte=models.F("amount"))
                | models.Q(matched__lt=0, matched__gte=models.F("amount")),
                name="matched_no_more_than_came",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="matched") | models.Q(matched=models.F("amount")),
                name="matched_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["-booked_on", "-id"], name="bank_entry_by_day"),
            models.Index(fields=["state", "-booked_on", "-id"], name="bank_entry_by_state"),
            models.Index(
                fields=["party_account"],
                condition=~models.Q(party_account=""),
                name="bank_entry_payer",
            ),
        ]

    @property
    def left(self) -> int:
        """Minor units that are not noted as payments yet."""
        return self.amount - self.matched


class BankMatch(models.Model):
    """A payment that was noted from an entry, until it is taken back."""

    entry = models.ForeignKey(BankEntry, on_delete=models.PROTECT, related_name="matches")
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="bank_match")
    amount = MinorUnitsField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
