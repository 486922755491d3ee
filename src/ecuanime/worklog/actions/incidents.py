"""Incidents: the one that a ticket draws at its first approved billable work, and giving it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, Sum

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.actions import draw, locked_lots, reverse
from ecuanime.foundation.audit import record
from ecuanime.rules.packs import Drawdown
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.models import RatedSegment, TicketIncident


def draw_incident(ticket: Ticket, contract: Contract, take: Drawdown, now: datetime) -> TicketIncident:
    """Draw the incident that rating decided on for a ticket; contract and lots are locked by the caller."""
    # Those it drew, wherever a merge has taken them since: a key is never used twice.
    cause = f"ticket:{ticket.pk}"
    before = TicketIncident.objects.filter(contract=contract, movement__cause=cause).count()
    movement = draw(
        contract=contract,
        takes=[take],
        idempotency_key=f"ticket:{ticket.pk}:contract:{contract.pk}:incident:{before + 1}",
        cause=cause,
        worked_at=ticket.created_at,
        now=now,
    )
    incident = TicketIncident.objects.create(
        ticket=ticket, contract=contract, lot_id=take.lot_id, movement=movement, drawn_at=now
    )
    record("incident_drawn", ticket, now=now, lot=incident.lot.code, contract=contract.number)
    return incident


@transaction.atomic
def give_incident_back(*, ticket: Ticket, reason: str, now: datetime) -> list[TicketIncident]:
    """Give back the incidents that a ticket holds, each to its own lot: it was merged into one that keeps its own.

    Repeated, it gives nothing back.
    """
    held = TicketIncident.objects.filter(ticket=ticket, given_back_at=None).select_related("contract")
    return [_give_back(incident, reason, now) for incident in held.order_by("contract_id")]


def give_back_unneeded(ticket: Ticket, contract: Contract, reason: str, now: datetime) -> None:
    """Give a ticket's incident back once no approved work of it is included by one any more."""
    holder = ticket.merged_into_id or ticket.pk
    incident = TicketIncident.objects.filter(ticket=holder, contract=contract, given_back_at=None).first()
    if incident is not None and not _is_needed(incident):
        _give_back(incident, reason, now)


def _is_needed(incident: TicketIncident) -> bool:
    segments = RatedSegment.objects.filter(rating__superseded_at=None, rating__contract=incident.contract_id)
    here = Q(rating__entry__ticket=incident.ticket_id) | Q(
        rating__entry__ticket__merged_into=incident.ticket_id
    )
    by_incident = segments.filter(here, cover__needs_incident=True)
    return bool(by_incident.aggregate(sum=Sum("included"))["sum"])


def _give_back(incident: TicketIncident, reason: str, now: datetime) -> TicketIncident:
    locked_lots(incident.contract)
    incident = TicketIncident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    if incident.given_back_at is None:
        key = f"{incident.movement.idempotency_key}:back"
        reverse(movement=incident.movement, now=now, idempotency_key=key, reason=reason)
        incident.given_back_at = now
        incident.save(update_fields=["given_back_at"])
        record("incident_given_back", incident.ticket, now=now, lot=incident.lot.code, reason=reason)
    return incident
