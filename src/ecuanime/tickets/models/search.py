"""What search reads: one document for each ticket and one for each of its messages."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from ecuanime.tickets.models.messages import Message
from ecuanime.tickets.models.tickets import Ticket


class SearchDocument(models.Model):
    """The words of a ticket, or of one of its messages together with those of the ticket.

    `words` carries weights: A the subject, B the people and their firm, C the names of files, D the text. A message's
    document repeats A and B, so that words which stand partly in the subject and partly in the text are found.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="search_documents")
    message = models.OneToOneField(
        Message,
        on_delete=models.CASCADE,
        null=True,
        related_name="search_document",
        help_text="empty: the ticket",
    )
    is_internal = models.BooleanField(default=False, help_text="of a note: only the desk finds it")
    at = models.DateTimeField(help_text="when it was written")
    words = SearchVectorField()
    is_stale = models.BooleanField(default=False, help_text="to be read again by the regular job")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(message__isnull=True), name="one_search_document_of_a_ticket"
            )
        ]
        indexes = [
            GinIndex(fields=["words"], name="search_words"),
            models.Index(fields=["-at", "-id"], name="search_newest"),
            models.Index(fields=["id"], condition=Q(is_stale=True), name="search_stale"),
        ]
