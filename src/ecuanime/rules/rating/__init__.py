"""Rating: approved work + one contract version + its lots → segments with drawdowns and money, and a trace.

`rate` is a pure function. It cuts each work where the terms change, rounds once per group, weighs, draws
from the lots that were valid when the work was done, and prices what they do not cover. See
docs/rules/rating.md.
"""

from ..calendars import Band, Calendar
from ..hours import Group, Mode, Rounding, Tie
from ..packs import Drawdown, Lot, Unit
from .engine import rate
from .replay import Run, State, approve, correct, replay, take_back
from .rounding import group_of
from .trace import Code, Step, as_json
from .values import (
    Booked,
    Cover,
    FixedPrice,
    HoldReason,
    Incident,
    Included,
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
    total_booked,
    total_included,
)

__all__ = [
    "Band",
    "Booked",
    "Calendar",
    "Code",
    "Cover",
    "Drawdown",
    "FixedPrice",
    "Group",
    "HoldReason",
    "Incident",
    "Included",
    "LevelWeight",
    "Lot",
    "Mode",
    "Overage",
    "OveragePolicy",
    "Rate",
    "Rated",
    "Rounding",
    "Run",
    "Segment",
    "State",
    "Step",
    "Surcharge",
    "Terms",
    "Tie",
    "Unit",
    "When",
    "Work",
    "WorkType",
    "approve",
    "as_json",
    "correct",
    "group_of",
    "rate",
    "replay",
    "take_back",
    "total_booked",
    "total_included",
]
