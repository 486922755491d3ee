"""Notices, the bundles in which they leave, and how each person wants to be told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a notice is about, as far as wanting to be told goes."""

    MENTION = "mention", _("Somebody names me in a note")
    ASSIGNED = "assigned", _("A ticket is given to me")
    CLIENT = "client", _("The client writes on a ticket of mine")
    TEAM = "team", _("A colleague writes on a ticket of mine")
    STATE = "state", _("A ticket of mine changes its state")
    DEADLINE = "deadline", _("A deadline comes near or is missed")
    AGENCY = "agency", _("Invoice records do not reach the tax agency")
    EMERGENCY = "emergency", _("An emergency needs me")
    MAILBOX = "mailbox", _("A mailbox can no longer be fetched, or can again")
    WORK = "work", _("Regular work could not be done")


FOR_ADMINISTRATORS = frozenset({Kind.MAILBOX, Kind.WORK})
"""The kinds that concern nobody else."""


class Notice(models.Model):
    """One thing that somebody is told. `event_id` says which happening it is: told twice, it stays one notice."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    event_id = models.CharField(max_length=80)
    subject_key = models.CharField(max_length=80, blank=True, help_text="what it is about, as in ticket:4817")
    title = models.CharField(max_length=200)
    text = models.CharField(max_length=400, blank=True)
    url = models.CharField(max_length=200, help_text="a path of this site")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "event_id"], name="notice_told_once")]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notice_of"),
            models.Index(fields=["user", "subject_key"], condition=Q(read_at=None), name="notice_unread"),
        ]


class Bundle(models.Model):
    """Notices that leave together, to one person by one notifier. It takes more until it is claimed, then no more.

    A try that fails or dies half-way is repeated with the same bundle, so that a receiver can tell a repeat.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    notifier = models.CharField(max_length=20)
    notices = models.ManyToManyField(Notice, related_name="bundles")
    opened_at = models.DateTimeField()
    next_due_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "notifier"], condition=Q(claimed_at=None), name="one_open_bundle"
            )
        ]
        indexes = [
            models.Index(fields=["next_due_at"], condition=Q(next_due_at__isnull=False), name="bundle_due")
        ]


class Preference(models.Model):
    """That somebody wants, or does not want, one kind of notice by one notifier; without a row the usual holds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    notifier = models.CharField(max_length=20)
    wanted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "notifier"], name="preference_once")]


class Quiet(models.Model):
    """The part of every day in which somebody wants no mail and no push, in their own zone."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    begins = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))


class Target(models.Model):
    """Where somebody is reached by push: an address of Apprise, which holds passwords and is kept sealed."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_targets"
    )
    name = models.CharField(_("name"), max_length=60)
    service = models.CharField(max_length=30, help_text="the address's scheme: ntfys, tgram…")
    url_sealed = models.TextField()
    created_at = models.DateTimeField()
    failed_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name", "id"]
