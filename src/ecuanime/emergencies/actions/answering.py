"""The answer within the hour: taking a case on or passing it on, saying whether it is viable, revising estimates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from ecuanime.accounts.models import User
from ecuanime.emergencies.access import is_competent, parties_of
from ecuanime.emergencies.actions.alerts import alert_next, end_alerts
from ecuanime.emergencies.actions.checking import Found, keep_checks
from ecuanime.emergencies.actions.common import lock, take, write_to_client
from ecuanime.emergencies.actions.links import ask_deciders
from ecuanime.emergencies.models import Alert, Assessment, Emergency
from ecuanime.foundation.errors import Refused
from ecuanime.rules.express import GUARANTEE_HOURS, Act, Need, Party
from ecuanime.tickets.actions import assign

LONGEST_MINUTES = 60 * 24 * 30
NOTHING_ASKED: Mapping[str, Found] = MappingProxyType({})
VIABLE_SAID = gettext_noop(
    "We can help you. Read our answer, with what it would cost, on the page of your emergency: say yes or no there."
)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """The figures of a viable answer. Durations are in minutes; a guarantee of 0 hours is waived."""

    certainty: int | None
    risk: str
    lasts_minutes: int | None
    normalise_minutes: int | None
    mitigate_minutes: int | None
    guarantee_hours: int
    is_counted: bool = False


@transaction.atomic
def take_on(*, emergency: Emergency, by: User, now: datetime) -> Emergency:
    """An expert takes the case on: they lead it, the ticket is theirs, and nobody else is alerted.

    Refused: `not_now` (somebody has it already), `not_allowed`, `competent`.
    """
    emergency = lock(emergency)
    if emergency.lead_id == by.pk and emergency.stage == "evaluating":
        return emergency
    emergency = take(emergency, Act.TAKE_ON, user=by, true=_competence(by, emergency), now=now)
    _lead(emergency, by, now)
    return emergency


@transaction.atomic
def hand_on(*, emergency: Emergency, by: User, now: datetime, reason: str = "") -> Emergency:
    """An expert passes on a case that waits for them: the next of the list is alerted.

    Refused: `not_now`, `not_allowed` (somebody else evaluates it).
    """
    emergency = lock(emergency)
    if emergency.lead_id not in (None, by.pk) and Party.LEAD not in parties_of(by, emergency):
        raise Refused("not_allowed", _("%(name)s evaluates it.") % {"name": emergency.lead})
    emergency = take(emergency, Act.HAND_ON, user=by, text=reason, now=now)
    Alert.objects.update_or_create(
        emergency=emergency,
        user=by,
        defaults={"said": Alert.Said.PASSED, "said_at": now},
        create_defaults={"said": Alert.Said.PASSED, "said_at": now, "sent_at": now},
    )
    emergency.lead = None
    emergency.save(update_fields=["lead"])
    if not emergency.alerts.filter(said=Alert.Said.NOTHING).exists():
        alert_next(emergency, now=now)
    return emergency


@transaction.atomic
def say_viable(
    *,
    emergency: Emergency,
    estimate: Estimate,
    by: User,
    now: datetime,
    checks: Mapping[str, Found] = NOTHING_ASKED,
) -> Assessment:
    """Say that the firm can help, with the figures; the clock stops and the client is told.

    `checks` is what was found about each `Question` beforehand.

    Refused: `not_now`, `not_allowed`, `competent`, `figures`, `bad_guarantee`.
    """
    emergency = lock(emergency)
    true = _competence(by, emergency) | _figures(estimate)
    emergency = take(emergency, Act.SAY_VIABLE, user=by, true=true, now=now)
    assessment = _write(emergency, estimate, by, now)
    keep_checks(assessment, checks)
    _answered(emergency, by, now)
    write_to_client(emergency, by, VIABLE_SAID, now)
    ask_deciders(emergency, now=now)
    return assessment


@transaction.atomic
def say_not_viable(
    *,
    emergency: Emergency,
    reason: str,
    elsewhere: str,
    by: User,
    now: datetime,
    checks: Mapping[str, Found] = NOTHING_ASKED,
) -> Assessment:
    """Say that the firm cannot help, why, and where else they can turn; nothing is charged.

    `checks` is what was found about each `Question` beforehand.

    Refused: `not_now`, `not_allowed`, `competent`, `elsewhere`.
    """
    emergency = lock(emergency)
    true = _competence(by, emergency) | ({Need.ELSEWHERE} if elsewhere.strip() else set())
    emergency = take(emergency, Act.SAY_NOT_VIABLE, user=by, true=true, text=reason, now=now)
    assessment = Assessment.objects.create(
        emergency=emergency,
        number=1,
        is_viable=False,
        elsewhere=elsewhere.strip(),
        reason=" ".join(reason.split())[:600],
        given_at=now,
        given_by=by,
    )
    keep_checks(assessment, checks)
    _answered(emergency, by, now)
    emergency.next_due_at = None
    emergency.save(update_fields=["next_due_at"])
    with override(emergency.contact.spoken):
        facts = {"reason": reason.strip(), "elsewhere": elsewhere.strip()}
        text = _(
            "This time we cannot help you, and it costs you nothing. %(reason)s\n\nYou can turn to: %(elsewhere)s"
        )
        said = text % facts
    write_to_client(emergency, by, said, now)
    return assessment


@transaction.atomic
def revise(*, emergency: Emergency, estimate: Estimate, reason: str, by: User, now: datetime) -> Assessment:
    """Revise the estimates, and why; what came before stays. After acceptance the guarantee stays as it was accepted.

    Refused: `not_now`, `not_allowed`, `figures`, `reason`, `bad_guarantee`.
    """
    emergency = lock(emergency)
    true = _figures(estimate) | ({Need.REASON} if reason.strip() else set())
    emergency = take(emergency, Act.REVISE, user=by, true=true, text=reason, now=now)
    assessment = _write(emergency, estimate, by, now, reason=" ".join(reason.split())[:600])
    with override(emergency.contact.spoken):
        said = _("We have revised our estimates: %(reason)s Read them on the page of your emergency.") % {
            "reason": reason.strip()
        }
    write_to_client(emergency, by, said, now)
    return assessment


def _competence(by: User, emergency: Emergency) -> set[Need]:
    return {Need.COMPETENT} if is_competent(by, emergency) else set()


def _figures(estimate: Estimate) -> set[Need]:
    """Whether all figures are there and make sense. Refused: `bad_guarantee`."""
    if estimate.guarantee_hours and estimate.guarantee_hours not in GUARANTEE_HOURS:
        raise Refused("bad_guarantee", _("The guarantee is one to eight hours, or none."))
    durations = (estimate.lasts_minutes, estimate.normalise_minutes, estimate.mitigate_minutes)
    are_whole = all(each is not None and 0 <= each <= LONGEST_MINUTES for each in durations)
    is_certain = estimate.certainty is not None and 0 <= estimate.certainty <= 100
    return {Need.FIGURES} if are_whole and is_certain and estimate.risk.strip() else set()


def _write(
    emergency: Emergency, estimate: Estimate, by: User, now: datetime, *, reason: str = ""
) -> Assessment:
    last = emergency.assessments.order_by("-number").first()
    accepted = getattr(emergency, "acceptance", None)
    agreed = accepted.assessment if accepted else estimate
    return Assessment.objects.create(
        emergency=emergency,
        number=last.number + 1 if last else 1,
        is_viable=True,
        certainty=estimate.certainty,
        risk=estimate.risk.strip(),
        lasts_minutes=estimate.lasts_minutes,
        normalise_minutes=estimate.normalise_minutes,
        mitigate_minutes=estimate.mitigate_minutes,
        guarantee_hours=agreed.guarantee_hours,
        is_counted=agreed.is_counted and agreed.guarantee_hours > 0,
        reason=reason,
        given_at=now,
        given_by=by,
    )


def _answered(emergency: Emergency, by: User, now: datetime) -> None:
    emergency.answered_at = max(now, emergency.declared_at)  # the clock may have been set back
    emergency.save(update_fields=["answered_at"])
    if emergency.lead_id != by.pk:
        _lead(emergency, by, now)
    emergency.next_due_at = None
    emergency.save(update_fields=["next_due_at"])


def _lead(emergency: Emergency, by: User, now: datetime) -> None:
    """Let an expert lead the case and answer its ticket; the alerts end."""
    emergency.lead = by
    emergency.next_due_at = emergency.answer_due_at if emergency.breached_at is None else None
    emergency.save(update_fields=["lead", "next_due_at"])
    emergency.alerts.filter(user=by, said="").update(said=Alert.Said.TAKEN, said_at=now)
    end_alerts(emergency, now=now, said=Alert.Said.SILENT)
    if emergency.ticket.assignee_id != by.pk:
        emergency.ticket = assign(ticket=emergency.ticket, assignee=by, by=by, now=now)
