"""An emergency with its alerts, answers, acceptance and log, and how the firm serves emergencies."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ecuanime.billing.models import Invoice
from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.models import Contract, CoverageCalendar, Plan
from ecuanime.foundation.fields import CurrencyField, MinorUnitsField
from ecuanime.foundation.models import StoredFile
from ecuanime.rules.express import ANSWER_MINUTES
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.models import Ticket


class Stage(models.TextChoices):
    """Where a case stands: those of `rules.express`."""

    DECLARED = "declared", _("Waiting for an expert")
    EVALUATING = "evaluating", _("Being evaluated")
    VIABLE = "viable", _("Answered: the client decides")
    NOT_VIABLE = "not_viable", _("Not viable")
    DECLINED = "declined", _("Declined by the client")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    GUARANTEE_DUE = "guarantee_due", _("Accepted: the guarantee is due")
    NORMALISING = "normalising", _("Normalising")
    NORMALISED = "normalised", _("Normal again, to be confirmed")
    MITIGATING = "mitigating", _("Fixing the causes")
    CLOSED = "closed", pgettext_lazy("emergency", "Closed")


OVER = (Stage.NOT_VIABLE, Stage.DECLINED, Stage.WITHDRAWN, Stage.CLOSED)
UNANSWERED = (Stage.DECLARED, Stage.EVALUATING)
WORKED = (Stage.NORMALISING, Stage.NORMALISED, Stage.MITIGATING)


class ExpressService(models.Model):
    """How the firm serves emergencies; one row. Without `calendar` it does so at any hour.

    `express_plan` holds the rate of normalisation, `on_demand_plan` that of mitigation.
    """

    is_offered = models.BooleanField(_("clients can declare emergencies"), default=False)
    calendar = models.ForeignKey(
        CoverageCalendar, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Express hours")
    )
    express_plan = models.ForeignKey(
        Plan,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Express rate"),
    )
    on_demand_plan = models.ForeignKey(
        Plan,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("on-demand rate"),
    )
    guarantee_hours = models.PositiveSmallIntegerField(
        _("usual guarantee (hours)"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(8)],
    )
    counts_guarantee = models.BooleanField(_("the guarantee usually counts toward the fees"), default=False)
    alert_minutes = models.PositiveSmallIntegerField(
        _("minutes until the next expert is alerted"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(ANSWER_MINUTES)],
    )
    update_minutes = models.PositiveSmallIntegerField(
        _("minutes between news to the client"), default=30, validators=[MinValueValidator(5)]
    )
    nda = models.TextField(_("confidentiality agreement"), max_length=20_000, blank=True)
    takes_strangers = models.BooleanField(_("firms that are no clients can declare them too"), default=False)
    silence_hours = models.PositiveSmallIntegerField(
        _("hours after which silence confirms that service is normal"),
        default=24,
        validators=[MaxValueValidator(720)],
        help_text="0: it never does",
    )


class OnAlert(models.Model):
    """Who is alerted of an emergency in a product area, and in which order."""

    area = models.ForeignKey(ProductArea, on_delete=models.CASCADE, related_name="on_alert")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["area", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["area", "user"], name="on_alert_once")]


class Emergency(models.Model):
    """A case. `number` (EX-0001) is what people say; what is written about it stands on its ticket.

    `answer_due_at` is empty where the Express hours never open. `next_due_at` is when a silent expert's alert passes to
    the next one, when the hour is up, or when the client is due news.
    """

    number = models.CharField(max_length=20, unique=True)
    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="emergency")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="emergencies")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(ProductArea, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=16, choices=Stage.choices, default=Stage.DECLARED)
    facts = models.TextField(_("what has stopped working"), max_length=5000)
    since = models.CharField(_("since when"), max_length=200, blank=True)
    critical = models.TextField(_("what is critical meanwhile"), max_length=2000, blank=True)
    desired = models.TextField(_("when it is normal again"), max_length=2000)
    available = models.CharField(_("who is available on their side"), max_length=300, blank=True)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer_due_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    breached_at = models.DateTimeField(
        null=True, blank=True, help_text="when it was told that the hour is up"
    )
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    express_contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    mitigation_contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    guarantee = models.OneToOneField(
        Invoice,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="emergency",
        help_text="empty too when its draft was discarded",
    )
    proof = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proof_name = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True, help_text="when work began")
    normal_at = models.DateTimeField(null=True, blank=True)
    update_minutes = models.PositiveIntegerField(
        null=True, blank=True, help_text="agreed between news to the client; empty: the firm's"
    )
    silence_at = models.DateTimeField(
        null=True, blank=True, help_text="when silence confirms that service is normal, as was agreed"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["stage", "-id"]),
            models.Index(fields=["client", "-id"]),
            models.Index(
                fields=["next_due_at"], condition=Q(next_due_at__isnull=False), name="emergency_due"
            ),
            models.Index(
                fields=["silence_at"], condition=Q(silence_at__isnull=False), name="emergency_silence"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens in it."""
        return self.stage in OVER

    @property
    def is_late(self) -> bool:
        """Whether the answer came after the hour, or the hour was noted to be up without one."""
        if self.answered_at is None or self.answer_due_at is None:
            return self.breached_at is not None
        return self.answered_at > self.answer_due_at


class Alert(models.Model):
    """An expert was alerted of a case, once; what they said, or that they were silent."""

    class Said(models.TextChoices):
        """What became of it."""

        NOTHING = "", _("alerted")
        TAKEN = "taken", _("took it on")
        PASSED = "passed", _("passed it on")
        SILENT = "silent", _("did not answer")

    emergency = models.ForeignKey(Emergency, on_delete=models.CASCADE, related_name="alerts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    said = models.CharField(max_length=8, choices=Said.choices, blank=True, default=Said.NOTHING)
    said_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["emergency", "user"], name="alerted_once")]


class Assessment(models.Model):
    """An answer to whether the case is viable, or a revision of its estimates; never changed, a newer one follows.

    Durations are in minutes. A guarantee of 0 hours is waived.
    """

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="assessments")
    number = models.PositiveSmallIntegerField()
    is_viable = models.BooleanField()
    certainty = models.PositiveSmallIntegerField(_("certainty (%)"), null=True, blank=True)
    risk = models.TextField(_("risk"), max_length=2000, blank=True)
    lasts_minutes = models.PositiveIntegerField(null=True, blank=True)
    normalise_minutes = models.PositiveIntegerField(null=True, blank=True)
    mitigate_minutes = models.PositiveIntegerField(null=True, blank=True)
    guarantee_hours = models.PositiveSmallIntegerField(default=0)
    is_counted = models.BooleanField(default=False)
    elsewhere = models.TextField(_("where else to turn"), max_length=2000, blank=True)
    reason = models.CharField(_("why"), max_length=600, blank=True)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["emergency", "number"]
        constraints = [
            models.UniqueConstraint(fields=["emergency", "number"], name="assessment_once"),
            models.CheckConstraint(condition=Q(guarantee_hours__lte=8), name="guarantee_up_to_eight_hours"),
        ]


class Acceptance(models.Model):
    """What the client accepted: the text as it was shown, its hash, its PDF, and who, when and from where."""

    emergency = models.OneToOneField(Emergency, on_delete=models.PROTECT, related_name="acceptance")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    accepted_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True, blank=True)
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    ceiling = MinorUnitsField(null=True, blank=True, help_text="what may be spent without asking again")
    silence_hours = models.PositiveSmallIntegerField(
        default=0, help_text="after which silence confirms that service is normal; 0: it never does"
    )
    currency = CurrencyField()


class Happening(models.Model):
    """A line of the case's log, never changed: which act, by whom, and in which words.

    The client does not see one that `is_internal`. `key` tells a line that came twice over a bad connection.
    """

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="happenings")
    act = models.CharField(max_length=20)
    at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=2000, blank=True)
    is_internal = models.BooleanField(default=False)
    key = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["emergency", "at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["emergency", "key"], condition=~Q(key=""), name="happening_key_once"
            )
        ]
