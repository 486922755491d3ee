"""Charges, invoices with their lines and annex, and the locked counters that number them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.accounts.models import Language
from ecuanime.billing.models.books.exchange import RateSource
from ecuanime.billing.models.documents.charges import Run
from ecuanime.billing.models.documents.taxes import TaxRate
from ecuanime.clients.models import Client
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.fields import CurrencyField, MinorUnitsField
from ecuanime.foundation.models import StoredFile

DRAFT_KEY, BROUGHT_KEY = "borrador-", "anterior-"
PAYABLE = models.F("total") - models.F("withheld")
"""What an invoice asks its customer for, in a query."""
TAKEN_OFF = models.F("withheld") + models.F("paid") + models.F("credited") + models.F("written_off")
"""What is not owed of its total any more, in a query."""


class Series(models.Model):
    """A numbering series of an issuer. `next_number` is taken under a row lock in the issuing transaction."""

    class Purpose(models.TextChoices):
        """What is numbered in it."""

        INVOICE = "invoice", _("invoices")
        CREDIT_NOTE = "credit_note", _("credit notes")
        PRO_FORMA = "pro_forma", _("pro-formas")

    code = models.CharField(_("code"), max_length=10)
    year = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    next_number = models.PositiveIntegerField(default=1)
    last_issued_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "year"], name="series_once_a_year")]


class Invoice(models.Model):
    """A draft, then an issued document that never changes. A draft has no number.

    `issuer`, `customer` and `texts` are frozen when it is issued. A credit note has negative amounts and names the
    invoice it corrects. What a customer withholds is owed to the tax agency, so `payable`, `credited` and `owed` are
    without it. One in place of simplified invoices restates them for a client who is named now: it asks for nothing,
    so that it counts as credited whole, and what it replaces is owed and paid as before. One that was brought over is
    what a former program issued and is still owed: it bears that
    program's number, has no series, lines nor PDF of ours, and is collected like any other.
    """

    class Kind(models.TextChoices):
        """What the document is."""

        INVOICE = "invoice", _("Invoice")
        ADVANCE = "advance", _("Advance invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")
        PRO_FORMA = "pro_forma", _("Pro-forma")
        BROUGHT = "brought", _("Invoice of a former program")
        REPLACEMENT = "replacement", _("Invoice in place of simplified ones")

    class State(models.TextChoices):
        """Draft or issued; a draft that is discarded is gone."""

        DRAFT = "draft", _("draft")
        ISSUED = "issued", _("issued")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="invoices")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    series = models.ForeignKey(
        Series, on_delete=models.PROTECT, null=True, blank=True, related_name="invoices"
    )
    sequence = models.PositiveIntegerField(null=True, blank=True)
    number = models.CharField(max_length=40, null=True, blank=True, unique=True)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        help_text="the full invoice that stands in place of this simplified one",
    )
    reason = models.CharField(max_length=300, blank=True)
    correction_type = models.CharField(
        max_length=2,
        blank=True,
        help_text="of a correction: its kind by the country's law; empty: the usual one",
    )
    by_substitution = models.BooleanField(
        default=False, help_text="a correction states what now stands, rather than the difference alone"
    )
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, blank=True, related_name="invoices")
    period_from = models.DateField(null=True, blank=True)
    period_until = models.DateField(null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    dated_at = models.DateTimeField(
        help_text="when it was drafted, then when it was issued: the lists' order"
    )
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.ES)
    currency = CurrencyField()
    exchange_rate = models.DecimalField(
        max_digits=18,
        decimal_places=8,
        null=True,
        blank=True,
        help_text="units of the firm's currency for one of the document's, as it is booked",
    )
    rate_on = models.DateField(null=True, blank=True, help_text="the day whose exchange rate that is")
    rate_source = models.CharField(max_length=8, choices=RateSource.choices, blank=True)
    tax_rate = models.ForeignKey(
        TaxRate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        help_text="what a person chose for this document; empty: what the country's pack says",
    )
    discount_percent = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    discount_amount = MinorUnitsField(null=True, blank=True)
    discount_reason = models.CharField(max_length=120, blank=True)
    tax_per_line = models.BooleanField(
        default=False, help_text="whether the tax of each line is rounded, as the country's pack says"
    )
    net = MinorUnitsField(default=0)
    tax = MinorUnitsField(default=0)
    total = MinorUnitsField(default=0)
    withheld_percent = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    withheld_name = models.CharField(max_length=20, blank=True)
    withheld_why = models.CharField(max_length=24, blank=True, help_text="code of why: packs.reasons")
    withheld_base = MinorUnitsField(default=0)
    withheld = MinorUnitsField(
        default=0, help_text="income tax that the customer keeps back; never in `total`"
    )
    home_total = MinorUnitsField(
        null=True,
        blank=True,
        help_text="in the firm's currency, where the law wants its taxes stated in that: their sum with bases",
    )
    home_withheld = MinorUnitsField(null=True, blank=True)
    withheld_parts = models.JSONField(
        default=list, blank=True, help_text="several taxes withheld at once: name, percent, amount of each"
    )
    chosen_withholding = models.CharField(
        max_length=20, blank=True, help_text="a code of the pack, `none`, or empty: what the pack says"
    )
    paid = MinorUnitsField(default=0)
    remind_on = models.DateField(null=True, blank=True, help_text="when the next reminder is due")
    reminders_stopped_at = models.DateTimeField(null=True, blank=True)
    credited = MinorUnitsField(
        default=0, help_text="taken off what is to be paid by issued corrections, positive"
    )
    written_off = MinorUnitsField(
        default=0, help_text="given up as lost: owed no more, though neither paid nor credited"
    )
    annulled_at = models.DateTimeField(
        null=True, blank=True, help_text="when it was taken back as one that should never have existed"
    )
    is_held = models.BooleanField(
        default=False, help_text="issued, and no invoice yet for the client: the authority has not stamped it"
    )
    issuer = models.JSONField(default=dict, blank=True)
    customer = models.JSONField(default=dict, blank=True)
    texts = models.JSONField(default=dict, blank=True)
    pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True)
    mail = models.ForeignKey(
        OutgoingMail, on_delete=models.PROTECT, null=True, blank=True, related_name="invoices"
    )
    is_demo = models.BooleanField(default=False)
    idempotency_key = models.CharField(max_length=120, unique=True, null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "sequence"], name="invoice_number_once"),
            models.CheckConstraint(
                condition=models.Q(state="draft", number__isnull=True, sequence__isnull=True)
                | models.Q(state="issued", number__isnull=False, sequence__isnull=False, series__isnull=False)
                | models.Q(kind="brought"),
                name="only_issued_have_numbers",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="brought")
                | models.Q(
                    state="issued",
                    number__isnull=False,
                    sequence__isnull=True,
                    series__isnull=True,
                    pdf__isnull=True,
                    mail__isnull=True,
                    credited=0,
                    total__gt=0,
                ),
                name="brought_is_never_ours",
            ),
            models.CheckConstraint(
                condition=models.Q(credited=0) | models.Q(credited__gt=0, credited__lte=PAYABLE),
                name="credited_no_more_than_charged",
            ),
            models.CheckConstraint(
                condition=models.Q(written_off__gte=0), name="written_off_is_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["-dated_at", "-id"]),
            models.Index(fields=["client", "-dated_at", "-id"]),
            models.Index(fields=["state", "-dated_at", "-id"]),
            models.Index(
                fields=["due_on"],
                condition=models.Q(
                    state="issued",
                    corrects__isnull=True,
                    total__gt=TAKEN_OFF,
                ),
                name="invoice_open",
            ),
            models.Index(
                fields=["remind_on"], condition=models.Q(remind_on__isnull=False), name="invoice_to_remind"
            ),
            models.Index(
                fields=["issued_at"],
                condition=models.Q(state="issued", pdf__isnull=True),
                name="invoice_without_pdf",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"

    @property
    def owed(self) -> int:
        """Minor units still to be paid; negative when money is to go back. A correction itself is owed by nobody."""
        return 0 if self.corrects_id else self.payable - self.credited - self.paid - self.written_off

    @property
    def payable(self) -> int:
        """Minor units that the document asks its customer for: the total less what is withheld; negative on credits."""
        return self.total - self.withheld

    @property
    def can_be_credited(self) -> bool:
        """Whether something of an issued document is left to be taken off; advances may leave nothing to pay on it."""
        if self.is_draft or self.is_brought or self.is_replacement or self.corrects_id is not None:
            return False
        if self.annulled_at:
            return False
        if self.written_off:
            return False
        if self.credited < self.payable:
            return True
        return self.payable == 0 and not self.corrections.filter(annulled_at=None).exists()

    @property
    def is_credited(self) -> bool:
        """Whether credit notes took all of it off."""
        return 0 < self.payable <= self.credited and not self.is_replacement

    @property
    def is_draft(self) -> bool:
        """Whether it may still change."""
        return self.state == self.State.DRAFT

    @property
    def is_pro_forma(self) -> bool:
        """Whether it has no fiscal value."""
        return self.kind == self.Kind.PRO_FORMA

    @property
    def is_brought(self) -> bool:
        """Whether a former program issued it."""
        return self.kind == self.Kind.BROUGHT

    @property
    def is_replacement(self) -> bool:
        """Whether it only restates simplified invoices in full."""
        return self.kind == self.Kind.REPLACEMENT

    @property
    def tax_currency(self) -> str:
        """The currency that its taxes are stated in beside its own; empty where no law asks for that."""
        return str(self.texts.get("tax_currency", ""))

    @property
    def key(self) -> str:
        """What names it in an address: its number, `borrador-12` while it has none, `anterior-12` for a former one."""
        if self.is_brought:
            return f"{BROUGHT_KEY}{self.pk}"
        return self.number or f"{DRAFT_KEY}{self.pk}"
