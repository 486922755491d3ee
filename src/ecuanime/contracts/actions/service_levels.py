"""Saying what is promised about time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.clients.models import Client
from ecuanime.contracts.events import ServiceLevelChanged
from ecuanime.contracts.models import (
    PRIORITIES,
    Contract,
    CoverageCalendar,
    Metric,
    ServiceLevel,
    ServiceTarget,
)
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish

LONGEST_MINUTES = 366 * 24 * 60


@transaction.atomic
def set_service_level(
    *,
    targets: Mapping[tuple[int, str], int],
    now: datetime,
    contract: Contract | None = None,
    client: Client | None = None,
    of_queue: bool = False,
    level: ServiceLevel | None = None,
    calendar: CoverageCalendar | None = None,
    warn_percent: int = 75,
    credit_minutes: int = 0,
    credit_most_minutes: int = 0,
) -> ServiceLevel:
    """Promise these minutes, by priority and metric, to a contract, a client, or (neither) to everybody else.

    With `of_queue` they are those of a queue of the desk, whose terms so far are `level`. What was promised before is
    replaced, and counts for requests from this moment on. Refused: `no_target`, `bad_target` (an unknown priority or
    metric, or less than a minute, or more than a year), `bad_warning`. Publishes ServiceLevelChanged.
    """
    _refuse_targets(targets)
    if not 1 <= warn_percent <= 100:
        raise Refused("bad_warning", _("The warning comes when 1 to 100 % of the time is used up."))
    facts = {
        "calendar": calendar,
        "warn_percent": warn_percent,
        "credit_minutes": credit_minutes,
        "credit_most_minutes": credit_most_minutes,
        "changed_at": now,
    }
    level = _written(level, facts) if of_queue else _written_for(contract, client, facts)
    level.targets.all().delete()
    ServiceTarget.objects.bulk_create(
        ServiceTarget(level=level, priority=priority, metric=metric, minutes=minutes)
        for (priority, metric), minutes in sorted(targets.items())
    )
    said = {f"{priority}:{metric}": minutes for (priority, metric), minutes in sorted(targets.items())}
    record("service_level_set", level, now=now, **_whose(level), calendar=_code(calendar), targets=said)
    publish(ServiceLevelChanged(level.pk))
    return level


@transaction.atomic
def drop_service_level(*, level: ServiceLevel, now: datetime) -> None:
    """Promise nothing of its own any more: the next wider terms count from this moment on."""
    record("service_level_dropped", level, now=now, **_whose(level))
    publish(ServiceLevelChanged(level.pk))
    level.delete()


def _written_for(contract: Contract | None, client: Client | None, facts: dict[str, Any]) -> ServiceLevel:
    owner: dict[str, Any] = {
        "contract": contract,
        "client": client,
        "version": None,
        "is_of_queue": False,
    }
    return ServiceLevel.objects.update_or_create(**owner, defaults=facts)[0]


def _written(level: ServiceLevel | None, facts: dict[str, Any]) -> ServiceLevel:
    if level is None:
        return ServiceLevel.objects.create(is_of_queue=True, **facts)
    ServiceLevel.objects.filter(pk=level.pk).update(**facts)
    return ServiceLevel.objects.get(pk=level.pk)


def _refuse_targets(targets: Mapping[tuple[int, str], int]) -> None:
    if not targets:
        raise Refused("no_target", _("Promise at least one time, or take these terms away."))
    for (priority, metric), minutes in targets.items():
        if priority not in PRIORITIES or metric not in Metric.values:
            raise Refused("bad_target", _("There is no such priority or promise. Choose one from the list."))
        if not 1 <= minutes <= LONGEST_MINUTES:
            raise Refused("bad_target", _("A promised time lies between one minute and one year."))


def _whose(level: ServiceLevel) -> dict[str, str]:
    if level.contract is not None:
        return {"contract": level.contract.number}
    if level.client is not None:
        return {"client": level.client.code}
    return {"of": "queue"} if level.is_of_queue else {}


def _code(calendar: CoverageCalendar | None) -> str:
    return calendar.code if calendar else ""
