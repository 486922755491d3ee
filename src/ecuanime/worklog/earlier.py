"""What earlier approvals leave to the next one: what covers took of tickets, who holds an incident, overage so far.

Each reads only for contracts whose terms ask for it, and leaves out the entries that are to be rated themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from ecuanime.entitlements.queries import overdrawn_of
from ecuanime.rules.rating import Included, OveragePolicy, Terms
from ecuanime.worklog.models import RatedSegment, TicketIncident, TimeEntry


def included(terms: Mapping[int, Terms], entries: Sequence[TimeEntry]) -> dict[int, list[Included]]:
    """What covers with a cap took of the entries' tickets, by contract."""
    contracts = _where(terms, lambda each: any(row.cap_hundredths is not None for row in each.covers))
    if not contracts:
        return {}
    subjects = _subjects(entries)
    goes_on_in = Coalesce("rating__entry__ticket__merged_into", "rating__entry__ticket")
    rows = (
        _in_force(contracts, entries)
        .annotate(subject=goes_on_in)
        .filter(
            Q(rating__entry__ticket__in=subjects) | Q(rating__entry__ticket__merged_into__in=subjects),
            cover__isnull=False,
        )
        .values_list("rating__contract", "subject", "cover")
        .annotate(total=Sum("included"))
        .order_by()
    )
    found: dict[int, list[Included]] = {}
    for contract_id, subject, cover_id, total in rows:
        of_all = [Included(ticket_id, cover_id, total) for ticket_id in subjects[subject]]
        found.setdefault(contract_id, []).extend(of_all)
    return found


def incidents(terms: Mapping[int, Terms], entries: Sequence[TimeEntry]) -> dict[int, set[int]]:
    """The entries' tickets that hold an incident, by contract."""
    contracts = _where(terms, lambda each: any(row.needs_incident for row in each.covers))
    if not contracts:
        return {}
    subjects = _subjects(entries)
    held = TicketIncident.objects.filter(contract__in=contracts, ticket__in=subjects, given_back_at=None)
    found: dict[int, set[int]] = {}
    for contract_id, subject in held.values_list("contract", "ticket"):
        found.setdefault(contract_id, set()).update(subjects[subject])
    return found


def used_overage(terms: Mapping[int, Terms], entries: Sequence[TimeEntry]) -> dict[int, int]:
    """The overage that counts against a contract's limit, in hundredths: neither held nor consented to, and of an
    overdraft what no lot has settled yet.
    """
    limited = {pk: each for pk, each in terms.items() if each.overage.limit_hundredths is not None}
    overdraft = _where(limited, lambda each: each.overage.policy == OveragePolicy.OVERDRAFT)
    owed = overdrawn_of(overdraft) if overdraft else {}
    return owed | _billed_overage([pk for pk in limited if pk not in overdraft], entries)


def _subjects(entries: Sequence[TimeEntry]) -> dict[int, set[int]]:
    """The entries' tickets by the one in which each goes on: what was merged is one subject with it."""
    found: dict[int, set[int]] = {}
    for entry in entries:
        found.setdefault(entry.ticket.merged_into_id or entry.ticket_id, set()).add(entry.ticket_id)
    return found


def _billed_overage(contracts: Sequence[int], entries: Sequence[TimeEntry]) -> dict[int, int]:
    if not contracts:
        return {}
    rows = (
        _in_force(contracts, entries)
        .values_list("rating__contract")
        .annotate(total=Sum(F("overage") - F("held") - F("consented")))
        .order_by()
    )
    return dict(rows)


def _where(terms: Mapping[int, Terms], asks: Callable[[Terms], bool]) -> list[int]:
    return [contract_id for contract_id, each in terms.items() if asks(each)]


def _in_force(contracts: Sequence[int], entries: Sequence[TimeEntry]) -> QuerySet[RatedSegment]:
    rated = RatedSegment.objects.filter(rating__superseded_at=None, rating__contract__in=contracts)
    return rated.exclude(rating__entry__in=[entry.pk for entry in entries])
