"""Who may see, record, review and approve time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Contact
from ecuanime.clients.queries import stands_in_for
from ecuanime.worklog.models import EntryState, TimeEntry

_OF_THE_CLIENT = Q(state__in=[EntryState.DISPUTED, EntryState.APPROVED, EntryState.SETTLED]) | Q(
    state=EntryState.REVIEWED, told_at__isnull=False
)


def may_record_time(user: User) -> bool:
    """Those who work on tickets."""
    return user.has_role(Role.TECHNICIAN, Role.CONSULTANT, Role.SUPERVISOR)


def may_review_time(user: User) -> bool:
    """Supervisors close days, review, adjust, reject, send cuts and answer disputes."""
    return user.has_role(Role.SUPERVISOR)


def may_see_register(user: User, person: User) -> bool:
    """One's own working-time register, and everybody's for supervisors and administrators."""
    return user == person or may_review_time(user)


def may_change_entry(user: User, entry: TimeEntry) -> bool:
    """One's own entry, until the daily cut closes it; a correction is deleted and said anew instead."""
    own = entry.user_id == user.pk and may_record_time(user)
    return own and entry.state == EntryState.OPEN and entry.corrects_id is None


def may_correct_entry(user: User, entry: TimeEntry) -> bool:
    """After its approval: one's own entry, or any for a supervisor. What is said goes through review all the same."""
    return may_review_time(user) or (entry.user_id == user.pk and may_record_time(user))


def visible_entries(user: User) -> QuerySet[TimeEntry]:
    """All entries for a supervisor; their own for others of the firm, and for the billing clerk those done with."""
    if may_review_time(user):
        return TimeEntry.objects.all()
    if not user.is_of_firm:
        return TimeEntry.objects.none()
    seen = Q(user=user)
    if user.has_role(Role.BILLING):
        seen |= Q(state__in=[EntryState.APPROVED, EntryState.SETTLED])
    return TimeEntry.objects.filter(seen)


def visible_on_ticket(user: User, entries: Iterable[TimeEntry]) -> set[int]:
    """Which of a ticket's entries a person sees, by their ids.

    Whoever works on tickets sees them all there, since each adds to what it takes.
    """
    ids = {entry.pk for entry in entries}
    if may_record_time(user):
        return ids
    return set(visible_entries(user).filter(pk__in=ids).values_list("pk", flat=True))


def visible_to_contact(contact: Contact) -> QuerySet[TimeEntry]:
    """The entries of the contact's own client, from the notice that asks for approval on, and those brought over."""
    if not contact.is_active:
        return TimeEntry.objects.none()
    return TimeEntry.objects.filter(_OF_THE_CLIENT, client_id=contact.client_id)


def may_approve_time(contact: Contact, *, now: datetime) -> bool:
    """Project leads approve and dispute, within their limits; and who stands in for one today, within that lead's."""
    may = contact.is_project_lead or stands_in_for(contact, now=now) is not None
    return contact.is_active and may


def may_see_entry(user: User, entry: TimeEntry) -> bool:
    """Whether a person of the firm may open this entry."""
    return visible_entries(user).filter(pk=entry.pk).exists()
