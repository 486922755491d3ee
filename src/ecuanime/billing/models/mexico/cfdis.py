"""Mexico's invoices: each CFDI with its stamp or its cancellation, and the sales to the public on one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ecuanime.billing.models.documents.invoices import Invoice
from ecuanime.billing.models.mexico.settings import MexicoSeal, MexicoSettings
from ecuanime.billing.models.money.payments import Payment
from ecuanime.foundation.models import StoredFile

GLOBAL = "FG"
"""The series of global invoices."""
HAS_OWN_PAPER = Q(invoice__isnull=True) | Q(payment__isnull=False) | Q(replaces__isnull=False)
"""As `Cfdi.has_own_paper`, in the database."""


class CfdiQuerySet(models.QuerySet["Cfdi"]):
    """CFDIs by how they stand."""

    def current(self) -> CfdiQuerySet:
        """Stamped, and no other one has taken its place; it may have been cancelled since."""
        return self.filter(state=Cfdi.State.STAMPED, superseded_at=None)

    def standing(self) -> CfdiQuerySet:
        """Those of them that are valid."""
        return self.current().filter(cancelled_at=None)

    def without_paper(self) -> CfdiQuerySet:
        """Stamped, and the paper of their own is not drawn yet."""
        return self.filter(HAS_OWN_PAPER, state=Cfdi.State.STAMPED, pdf__isnull=True)

    def live(self) -> CfdiQuerySet:
        """What stands, or waits for its stamp."""
        return self.exclude(state=Cfdi.State.REJECTED).filter(superseded_at=None, cancelled_at=None)


class Cfdi(models.Model):
    """A CFDI of an issued document, or of a payment on it: sealed when that is written, then stamped or rejected.

    `sealed` is exactly what is sent, however often: the PAC knows it again and never stamps it twice. A rejected one
    stays as it was, and the next attempt is another row. Whoever sends claims the row until `claimed_until`;
    `not_before` is when it may be tried again, `trouble` what came of the last try. `code` and `words` are the PAC's.
    One that was wrong may be replaced: the other is sealed, and once it is stamped the first is cancelled. The
    database never lets what was sealed or stamped change.
    """

    class State(models.TextChoices):
        """How it stands."""

        TO_STAMP = "to_stamp", _("to be stamped")
        STAMPED = "stamped", _("stamped")
        REJECTED = "rejected", pgettext_lazy("invoice", "rejected")

    invoice = models.ForeignKey(
        Invoice,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cfdis",
        help_text="empty: a global invoice of what was sold to the public in general",
    )
    period_from = models.DateField(null=True, blank=True)
    period_until = models.DateField(
        null=True, blank=True, help_text="of a global invoice, both days inclusive"
    )
    payment = models.ForeignKey(
        Payment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cfdis",
        help_text="of a payment complement: what came on the invoice",
    )
    attempt = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=1, help_text="I income, E credit, P payment")
    method = models.CharField(max_length=3, blank=True, help_text="PPD paid later, PUE at once")
    environment = models.CharField(max_length=10, choices=MexicoSettings.Environment.choices)
    seal = models.ForeignKey(MexicoSeal, on_delete=models.PROTECT, related_name="+")
    sealed = models.TextField()
    sealed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.TO_STAMP)
    checked_by = models.CharField(
        max_length=40,
        blank=True,
        help_text="what held it against the SAT's schema and original string before it was sent",
    )
    tries = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=1500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    uuid = models.CharField(max_length=36, blank=True)
    stamped = models.TextField(blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True, help_text="when the SAT said that it is")
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replacements"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="who wanted another one replaced by it",
    )
    superseded_at = models.DateTimeField(
        null=True, blank=True, help_text="when the one that takes its place was stamped"
    )
    customer = models.JSONField(
        default=dict, blank=True, help_text="of a replacement: whom it is for, as its paper shows them"
    )
    pdf = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="of a global invoice, a complement or a replacement: its paper",
    )

    objects = CfdiQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "payment", "attempt"], nulls_distinct=False, name="cfdi_attempt_once"
            ),
            models.UniqueConstraint(
                fields=["invoice", "payment"],
                condition=Q(state="to_stamp"),
                nulls_distinct=False,
                name="one_cfdi_to_stamp",
            ),
            models.UniqueConstraint(
                fields=["invoice"],
                condition=Q(payment__isnull=True, superseded_at__isnull=True, state="stamped"),
                name="one_standing_cfdi",
            ),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(cancelled_at__isnull=True, superseded_at__isnull=True, state="stamped"),
                name="one_standing_complement",
            ),
            models.UniqueConstraint(fields=["uuid"], condition=~Q(uuid=""), name="cfdi_uuid_once"),
            models.CheckConstraint(
                condition=Q(invoice__isnull=False, period_from__isnull=True, period_until__isnull=True)
                | Q(invoice__isnull=True, payment__isnull=True, period_until__gte=models.F("period_from")),
                name="of_a_document_or_of_a_period",
            ),
            models.CheckConstraint(
                condition=Q(state="stamped") & ~Q(uuid="") & ~Q(stamped="")
                | ~Q(state="stamped") & Q(uuid="", stamped=""),
                name="only_stamped_have_uuids",
            ),
        ]
        indexes = [
            models.Index(fields=["-sealed_at", "-id"], name="cfdi_newest"),
            models.Index(fields=["not_before"], condition=Q(state="to_stamp"), name="cfdi_due"),
            models.Index(
                fields=["answered_at"],
                condition=Q(state="stamped", pdf__isnull=True) & HAS_OWN_PAPER,
                name="cfdi_without_pdf",
            ),
        ]

    @property
    def document(self) -> Invoice:
        """The document that it is of, or whose payment it is of; a global invoice has none."""
        if self.invoice is None:
            raise ValueError("a global invoice is of many documents")
        return self.invoice

    @property
    def name(self) -> str:
        """What people call it: the number of its document, or the days of a global invoice."""
        if self.invoice is not None:
            return self.invoice.number or ""
        return f"{GLOBAL} {self.period_from} – {self.period_until}"

    @property
    def has_own_paper(self) -> bool:
        """Whether its PDF is kept with it: it has no document, or the document's own is of another CFDI."""
        return self.invoice_id is None or self.payment_id is not None or self.replaces_id is not None

    @property
    def file_name(self) -> str:
        """What its files are called, without an ending."""
        if self.invoice is not None:
            return self.invoice.number or ""
        return f"{GLOBAL}-{self.period_from:%Y%m%d}-{self.period_until:%Y%m%d}"

    @property
    def is_test(self) -> bool:
        """Whether it goes to the PAC's tests, so that nothing of it is an invoice."""
        return self.environment == MexicoSettings.Environment.TEST


class CfdiCancellation(models.Model):
    """A request to the SAT that a stamped CFDI be cancelled, until it is known what came of it.

    `request` is exactly what is sent, however often: asked for again, nothing more happens. Whoever received the CFDI
    may have three working days to say no. `words` are the PAC's or the SAT's own.
    """

    class Reason(models.TextChoices):
        """Motivo, as the SAT tells them apart."""

        WITH_SUBSTITUTE = "01", _("01: errors, and another CFDI takes its place")
        ERRORS = "02", _("02: errors, and no other CFDI takes its place")
        NOT_DONE = "03", _("03: the operation did not take place")
        GLOBAL = "04", _("04: it was named in a global invoice")

    class State(models.TextChoices):
        """How it stands."""

        TO_SEND = "to_send", _("to be asked for")
        WAITING = "waiting", _("waits for the receiver")
        CANCELLED = "cancelled", pgettext_lazy("invoice", "cancelled")
        REFUSED = "refused", pgettext_lazy("cancellation", "refused")

    cfdi = models.ForeignKey(Cfdi, on_delete=models.PROTECT, related_name="cancellations")
    reason = models.CharField(max_length=2, choices=Reason.choices)
    substitute = models.CharField(max_length=36, blank=True)
    request = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.TO_SEND)
    tries = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=500, blank=True)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cfdi"], condition=~Q(state="refused"), name="one_live_cancellation"
            ),
            models.CheckConstraint(
                condition=Q(reason="01") & ~Q(substitute="") | ~Q(reason="01") & Q(substitute=""),
                name="a_substitute_is_named_for_01",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=("to_send", "waiting")),
                name="cancellation_due",
            ),
        ]


class PublicSale(models.Model):
    """An issued invoice to somebody without RFC that has no CFDI of its own: a global invoice names it.

    `cfdi` is the last one that did; where that was rejected or cancelled, another one is to name it.
    """

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="public_sale")
    cfdi = models.ForeignKey(Cfdi, on_delete=models.PROTECT, null=True, blank=True, related_name="sales")
