"""Sending Spain's invoice records to its tax agency: certificate, queues, what was sent and what was answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ecuanime.billing.models.certificates import HeldCertificate, one_in_use, retired_keep_no_key
from ecuanime.billing.models.spain.records import FiscalChain, FiscalRecord


class Environment(models.TextChoices):
    """Which of the agency's two services records go to: what is sent to its tests has no effects."""

    TEST = "test", _("the agency's test environment")
    PRODUCTION = "production", _("the agency's production environment")


class AgencySettings(models.Model):
    """Where records are sent; empty: nowhere yet. One row."""

    environment = models.CharField(max_length=10, choices=Environment.choices, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_agency_settings")]


class AgencyCertificate(HeldCertificate):
    """A certificate that speaks for the firm to Spain's tax agency."""

    AUDITED = "agency_certificate"

    nif = models.CharField(max_length=9, help_text="the issuer's, as the certificate names it")
    issued_by = models.CharField(max_length=200)
    serial = models.CharField(max_length=60)
    is_seal = models.BooleanField(default=False)
    pem = models.TextField(help_text="the chain, which is public")

    class Meta:
        constraints = [
            one_in_use("one_certificate_in_use"),
            retired_keep_no_key("retired_certificates_keep_no_key"),
        ]

    @property
    def shown_number(self) -> str:
        """Its serial number."""
        return self.serial


class AgencyQueue(models.Model):
    """How far a chain has been sent to one of the services: everything up to `sent_through`, in order.

    Whoever sends claims the row until `claimed_until`. `not_before` is when the agency may be spoken to again,
    `failing_since` when the first of `failures` tries in a row failed, `trouble` what came of the last.
    """

    chain = models.ForeignKey(FiscalChain, on_delete=models.PROTECT, related_name="queues")
    environment = models.CharField(max_length=10, choices=Environment.choices)
    sent_through = models.PositiveIntegerField(default=0)
    most_records = models.PositiveSmallIntegerField(default=1000)
    not_before = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "environment"], name="one_queue_each")]


class Submission(models.Model):
    """One message to the agency: the records of a chain from `first` to `last`, and what came of it.

    `answer` is what came back, whole. A message that may have arrived without an answer is sent again: the agency
    then calls its records duplicates, and they count as sent.
    """

    class State(models.TextChoices):
        """What is known of it."""

        SENDING = "sending", _("being sent")
        ANSWERED = "answered", pgettext_lazy("message", "answered")
        FAULTED = "faulted", _("turned away as a whole")
        UNANSWERED = "unanswered", _("without an answer")
        NOT_SENT = "not_sent", _("did not leave")

    queue = models.ForeignKey(AgencyQueue, on_delete=models.PROTECT, related_name="submissions")
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    is_late = models.BooleanField(default=False, help_text="whether it declared an incident")
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENDING)
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    csv = models.CharField(max_length=60, blank=True, help_text="the agency's receipt")
    accepted = models.PositiveSmallIntegerField(default=0)
    with_errors = models.PositiveSmallIntegerField(default=0)
    rejected = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=40, blank=True)
    words = models.CharField(
        max_length=500, blank=True, help_text="the agency's own, of a message turned away"
    )
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["queue"], condition=Q(state="sending"), name="one_message_at_a_time"
            ),
            models.CheckConstraint(condition=Q(first__lte=models.F("last")), name="submission_not_empty"),
        ]
        indexes = [
            models.Index(fields=["-sent_at", "-id"], name="submission_newest"),
            models.Index(
                fields=["queue", "last"], condition=Q(state="unanswered"), name="submission_unanswered"
            ),
        ]

    @property
    def count(self) -> int:
        """How many records it holds."""
        return self.last - self.first + 1


class Verdict(models.Model):
    """What the agency says of a record: the one answer that counts, and what a later question found out."""

    class State(models.TextChoices):
        """Whether it was taken."""

        ACCEPTED = "accepted", pgettext_lazy("record", "accepted")
        WITH_ERRORS = "with_errors", pgettext_lazy("record", "accepted with errors")
        REJECTED = "rejected", pgettext_lazy("record", "rejected")

    queue = models.ForeignKey(AgencyQueue, on_delete=models.PROTECT, related_name="verdicts")
    record = models.ForeignKey(FiscalRecord, on_delete=models.PROTECT, related_name="verdicts")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="verdicts")
    state = models.CharField(max_length=12, choices=State.choices)
    code = models.PositiveIntegerField(null=True, blank=True)
    words = models.CharField(max_length=1500, blank=True)
    is_duplicate = models.BooleanField(
        default=False, help_text="the agency had it already, from a message whose answer never came"
    )
    asked_at = models.DateTimeField(null=True, blank=True)
    found = models.CharField(
        max_length=20, blank=True, help_text="the state in which the agency said it holds it"
    )
    found_huella = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "record"], name="one_verdict_each")]
        indexes = [
            models.Index(fields=["queue"], condition=Q(state="rejected"), name="verdict_rejected"),
            models.Index(fields=["submission", "record"], name="verdict_of_submission"),
        ]

    @property
    def holds_this(self) -> bool:
        """Whether the agency said that it holds this very record."""
        return bool(self.found_huella) and self.found_huella == self.record.huella
