"""Shorthands for rating tests: a works' day in Madrid, a contract with usual terms, and lots of a pack."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from ecuanime.rules.rating import (
    Band,
    Calendar,
    Lot,
    Rate,
    Rounding,
    Surcharge,
    Terms,
    Unit,
    When,
    Work,
    WorkType,
)

MADRID = ZoneInfo("Europe/Madrid")
TUESDAY = date(2026, 1, 20)
HOLIDAY = date(2026, 1, 6)
OFFICE_HOURS = Calendar(
    "Europe/Madrid",
    tuple(Band(day, time(9), time(17, 40)) for day in range(5)),
    frozenset({HOLIDAY}),
)
NIGHT = Surcharge("night", When.AFTER_HOURS, Decimal("1.5"))
URGENT = Surcharge("urgent", When.URGENT, Decimal("1.25"))
FESTIVE = Surcharge("festive", When.HOLIDAY, Decimal(2))

ON_DEMAND = Terms(
    contract_id=1,
    zone="Europe/Madrid",
    starts_on=date(2026, 1, 1),
    currency="EUR",
    work_types=(WorkType("travel", Decimal("0.5")),),
    surcharges=(NIGHT, URGENT, FESTIVE),
    calendar=OFFICE_HOURS,
    rates=(Rate(Decimal("30.00")),),
)
BY_QUARTERS = replace(ON_DEMAND, rounding=Rounding(step_minutes=15))


def work(id: int, seconds: int = 3600, **changes: object) -> Work:
    """A remote work on a Tuesday without clock times, approved in the order of its id."""
    facts: dict[str, object] = {
        "ticket_id": 4817,
        "work_on": TUESDAY,
        "elapsed_seconds": seconds,
        "billable_seconds": seconds,
        "work_type": "remote",
        "approved_order": id,
        **changes,
    }
    return Work(id=id, **facts)  # type: ignore[arg-type]  # a shorthand for tests


def work_at(id: int, clock: str, seconds: int = 3600, day: date = TUESDAY, **changes: object) -> Work:
    """The same with clock times: it starts at the wall clock's time in Madrid and lasts so many real seconds."""
    starts = datetime.combine(day, time.fromisoformat(clock), MADRID)
    ends = (starts.astimezone(ZoneInfo("UTC")) + timedelta(seconds=seconds)).astimezone(MADRID)
    return work(id, seconds, **{"work_on": day, "started_at": starts, "ended_at": ends, **changes})


def lot(id: int, minutes: int, **changes: object) -> Lot:
    """A usable general lot, valid from New Year on."""
    facts = {"balance": minutes * 100, "valid_from": date(2026, 1, 1), **changes}
    return Lot(id=id, **facts)  # type: ignore[arg-type]  # a shorthand for tests


def incidents(id: int, count: int, **changes: object) -> Lot:
    """A usable lot of so many incidents, valid from New Year on."""
    facts = {"balance": count, "valid_from": date(2026, 1, 1), "unit": Unit.INCIDENTS, **changes}
    return Lot(id=id, **facts)  # type: ignore[arg-type]  # a shorthand for tests
