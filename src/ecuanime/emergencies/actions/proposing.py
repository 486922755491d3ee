"""After a case: a plan is proposed to its client with the numbers of the case, as a draft offer."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.accounts.models import User
from ecuanime.contracts.access import may_change_contracts
from ecuanime.contracts.actions import draft_quote
from ecuanime.contracts.example import money
from ecuanime.contracts.models import Contract
from ecuanime.contracts.offers import Offer
from ecuanime.contracts.words import duration
from ecuanime.emergencies.actions.common import lock
from ecuanime.emergencies.models import Emergency
from ecuanime.emergencies.proposals import Comparison, Proposal, comparison_of
from ecuanime.foundation.errors import Refused
from ecuanime.rules.calendars import local_date

ANSWERED_WITHIN = timedelta(days=30)


@transaction.atomic
def propose_plan(*, emergency: Emergency, plan: str, by: User, now: datetime) -> Contract:
    """Draft an offer of a plan (by its code) to the client of a case, for its product area, with what the same hours
    would have cost. Only the firm sees it until it is sent; drafted already it is given back.

    Refused: `not_allowed`, `unknown_plan` (it is not among those that fit), and as `draft_quote`.
    """
    emergency = lock(emergency)
    if not may_change_contracts(by):
        raise Refused("not_allowed", _("Supervisors and administrators make offers."))
    with override(emergency.client.language):
        found = comparison_of(emergency, now=now)
        proposals = found.proposals if found else []
        proposal = next((each for each in proposals if each.version.plan.code == plan), None)
        note = _note(emergency, found, proposal) if found and proposal else ""
    if proposal is None:
        raise Refused("unknown_plan", _("That plan is not among those that fit this case."))
    drafts = Contract.objects.filter(client=emergency.client, version=proposal.version)
    known = drafts.filter(state=Contract.State.DRAFT, note__startswith=f"{emergency.number}: ").first()
    if known is not None:
        return known
    today = local_date(now, emergency.client.time_zone)
    offer = Offer(
        version=proposal.version,
        starts_on=today,
        valid_until=today + ANSWERED_WITHIN,
        areas=(emergency.area,),
        note=f"{emergency.number}: {note}",
    )
    return draft_quote(client=emergency.client, offer=offer, by=by, now=now)


def _note(emergency: Emergency, found: Comparison, proposal: Proposal) -> str:
    """What the client reads: the case, what it cost, and what it would have cost, step by step."""
    said = _("%(time)s of work cost %(paid)s before tax. Under this plan they would have cost %(plan)s:") % {
        "time": duration(found.minutes),
        "paid": money(Fraction(found.actual), found.currency),
        "plan": money(Fraction(proposal.total), found.currency),
    }
    return "\n".join([said, *(f"{step.text}: {step.value}" for step in proposal.steps)])[:2000]
