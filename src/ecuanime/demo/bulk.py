"""More of the same, for measuring: the demo's clients, tickets and approved time copied many times over.

The demo itself goes through the actions; ten thousand tickets that way would take half an hour. Copies are written row
by row, all at once, and differ from what the actions would have left: no audit entries, no outgoing mail, no accounts
for contacts, no confirmed domains, and only on-demand contracts with their rated time, so that no ledger is needed.
Everything that `ecuanime verify` proves still holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.models import Contract, PlanKind
from ecuanime.tickets.models import Attachment, Message, Ticket, TicketCounter, TicketEvent
from ecuanime.tickets.threading import new_ticket_token
from ecuanime.worklog.models import Cut, EntryState, RatedEntry, RatedSegment, TimeEntry

BATCH = 2_000
M = TypeVar("M", bound=Model)


def multiply(scale: int, told: Callable[[int], None]) -> None:
    """Copy what stands here `scale − 1` times; `told` hears how many of a hundred parts are done."""
    originals = {model: _all(model) for model in (Client, Contact, Contract, Ticket, Message, TimeEntry)}
    for turn in range(1, scale):
        _Copy(turn, originals).write()
        told(100 * turn // scale)
    last = Ticket.objects.order_by("-number").values_list("number", flat=True)[:1]
    TicketCounter.objects.update(last_number=last[0])


def _all(model: type[Model]) -> list[Any]:
    rows: QuerySet[Any] = model._default_manager.order_by("pk")
    if model is Contract:
        rows = rows.filter(version__plan__kind=PlanKind.ON_DEMAND)
    if model is TimeEntry:
        rows = rows.filter(state=EntryState.APPROVED, contract__version__plan__kind=PlanKind.ON_DEMAND)
    return list(rows)


class _Copy:
    """One more of everything; each `_map` leads from the id of an original to its copy."""

    def __init__(self, turn: int, originals: dict[Any, list[Any]]) -> None:
        self._turn, self._originals = turn, originals
        self._shift = timedelta(minutes=7 * turn)
        self._maps: dict[Any, dict[int, Any]] = {}

    def write(self) -> None:
        """Write the rows from the clients down to the rated time."""
        turn, count = self._turn, len(self._originals[Client])
        codes = iter(range(turn * count + 1, (turn + 1) * count + 1))
        self._make(Client, lambda row: {"code": f"C-{next(codes):04}", "name": f"{row.name} {turn + 1}"})
        self._make(Contact, lambda row: {"email": _address(row.email, turn), "user_id": None})
        contracts = len(self._originals[Contract])
        numbers = iter(range(10_000 + turn * contracts, 10_000 + (turn + 1) * contracts))
        self._make(Contract, lambda row: {"number": f"CT-{next(numbers)}"})
        tickets = len(self._originals[Ticket])
        highest = iter(range(tickets * turn, tickets * (turn + 1)))
        first = self._originals[Ticket][0].number
        self._make(
            Ticket,
            lambda row: {
                "number": first + next(highest),
                "token": new_ticket_token(),
                "follows_id": None,
                "contract_id": self._id(Contract, row.contract_id),
            },
        )
        self._make(Message, lambda row: {"outgoing_id": None, "message_id": "", "message_id_hash": ""})
        self._hang(TicketEvent.objects.all(), "ticket_id", Ticket)
        self._hang(Attachment.objects.all(), "message_id", Message)
        self._tag()
        self._time()

    def _make(self, model: type[M], changes: Callable[[Any], dict[str, Any]]) -> None:
        """Copy all originals of a model, tied to the copies of what they belong to."""
        copies = [self._copied(row, changes(row)) for row in self._originals[model]]
        written = model._default_manager.bulk_create(copies, batch_size=BATCH)
        self._maps[model] = {row.pk: copy for row, copy in zip(self._originals[model], written, strict=True)}

    def _copied(self, row: Any, changes: dict[str, Any]) -> Any:
        model = type(row)
        names = [field.attname for field in model._meta.concrete_fields if not field.generated]
        values = {name: getattr(row, name) for name in names if name != model._meta.pk.attname}
        for name, value in values.items():
            if name.endswith("_at") and value is not None:
                values[name] = value - self._shift
        for owner, name in ((Client, "client_id"), (Contact, "contact_id"), (Ticket, "ticket_id")):
            if values.get(name) is not None and owner in self._maps:
                values[name] = self._id(owner, values[name])
        return model(**(values | changes))

    def _id(self, model: type[Model], key: int | None) -> int | None:
        copy = self._maps[model].get(key) if key is not None else None
        return None if copy is None else int(copy.pk)

    def _hang(self, rows: Iterable[Any], name: str, owner: type[Model]) -> None:
        """Copy rows that belong to something copied."""
        chosen = [row for row in rows if getattr(row, name) in self._maps[owner]]
        if chosen:
            copies = [self._copied(row, {name: self._id(owner, getattr(row, name))}) for row in chosen]
            type(chosen[0])._default_manager.bulk_create(copies, batch_size=BATCH)

    def _tag(self) -> None:
        through = Ticket.tags.through
        tied = through._default_manager.filter(ticket__in=list(self._maps[Ticket])).order_by("pk")
        through._default_manager.bulk_create(
            (
                through(tag_id=tag, ticket_id=self._id(Ticket, ticket))
                for tag, ticket in tied.values_list("tag_id", "ticket_id")
            ),
            batch_size=BATCH,
        )

    def _time(self) -> None:
        """Entries with their cuts and what rating made of them; all of it waits to be billed."""
        cuts = {row.pk: row for row in Cut.objects.filter(entries__in=self._originals[TimeEntry]).distinct()}
        self._originals[Cut] = list(cuts.values())
        self._make(Cut, lambda row: {"next_due_at": None})
        self._make(
            TimeEntry,
            lambda row: {
                "contract_id": self._id(Contract, row.contract_id),
                "cut_id": self._id(Cut, row.cut_id),
            },
        )
        self._originals[RatedEntry] = list(
            RatedEntry.objects.filter(entry__in=self._originals[TimeEntry], superseded_at=None).order_by("pk")
        )
        self._make(
            RatedEntry,
            lambda row: {
                "entry_id": self._id(TimeEntry, row.entry_id),
                "contract_id": self._id(Contract, row.contract_id),
                "group": f"{row.group}#{self._turn}"[:60],
            },
        )
        self._hang(
            RatedSegment.objects.filter(rating__in=self._originals[RatedEntry]).order_by("pk"),
            "rating_id",
            RatedEntry,
        )


def _address(address: str, turn: int) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}.{turn + 1}@{domain}" if local else ""
