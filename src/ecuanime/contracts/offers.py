"""What a quote offers, and the exact text that a client reads before answering it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ecuanime.clients.models import Site
from ecuanime.contracts.models import Contract, PlanVersion
from ecuanime.contracts.queries import with_rows
from ecuanime.contracts.words import sentences_of
from ecuanime.foundation import formats
from ecuanime.staff.models import ProductArea
from ecuanime.staff.queries import the_firm


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What is offered to a client. Empty overrides mean: as the version says; an empty zone: the client's.

    Without `valid_until` it can be answered until it is withdrawn; without `ends_on` it lasts as its plan says.
    """

    version: PlanVersion
    starts_on: date
    ends_on: date | None = None
    valid_until: date | None = None
    areas: tuple[ProductArea, ...] = ()
    sites: tuple[Site, ...] = ()
    time_zone: str = ""
    approval: str = ""
    overage: str = ""
    overage_price: Decimal | None = None
    overage_limit_minutes: int | None = None
    hours_visible: bool | None = None
    auto_renews: bool = False
    renews_pack: bool = False
    note: str = ""
    replaces: Contract | None = None


@dataclass(frozen=True)
class Clause:
    """A heading of an offer's text and what it says under it."""

    heading: str
    sentences: tuple[str, ...]


def clauses_of(contract: Contract) -> list[Clause]:
    """An offer's text in the reader's language: the same contract always gives the same text."""
    clauses = [
        Clause(_("What is offered"), tuple(_offer(contract))),
        Clause(_("From when, until when"), tuple(_dates(contract))),
        Clause(_("What it means"), tuple(sentences_of(with_rows(contract), contract))),
    ]
    if contract.note:
        lines = (line.strip() for line in contract.note.splitlines())
        clauses.append(Clause(_("Besides"), tuple(line for line in lines if line)))
    return [*clauses, Clause(_("How it is answered"), tuple(_answering(contract)))]


def text_of(contract: Contract) -> str:
    """The clauses as the plain text that is mailed, read and kept with the answer."""
    return "\n\n".join(
        "\n".join([clause.heading, *(f"- {sentence}" for sentence in clause.sentences)])
        for clause in clauses_of(contract)
    )


def clauses_in(text: str) -> list[Clause]:
    """A text that was kept, as the clauses it was made of."""
    parts = [part.split("\n") for part in text.split("\n\n")]
    return [Clause(head, tuple(line.removeprefix("- ") for line in lines)) for head, *lines in parts]


def hash_of(text: str) -> str:
    """What tells one text from any other: its SHA-256, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _offer(contract: Contract) -> Iterator[str]:
    yield _("%(firm)s offers %(client)s “%(plan)s” (version %(version)s), as contract %(number)s.") % {
        "firm": the_firm().name,
        "client": contract.client.legal_name or contract.client.name,
        "plan": contract.version,
        "version": contract.version.number,
        "number": contract.number,
    }
    areas = ", ".join(sorted(str(area) for area in contract.areas.all()))
    yield _("It covers: %(areas)s.") % {"areas": areas} if areas else _("It covers every product area.")
    sites = ", ".join(sorted(str(site) for site in contract.sites.all()))
    if sites:
        yield _("It covers work at these sites alone: %(sites)s.") % {"sites": sites}
    if contract.replaces is not None:
        yield _("It takes the place of contract %(number)s, which ends the day before.") % {
            "number": contract.replaces.number
        }


def _dates(contract: Contract) -> Iterator[str]:
    yield _("It begins on %(day)s, or on the day it is accepted if that is later.") % {
        "day": day_of(contract.starts_on)
    }
    if contract.ends_on is not None:
        yield _("Its last day is %(day)s.") % {"day": day_of(contract.ends_on)}
    elif contract.version.term_months:
        yield ngettext(
            "It lasts %(months)d month from its first day.",
            "It lasts %(months)d months from its first day.",
            contract.version.term_months,
        ) % {"months": contract.version.term_months}
    else:
        yield _("It goes on until one of the two ends it.")
    yield from _renewal(contract)
    yield _("Its days are counted in the time of %(zone)s.") % {"zone": contract.time_zone}


def _renewal(contract: Contract) -> Iterator[str]:
    """What happens when its term ends; nothing for a contract without one."""
    version = contract.version
    if not version.term_months:
        return
    facts = {"days": version.notice_days, "months": version.term_months}
    if not contract.auto_renews:
        yield (
            ngettext(
                "%(days)d day before it ends you get an offer to renew it; without your yes it ends.",
                "%(days)d days before it ends you get an offer to renew it; without your yes it ends.",
                version.notice_days,
            )
            % facts
        )
        return
    yield (
        ngettext(
            "Then it renews by itself for %(months)d month more, as its plan stands then, unless you say no before.",
            "Then it renews by itself for %(months)d months more, as its plan stands then, unless you say no before.",
            version.term_months,
        )
        % facts
    )
    yield (
        ngettext(
            "You are told %(days)d day before it ends; a change that you were not told in time does not count.",
            "You are told %(days)d days before it ends; a change that you were not told in time does not count.",
            version.notice_days,
        )
        % facts
    )


def _answering(contract: Contract) -> Iterator[str]:
    if contract.valid_until is not None:
        yield _("It can be accepted or declined until %(day)s, that day included.") % {
            "day": day_of(contract.valid_until)
        }
    yield _("Silence accepts nothing: without an answer there is no contract.")


def day_of(on: date) -> str:
    """A date in full, in the reader's language."""
    return formats.long_date(on, formats.locale_for(get_language()))
