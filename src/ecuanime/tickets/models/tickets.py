"""Tickets, their tags, their numbers and the history of their changes."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from ecuanime.clients.models import Client, Contact, Site
from ecuanime.contracts.models import Contract
from ecuanime.delivery.models import Mailbox
from ecuanime.foundation.words import folded
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.models.queues import Queue


class State(models.TextChoices):
    """Where a ticket stands. Only `waiting_client` stops the clock."""

    NEW = "new", _("New")
    OPEN = "open", _("Open")
    WAITING_CLIENT = "waiting_client", _("Waiting for the client")
    WAITING_THIRD = "waiting_third", _("Waiting for a third party")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")


OPEN_STATES = (State.NEW, State.OPEN, State.WAITING_CLIENT, State.WAITING_THIRD)


_IS_OPEN = Q(state__in=["new", "open", "waiting_client", "waiting_third"])
_ASKED_OF_OPEN = (
    "state",
    "priority",
    "assignee",
    "client",
    "contact",
    "area",
    "queue",
    "snoozed_until",
    "created_at",
    "last_message_at",
)
"""What lists and their counters ask of open tickets: it stands in their index, so that no ticket is fetched for it."""


class Priority(models.IntegerChoices):
    """How much it matters; a smaller number is more urgent."""

    URGENT = 1, _("Urgent")
    HIGH = 2, _("High")
    NORMAL = 3, _("Normal")
    LOW = 4, _("Low")


class Channel(models.TextChoices):
    """How a ticket or a message came in."""

    EMAIL = "email", _("E-mail")
    PORTAL = "portal", _("Portal")
    STAFF = "staff", _("Team")
    API = "api", _("API")
    WEB = "web", _("Web form")


class Group(models.IntegerChoices):
    """The heading a ticket stands under in the inbox, in the order in which they are read."""

    URGENT = 0, _("Urgent, the client waits")
    WAITS_FOR_US = 1, _("The client waits for us")
    IN_HAND = 2, _("In hand")
    WAITING_THIRD = 3, _("Waiting for a third party")
    WAITING_CLIENT = 4, _("Waiting for the client, clock paused")
    DONE = 9, _("Done")


class Tag(models.Model):
    """A label of the firm's."""

    name = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.name


class Ticket(models.Model):
    """One subject of work. `number` is unique and is what people say; `token` is what only its mails carry.

    `client` is empty while nobody has recognised who writes: such tickets stand in triage. The `last_*` and
    `waits_since` columns are kept by the actions so that the inbox needs no aggregate; `inbox_group` and `inbox_at`
    follow from them in the database and are the order of every inbox view.
    """

    number = models.BigIntegerField(unique=True)
    token = models.CharField(
        max_length=32, unique=True, help_text="unguessable; in reply addresses and Message-IDs"
    )
    subject = models.CharField(_("subject"), max_length=300)
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets"
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets"
    )
    requester_name = models.CharField(max_length=120, blank=True)
    requester_email = models.EmailField(max_length=254, blank=True)
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets"
    )
    area = models.ForeignKey(ProductArea, on_delete=models.PROTECT, null=True, blank=True)
    site = models.ForeignKey(
        Site,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        help_text="where its work is done, if that is known",
    )
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, null=True, blank=True)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.NEW)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_tickets",
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="tickets")
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        help_text="the ticket its thread goes on in; never one that was merged itself",
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    snoozed_until = models.DateTimeField(
        null=True, blank=True, help_text="out of sight until then, or until the client writes"
    )
    version = models.PositiveIntegerField(
        default=1, help_text="grows with each change: a stale save is refused"
    )
    unread_count = models.PositiveIntegerField(
        default=0, help_text="client messages nobody has answered or opened"
    )
    last_message_at = models.DateTimeField()
    last_snippet = models.CharField(max_length=200, blank=True)
    waits_since = models.DateTimeField(null=True, blank=True, help_text="since when the client waits for us")
    first_answered_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    next_due_at = models.DateTimeField(
        null=True, blank=True, help_text="when a solved ticket closes by itself"
    )
    normal_at = models.DateTimeField(null=True, blank=True, help_text="since when service is normal again")
    due_at = models.DateTimeField(
        null=True, blank=True, help_text="when the next promise that its clocks count is due, or was"
    )
    due_metric = models.CharField(max_length=16, blank=True, help_text="which promise that is")
    created_at = models.DateTimeField()
    inbox_group = models.GeneratedField(
        expression=Case(
            When(state__in=["solved", "closed"], then=Value(9)),
            When(state="waiting_client", then=Value(4)),
            When(state="waiting_third", then=Value(3)),
            When(waits_since__isnull=True, then=Value(2)),
            When(priority=1, then=Value(0)),
            default=Value(1),
        ),
        output_field=models.PositiveSmallIntegerField(choices=Group.choices),
        db_persist=True,
    )
    inbox_at = models.GeneratedField(
        expression=Coalesce(F("waits_since"), F("last_message_at")),
        output_field=models.DateTimeField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["inbox_group", "inbox_at", "id"],
                include=_ASKED_OF_OPEN,
                condition=_IS_OPEN,
                name="ticket_open",
            ),
            models.Index(
                fields=["assignee", "inbox_group", "inbox_at", "id"], condition=_IS_OPEN, name="ticket_for"
            ),
            models.Index(
                fields=["inbox_group", "inbox_at", "id"],
                include=_ASKED_OF_OPEN,
                condition=_IS_OPEN & Q(assignee__isnull=True),
                name="ticket_unassigned",
            ),
            models.Index(
                fields=["inbox_group", "inbox_at", "id"],
                include=_ASKED_OF_OPEN,
                condition=_IS_OPEN & Q(client__isnull=True),
                name="ticket_triage",
            ),
            models.Index(
                fields=["queue", "inbox_group", "inbox_at", "id"], condition=_IS_OPEN, name="ticket_in_queue"
            ),
            models.Index(
                fields=["client", "-last_message_at", "-id"], condition=_IS_OPEN, name="ticket_open_of_client"
            ),
            models.Index(fields=["inbox_group", "inbox_at", "id"], name="ticket_by_waiting"),
            models.Index(fields=["priority", "inbox_at", "id"], name="ticket_by_priority"),
            models.Index(fields=["-created_at", "-id"], name="ticket_by_age"),
            GinIndex(SearchVector(folded("subject"), config="simple"), name="ticket_words_of_subject"),
            models.Index(fields=["state", "-last_message_at", "-id"], name="ticket_by_state"),
            models.Index(fields=["-solved_at", "-id"], condition=Q(state="solved"), name="ticket_solved"),
            models.Index(fields=["client", "-last_message_at", "-id"]),
            models.Index(fields=["contact", "-last_message_at", "-id"]),
            models.Index(fields=["-last_message_at", "-id"]),
            models.Index(fields=["next_due_at"], condition=Q(next_due_at__isnull=False), name="ticket_due"),
            models.Index(
                fields=["snoozed_until", "id"],
                condition=Q(snoozed_until__isnull=False),
                name="ticket_snoozed",
            ),
            models.Index(
                fields=["due_at", "id"],
                condition=_IS_OPEN & Q(due_at__isnull=False),
                name="ticket_promise_due",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class TicketCounter(models.Model):
    """The last ticket number given; one row, locked while a number is taken."""

    last_number = models.BigIntegerField(default=0)


class TicketEvent(models.Model):
    """A change of a ticket that its thread shows as a line: state, assignee, priority, client, contract."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    field = models.CharField(max_length=20)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["ticket", "at", "id"])]
