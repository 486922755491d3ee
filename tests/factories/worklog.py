"""Recorded time for tests, taken along the real way: recorded, closed, reviewed, sent, approved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.models import Approval, Contract, PlanKind
from ecuanime.tickets.models import Ticket
from ecuanime.worklog import actions
from ecuanime.worklog.models import TimeEntry
from tests.factories import (
    NOW,
    make_client,
    make_contact,
    make_contract,
    make_firm,
    make_mailbox,
    make_person,
    make_version,
    make_work_type,
)
from tests.factories.tickets import make_ticket

WORKED_ON = date(2026, 11, 9)
WORKED_AT = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Office:
    """A firm with a technician and a supervisor, and a client with a project lead, a contract and a ticket."""

    technician: User
    supervisor: User
    client: Client
    lead: Contact
    contract: Contract
    ticket: Ticket

    def entry(self, minutes: int = 30, *, plus_seconds: int = 0, **fields: Any) -> TimeEntry:
        """Work of the technician on the ticket, recorded one after the other on 9 November unless said otherwise."""
        values: dict[str, Any] = {"user": self.technician, "ticket": self.ticket, "now": NOW}
        values["work_type"] = make_work_type("remote")
        if not {"started_at", "work_on"} & set(fields):
            values["work_on"], values["seconds"] = WORKED_ON, minutes * 60 + plus_seconds
        if "started_at" in fields and "ended_at" not in fields:
            values["ended_at"] = fields["started_at"] + timedelta(minutes=minutes, seconds=plus_seconds)
        if "work_on" in fields and "seconds" not in fields:
            values["seconds"] = minutes * 60 + plus_seconds
        return actions.record_time(**(values | fields))

    def closed(self, minutes: int = 30, *, now: datetime = NOW, **fields: Any) -> TimeEntry:
        """Work that the daily cut has closed."""
        entry = self.entry(minutes, now=now, **fields)
        actions.close_day(day=now.date(), now=now)
        entry.refresh_from_db()
        return entry

    def reviewed(self, minutes: int = 30, *, now: datetime = NOW, **fields: Any) -> TimeEntry:
        """Work that the supervisor has approved."""
        return actions.review_entry(
            entry=self.closed(minutes, now=now, **fields), by=self.supervisor, now=now
        )

    def sent(self, minutes: int = 30, *, now: datetime = NOW, **fields: Any) -> TimeEntry:
        """Work that waits for the client."""
        entry = self.reviewed(minutes, now=now, **fields)
        cut = entry.cut
        assert cut is not None
        actions.send_cut(client=self.client, day=cut.day, by=self.supervisor, now=now)
        entry.refresh_from_db()
        return entry

    def approved(self, minutes: int = 30, *, now: datetime = NOW, **fields: Any) -> TimeEntry:
        """Work that everybody the contract asks for has approved."""
        if self.contract.approval_policy == Approval.SUPERVISOR:
            return self.reviewed(minutes, now=now, **fields)
        entry = self.sent(minutes, now=now, **fields)
        return actions.approve_entries(contact=self.lead, seen={entry.pk: entry.version}, now=now)[0]


def make_office(kind: str = PlanKind.HOUR_PACK, *, version: Any = None, **contract: Any) -> Office:
    """An office whose contract asks for both approvals unless `approval` says otherwise."""
    make_firm()
    make_mailbox()
    client = make_client()
    lead = make_contact(client, is_project_lead=True, language="en")
    found = make_contract(client, version=version or make_version(kind), **contract)
    ticket = make_ticket(contact=lead, client=client)
    Ticket.objects.filter(pk=ticket.pk).update(contract=found)
    ticket.refresh_from_db()
    return Office(
        technician=make_person(Role.TECHNICIAN, name="Teo Bruna"),
        supervisor=make_person(Role.SUPERVISOR, name="Irene Mora", language="en"),
        client=client,
        lead=lead,
        contract=found,
        ticket=ticket,
    )
