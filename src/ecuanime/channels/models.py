"""Where mail is fetched from, what a mailbox does with it, and every mail that ever arrived."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.clients.models import Client
from ecuanime.delivery.models import Mailbox, Security
from ecuanime.foundation.models import StoredFile
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.models import Message, Priority, Queue, Tag, Ticket

WATCHED_WITHIN = timedelta(minutes=5)


class ImapSource(models.Model):
    """How a mailbox's incoming mail is fetched, and how far that has come."""

    mailbox = models.OneToOneField(Mailbox, on_delete=models.CASCADE, related_name="imap")
    host = models.CharField(_("incoming server"), max_length=253)
    port = models.PositiveIntegerField(_("port"), default=993)
    security = models.CharField(_("security"), max_length=10, choices=Security.choices, default=Security.TLS)
    username = models.CharField(_("user name"), max_length=254)
    password_sealed = models.TextField(blank=True)
    folder = models.CharField(_("folder"), max_length=200, default="INBOX")
    deletes_after_intake = models.BooleanField(_("delete from the server once stored"), default=False)
    is_active = models.BooleanField(default=True)
    takes_existing = models.BooleanField(
        _("take in what is already in the mailbox"),
        default=False,
        help_text="otherwise only what arrives from now on",
    )
    uid_validity = models.BigIntegerField(null=True, blank=True)
    last_uid = models.BigIntegerField(default=0)
    left_behind = models.JSONField(default=list, blank=True, help_text="UIDs of mails too large to take in")
    next_due_at = models.DateTimeField(null=True, blank=True)
    watched_at = models.DateTimeField(
        null=True, blank=True, help_text="when a watcher last said that it hears at once what comes"
    )
    failures = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)

    def is_watched(self, now: datetime) -> bool:
        """Whether somebody hears at once what comes, so that it need not be asked for every minute."""
        return self.watched_at is not None and self.watched_at > now - WATCHED_WITHIN

    @property
    def numbering(self) -> str:
        """Within what its UIDs are unique: this folder of this account, as the server numbers it now.

        The server's own word for it is not enough: many call the numbering of every mailbox 1.
        """
        place = "\n".join((self.host.lower(), self.username, self.folder))
        return f"imap:{self.pk}:{hashlib.sha256(place.encode()).hexdigest()[:16]}:{self.uid_validity}:"


class IncomingMail(models.Model):
    """A mail as it arrived: its raw bytes by hash, and what became of it.

    The row is committed before anything is flagged or deleted at the server. Every mail ends as an article of a
    ticket, in quarantine, or refused with a reason; a copy of one already taken in is marked as such.
    """

    class Origin(models.TextChoices):
        """Which door it came through."""

        IMAP = "imap", _("fetched by IMAP")
        PIPE = "pipe", _("handed over by the mail server")
        IMPORT = "import", _("imported")

    class State(models.TextChoices):
        """What became of it."""

        STORED = "stored", _("stored, not read yet")
        FILED = "filed", _("on a ticket")
        QUARANTINED = "quarantined", _("in quarantine")
        REFUSED = "refused", _("refused")
        DUPLICATE = "duplicate", _("copy of one already here")
        NOTED = "noted", _("automatic, noted without a ticket")

    origin = models.CharField(max_length=10, choices=Origin.choices)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, null=True, blank=True)
    raw = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    arrival_key = models.CharField(
        max_length=200, unique=True, help_text="the same arrival offered twice is one row"
    )
    source = models.ForeignKey(
        ImapSource, on_delete=models.SET_NULL, null=True, blank=True, related_name="mails"
    )
    uid = models.BigIntegerField(null=True, blank=True, help_text="at the IMAP server")
    settled_at = models.DateTimeField(null=True, blank=True, help_text="when it was flagged or deleted there")
    state = models.CharField(max_length=12, choices=State.choices, default=State.STORED)
    reason = models.CharField(max_length=60, blank=True, help_text="code of why it is not on a ticket")
    reason_detail = models.CharField(max_length=300, blank=True)
    message = models.OneToOneField(
        Message, on_delete=models.PROTECT, null=True, blank=True, related_name="incoming"
    )
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, null=True, blank=True, related_name="incoming_mails"
    )
    copy_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    message_id_hash = models.CharField(max_length=64, blank=True)
    content_hash = models.CharField(
        max_length=64, blank=True, help_text="of what its author wrote, whatever way it came"
    )
    authentication = models.JSONField(default=list, blank=True)
    passes_rules = models.BooleanField(default=False, help_text="a person let it out of quarantine")
    attempts = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "-received_at", "-id"]),
            models.Index(
                fields=["next_due_at"], condition=models.Q(next_due_at__isnull=False), name="incoming_due"
            ),
            models.Index(fields=["raw"]),
            models.Index(
                fields=["content_hash"], condition=~models.Q(content_hash=""), name="incoming_content"
            ),
            models.Index(
                fields=["source", "uid"],
                condition=models.Q(settled_at__isnull=True),
                name="incoming_unsettled",
            ),
        ]


class MailRule(models.Model):
    """What becomes of a new request by mail that fits: every condition that is written down must hold.

    Rules are asked in their order. Of several that fit, each thing is said by the first that says it; labels add up.
    """

    class Machines(models.TextChoices):
        """Whether it matters that a machine wrote the mail."""

        ANY = "", _("people and machines")
        ONLY = "only", _("only machines: lists, notices, no-reply addresses")
        NEVER = "never", _("only people")

    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    mailbox = models.ForeignKey(
        Mailbox,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="rules",
        help_text="none: every one",
    )
    recipient = models.EmailField(max_length=254, blank=True)
    senders = models.TextField(blank=True, help_text="addresses or @domains, one to a line")
    words = models.CharField(max_length=200, blank=True, help_text="of the subject, in any order")
    machines = models.CharField(max_length=10, choices=Machines.choices, blank=True, default=Machines.ANY)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, blank=True)
    area = models.ForeignKey(ProductArea, on_delete=models.SET_NULL, null=True, blank=True)
    queue = models.ForeignKey(Queue, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, null=True, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")
    sets_aside = models.BooleanField(default=False, help_text="in quarantine, instead of opening a ticket")
    is_silent = models.BooleanField(default=False, help_text="the sender is not told the ticket's number")

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class WebRequest(models.Model):
    """What somebody wrote in the public form, until the link in their mail proves that the address is theirs."""

    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField(help_text="emptied once it stands on the ticket")
    area = models.ForeignKey(ProductArea, on_delete=models.SET_NULL, null=True, blank=True)
    language = models.CharField(max_length=5)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
