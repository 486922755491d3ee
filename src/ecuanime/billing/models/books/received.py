"""Invoices that others issued to the firm: the book of what was received, and what of it a client pays again.

And what came through customs, and what a period's declaration says beside both books.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecuanime.billing.models.books.exchange import RateSource
from ecuanime.billing.models.documents.lines import InvoiceLine
from ecuanime.contracts.models import Contract
from ecuanime.foundation.fields import CurrencyField, MinorUnitsField
from ecuanime.foundation.models import StoredFile

SAID_BY_SUPPLIER = "supplier"
"""The rate is that of the document itself, whoever published it."""
TYPED, TYPED_AT_CUSTOMS = "typed", "dua"
"""In place of a syntax: a person typed what a paper says."""


class ReceivedInvoice(models.Model):
    """A supplier's document as its file or its paper says, kept with that. A credit note's amounts are below zero.

    `line` is where a client pays it again: a draft that is discarded frees it. In another currency than taxes are paid
    in, `home_total` is what it comes to in that, once it was stated; until then it waits for its rate.
    """

    class Customs(models.TextChoices):
        """What customs had to do with it: goods are taxed there, by a document of their own."""

        NONE = "", _("nothing")
        GOODS = "goods", _("goods that came through customs")
        PAID = "paid", _("customs document, its tax paid there")
        DEFERRED = "deferred", _("customs document, its tax deferred to the declaration")

    supplier_name = models.CharField(_("supplier"), max_length=200)
    supplier_tax_id = models.CharField(_("tax id"), max_length=40)
    number = models.CharField(_("number"), max_length=60)
    issued_on = models.DateField(_("issued on"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    currency = CurrencyField()
    net = MinorUnitsField()
    tax = MinorUnitsField()
    total = MinorUnitsField()
    withheld = MinorUnitsField(default=0)
    about = models.CharField(_("about"), max_length=300, blank=True)
    is_credit_note = models.BooleanField(default=False)
    corrects = models.CharField(
        max_length=60, blank=True, help_text="the number of the supplier's document that it corrects"
    )
    accrued_on = models.DateField(
        null=True, blank=True, help_text="the day its tax falls due, where it names one beside that of issue"
    )
    customs = models.CharField(max_length=8, choices=Customs.choices, default=Customs.NONE, blank=True)
    exchange_rate = models.DecimalField(max_digits=18, decimal_places=8, null=True, blank=True)
    rate_on = models.DateField(null=True, blank=True, help_text="the day whose exchange rate that is")
    rate_source = models.CharField(
        max_length=8,
        choices=[*RateSource.choices, (SAID_BY_SUPPLIER, _("the supplier's invoice"))],
        blank=True,
    )
    home_currency = CurrencyField(
        default="", blank=True, help_text="the currency that its taxes were stated in, where that is another"
    )
    home_total = MinorUnitsField(null=True, blank=True, help_text="in that currency: its taxes with bases")
    home_withheld = MinorUnitsField(null=True, blank=True)
    syntax = models.CharField(
        max_length=10,
        help_text="ubl, cii or facturae; typed for what a person typed of a paper, dua of a customs document",
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, null=True, blank=True, related_name="received_invoices"
    )
    line = models.OneToOneField(
        InvoiceLine, on_delete=models.SET_NULL, null=True, blank=True, related_name="received"
    )
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier_tax_id", "number", "issued_on"], name="received_invoice_once"
            ),
            models.UniqueConstraint(fields=["file"], name="received_file_once"),
            models.CheckConstraint(
                condition=Q(exchange_rate=None) | Q(exchange_rate__gt=0, home_total__isnull=False),
                name="received_rate_states_amounts",
            ),
        ]
        indexes = [models.Index(fields=["-issued_on", "-id"], name="received_by_day")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_customs_document(self) -> bool:
        """Whether it is what customs charged, rather than a supplier's invoice."""
        return self.customs in (self.Customs.PAID, self.Customs.DEFERRED)

    @property
    def is_typed(self) -> bool:
        """Whether a person typed what it says, rather than a file that programs read."""
        return self.syntax in (TYPED, TYPED_AT_CUSTOMS)

    @property
    def due_day(self) -> date:
        """The day its tax falls due, as far as it says."""
        return self.accrued_on or self.issued_on


class ReceivedTax(models.Model):
    """What a received document charges of one category at one rate, per cent.

    `said_…` is what the document itself says of it in the currency that taxes are paid in, `home_…` what was stated,
    and `investment_base` the part of its base that are investment goods.
    """

    invoice = models.ForeignKey(ReceivedInvoice, on_delete=models.CASCADE, related_name="taxes")
    category = models.CharField(max_length=2)
    percent = models.DecimalField(max_digits=6, decimal_places=3)
    base = MinorUnitsField()
    amount = MinorUnitsField()
    said_base = MinorUnitsField(null=True, blank=True)
    said_amount = MinorUnitsField(null=True, blank=True)
    home_base = MinorUnitsField(null=True, blank=True)
    home_amount = MinorUnitsField(null=True, blank=True)
    investment_base = MinorUnitsField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(investment_base=0)
                | Q(investment_base__gt=0, investment_base__lte=F("base"))
                | Q(investment_base__lt=0, investment_base__gte=F("base")),
                name="received_investment_within_base",
            )
        ]


class WaitingPaper(models.Model):
    """A supplier's paper that no program can read, kept until a person has typed what it says."""

    name = models.CharField(max_length=200, help_text="what its file was called")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name


class DeductionAdjustment(models.Model):
    """What a person adds to the deductions of a period's modelo 303, in the cents of its box, and why."""

    class Box(models.TextChoices):
        """The boxes that no book fills in."""

        FARMERS = "42", _("Compensations to farmers of the special regime")
        INVESTMENT = "43", _("Regularisation of investment goods")
        PRO_RATA = "44", _("Regularisation by the final pro rata")

    year = models.PositiveSmallIntegerField()
    period = models.CharField(max_length=2, help_text="as the agency writes it: 1T to 4T, 01 to 12")
    box = models.CharField(_("box"), max_length=2, choices=Box.choices)
    amount = MinorUnitsField()
    reason = models.CharField(max_length=300)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["year", "period", "box"]
        constraints = [models.UniqueConstraint(fields=["year", "period", "box"], name="one_adjustment_a_box")]
