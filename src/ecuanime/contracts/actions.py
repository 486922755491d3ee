"""Every write about plans and contracts. Published versions and their rows never change; the database sees to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from ecuanime.accounts.models import User
from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.drafts import VersionDraft
from ecuanime.contracts.models import Contract, Plan, PlanVersion
from ecuanime.staff.models import ProductArea


def create_plan(*, code: str, kind: str, now: datetime) -> Plan:
    """Add a plan without text to the catalogue. Refused: `code_taken`."""
    raise NotImplementedError


def draft_version(*, plan: Plan, draft: VersionDraft, now: datetime) -> PlanVersion:
    """Write the plan's draft version: the one open draft is replaced, else the next number is opened.

    Refused: `unknown_code` for an area, work type or calendar that does not exist.
    """
    raise NotImplementedError


def publish_version(*, version: PlanVersion, by: User | None, now: datetime) -> PlanVersion:
    """Publish a draft for good. A version already published is given back as it is.

    Refused: `incomplete`, naming what is missing (on demand needs a base rate; a pack a grant, a tier and a rate…).
    """
    raise NotImplementedError


def withdraw_plan(*, plan: Plan, now: datetime) -> Plan:
    """Take a plan off sale; contracts keep what they accepted."""
    raise NotImplementedError


def offer_plan(*, plan: Plan, now: datetime) -> Plan:
    """Put a plan on sale again. Refused: `nothing_published`."""
    raise NotImplementedError


def provide_basics(*, now: datetime) -> None:
    """The usual work types and coverage calendars (8x5, 12x6, 24x7), where they do not exist yet."""
    raise NotImplementedError


def publish_template(*, code: str, currency: str, by: User | None, now: datetime) -> PlanVersion:
    """Add a plan from a template and publish it; a plan that has the code already is given back as it is.

    `code` is one of `templates.TEMPLATES`; provides the basics it needs. Refused: `unknown_template`.
    """
    raise NotImplementedError


def open_contract(
    *,
    client: Client,
    version: PlanVersion,
    starts_on: date,
    now: datetime,
    ends_on: date | None = None,
    areas: Iterable[ProductArea] = (),
    time_zone: str = "",
    precedence: int = 100,
    approval: str = "",
    overage: str = "",
    hours_visible: bool | None = None,
    accepted_by: Contact | None = None,
    accepted_at: datetime | None = None,
    recorded_by: User | None = None,
) -> Contract:
    """Record a client's acceptance of a published version, under the next number (CT-0001), and announce it.

    Empty overrides mean: as the version says; an empty zone: the client's; no `accepted_at`: now. It grants no
    hours: a pack is bought (billing orders it, entitlements grants it).
    Refused: `not_published`, `withdrawn`, `inactive_client`, `not_their_contact`, `ends_before_start`.
    """
    raise NotImplementedError


def end_contract(*, contract: Contract, ends_on: date, reason: str, now: datetime) -> Contract:
    """Give a contract its last day, inclusive, in its zone; work done until then is still rated by it.

    It stays active until that day is over. Refused: `ended`, `ends_before_start`.
    """
    raise NotImplementedError
