"""The accounts of the firm's accounting that the journal writes on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.rules.journal import Role

ROLES = (
    (Role.CLIENTS.value, _("Clients")),
    (Role.HELD.value, _("Money held for clients")),
    (Role.BANK.value, _("Bank")),
    (Role.CARD.value, _("Cards")),
    (Role.CASH.value, _("Cash")),
    (Role.SERVICES.value, _("Services")),
    (Role.GOODS.value, _("Goods")),
    (Role.ADVANCES.value, _("Advance invoices")),
    (Role.TAX.value, _("Tax charged")),
    (Role.WITHHELD.value, _("Tax that clients withhold")),
    (Role.LOST.value, _("Debts written off")),
    (Role.RATE_GAIN.value, _("Gains by exchange rates")),
    (Role.RATE_LOSS.value, _("Losses by exchange rates")),
)


class JournalAccount(models.Model):
    """The account of a role. `{client}` in it becomes the figures of the client's code: an account for each."""

    role = models.CharField(max_length=10, unique=True, choices=ROLES)
    account = models.CharField(max_length=30)

    class Meta:
        ordering = ["role"]
