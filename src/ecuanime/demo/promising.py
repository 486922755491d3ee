"""What the demo's firm promises about time: to everybody, and more to two clients who pay for it."""

from __future__ import annotations

from datetime import datetime

from ecuanime.contracts.actions import set_service_level
from ecuanime.contracts.models import CoverageCalendar, Metric
from ecuanime.demo.world import World
from ecuanime.tickets.models import Priority

FIRST, NEXT, NORMAL, SOLUTION = (metric.value for metric in Metric)
EVERYBODY = {
    Priority.URGENT: {FIRST: 60, NEXT: 120, NORMAL: 240, SOLUTION: 960},
    Priority.HIGH: {FIRST: 120, NEXT: 240, NORMAL: 480, SOLUTION: 1440},
    Priority.NORMAL: {FIRST: 240, NEXT: 480, SOLUTION: 2400},
    Priority.LOW: {FIRST: 480, NEXT: 960},
}
BETTER = {
    Priority.URGENT: {FIRST: 30, NEXT: 60, NORMAL: 120, SOLUTION: 480},
    Priority.HIGH: {FIRST: 60, NEXT: 120, NORMAL: 240, SOLUTION: 960},
    Priority.NORMAL: {FIRST: 120, NEXT: 240, SOLUTION: 1440},
    Priority.LOW: {FIRST: 240, NEXT: 480, SOLUTION: 4800},
}
FAVOURED = 2


def promise(world: World, at: datetime) -> None:
    """Write the terms down before the first ticket comes."""
    hours = {row.code: row for row in CoverageCalendar.objects.all()}
    set_service_level(targets=_targets(EVERYBODY), calendar=hours["8x5"], now=at)
    for client in world.clients[:FAVOURED]:
        set_service_level(
            client=client,
            targets=_targets(BETTER),
            calendar=hours["12x6"],
            credit_minutes=30,
            credit_most_minutes=120,
            now=at,
        )


def _targets(times: dict[Priority, dict[str, int]]) -> dict[tuple[int, str], int]:
    return {
        (int(priority), metric): minutes for priority, row in times.items() for metric, minutes in row.items()
    }
