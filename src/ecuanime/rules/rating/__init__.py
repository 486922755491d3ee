"""Rating: approved work + one contract version + its lots → segments with drawdowns and money, and a trace.

`rate` is a pure function. It cuts each work where the terms change, rounds once per group, weighs, draws from the
lots that were valid when the work was done, and prices what they do not cover. See docs/rules/rating.md.
"""

from ..calendars import Band, Calendar
from ..hours import Group, Mode, Rounding, Tie
from ..packs import Drawdown, Lot
from .engine import rate
from .rounding import group_of
from .trace import Code, Step, as_json
from .values import (
    Booked,
    FixedPrice,
    HoldReason,
    LevelWeight,
    Overage,
    OveragePolicy,
    Rate,
    Rated,
    Segment,
    Surcharge,
    Terms,
    When,
    Work,
    WorkType,
)

__all__ = [
    "Band",
    "Booked",
    "Calendar",
    "Code",
    "Drawdown",
    "FixedPrice",
    "Group",
    "HoldReason",
    "LevelWeight",
    "Lot",
    "Mode",
    "Overage",
    "OveragePolicy",
    "Rate",
    "Rated",
    "Rounding",
    "Segment",
    "Step",
    "Surcharge",
    "Terms",
    "Tie",
    "When",
    "Work",
    "WorkType",
    "as_json",
    "group_of",
    "rate",
]
