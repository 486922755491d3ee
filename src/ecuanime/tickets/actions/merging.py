"""Merging two tickets that are one subject, and taking that back while nothing has happened since.

The thread moves as it is: messages keep their ids, so that mails, files and bounces find them where they are now.
What was worked is no business of this room: `worklog.actions.merge_tickets` calls it, in the same transaction.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.tickets.access import works_at_desk
from ecuanime.tickets.actions.clocks import keep_clocks
from ecuanime.tickets.actions.common import leave_line, lock, move, refuse_closed, refuse_stale, save
from ecuanime.tickets.actions.following import follow
from ecuanime.tickets.actions.indexing import follow_messages
from ecuanime.tickets.actions.sharing import begin_earlier, part_again
from ecuanime.tickets.clocks import MERGE_UNDONE, history_of
from ecuanime.tickets.events import TicketMerged, TicketStateChanged
from ecuanime.tickets.models import Draft, Follower, Merge, Message, State, Ticket

UNDO_MERGE_WITHIN = timedelta(minutes=30)

_KEPT = (
    "state",
    "waits_since",
    "unread_count",
    "last_message_at",
    "last_snippet",
    "first_answered_at",
    "solved_at",
    "closed_at",
    "next_due_at",
    "snoozed_until",
    "parent_id",
)
_MOMENTS = {name for name in _KEPT if name.endswith("_at")} | {"waits_since", "snoozed_until"}


@transaction.atomic
def merge_ticket(
    *, ticket: Ticket, into: Ticket, by: User, now: datetime, expected_version: int | None = None
) -> Merge:
    """Let the thread of `ticket` go on in `into` with files, drafts and followers; `ticket` closes and points there.

    A client's message that waits for us there waits here then, and the clocks run from the earlier opening. Refuses
    `itself`, `stale`, `merged`, `closed` and `other_client`; of two tickets whose client nobody knows yet, the same
    address must have asked. Publishes TicketMerged.
    """
    if ticket.pk == into.pk:
        raise Refused("itself", _("A ticket cannot be merged into itself. Choose another one."))
    ticket, into = _locked(ticket, into)
    refuse_stale(ticket, expected_version)
    _refuse_unfit(ticket, into)
    before = {"merged": _standing(ticket), "into": _standing(into), "into_version": into.version}
    told = history_of(ticket)
    moved = _move_thread(ticket, into)
    begin_earlier(into, ticket, told, at=told.opened_at)
    _take_over(ticket, into, by=by, now=now)
    _close_merged(ticket, into, by=by, now=now)
    merge = Merge.objects.create(
        merged=ticket,
        into=into,
        at=now,
        by=by,
        moved=moved,
        before=before,
        merged_version=ticket.version,
        into_version=into.version,
    )
    publish(TicketMerged(ticket.pk, into.pk))
    return merge


@transaction.atomic
def undo_merge(*, merge: Merge, by: User, now: datetime) -> Merge:
    """Put both tickets back as they were; the merge before it into the same ticket can be taken back then.

    Refuses `undone`, `too_late` (30 minutes) and `changed_since`.
    """
    merge = Merge.objects.select_for_update(of=("self",)).select_related("merged", "into").get(pk=merge.pk)
    ticket, into = _locked(merge.merged, merge.into)
    _refuse_undo(merge, ticket, into, now)
    Message.objects.filter(pk__in=merge.moved["messages"]).update(ticket=ticket)
    follow_messages(merge.moved["messages"], ticket)
    Message.objects.filter(pk__in=merge.moved["own"]).update(came_from=None)
    Ticket.objects.filter(pk__in=merge.moved["carried"]).update(merged_into=ticket)
    Ticket.objects.filter(pk__in=merge.moved["children"]).update(parent=ticket)
    Draft.objects.filter(pk__in=merge.moved["drafts"]).update(ticket=ticket)
    Follower.objects.filter(pk__in=merge.moved["followers"]).update(ticket=ticket)
    into.checklists.filter(pk__in=merge.moved["checklists"]).update(ticket=ticket)
    part_again(into, ticket)
    ticket.merged_into = None
    for row, name in ((ticket, "merged"), (into, "into")):
        was = row.state
        _put_back(row, merge.before[name])
        leave_line(row, MERGE_UNDONE, into.number, ticket.number, by=by, now=now)
        keep_clocks(row, now=now)
        save(row)
        if row.state != was:
            publish(TicketStateChanged(row.pk, row.number, was, row.state))
    merge.undone_at = now
    merge.save(update_fields=["undone_at"])
    _stand_where_it_stood(merge, into)
    return merge


def why_not_merged(ticket: Ticket, into: Ticket) -> str:
    """Why `ticket` cannot be merged into the other as both stand now, in words; empty when it can."""
    try:
        _refuse_unfit(ticket, into)
    except Refused as refusal:
        return str(refusal)
    return ""


def refuse_merged(ticket: Ticket) -> None:
    """Refuse `merged` for a ticket whose thread goes on elsewhere."""
    if ticket.merged_into is not None:
        text = _("Ticket #%(number)s was merged into #%(into)s. Go on there.")
        raise Refused("merged", text % {"number": ticket.number, "into": ticket.merged_into.number})


def _locked(ticket: Ticket, into: Ticket) -> tuple[Ticket, Ticket]:
    """Both as they are now, locked in the order of their ids, so that two merges never wait for each other."""
    rows = {each.pk: lock(each) for each in sorted((ticket, into), key=lambda one: one.pk)}
    return rows[ticket.pk], rows[into.pk]


def _refuse_unfit(ticket: Ticket, into: Ticket) -> None:
    for each in (ticket, into):
        refuse_merged(each)
        refuse_closed(each)
    if ticket.client_id != into.client_id:
        raise Refused(
            "other_client",
            _(
                "#%(number)s and #%(into)s are of different clients: what one wrote is not for the other. Link them."
            )
            % {"number": ticket.number, "into": into.number},
        )
    if ticket.client_id is None and ticket.requester_email.lower() != into.requester_email.lower():
        text = _("Nobody has said yet whose these tickets are. Identify the client of both first.")
        raise Refused("other_client", text)


def _standing(ticket: Ticket) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value := getattr(ticket, name), datetime) else value
        for name in _KEPT
    }


def _put_back(ticket: Ticket, before: dict[str, Any]) -> None:
    for name, value in before.items():
        setattr(ticket, name, parse_datetime(value) if name in _MOMENTS and value else value)


def _move_thread(ticket: Ticket, into: Ticket) -> dict[str, list[int]]:
    """Move what hangs on the ticket. Messages that an earlier merge brought still say where they were written."""
    messages = ticket.messages.all()
    own = list(messages.filter(came_from=None).values_list("pk", flat=True))
    moved = {
        "messages": list(messages.values_list("pk", flat=True)),
        "own": own,
        "carried": list(ticket.merged.values_list("pk", flat=True)),
        "children": list(ticket.children.values_list("pk", flat=True)),
        "drafts": _move_drafts(ticket, into),
        "followers": _move_followers(ticket, into),
        "checklists": list(ticket.checklists.values_list("pk", flat=True)),
    }
    Message.objects.filter(pk__in=own).update(came_from=ticket)
    messages.update(ticket=into)
    follow_messages(moved["messages"], into)
    ticket.checklists.update(ticket=into)
    ticket.merged.update(merged_into=into)
    ticket.children.update(parent=into.parent or into)
    return moved


def _move_drafts(ticket: Ticket, into: Ticket) -> list[int]:
    """Move the drafts; one whose writer has begun another there is written below that one, and stays here too."""
    there = {(draft.user_id, draft.kind): draft for draft in into.drafts.all()}
    moved = []
    for draft in ticket.drafts.all():
        other = there.get((draft.user_id, draft.kind))
        if other is None:
            draft.ticket = into
            draft.save(update_fields=["ticket"])
            moved.append(draft.pk)
        else:
            other.text = f"{other.text}\n\n{draft.text}"
            other.save(update_fields=["text"])
    return moved


def _move_followers(ticket: Ticket, into: Ticket) -> list[int]:
    """Let whoever follows the ticket follow the other one; those who did both stay here, where nothing is to come."""
    both = into.followers.values("user")
    moved = list(ticket.followers.exclude(user__in=both).values_list("pk", flat=True))
    Follower.objects.filter(pk__in=moved).update(ticket=into)
    return moved


def _take_over(ticket: Ticket, into: Ticket, *, by: User, now: datetime) -> None:
    """Let the ticket that goes on show and owe what both did."""
    if ticket.waits_since is not None and into.state in (State.WAITING_CLIENT, State.SOLVED):
        move(into, State.OPEN, by=by, now=now)
    if into.state != State.WAITING_CLIENT:
        into.waits_since = min(filter(None, (into.waits_since, ticket.waits_since)), default=None)
    into.unread_count += ticket.unread_count
    into.first_answered_at = into.first_answered_at or ticket.first_answered_at
    if ticket.last_message_at > into.last_message_at:
        into.last_message_at, into.last_snippet = ticket.last_message_at, ticket.last_snippet
    into.tags.add(*ticket.tags.all())
    keep_clocks(into, now=now)
    for follower in ticket.followers.select_related("user", "added_by"):
        if works_at_desk(follower.user):
            follow(ticket=into, user=follower.user, by=follower.added_by, now=now)
    save(into)
    leave_line(into, "merged", "", ticket.number, by=by, now=now)


def _close_merged(ticket: Ticket, into: Ticket, *, by: User, now: datetime) -> None:
    ticket.merged_into, ticket.parent, ticket.snoozed_until = into, None, None
    move(ticket, State.CLOSED, by=by, now=now)
    save(ticket)
    leave_line(ticket, "merged_into", "", into.number, by=by, now=now)


def _stand_where_it_stood(undone: Merge, into: Ticket) -> None:
    """The ticket is as the merge before this one left it, though its version has grown."""
    before = Merge.objects.filter(
        into=into, undone_at=None, into_version=undone.before.get("into_version", 0)
    )
    before.update(into_version=into.version)


def _refuse_undo(merge: Merge, ticket: Ticket, into: Ticket, now: datetime) -> None:
    if merge.undone_at is not None:
        raise Refused("undone", _("This merge was taken back already."))
    if now - merge.at > UNDO_MERGE_WITHIN:
        text = _("It is too late to take this merge back. Split off what belongs elsewhere.")
        raise Refused("too_late", text)
    if (ticket.version, into.version) != (merge.merged_version, merge.into_version):
        text = _("#%(number)s has changed since the merge. Split off what belongs elsewhere.")
        raise Refused("changed_since", text % {"number": into.number})
