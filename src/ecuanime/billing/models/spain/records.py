"""The invoice records that Spain asks for: their chains, the records, and what the firm declares about its program."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.billing.models.documents.invoices import Invoice
from ecuanime.foundation.fields import MinorUnitsField


class SpainSettings(models.Model):
    """What Spain's pack must know of the firm and of who produces its program: one row.

    `effective_on` is the day from which the firm must keep chained records, and `effective_source` where that is
    written; both are proposed by its kind and are the firm's to change. `installation` is made once.
    """

    class Territory(models.TextChoices):
        """Whose indirect taxes the firm is under."""

        COMMON = "common", _("mainland and Balearic Islands")
        CANARIAS = "canarias", _("Canary Islands")
        FORAL = "foral", _("Basque Country or Navarre")

    class Entity(models.TextChoices):
        """What the firm is: the law binds companies half a year before others."""

        COMPANY = "company", _("company (Corporate Tax)")
        SELF_EMPLOYED = "self_employed", _("self-employed person or other")

    producer_name = models.CharField(_("name of the producer"), max_length=120, blank=True)
    producer_nif = models.CharField(_("NIF of the producer"), max_length=9, blank=True)
    producer_address = models.CharField(_("postal address of the producer"), max_length=200, blank=True)
    producer_contact = models.CharField(_("how to reach the producer"), max_length=200, blank=True)
    declared_place = models.CharField(_("place of the declaration"), max_length=80, blank=True)
    declared_on = models.DateField(_("date of the declaration"), null=True, blank=True)
    declared_version = models.CharField(max_length=50, blank=True)
    system_name = models.CharField(_("name of the program"), max_length=30, default="Ecuánime")
    system_code = models.CharField(_("code of the program"), max_length=2, default="EC")
    installation = models.CharField(max_length=100)
    territory = models.CharField(
        _("territory"), max_length=10, choices=Territory.choices, default=Territory.COMMON
    )
    entity = models.CharField(
        _("kind of firm"), max_length=14, choices=Entity.choices, default=Entity.COMPANY
    )
    effective_on = models.DateField(_("compulsory from"))
    effective_source = models.CharField(_("where that is written"), max_length=200)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_spain_settings")]


class FiscalChain(models.Model):
    """One chain of records: of an issuer, a program and an installation of it.

    Whoever appends locks its row until the commit, so that each record follows the one before it. The records of a
    demo chain are for looking at: they are never sent.
    """

    nif = models.CharField(max_length=9)
    system_code = models.CharField(max_length=2)
    installation = models.CharField(max_length=100)
    is_demo = models.BooleanField(default=False)
    next_position = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["nif", "system_code", "installation"], name="one_chain_each")
        ]


class FiscalRecord(models.Model):
    """A record of an invoice, as it was written in the transaction that issued it; the database never lets it change.

    `xml` is exactly what is sent and verified. `type`, `quota_total` and `total` repeat it for lists; a cancellation
    has none. `previous` is the record before it in the chain, which no other follows.
    """

    class Kind(models.TextChoices):
        """What a record does."""

        REGISTRATION = "alta", _("registration")
        CANCELLATION = "anulacion", _("cancellation")

    chain = models.ForeignKey(FiscalChain, on_delete=models.PROTECT, related_name="records")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=9, choices=Kind.choices)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="fiscal_records")
    previous = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="next"
    )
    type = models.CharField(max_length=2, blank=True)
    quota_total = MinorUnitsField(default=0)
    total = MinorUnitsField(default=0)
    is_amendment = models.BooleanField(default=False)
    previous_rejection = models.CharField(max_length=1, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    huella = models.CharField(max_length=64, unique=True)
    xml = models.TextField()
    generated_at = models.DateTimeField()
    utc_offset_minutes = models.SmallIntegerField()

    class Meta:
        ordering = ["chain", "position"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "position"], name="record_position_once"),
            models.CheckConstraint(
                condition=models.Q(position=1, previous__isnull=True)
                | models.Q(position__gt=1, previous__isnull=False),
                name="only_the_first_record_follows_none",
            ),
            models.UniqueConstraint(
                fields=["invoice"],
                condition=models.Q(kind="alta", is_amendment=False),
                name="invoice_registered_once",
            ),
            models.UniqueConstraint(
                fields=["invoice"],
                condition=models.Q(kind="anulacion", previous_rejection=""),
                name="invoice_cancelled_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.get_kind_display()} {self.invoice.number}"

    @property
    def written_at(self) -> datetime:
        """When it was generated, with the offset that it bears."""
        return self.generated_at.astimezone(timezone(timedelta(minutes=self.utc_offset_minutes)))

    @property
    def is_cancellation(self) -> bool:
        """Whether it takes a registration back."""
        return self.kind == self.Kind.CANCELLATION
