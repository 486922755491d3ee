"""Whom a case concerns at the firm, and what they are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from ecuanime.accounts.models import Role, User
from ecuanime.accounts.queries import people_of_firm
from ecuanime.emergencies.models import Alert, Emergency
from ecuanime.notices.actions import Words, tell
from ecuanime.notices.models import Kind


def page_of(emergency: Emergency) -> str:
    """The path of its room at the desk."""
    return f"/emergencias/{emergency.number}/"


def notice_key(emergency: Emergency) -> str:
    """What notices about this case are filed under."""
    return f"emergency:{emergency.number}"


def tell_alerted(alert: Alert, *, now: datetime) -> None:
    """The expert whose turn it is."""
    emergency = alert.emergency

    def words() -> Words:
        return _said(emergency, _("Emergency %(number)s of %(client)s waits for you: %(area)s"))

    _tell(emergency, [alert.user], f"alert:{alert.pk}", words, now)


def tell_nobody_left(emergency: Emergency, *, now: datetime) -> None:
    """The supervisors, when nobody on the list has taken a case on; again once somebody has and passed it back."""

    def words() -> Words:
        return _said(emergency, _("Nobody has taken on emergency %(number)s of %(client)s: %(area)s"))

    _tell(emergency, supervisors(), f"unclaimed:{emergency.pk}:{emergency.version}", words, now)


def tell_late(emergency: Emergency, *, now: datetime) -> None:
    """The supervisors and whoever evaluates it, when the hour is up without an answer."""

    def words() -> Words:
        return _said(emergency, _("The hour for emergency %(number)s of %(client)s is up without an answer"))

    lead = [emergency.lead] if emergency.lead else []
    _tell(emergency, [*lead, *supervisors()], f"late:{emergency.pk}", words, now)


def tell_answer(emergency: Emergency, act: str, *, now: datetime) -> None:
    """The lead and the supervisors, of what the client or the house has done."""

    def words() -> Words:
        return _said(emergency, _sentence(act))

    lead = [emergency.lead] if emergency.lead else []
    _tell(emergency, [*lead, *supervisors()], f"{act}:{emergency.pk}:{emergency.version}", words, now)


def _sentence(act: str) -> str:
    return {
        "accept": _("%(client)s has accepted %(number)s: the guarantee is due"),
        "accept_waived": _("%(client)s has accepted %(number)s: work can begin"),
        "decline": _("%(client)s has declined %(number)s"),
        "withdraw": _("%(number)s of %(client)s was withdrawn"),
        "pay": _("The guarantee of %(number)s is paid: work can begin"),
        "proof": _("%(client)s has sent proof of payment for %(number)s"),
        "acknowledge_normal": _("%(client)s confirms that service is normal again (%(number)s)"),
        "relapse": _("It happens again: %(number)s of %(client)s"),
        "ceiling": _("%(client)s has raised the ceiling of %(number)s"),
        "silence": _("%(client)s has not objected, so service counts as normal (%(number)s)"),
        "agreement": _("%(client)s has sent a confidentiality agreement of their own for %(number)s"),
    }[act]


def tell_administrators(emergency: Emergency, text: str, *, now: datetime) -> None:
    """The administrators, that work began without the guarantee being paid, and why."""

    def words() -> Words:
        said = _said(emergency, _("Work on %(number)s of %(client)s began before its guarantee was paid"))
        return Words(said.title, text[:400])

    people = people_of_firm().filter(roles__contains=[Role.ADMINISTRATOR])
    _tell(emergency, people, f"unpaid:{emergency.pk}", words, now)


def tell_billers(emergency: Emergency, *, now: datetime) -> None:
    """Whoever bills, that the guarantee could not be issued by itself."""

    def words() -> Words:
        return _said(emergency, _("The guarantee of %(number)s of %(client)s waits to be issued"))

    people = [each for each in people_of_firm() if each.has_role(Role.BILLING, Role.SUPERVISOR)]
    _tell(emergency, people, f"guarantee:{emergency.pk}", words, now)


def tell_to_review(emergency: Emergency, *, now: datetime) -> None:
    """The supervisors, that the time of a phase was closed out of cycle and is to be approved at once."""

    def words() -> Words:
        return _said(emergency, _("The time of %(number)s of %(client)s was closed: review it now"))

    _tell(emergency, supervisors(), f"review:{emergency.pk}:{emergency.version}", words, now)


def tell_news_due(emergency: Emergency, *, due: datetime, now: datetime) -> None:
    """The lead, that the client is due news; once for each that is due."""

    def words() -> Words:
        return _said(emergency, _("News is due to %(client)s about %(number)s"))

    if emergency.lead is not None:
        _tell(emergency, [emergency.lead], f"news:{emergency.pk}:{due.timestamp():.0f}", words, now)


def tell_pool(emergency: Emergency, act: str, ceiling: int, *, now: datetime) -> None:
    """The lead and the supervisors, once, that what may be spent is nearly or wholly used up: the client is asked."""

    def words() -> Words:
        if act == "pool_near":
            return _said(emergency, _("Stop and ask %(client)s: 80 %% of the ceiling of %(number)s is spent"))
        return _said(
            emergency, _("The ceiling of %(number)s of %(client)s is spent: go on only if they say so")
        )

    lead = [emergency.lead] if emergency.lead else []
    _tell(emergency, [*lead, *supervisors()], f"{act}:{emergency.pk}:{ceiling}", words, now)


def tell_handed_over(emergency: Emergency, reason: str, *, now: datetime) -> None:
    """The new lead and the supervisors, who leads a case from now on and why."""

    def words() -> Words:
        said = _said(emergency, _("%(number)s of %(client)s was handed over to %(lead)s"))
        return Words(said.title, reason[:400])

    lead = [emergency.lead] if emergency.lead else []
    event_id = f"hand_over:{emergency.pk}:{emergency.version}"
    _tell(emergency, [*lead, *supervisors()], event_id, words, now)


def supervisors() -> list[User]:
    """The firm's supervisors; its administrators where it has none."""
    people = list(people_of_firm())
    found = [each for each in people if Role.SUPERVISOR in each.roles]
    return found or [each for each in people if each.has_role(Role.ADMINISTRATOR)]


def _said(emergency: Emergency, sentence: str) -> Words:
    facts = {
        "number": emergency.number,
        "client": emergency.client,
        "area": emergency.area,
        "lead": emergency.lead,
    }
    return Words(sentence % facts, emergency.facts[:160])


def _tell(
    emergency: Emergency, people: Iterable[User], event_id: str, words: Callable[[], Words], now: datetime
) -> None:
    tell(
        people=people,
        kind=Kind.EMERGENCY,
        event_id=f"emergency:{event_id}",
        words=words,
        url=page_of(emergency),
        subject_key=notice_key(emergency),
        now=now,
    )
