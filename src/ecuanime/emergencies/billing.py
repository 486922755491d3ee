"""Which time of a case goes on which of its invoices, and what it has cost so far."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ecuanime.billing.drafting.writing import OF_A_CASE
from ecuanime.billing.models import Invoice, LineSegment
from ecuanime.emergencies.models import Emergency
from ecuanime.rules.express import Document, Phase, document_for
from ecuanime.worklog.models import EntryState, TermsWindow, TimeEntry
from ecuanime.worklog.queries.contracts import UNDECIDED_STATES, midday_of, windows_of


@dataclass(frozen=True)
class EntriesFor:
    """The approved entries of a document, by id, and whether others of it are still to be decided."""

    approved: Collection[int]
    undecided: bool


def key_of(emergency: Emergency, document: Document) -> str:
    """What tells the drafts of a case apart."""
    return f"{emergency.number}:{document.value}"


def invoice_of(emergency: Emergency, document: Document) -> Invoice | None:
    """The second or third document of a case, drafted or issued; the first is its guarantee."""
    if document is Document.GUARANTEE:
        return emergency.guarantee
    return Invoice.objects.filter(idempotency_key=f"{OF_A_CASE}{key_of(emergency, document)}").first()


def phase_of(entry: TimeEntry, windows: list[TermsWindow]) -> Phase | None:
    """The phase that an entry belongs to: which window of the ticket it falls into; None before work opened."""
    at = entry.started_at or midday_of(entry.work_on)
    held = [window for window in windows if window.since <= at]
    if not held or held[-1].is_free:
        return None
    worked = [window for window in windows if not window.is_free]
    # The windows of a case take turns: normalisation opens it, normality and relapse alternate after that.
    return Phase.NORMALISATION if worked.index(held[-1]) % 2 == 0 else Phase.MITIGATION


def entries_for(emergency: Emergency, document: Document) -> EntriesFor:
    """The time of a case that goes on its second or third invoice."""
    windows = windows_of(emergency.ticket)
    second = invoice_of(emergency, Document.NORMALISATION)
    is_issued = second is not None and not second.is_draft
    on_second = _on(second) if second is not None else set()
    entries = TimeEntry.objects.filter(ticket=emergency.ticket).exclude(state=EntryState.REJECTED)
    approved, undecided = [], False
    for entry in entries.order_by("id"):
        phase = phase_of(entry, windows)
        if phase is None or (is_issued and entry.pk in on_second):
            continue
        if document_for(phase, is_second_issued=is_issued) is not document:
            continue
        if entry.state == EntryState.APPROVED:
            approved.append(entry.pk)
        undecided = undecided or entry.state in UNDECIDED_STATES
    return EntriesFor(approved, undecided)


def _on(invoice: Invoice) -> set[int]:
    billed = LineSegment.objects.filter(line__invoice=invoice, is_live=True)
    return set(billed.values_list("segment__rating__entry", flat=True))
