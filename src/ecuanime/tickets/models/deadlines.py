"""What was promised about a ticket's time, from when on, and how its clocks stand."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecuanime.contracts.models import Metric
from ecuanime.tickets.models.tickets import Ticket


class Promise(models.Model):
    """What a contract, a client or the firm promised for a priority, with its calendar and holidays. It never changes.

    Tickets that were promised the same share a row, found by the digest of its content.
    """

    digest = models.CharField(max_length=64, unique=True)
    content = models.JSONField()


class TicketPromise(models.Model):
    """From this instant on a ticket was promised that; of two from the same instant the later row counts."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="promises")
    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        ordering = ["since", "id"]
        indexes = [models.Index(fields=["ticket", "since", "id"])]


class Deadline(models.Model):
    """One clock of a ticket as it was last read; `number` counts the rounds of the next response.

    Everything here follows from the ticket's history and its promises and is worked out anew with each change.
    `is_counting` says whether it ran when it was read, and `next_due_at` when somebody is to be warned, or told that
    time is up.
    """

    class Outcome(models.TextChoices):
        """Where the promise stands: those of `rules.sla`."""

        RUNNING = "running", _("on time")
        PAUSED = "paused", _("paused")
        MET = "met", _("met")
        BREACHED = "breached", _("broken")
        NOTHING_PROMISED = "nothing_promised", _("nothing promised")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="deadlines")
    metric = models.CharField(max_length=16, choices=Metric.choices)
    number = models.PositiveSmallIntegerField(default=1)
    promise = models.ForeignKey(
        Promise, on_delete=models.PROTECT, null=True, related_name="+", help_text="what held when it was read"
    )
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    started_at = models.DateTimeField()
    minutes = models.PositiveIntegerField(null=True, blank=True, help_text="what is promised, if anything is")
    counted_seconds = models.PositiveBigIntegerField(default=0, help_text="covered time at `read_at`")
    is_counting = models.BooleanField(default=False)
    warned_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    breached_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(
        null=True, blank=True, help_text="when it was decided: kept, or broken; reports count it then"
    )
    read_at = models.DateTimeField()
    next_due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["started_at", "metric", "number"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "metric", "number"], name="deadline_once"),
        ]
        indexes = [
            models.Index(fields=["next_due_at"], condition=Q(next_due_at__isnull=False), name="deadline_due"),
            models.Index(fields=["settled_at", "ticket"], name="deadline_settled"),
        ]


class DeadlineEvent(models.Model):
    """Something that happened to a promise, for good: a warning, time that was up, what was done in time or late.

    `told` are the addresses of those who were told. A later change of the ticket does not take it back.
    """

    class Kind(models.TextChoices):
        """What happened."""

        WARNED = "warned", _("time is running out")
        BREACHED = "breached", _("time is up")
        MET = "met", _("done in time")
        LATE = "late", _("done late")

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    noted_at = models.DateTimeField()
    told = ArrayField(models.CharField(max_length=254), default=list, blank=True)

    class Meta:
        ordering = ["noted_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["deadline", "kind", "at"], name="deadline_event_once"),
        ]
