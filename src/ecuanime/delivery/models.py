"""Mailboxes and the outbox."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.accounts.models import Language
from ecuanime.foundation.models import StoredFile


class Security(models.TextChoices):
    """How a connection to a mail server is protected."""

    TLS = "tls", _("TLS")
    STARTTLS = "starttls", _("STARTTLS")
    NONE = "none", _("none (this machine only)")


class Mailbox(models.Model):
    """An address the firm writes from, and how its mail is handed over (SMTP)."""

    address = models.EmailField(_("address your clients know"), unique=True)
    display_name = models.CharField(_("name shown to clients"), max_length=120, blank=True)
    signature = models.TextField(_("signature"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language.choices, default=Language.ES)
    aliases = ArrayField(
        models.EmailField(max_length=254),
        default=list,
        blank=True,
        help_text="other addresses whose mail comes here, in lower case",
    )
    trusted_receiver = models.CharField(
        max_length=253,
        blank=True,
        help_text="whose Authentication-Results are believed: the name the receiving server signs them with",
    )
    warms_up_since = models.DateTimeField(
        null=True, blank=True, help_text="a new address that sends little at first, and more each day"
    )
    smtp_host = models.CharField(_("outgoing server"), max_length=253, blank=True)
    smtp_port = models.PositiveIntegerField(_("port"), default=465)
    smtp_security = models.CharField(
        _("security"), max_length=10, choices=Security.choices, default=Security.TLS
    )
    smtp_username = models.CharField(_("user name"), max_length=254, blank=True)
    smtp_password_sealed = models.TextField(blank=True)
    plus_addressing = models.BooleanField(_("replies come to address+token"), default=True)
    captures = models.BooleanField(
        default=False, help_text="keep outgoing mail on a screen instead of sending it"
    )
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_mailbox"
            )
        ]

    def __str__(self) -> str:
        return self.address


class OutgoingMail(models.Model):
    """A mail in the outbox, written in the transaction of what it tells and sent after that commits.

    Its Message-ID is fixed when it is written, so a repeated hand-over can be recognised by the receiver.
    """

    class State(models.TextChoices):
        """Where it stands."""

        QUEUED = "queued", _("queued")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        CAPTURED = "captured", _("captured")
        FAILED = "failed", _("not sent")
        BOUNCED = "bounced", _("returned")

    class Kind(models.TextChoices):
        """Who caused it: a person, or the product by itself (then send limits and RFC 3834 headers apply)."""

        PERSONAL = "personal", _("written by a person")
        AUTOMATIC = "automatic", _("automatic")

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, null=True, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    purpose = models.CharField(max_length=40, help_text="reply, acknowledgement, sign_in_link, invoice, cut…")
    subject_key = models.CharField(
        max_length=80, blank=True, help_text="what it is about, e.g. ticket:4817, for limits"
    )
    to = ArrayField(models.EmailField(max_length=254))
    cc = ArrayField(models.EmailField(max_length=254), default=list, blank=True)
    reply_to = models.EmailField(max_length=254, blank=True)
    subject = models.CharField(max_length=400)
    text = models.TextField()
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    in_reply_to = models.CharField(max_length=998, blank=True)
    references = models.TextField(blank=True)
    files = models.ManyToManyField(StoredFile, through="OutgoingFile")
    idempotency_key = models.CharField(max_length=120, unique=True, null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_due_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    first_tried_at = models.DateTimeField(null=True, blank=True, help_text="giving up counts from here")
    error = models.TextField(blank=True)
    accepted_recipients = ArrayField(models.EmailField(max_length=254), default=list, blank=True)
    refused_recipients = ArrayField(models.EmailField(max_length=254), default=list, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_due_at"], condition=models.Q(state__in=["queued", "sending"]), name="outbox_due"
            ),
            models.Index(fields=["-created_at", "-id"]),
            models.Index(fields=["state", "-created_at", "-id"]),
            models.Index(fields=["kind", "subject_key", "created_at"]),
        ]

    def __str__(self) -> str:
        return self.subject


class ReturnedAddress(models.Model):
    """An address that mail of ours came back from: nobody is there, as far as the other server says.

    Machines write to it no more, people are warned. A mail that comes from it takes the mark away.
    """

    address = models.EmailField(max_length=254, unique=True, help_text="in lower case")
    mail = models.ForeignKey(OutgoingMail, on_delete=models.SET_NULL, null=True, blank=True)
    words = models.CharField(max_length=400, help_text="what the other server said")
    returned_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.address


class OutgoingFile(models.Model):
    """An attachment of an outgoing mail."""

    mail = models.ForeignKey(OutgoingMail, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=120)
