"""Who approves for a project lead who is away, and from when to when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.clients.models import Contact, Substitution
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.rules.calendars import local_date

LONGEST = timedelta(days=366)


@transaction.atomic
def name_substitute(
    *, lead: Contact, substitute: Contact, first_day: date, last_day: date, now: datetime
) -> Substitution:
    """Let somebody of the same client approve for a project lead on these days, both included.

    Named twice in the same way, the first stands. Refused: `not_a_lead`, `not_of_client` (or it is the lead),
    `bad_days` (the wrong way round, over, or more than a year), `lead_is_substituted` (somebody else on some of these
    days), `stands_in_already` (for another lead on some of these days).
    """
    people = Contact.objects.select_for_update(no_key=True).order_by("pk")
    locked = people.select_related("client").in_bulk([lead.pk, substitute.pk])
    lead, substitute = locked[lead.pk], locked[substitute.pk]
    if not (lead.is_project_lead and lead.is_active):
        raise Refused("not_a_lead", _("Only for a project lead somebody else can approve."))
    if substitute.client_id != lead.client_id or not substitute.is_active or substitute == lead:
        raise Refused("not_of_client", _("Choose somebody else of the same organisation."))
    _refuse_days(lead, first_day, last_day, now)
    others = Substitution.objects.filter(cancelled_at=None, first_day__lte=last_day, last_day__gte=first_day)
    same = others.filter(lead=lead, substitute=substitute, first_day=first_day, last_day=last_day).first()
    if same is not None:
        return same
    if others.filter(lead=lead).exists():
        raise Refused(
            "lead_is_substituted", _("Somebody is named for some of these days already. Cancel that first.")
        )
    if others.filter(substitute=substitute).exists():
        raise Refused(
            "stands_in_already",
            _("%(name)s stands in for somebody else on some of these days.") % {"name": substitute.name},
        )
    made = Substitution.objects.create(
        lead=lead, substitute=substitute, first_day=first_day, last_day=last_day, created_at=now
    )
    days = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    audit.record("substitute_named", lead, now=now, substitute=substitute.pk, **days)
    return made


def _refuse_days(lead: Contact, first_day: date, last_day: date, now: datetime) -> None:
    today = local_date(now, lead.client.time_zone)
    if last_day < first_day or last_day < today or last_day - first_day > LONGEST:
        raise Refused(
            "bad_days", _("Give the first and the last day, at most a year apart and not over yet.")
        )


@transaction.atomic
def cancel_substitution(*, substitution: Substitution, now: datetime) -> Substitution:
    """From now on the substitute approves no more; what they approved stays. Repeated, it changes nothing."""
    found = Substitution.objects.select_for_update(no_key=True).get(pk=substitution.pk)
    if found.cancelled_at is None:
        found.cancelled_at = now
        found.save(update_fields=["cancelled_at"])
        audit.record("substitution_cancelled", found.lead, now=now, substitute=found.substitute_id)
    return found
