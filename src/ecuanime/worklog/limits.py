"""How much time and money of one day's work a project lead may approve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.clients.models import Contact
from ecuanime.clients.queries import project_leads, stands_in_for
from ecuanime.foundation import formats
from ecuanime.foundation.errors import Refused
from ecuanime.worklog.figures import amount_of_segment
from ecuanime.worklog.models import Decision, EntryState, TimeEntry
from ecuanime.worklog.pending import ratings_in_force


@dataclass(frozen=True)
class Approved:
    """Rounded minutes and exact minor units of one day's work."""

    minutes: int
    amount: Fraction

    def is_within(self, contact: Contact) -> bool:
        """Whether a contact may approve so much of one day."""
        most_minutes, most_amount = contact.approves_up_to_minutes, contact.approves_up_to_amount
        return (most_minutes is None or self.minutes <= most_minutes) and (
            most_amount is None or self.amount <= most_amount
        )


def lead_within_limits(contact: Contact, entries: Sequence[TimeEntry], *, now: datetime) -> Contact:
    """The lead in whose name a contact has approved these entries: themselves, or the one they stand in for today.

    Refused: `above_limit` when with these entries more of a day was approved than either may. Called after drawing, in
    its transaction: what counts is what was really drawn and priced, and the refusal rolls it back. The words name the
    day, the limit and who can approve it.
    """
    refusal = None
    for lead in leads_acting(contact, now=now):
        above = _first_day_above(lead, entries)
        if above is None:
            return lead
        refusal = refusal or Refused("above_limit", _words(lead, *above))
    raise refusal or Refused(
        "not_allowed", _("Only a project lead approves time. Ask one of your organisation.")
    )


def leads_acting(contact: Contact, *, now: datetime) -> list[Contact]:
    """Whose limits a contact may use: their own as a project lead, and those of the lead they stand in for."""
    own = [contact] if contact.is_project_lead else []
    other = stands_in_for(contact, now=now)
    return [*own, *([other] if other is not None else [])]


def _first_day_above(lead: Contact, entries: Sequence[TimeEntry]) -> tuple[date, Approved] | None:
    if lead.approves_up_to_minutes is None and lead.approves_up_to_amount is None:
        return None
    for day in sorted({entry.work_on for entry in entries}):
        approved = _approved_for(lead, day, entries)
        if not approved.is_within(lead):
            return day, approved
    return None


def _approved_for(lead: Contact, day: date, entries: Sequence[TimeEntry]) -> Approved:
    """What was approved of the work of one day in a lead's name, by them or for them, with these entries.

    A correction that takes away makes room only where what it corrects took it.
    """
    in_name = Q(decisions__contact=lead, decisions__stands_for=None) | Q(decisions__stands_for=lead)
    before = Q(decisions__kind__in=(Decision.Kind.APPROVE, Decision.Kind.CONSENT)) & in_name
    rows = TimeEntry.objects.filter(
        before | Q(pk__in=[entry.pk for entry in entries]),
        work_on=day,
        client_id=lead.client_id,
        state=EntryState.APPROVED,
    )
    counted = {entry.pk: entry for entry in rows.distinct()}
    ratings = ratings_in_force(
        key for key, entry in counted.items() if not entry.takes_away or entry.corrects_id in counted
    )
    segments = [segment for rating in ratings for segment in rating.segments.all()]
    return Approved(
        minutes=sum(rating.rounded_minutes for rating in ratings),
        amount=sum((amount_of_segment(segment) for segment in segments), Fraction(0)),
    )


def _words(contact: Contact, day: date, approved: Approved) -> str:
    able = [lead.name for lead in project_leads(contact.client) if approved.is_within(lead)]
    words = _("This goes beyond what you may approve of one day (%(limit)s; %(day)s). Nothing was approved.")
    facts = {"limit": _limit(contact), "day": formats.day_year(day, formats.locale_for(get_language()))}
    if able:
        words += " " + _("It can be approved by: %(names)s.")
        facts["names"] = ", ".join(able)
    else:
        words += " " + _("Nobody of your organisation may approve so much: ask us to change the limit.")
    return words % facts


def _limit(contact: Contact) -> str:
    locale = formats.locale_for(get_language(), contact.client.currency)
    return ", ".join(_limits(contact, locale))


def _limits(contact: Contact, locale: str) -> Iterable[str]:
    if contact.approves_up_to_minutes is not None:
        yield formats.hours_of_minutes(contact.approves_up_to_minutes, locale)
    if contact.approves_up_to_amount is not None:
        yield formats.money(contact.approves_up_to_amount, contact.client.currency, locale)
