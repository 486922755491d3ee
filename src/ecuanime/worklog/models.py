"""Timers, time entries, the daily cut, approvals, and the segments that rating made of an entry."""

from __future__ import annotations

from fractions import Fraction

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.clients.models import Client, Contact, Site
from ecuanime.contracts.models import Contract, Cover, WorkType
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.foundation.fields import CurrencyField, FactorField, HundredthsField, OptionalRateField
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.models import Deadline, Ticket


class Timer(models.Model):
    """A running timer: one person has one at most.

    One that the daily cut found forgotten is caught: it counts nothing until its person says when the work ended.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="timer")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="timers")
    work_type = models.ForeignKey(WorkType, on_delete=models.PROTECT)
    started_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    caught_at = models.DateTimeField(null=True, blank=True, help_text="when the daily cut found it forgotten")
    proposed_end = models.DateTimeField(null=True, blank=True, help_text="when the work seems to have ended")


class EntryState(models.TextChoices):
    """Where an entry stands on its way to the bill."""

    OPEN = "open", _("not closed yet")
    CLOSED = "closed", _("to be reviewed")
    REVIEWED = "reviewed", _("waiting for the client")
    DISPUTED = "disputed", _("disputed")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    SETTLED = "settled", _("settled before it was brought over")


class TimeEntry(models.Model):
    """Work of one person on one ticket. Seconds are stored as worked; rounding happens only in rating.

    `billable_seconds` is a person's decision: empty means all of `elapsed_seconds`; 0 is goodwill. An entry without
    clock times (`started_at` empty) says only its day and duration and cannot get out-of-hours rates.
    `work_on` is the day of the work in the firm's time zone. An entry that `corrects` an approved one says what is
    added to that, or taken from it (negative seconds or pieces): what was approved is never edited. One that is
    settled was worked and paid under a former program: it is shown, and never drawn, billed nor changed.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="time_entries")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="time_entries")
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, null=True, blank=True, related_name="time_entries"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="time_entries")
    work_type = models.ForeignKey(WorkType, on_delete=models.PROTECT)
    area = models.ForeignKey(ProductArea, on_delete=models.PROTECT, null=True, blank=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True)
    is_urgent = models.BooleanField(default=False)
    work_on = models.DateField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    elapsed_seconds = models.IntegerField()
    billable_seconds = models.IntegerField(null=True, blank=True)
    units = models.IntegerField(null=True, blank=True, help_text="pieces, for a work type with a unit price")
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    note = models.CharField(_("what was done"), max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=EntryState.choices, default=EntryState.OPEN)
    cut = models.ForeignKey("Cut", on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    adjust_reason = models.CharField(max_length=300, blank=True)
    self_approved = models.BooleanField(default=False, help_text="nobody else could approve it")
    approved_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(
        null=True, blank=True, help_text="when the client was asked to approve this version"
    )
    overage_consented_at = models.DateTimeField(
        null=True, blank=True, help_text="when the client let its held overage be charged"
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(started_at__isnull=True, ended_at__isnull=True)
                | models.Q(started_at__isnull=False, ended_at__gte=models.F("started_at")),
                name="entry_times_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(corrects__isnull=False)
                | models.Q(elapsed_seconds__gte=0)
                & (models.Q(billable_seconds__isnull=True) | models.Q(billable_seconds__gte=0))
                & (models.Q(units__isnull=True) | models.Q(units__gte=0)),
                name="entry_negative_only_to_correct",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="settled")
                | models.Q(
                    contract__isnull=True, cut__isnull=True, corrects__isnull=True, approved_at__isnull=True
                ),
                name="settled_time_is_never_ours",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "work_on", "started_at"]),
            models.Index(fields=["client", "state", "work_on", "id"]),
            models.Index(fields=["contract", "state", "work_on", "id"]),
            models.Index(fields=["state", "work_on"]),
            models.Index(fields=["ticket", "work_on", "id"]),
            models.Index(fields=["client", "-id"]),
            models.Index(fields=["client", "-work_on", "-id"], name="entry_of_client_by_day"),
        ]

    @property
    def billed_seconds(self) -> int:
        """The seconds that count for the bill: the person's decision, or all that was worked."""
        return self.elapsed_seconds if self.billable_seconds is None else self.billable_seconds

    @property
    def takes_away(self) -> bool:
        """Whether it is a correction that takes from what was approved."""
        return self.corrects_id is not None and (self.elapsed_seconds < 0 or (self.units or 0) < 0)


class TermsWindow(models.Model):
    """From an instant on, until the next window of the ticket, its work falls under a contract: which rate when.

    Under `is_free` it is recorded and counts nothing for the bill; without a contract none is said.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="terms_windows")
    since = models.DateTimeField()
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_free = models.BooleanField(default=False)
    bills_apart = models.BooleanField(
        default=False, help_text="the ticket's time is billed by itself: invoice runs leave it out"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["ticket", "since", "id"]
        constraints = [models.UniqueConstraint(fields=["ticket", "since"], name="terms_window_once")]


class ClosedDay(models.Model):
    """A day whose hour of closing was dealt with: claimed by its row, so that it happens once."""

    day = models.DateField(primary_key=True)
    closed_at = models.DateTimeField()


class Cut(models.Model):
    """The closing of one client's day. `due_on` is when the client's term ends, counted from the notice."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="cuts")
    day = models.DateField()
    closed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "day"], name="one_cut_a_day")]
        indexes = [
            models.Index(fields=["-day", "client"]),
            models.Index(
                fields=["next_due_at"], condition=models.Q(next_due_at__isnull=False), name="cut_due"
            ),
        ]


class Decision(models.Model):
    """One decision over one entry: who, when, from where, and over which version of it."""

    class Kind(models.TextChoices):
        """What was decided."""

        REVIEW = "review", _("approved by the supervisor")
        ADJUST = "adjust", _("adjusted")
        REJECT = "reject", _("rejected")
        APPROVE = "approve", _("approved by the client")
        DISPUTE = "dispute", _("disputed")
        SILENCE = "silence", _("approved by silence")
        ANSWER = "answer", _("answered")
        CONSENT = "consent", _("overage consented by the client")
        FREE = "free", _("taken back")
        COMMENT = "comment", _("comment")
        CORRECT = "correct", _("correction recorded")

    entry = models.ForeignKey(TimeEntry, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True)
    stands_for = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="the project lead whose limits it counts against, where somebody stood in",
    )
    entry_version = models.PositiveIntegerField()
    reason = models.CharField(max_length=600, blank=True)


class RatedEntry(models.Model):
    """What rating made of an approved entry, with its trace; replaced never, superseded by a newer one when freed."""

    entry = models.ForeignKey(TimeEntry, on_delete=models.PROTECT, related_name="ratings")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT)
    rated_at = models.DateTimeField()
    group = models.CharField(max_length=60, help_text="what it was rounded together with")
    booked_seconds = models.IntegerField(help_text="billable seconds it added to its group")
    rounded_minutes = models.IntegerField(help_text="minutes it added to its group")
    weighted = HundredthsField()
    included = HundredthsField(default=0)
    drawn = HundredthsField()
    overage = HundredthsField()
    trace = models.JSONField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=models.Q(superseded_at__isnull=True), name="one_rating_in_force"
            )
        ]
        indexes = [models.Index(fields=["contract", "group"])]


class RatedSegment(models.Model):
    """A stretch of an entry with one set of conditions: what it drew, and what of it is to be billed.

    `drawn + included + overage = weighted`, in hundredths of a minute.

    `charged_numerator / charged_denominator` are the exact minutes to be billed at `price_per_hour` (they are whole
    unless a weighted lot ran dry inside the segment); an empty price means nothing is to be paid. A correction's
    segment that takes away is negative and names the one it `takes_from`, whose `taken_…` grows with it.
    """

    rating = models.ForeignKey(RatedEntry, on_delete=models.CASCADE, related_name="segments")
    position = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    elapsed_seconds = models.IntegerField()
    rounded_minutes = models.IntegerField()
    weight = FactorField(default=1)
    level_weight = FactorField(default=1)
    surcharge = models.CharField(max_length=12, blank=True)
    surcharge_factor = FactorField(default=1)
    weighted = HundredthsField()
    included = HundredthsField(default=0)
    cover = models.ForeignKey(
        Cover, on_delete=models.PROTECT, null=True, blank=True, help_text="what of the plan includes it"
    )
    drawn = HundredthsField()
    overage = HundredthsField()
    overdraft = HundredthsField(default=0, help_text="of the overage, what the next pack settles")
    held = HundredthsField(default=0, help_text="of the overage, what waits for a person")
    consented = HundredthsField(default=0, help_text="of the overage, what is billed since the client let it")
    charged_numerator = models.BigIntegerField(default=0, help_text="minutes")
    charged_denominator = models.BigIntegerField(default=1)
    units = OptionalRateField(help_text="pieces, when it is priced by the unit")
    price = OptionalRateField(help_text="per hour, or per unit when `units` is set")
    currency = CurrencyField()
    held_reason = models.CharField(
        max_length=20, blank=True, help_text="why it waits for a person, empty if not"
    )
    takes_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="takings"
    )
    taken_numerator = models.BigIntegerField(default=0, help_text="charged minutes that corrections took")
    taken_denominator = models.BigIntegerField(default=1)
    taken_units = models.IntegerField(default=0, help_text="pieces that corrections took")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rating", "position"], name="segment_position_once")]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(taken_numerator__gt=0) | models.Q(taken_units__gt=0),
                name="segment_corrected",
            )
        ]

    @property
    def charged(self) -> Fraction:
        """The exact minutes that it bills, or takes off a bill."""
        return Fraction(self.charged_numerator, self.charged_denominator)

    @property
    def due_minutes(self) -> Fraction:
        """The exact minutes that are still to be billed: without what corrections took."""
        return self.charged - Fraction(self.taken_numerator, self.taken_denominator)

    @property
    def due_units(self) -> Fraction | None:
        """The pieces that are still to be billed; None where time is billed."""
        return None if self.units is None else Fraction(self.units) - self.taken_units


class SegmentDraw(models.Model):
    """How much a segment took from which lot."""

    segment = models.ForeignKey(RatedSegment, on_delete=models.CASCADE, related_name="draws")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT)
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT)
    quantity = HundredthsField()


class TicketIncident(models.Model):
    """The incident that a ticket holds under a contract: drawn at its first approved billable work, from one lot.

    A given-back one stays, and the ticket may draw another.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="incidents")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT)
    movement = models.OneToOneField(Movement, on_delete=models.PROTECT)
    drawn_at = models.DateTimeField()
    given_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "contract"],
                condition=models.Q(given_back_at__isnull=True),
                name="one_incident_a_ticket",
            )
        ]


class BreachCredit(models.Model):
    """The time that was given for a broken promise, once: the month whose report said so, and the lot it went into."""

    deadline = models.OneToOneField(Deadline, on_delete=models.PROTECT, related_name="credit")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="breaches")
    minutes = models.PositiveIntegerField()
    month = models.DateField(help_text="its first day")
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
