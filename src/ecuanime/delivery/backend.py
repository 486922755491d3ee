"""Django's way to send mail leads into the outbox, so that library mail is queued, shown and retried like ours."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from ecuanime.delivery.actions import queue_mail
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.clock import read_clock


class OutboxBackend(BaseEmailBackend):
    """Queues each message as automatic mail."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue the messages in the caller's transaction; returns how many."""
        for message in email_messages:
            queue_mail(
                kind=OutgoingMail.Kind.AUTOMATIC,
                purpose="account",
                to=list(message.to),
                subject=str(message.subject),
                text=str(message.body),
                now=read_clock(),
            )
        return len(email_messages)
