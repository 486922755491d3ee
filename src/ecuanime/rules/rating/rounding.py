"""Rounding groups: which works are rounded together, and how a group's minutes are spread."""

from __future__ import annotations

from ..hours import Group
from .values import Work


def group_of(work: Work, group: Group) -> str:
    """The stable name of the group that a work is rounded in, unique within one contract.

    Work outside any visit is rounded by entry under a policy that groups by visit.
    """
    if group == Group.TICKET:
        return f"ticket:{work.ticket_id}"
    if group == Group.TICKET_DAY:
        return f"ticket_day:{work.ticket_id}:{work.work_on.isoformat()}"
    if group == Group.DAY:
        return f"day:{work.work_on.isoformat()}"
    if group == Group.VISIT and work.visit_id is not None:
        return f"visit:{work.visit_id}"
    return f"entry:{work.id}"
