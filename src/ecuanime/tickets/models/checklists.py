"""The checklists that are gone through on a ticket."""

from __future__ import annotations

from django.db import models

from ecuanime.procedures.models import Run
from ecuanime.tickets.models.tickets import Ticket


class TicketChecklist(models.Model):
    """That a run of a checklist belongs to a ticket."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="checklists")
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="ticket_checklist")
