"""What is billed anew: the time that credit notes freed, and how far the correction of an invoice has come."""

from __future__ import annotations

from dataclasses import dataclass

from ecuanime.billing.models import Invoice, LineSegment
from ecuanime.worklog.models import TimeEntry

MOST_ENTRIES = 50


@dataclass(frozen=True)
class FreedEntry:
    """An entry that a credit note freed, and the document that bills it now, a draft too; none while it waits."""

    entry: TimeEntry
    billed_on: Invoice | None


@dataclass(frozen=True)
class Correction:
    """An invoice, the credit notes of it that stand, the time that they freed, and drafts that may take it."""

    notes: list[Invoice]
    freed: list[FreedEntry]
    drafts: list[Invoice]

    @property
    def waits(self) -> bool:
        """Whether a credit note is still held back by an authority."""
        return any(note.is_held for note in self.notes)

    @property
    def unbilled(self) -> int:
        """How many entries that were freed are on no document."""
        return sum(each.billed_on is None for each in self.freed)


def freed_by(*notes: Invoice) -> list[FreedEntry]:
    """The time that credit notes let be billed anew, the oldest first."""
    freed = LineSegment.objects.filter(line__invoice__in=notes).values("segment__rating__entry")
    entries = TimeEntry.objects.filter(pk__in=freed).select_related("user", "ticket", "work_type")
    live = LineSegment.objects.filter(is_live=True, segment__rating__entry__in=freed)
    billed = {
        part.segment.rating.entry_id: part.line.invoice
        for part in live.select_related("line__invoice", "segment__rating")
    }
    shown = entries.order_by("work_on", "pk")[:MOST_ENTRIES]
    return [FreedEntry(entry, billed.get(entry.pk)) for entry in shown]


def correction_of(issued: Invoice) -> Correction:
    """How far it has come that an issued invoice is credited and billed anew."""
    notes = list(issued.corrections.filter(annulled_at=None).order_by("pk"))
    drafts = Invoice.objects.filter(
        client=issued.client_id,
        currency=issued.currency,
        state=Invoice.State.DRAFT,
        kind=Invoice.Kind.INVOICE,
    )
    return Correction(notes, freed_by(*notes) if notes else [], list(drafts.order_by("pk")[:MOST_ENTRIES]))
