"""What several actions on contracts share: locking one, and refusals that read the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from ecuanime.clients.models import Client
from ecuanime.contracts.course import kin_of, schedule, successor_of
from ecuanime.contracts.models import BINDING, Contract, PlanVersion
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused


def lock_contract(contract: Contract) -> Contract:
    """The contract as it stands now, with what its words need, locked until the transaction ends."""
    return lock_contracts([contract.pk])[contract.pk]


def lock_contracts(ids: Iterable[int]) -> dict[int, Contract]:
    """Contracts by their id, locked in the order of their ids, so that two who want the same take turns."""
    rows = Contract.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=set(ids))
    related = rows.select_related(
        "client", "version__plan", "version__calendar", "replaces", "recorded_by", "renewal_version"
    )
    return {contract.pk: contract for contract in related.order_by("id")}


def refuse_sale(client: Client, version: PlanVersion, starts_on: date, ends_on: date | None) -> None:
    """Refuse what cannot be contracted: `inactive_client`, `not_published`, `withdrawn`, `ends_before_start`."""
    if not client.is_active:
        raise Refused(
            "inactive_client", _("This client is not active. Activate it before it contracts anything.")
        )
    if version.published_at is None:
        raise Refused(
            "not_published",
            _("This version is a draft and can still change, so nobody can accept it. Publish it first."),
        )
    if not version.plan.is_on_sale:
        raise Refused(
            "withdrawn", _("This plan is no longer on sale. Choose another one, or put it on sale again.")
        )
    if ends_on is not None and ends_on < starts_on:
        refuse_end()


def refuse_overage(price: Decimal | None, limit_minutes: int | None) -> None:
    """Refuse `bad_overage`: a price or a limit of its own that is negative."""
    if min(price or 0, limit_minutes or 0) < 0:
        raise Refused("bad_overage", _("Neither the price nor the limit of overage is negative."))


def refuse_end() -> None:
    """Refuse a last day before the first: `ends_before_start`."""
    raise Refused(
        "ends_before_start",
        _("A contract cannot end before it starts. Choose a last day on or after its first."),
    )


def refuse_place(client: Client, replaced: Contract, starts_on: date) -> None:
    """Refuse to take the place of a contract that is not this client's, not in force, or whose place is taken.

    Refused: `of_another`, `not_in_force`, `already_replaced`, `starts_too_early`.
    """
    facts = {"number": replaced.number}
    if replaced.client_id != client.pk:
        raise Refused("of_another", _("%(number)s belongs to another client.") % facts)
    if replaced.state not in BINDING:
        raise Refused("not_in_force", _("%(number)s was never accepted, so nothing can replace it.") % facts)
    successor = successor_of(replaced)
    if successor is not None:
        facts["successor"] = successor.number
        raise Refused(
            "already_replaced", _("%(successor)s has taken the place of %(number)s already.") % facts
        )
    if starts_on <= replaced.starts_on:
        raise Refused(
            "starts_too_early",
            _("It would begin before %(number)s had lasted a day. Choose a later first day.") % facts,
        )


def refuse_accepted_kin(quote: Contract) -> None:
    """Refuse `accepted_otherwise` when an offer that this one is instead of, or that is instead of it, was accepted."""
    accepted = next((each for each in kin_of(quote) if each.is_binding), None)
    if accepted is not None:
        raise Refused(
            "accepted_otherwise",
            _("%(accepted)s, another writing of this offer, was accepted. Offer a change of it instead.")
            % {"accepted": accepted.number},
        )


def withdraw(quote: Contract, now: datetime) -> None:
    """Take a locked offer back, so that nobody accepts it any more."""
    quote.state = Contract.State.WITHDRAWN
    schedule(quote)
    quote.save(update_fields=["state", "next_due_at"])
    record("quote_withdrawn", quote, now=now, number=quote.number)
