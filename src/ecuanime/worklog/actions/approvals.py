"""The client's side: approve, dispute, consent; and what happens when nobody answers in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.clients.queries import stands_in_for
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.worklog import letters
from ecuanime.worklog.access import may_approve_time, may_review_time
from ecuanime.worklog.actions.common import (
    LONGEST_REASON,
    locked_entries,
    require_reason,
    require_supervisor,
    require_version,
)
from ecuanime.worklog.actions.cuts import start_term
from ecuanime.worklog.actions.drawing import draw_entries, rate_anew
from ecuanime.worklog.events import EntryDisputed
from ecuanime.worklog.figures import CONSENTABLE
from ecuanime.worklog.limits import lead_within_limits
from ecuanime.worklog.models import Cut, Decision, EntryState, RatedSegment, TimeEntry


@transaction.atomic
def approve_entries(*, contact: Contact, seen: Mapping[int, int], now: datetime) -> list[TimeEntry]:
    """Approve as the client's project lead, all or none; this draws. `seen` is the version of each entry by its id.

    Repeated, it changes nothing. Limits count what is approved of one day of work in a lead's name, by them or by who
    stands in for them.
    Refused: `not_allowed`, `changed`, `not_waiting`, `above_limit` (and who can).
    """
    contact = _approver(contact, now)
    entries = _entries_of(contact, seen)
    waiting = [entry for entry in entries if entry.state != EntryState.APPROVED]
    for entry in waiting:
        _require_waiting(entry)
    draw_entries(entries=waiting, now=now)
    lead = lead_within_limits(contact, waiting, now=now)
    for entry in waiting:
        _decide(entry, Decision.Kind.APPROVE, now, contact=contact, lead=lead)
        facts = {"contact": contact.pk, "lead": lead.pk, "version": entry.version}
        record("time_approved_by_client", entry, now=now, **facts)
    return entries


@transaction.atomic
def dispute_entry(
    *, contact: Contact, entry: TimeEntry, comment: str, now: datetime, version: int | None = None
) -> TimeEntry:
    """Say that an entry is not recognised, and why. It alone is held; the supervisors are told. Again is a no-op.

    Refused: `not_allowed`, `no_comment`, `changed`, `not_waiting`.
    """
    contact = _approver(contact, now)
    comment = comment.strip()[:LONGEST_REASON]
    if not comment:
        raise Refused("no_comment", _("Say what you do not recognise, so that it can be answered."))
    [entry] = _entries_of(contact, {entry.pk: entry.version if version is None else version})
    if entry.state == EntryState.DISPUTED:
        return entry
    _require_waiting(entry)
    _decide(entry, Decision.Kind.DISPUTE, now, contact=contact, reason=comment)
    entry.state = EntryState.DISPUTED
    entry.save(update_fields=["state"])
    record("time_disputed", entry, now=now, contact=contact.pk, version=entry.version)
    publish(EntryDisputed(entry_id=entry.pk, client_id=entry.client_id))
    letters.mail_dispute(entry, contact, comment, now=now)
    return entry


@transaction.atomic
def answer_dispute(*, entry: TimeEntry, by: User, explanation: str, now: datetime) -> TimeEntry:
    """Explain a disputed entry: it waits for the client again, whose term starts anew. The client gets the words.

    To change it instead use `adjust_entry` (0 seconds: goodwill) or `reject_entry`.
    Refused: `not_allowed`, `no_reason`, `not_disputed`.
    """
    require_supervisor(may_review_time(by))
    explanation = explanation.strip()[:LONGEST_REASON]
    require_reason(explanation)
    [entry] = locked_entries([entry.pk])
    if entry.state != EntryState.DISPUTED:
        raise Refused("not_disputed", _("Nobody disputes this entry any more. Reload the page."))
    dispute = entry.decisions.filter(kind=Decision.Kind.DISPUTE).select_related("contact").latest("id")
    _decide(entry, Decision.Kind.ANSWER, now, user=by, reason=explanation)
    entry.state = EntryState.REVIEWED
    entry.told_at = now
    entry.save(update_fields=["state", "told_at"])
    if entry.cut is not None:
        start_term(entry.cut, now)
    record("dispute_answered", entry, now=now)
    if dispute.contact is not None:
        letters.mail_answer(entry, dispute.contact, explanation, now=now)
    return entry


@transaction.atomic
def consent_to_overage(*, contact: Contact, entry: TimeEntry, now: datetime) -> TimeEntry:
    """Let an approved entry's overage, held for the client's consent, be charged at the contract's rate.

    Repeated, it changes nothing. Refused: `not_allowed`, `not_held`, `above_limit`.
    """
    contact = _approver(contact, now)
    [entry] = _entries_of(contact, {entry.pk: None})
    if entry.overage_consented_at is not None:
        return entry
    held = RatedSegment.objects.filter(
        rating__entry=entry, rating__superseded_at=None, held_reason__in=CONSENTABLE
    )
    if entry.state != EntryState.APPROVED or not held.exists():
        raise Refused("not_held", _("Nothing of this entry waits for your consent."))
    entry.overage_consented_at = now
    entry.save(update_fields=["overage_consented_at"])
    version = entry.version
    entry = rate_anew(entry, "consent", now)
    lead = lead_within_limits(contact, [entry], now=now)
    _decide(entry, Decision.Kind.CONSENT, now, contact=contact, lead=lead, version=version)
    record("overage_consented", entry, now=now, contact=contact.pk, lead=lead.pk)
    return entry


@transaction.atomic
def approve_or_escalate(*, cut: Cut, now: datetime) -> int:
    """The client's term is over: what the contract lets pass by silence is approved, and the rest is reminded once.

    The rest stays unapproved and unbilled, and the supervisors are told. Returns how many were approved. A cut whose
    term is not over, or was dealt with, is left alone.
    """
    waiting = TimeEntry.objects.filter(cut=cut, state=EntryState.REVIEWED, told_at__isnull=False)
    entries = locked_entries(waiting.values_list("pk", flat=True))
    entries = [entry for entry in entries if entry.state == EntryState.REVIEWED and entry.told_at]
    claimed = Cut.objects.filter(pk=cut.pk, next_due_at__lte=now).update(next_due_at=None)
    if not claimed:
        return 0
    by_silence = _with_originals(
        [entry for entry in entries if entry.contract and entry.contract.version.silence_is_consent]
    )
    for entry in by_silence:
        _decide(entry, Decision.Kind.SILENCE, now)
        record("time_approved_by_silence", entry, now=now, version=entry.version)
    draw_entries(entries=by_silence, now=now)
    _remind(cut, [entry for entry in entries if entry.state == EntryState.REVIEWED], now)
    return len(by_silence)


def _with_originals(entries: Sequence[TimeEntry]) -> list[TimeEntry]:
    """Without corrections of what is neither approved nor among them: these wait, and hold up nothing else."""
    targets = [entry.corrects_id for entry in entries if entry.corrects_id is not None]
    approved = TimeEntry.objects.filter(pk__in=targets, state=EntryState.APPROVED)
    known = {None, *(entry.pk for entry in entries), *approved.values_list("pk", flat=True)}
    return [entry for entry in entries if entry.corrects_id in known]


def _remind(cut: Cut, entries: Sequence[TimeEntry], now: datetime) -> None:
    """Remind the project leads once, and tell the supervisors what stays unbilled."""
    if not entries:
        return
    if cut.reminded_at is None:
        letters.mail_reminder(cut, entries, now=now)
        Cut.objects.filter(pk=cut.pk).update(reminded_at=now)
    letters.mail_escalation(cut, entries, now=now)
    record("cut_escalated", cut, now=now, entries=[entry.pk for entry in entries])


def _approver(contact: Contact, now: datetime) -> Contact:
    """The contact as the database knows them now, locked where a limit must count, with the lead they stand in for;
    refuses `not_allowed`.
    """
    whose = stands_in_for(contact, now=now)
    ids = {contact.pk, whose.pk if whose else contact.pk}
    rows = (
        Contact.objects.select_for_update(of=("self",), no_key=True).select_related("client").order_by("pk")
    )
    found = {row.pk: row for row in rows.filter(pk__in=ids)}[contact.pk]
    if not may_approve_time(found, now=now):
        raise Refused("not_allowed", _("Only a project lead approves time. Ask one of your organisation."))
    return found


def _entries_of(contact: Contact, seen: Mapping[int, int | None]) -> list[TimeEntry]:
    """The entries, locked; refuses `not_allowed` when one is another client's."""
    entries = locked_entries(seen)
    if any(entry.client_id != contact.client_id for entry in entries):
        raise Refused("not_allowed", _("This time belongs to another organisation."))
    for entry in entries:
        require_version(entry, seen[entry.pk])
    return entries


def _require_waiting(entry: TimeEntry) -> None:
    if entry.state != EntryState.REVIEWED or entry.told_at is None:
        raise Refused(
            "not_waiting",
            _("The time on ticket #%(number)s does not wait for your approval (any more). Reload the page.")
            % {"number": entry.ticket.number},
        )


def _decide(
    entry: TimeEntry,
    kind: str,
    now: datetime,
    *,
    user: User | None = None,
    contact: Contact | None = None,
    lead: Contact | None = None,
    reason: str = "",
    version: int | None = None,
) -> None:
    Decision.objects.create(
        entry=entry,
        kind=kind,
        at=now,
        user=user,
        contact=contact,
        stands_for=lead if lead != contact else None,
        entry_version=entry.version if version is None else version,
        reason=reason,
    )
