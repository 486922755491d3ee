"""Invoices that others issued to the firm: the book of what was received, and what of it a client pays again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.billing.models.documents.lines import InvoiceLine
from ecuanime.contracts.models import Contract
from ecuanime.foundation.fields import CurrencyField, MinorUnitsField
from ecuanime.foundation.models import StoredFile


class ReceivedInvoice(models.Model):
    """A supplier's document as its file says, kept with that file. A credit note's amounts are below zero.

    `line` is where a client pays it again: a draft that is discarded frees it.
    """

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
    syntax = models.CharField(max_length=10, help_text="ubl, cii or facturae")
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
        ]
        indexes = [models.Index(fields=["-issued_on", "-id"], name="received_by_day")]

    def __str__(self) -> str:
        return self.number


class ReceivedTax(models.Model):
    """What a received document charges of one category at one rate, per cent."""

    invoice = models.ForeignKey(ReceivedInvoice, on_delete=models.CASCADE, related_name="taxes")
    category = models.CharField(max_length=2)
    percent = models.DecimalField(max_digits=6, decimal_places=3)
    base = MinorUnitsField()
    amount = MinorUnitsField()
