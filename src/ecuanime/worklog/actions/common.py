"""What several actions share: locking entries, and refusals that read the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from ecuanime.contracts.models import Contract
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import the_firm
from ecuanime.worklog.models import TimeEntry
from ecuanime.worklog.rating import with_relations

LONGEST_REASON = 600


def locked_entries(ids: Iterable[int]) -> list[TimeEntry]:
    """These entries with their relations, locked in the order of their ids.

    Refused: `not_found` when one is gone.
    """
    wanted = set(ids)
    rows = TimeEntry.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=wanted).order_by("id")
    entries = list(with_relations(rows))
    if len(entries) != len(wanted):
        raise Refused(
            "not_found", _("One of these entries was deleted meanwhile. Reload the page and look again.")
        )
    return entries


def require_supervisor(allowed: bool) -> None:
    """Refuse `not_allowed` to whoever is no supervisor."""
    if not allowed:
        raise Refused("not_allowed", _("Only supervisors review time. Ask one of them."))


def require_reason(reason: str) -> str:
    """The reason in one line; refuses `no_reason` when there is none."""
    plain = " ".join(reason.split())[:LONGEST_REASON]
    if not plain:
        raise Refused("no_reason", _("Say why: the client and the technician will read it."))
    return plain


def require_version(entry: TimeEntry, version: int | None) -> None:
    """Refuse `changed` when the entry is no longer what the person had before them."""
    if version is not None and version != entry.version:
        raise Refused(
            "changed",
            _("The entry on ticket #%(number)s was changed meanwhile. Nothing was done; look at it again.")
            % {"number": entry.ticket.number},
        )


def require_contract_of_client(contract: Contract, client_id: int) -> None:
    """Refuse `foreign_contract` for a contract of another client, `not_in_force` for one never accepted."""
    if contract.client_id != client_id:
        raise Refused(
            "foreign_contract", _("That contract belongs to another client. Choose one of this client.")
        )
    if not contract.is_binding:
        raise Refused("not_in_force", _("The client has not accepted that contract. Choose one in force."))


def require_billable(billable_seconds: int | None, elapsed_seconds: int) -> None:
    """Refuse `billable_above_elapsed`: nobody is charged for more than was worked; minimums are the contract's."""
    if billable_seconds is not None and not 0 <= billable_seconds <= elapsed_seconds:
        raise Refused(
            "billable_above_elapsed",
            _(
                "More time cannot be charged than was worked. Give a shorter time, or correct the times worked."
            ),
        )


def day_of(at: datetime) -> date:
    """The firm's date at an instant."""
    return at.astimezone(the_firm().zone).date()
