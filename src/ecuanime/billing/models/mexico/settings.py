"""How a firm stamps in Mexico: its account, its seal, and what the SAT knows of whoever it invoices."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecuanime.billing.models.certificates import HeldCertificate, one_in_use, retired_keep_no_key
from ecuanime.clients.models import Client


class MexicoSettings(models.Model):
    """What Mexico's pack must know of the firm, and who stamps for it: one row.

    Keys are those of the SAT's catalogues. The password of the account with the PAC is sealed.
    """

    class Environment(models.TextChoices):
        """Which of the PAC's two services stamps: what its tests stamp is no invoice and stays in the house."""

        TEST = "test", _("the PAC's tests, without effects")
        PRODUCTION = "production", _("the PAC in earnest")

    class Pac(models.TextChoices):
        """Who may stamp."""

        FINKOK = "finkok", "Finkok (Quadrum)"

    name = models.CharField(max_length=254, blank=True)
    regime = models.CharField(max_length=3, blank=True)
    service_key = models.CharField(max_length=8, default="81111811")
    goods_key = models.CharField(max_length=8, default="43211500")
    expense_key = models.CharField(max_length=8, default="81111811")
    credit_form = models.CharField(max_length=2, default="17")
    pac = models.CharField(max_length=10, choices=Pac.choices, default=Pac.FINKOK)
    environment = models.CharField(max_length=10, choices=Environment.choices, blank=True)
    username = models.CharField(max_length=120, blank=True)
    password_sealed = models.TextField(blank=True)
    checks = models.BooleanField(
        default=True,
        help_text="whether what satcfdi brings of the SAT is held against, where it is installed",
    )
    public_period = models.CharField(
        max_length=2,
        blank=True,
        help_text="c_Periodicidad of global invoices; empty: whoever has no RFC gets a CFDI of their own",
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_mexico_settings")]


class MexicoSeal(HeldCertificate):
    """A certificate of digital seal (CSD)."""

    AUDITED = "mexico_seal"

    number = models.CharField(max_length=20)
    rfc = models.CharField(max_length=13)
    certificate = models.TextField(help_text="DER in base64, which is public")

    class Meta:
        constraints = [one_in_use("one_seal_in_use"), retired_keep_no_key("retired_seals_keep_no_key")]

    @property
    def shown_number(self) -> str:
        """The twenty digits that the SAT gave it."""
        return self.number


class MexicoReceiver(models.Model):
    """What a client is to the SAT, as its Constancia de Situación Fiscal says, and how it pays."""

    client = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="mexico")
    name = models.CharField(max_length=254)
    postcode = models.CharField(max_length=5)
    regime = models.CharField(max_length=3)
    use = models.CharField(max_length=4)
    method = models.CharField(max_length=3, default="PPD")
    form = models.CharField(max_length=2, default="03")
