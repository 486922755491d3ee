"""The messages of a thread, their files, and what somebody has begun to write."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.clients.models import Contact
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.models import StoredFile
from ecuanime.tickets.models.tickets import Channel, Ticket


class Authenticity(models.TextChoices):
    """Whether a mail comes from the address it names (SPF, DKIM, DMARC)."""

    PASSED = "passed", _("The sender is verified")
    FAILED = "failed", _("Take care: this mail does not come from the address it names")
    UNPROVEN = "unproven", _("The sender could not be verified")


class Message(models.Model):
    """One public message or internal note of a thread; a note never leaves the team."""

    class Kind(models.TextChoices):
        """Who it comes from and who may read it."""

        INBOUND = "inbound", _("from the client")
        REPLY = "reply", _("reply")
        NOTE = "note", _("internal note")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    came_from = models.ForeignKey(
        Ticket,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="brought",
        db_index=False,
        help_text="the ticket it was written on, once that was merged into this one",
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True)
    from_name = models.CharField(max_length=200, blank=True)
    from_email = models.CharField(max_length=254, blank=True)
    to = ArrayField(models.CharField(max_length=254), default=list, blank=True)
    cc = ArrayField(models.CharField(max_length=254), default=list, blank=True)
    text = models.TextField(help_text="what is read first: without quoted history")
    quoted_text = models.TextField(blank=True)
    html = models.TextField(blank=True, help_text="cleaned; empty when the mail had none")
    quoted_html = models.TextField(blank=True)
    remote_images = models.PositiveIntegerField(default=0, help_text="how many were held back")
    is_automatic = models.BooleanField(default=False)
    authenticity = models.CharField(
        max_length=10,
        choices=Authenticity.choices,
        blank=True,
        help_text="what the trusted receiver found out about the sender; empty when it was not asked",
    )
    authenticity_words = models.CharField(max_length=200, blank=True)
    message_id = models.CharField(max_length=998, blank=True)
    message_id_hash = models.CharField(max_length=64, blank=True)
    outgoing = models.OneToOneField(
        OutgoingMail, on_delete=models.PROTECT, null=True, blank=True, related_name="message"
    )
    written_at = models.DateTimeField(help_text="the sender's date for mail, bounded to the past")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["ticket", "created_at", "id"]),
            models.Index(
                fields=["came_from", "created_at", "id"],
                condition=models.Q(came_from__isnull=False),
                name="message_brought",
            ),
            models.Index(
                fields=["message_id_hash"], condition=~models.Q(message_id_hash=""), name="message_by_id"
            ),
        ]


class Attachment(models.Model):
    """A file of a message. It is only ever served as a download."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=120)
    content_id = models.CharField(max_length=250, blank=True)
    is_inline = models.BooleanField(default=False)
    ambiguous = models.CharField(
        max_length=40, blank=True, help_text="why its kind is doubtful, empty if it is not"
    )


class Draft(models.Model):
    """What somebody was writing on a ticket; reply and note are two drafts that never mix."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    kind = models.CharField(max_length=10, choices=Message.Kind.choices)
    text = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "user", "kind"], name="one_draft_of_a_kind")]
