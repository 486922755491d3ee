"""The why of an entry in words: every code that rating can write, and whole tapes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.utils.translation import override

from ecuanime.contracts.models import Approval, Surcharge
from ecuanime.rules.hours import Mode
from ecuanime.rules.rating import Code, HoldReason, OveragePolicy, When, as_json
from ecuanime.rules.rating.trace import Fact, step
from ecuanime.worklog.pending import preview
from ecuanime.worklog.words import Names, names_for, tell
from tests.factories import make_version, publish
from tests.factories.entitlements import make_lot
from tests.factories.worklog import make_office

NAMES = Names(
    lots={7: "BN-0203"},
    work_types={"remote": "Remote"},
    sites={"3": "Depot", "4": "Shop"},
    zone="Europe/Madrid",
)
START = datetime(2026, 11, 9, 19, 5, tzinfo=UTC)
ROUNDED: dict[str, Fact] = {
    "group": "ticket_day:4:2026-11-09",
    "seconds": 3010,
    "seconds_before": 0,
    "step_minutes": 15,
    "mode": Mode.UP,
    "tie": "up",
    "minimum_minutes": 0,
    "rounded_minutes": 60,
    "booked_minutes": 0,
    "added_minutes": 60,
}
MONEY: dict[str, Fact] = {"minutes": Fraction(20), "price_per_hour": Decimal(30), "amount": Fraction(1000)}
MONEY |= {"currency": "EUR"}
WORK: dict[str, Fact] = {"work_on": date(2026, 11, 9), "work_type": "remote", "elapsed_seconds": 3010}
WORK |= {"billable_seconds": 3010}
PIECE: dict[str, Fact] = {"work_on": date(2026, 11, 9), "elapsed_seconds": 3000, "rounded_minutes": 60}
PIECE |= {"billable_seconds": 3000, "started_at": START, "ended_at": START.replace(minute=55)}
DRAWN: dict[str, Fact] = {"lot": 7, "hundredths": 6000, "from_expired": 0, "left": 21000}

TOLD: list[tuple[Code, dict[str, Fact], tuple[str, str, str]]] = [
    (Code.WORK, WORK, ("Worked on 9 Nov 2026, Remote", "0 h 50 min 10 s", "")),
    (
        Code.OTHER_SITE,
        {"site": "4", "sites": "3"},
        ("Work at Shop is not covered, only at Depot", "", ""),
    ),
    (
        Code.OTHER_SITE,
        {"site": None, "sites": "3"},
        ("It is not said at which site it was done, and only these are covered: Depot", "", ""),
    ),
    (
        Code.WORK,
        WORK | {"billable_seconds": 0},
        (
            "Worked on 9 Nov 2026, Remote",
            "0 h 50 min 10 s",
            "Goodwill: nothing of it is charged.",
        ),
    ),
    (
        Code.WORK,
        WORK | {"billable_seconds": 1800},
        ("Worked on 9 Nov 2026, Remote", "0 h 50 min 10 s", "Of it 0 h 30 count."),
    ),
    (
        Code.FREE_UNDER_THRESHOLD,
        {"threshold": Decimal(5), "unit": "minutes"},
        ("Free, because it stays under 5 minutes", "0 h 00", ""),
    ),
    (
        Code.FREE_UNDER_THRESHOLD,
        {"threshold": Decimal(20), "unit": "units"},
        ("Free, because it stays under 20 units", "0 h 00", ""),
    ),
    (
        Code.GROUP_ROUNDED,
        ROUNDED,
        (
            "Rounded once for each ticket and day, up to steps of 15 minutes",
            "1 h 00",
            "0 h 50 min 10 s before rounding.",
        ),
    ),
    (
        Code.GROUP_ROUNDED,
        ROUNDED | {"minimum_minutes": 60, "group": "entry:3", "mode": Mode.DOWN},
        (
            "Rounded once for each entry, down to steps of 15 minutes",
            "1 h 00",
            "The minimum is 1 h 00.",
        ),
    ),
    (
        Code.GROUP_ROUNDED,
        ROUNDED
        | {"seconds_before": 600, "booked_minutes": 15, "added_minutes": 45}
        | {"mode": Mode.NEAREST, "group": "ticket:4"},
        (
            "Rounded once for each ticket, to the nearest step of 15 minutes",
            "0 h 45",
            "1 h 00 min 10 s make 1 h 00, of which 0 h 15 were counted before.",
        ),
    ),
    (Code.SEGMENT, PIECE, ("From 20:05 to 20:55", "1 h 00", "Measured: 0 h 50.")),
    (
        Code.SEGMENT,
        PIECE | {"started_at": None, "ended_at": None},
        ("On 9 Nov 2026, without clock times", "1 h 00", "Measured: 0 h 50."),
    ),
    (
        Code.SURCHARGE,
        {"surcharge": "night", "when": When.AFTER_HOURS, "factor": Decimal("1.25"), "instead_of": None},
        ("Outside the contract's hours", "× 1.25", ""),
    ),
    (
        Code.SURCHARGE,
        {"surcharge": "holiday", "when": When.HOLIDAY, "factor": Decimal(2), "instead_of": "night"},
        ("On a holiday", "× 2", "The largest surcharge alone applies."),
    ),
    (
        Code.WEIGHTED,
        {
            "rounded_minutes": 60,
            "type_weight": Decimal("0.5"),
            "level_weight": Decimal(1),
            "factor": Decimal("1.5"),
            "hundredths": 4500,
        },
        ("Counted with its weights", "0 h 45", "1 h 00 × 0.5 × 1.5"),
    ),
    (
        Code.INCIDENT,
        {"lot": 7, "opened_on": date(2026, 11, 9), "left": 1},
        (
            "The request, opened on 9 Nov 2026, takes one incident of BN-0203",
            "1",
            "1 incident is left in it then.",
        ),
    ),
    (
        Code.NO_INCIDENT,
        {"opened_on": date(2026, 11, 9)},
        ("No incident is left for a request opened on 9 Nov 2026", "0", ""),
    ),
    (Code.INCLUDED, {"hundredths": 3000, "cap": None, "used": 3000}, ("Included in the plan", "0 h 30", "")),
    (
        Code.INCLUDED,
        {"hundredths": 3000, "cap": 12000, "used": 9000},
        ("Included in the plan", "0 h 30", "1 h 30 of the 2 h 00 that the plan includes of each request."),
    ),
    (Code.DRAWN, DRAWN, ("Drawn from BN-0203", "1 h 00", "3 h 30 are left in it then.")),
    (
        Code.DRAWN,
        DRAWN | {"from_expired": 1333},
        (
            "Drawn from BN-0203",
            "1 h 00",
            "0 h 13.33 of it had expired and are given back: the work was done in time. 3 h 30 are left in it then.",
        ),
    ),
    *(
        (
            Code.OVERAGE,
            {"hundredths": 2000, "minutes": Fraction(20), "policy": policy},
            ("Nothing covers it", "0 h 20", note),
        )
        for policy, note in (
            (OveragePolicy.BILL, "As the contract says, it is billed at its rate."),
            (OveragePolicy.OVERDRAFT, "As the contract says, the next pack settles it."),
            (OveragePolicy.HOLD, "As the contract says, it waits for the client's consent."),
        )
    ),
    (Code.CONSENTED, {"hundredths": 2000}, ("The client let it be charged", "0 h 20", "")),
    (
        Code.OVERDRAFT,
        {"hundredths": 2000, "used": 5000},
        ("Left for the next pack to settle", "0 h 20", "0 h 50 are overdrawn in all."),
    ),
    *(
        (Code.HELD, {"reason": reason, "hundredths": 2000}, ("Waits for a decision", "0 h 20", note))
        for reason, note in (
            (HoldReason.CONSENT, "It is charged only if the client consents."),
            (HoldReason.LIMIT, "It goes beyond what the client agreed to."),
            (HoldReason.OUTSIDE_CONTRACT, "The contract was not in force that day."),
            (HoldReason.NO_RATE, "The contract has no rate for it, and no price is guessed."),
        )
    ),
    (
        Code.PRICED,
        MONEY | {"base_per_hour": Decimal(30), "type_weight": Decimal(1), "factor": Decimal(1)},
        ("0 h 20 at €30.00 an hour", "€10.00", ""),
    ),
    (
        Code.PRICED,
        MONEY | {"base_per_hour": Decimal(40), "type_weight": Decimal("0.5"), "factor": Decimal("1.5")},
        ("0 h 20 at €30.00 an hour", "€10.00", "€40.00 × 0.5 × 1.5"),
    ),
    (
        Code.FIXED_PRICE,
        MONEY | {"minutes": Fraction(64, 3)},
        (
            "0 h 21.33 at €30.00 an hour",
            "€10.00",
            "A price that the contract sets for this kind of work.",
        ),
    ),
    (
        Code.UNIT_PRICE,
        {"units": Decimal(18), "unit_price": Decimal("0.25"), "amount": Fraction(450), "currency": "EUR"},
        ("18 at €0.25 each", "€4.50", ""),
    ),
    (
        Code.CORRECTION,
        {"work_on": date(2026, 11, 9), "work_type": "remote"}
        | {"seconds": -1230, "units": None, "counted_before": 3000, "change": -1230},
        (
            "Correction of the work of 9 Nov 2026, Remote",
            "−0 h 20 min 30 s",
            "0 h 50 had counted before it.",
        ),
    ),
    (
        Code.CORRECTION,
        {"work_on": date(2026, 11, 9), "work_type": "remote"}
        | {"seconds": 0, "units": -30, "counted_before": 40, "change": -40},
        ("Correction of the work of 9 Nov 2026, Remote", "−30", "40 had counted before it."),
    ),
    (
        Code.TAKEN_BACK,
        {"group": "ticket_day:1:2026-11-09", "minutes": 15, "step_minutes": 15},
        ("Rounded anew for each ticket and day in steps of 15 min: so much less", "−0 h 15", ""),
    ),
    (Code.GIVEN_BACK, {"lot": 7, "hundredths": 1500}, ("Given back to BN-0203", "0 h 15", "")),
    (
        Code.CREDITED,
        MONEY | {"minutes": Fraction(20), "amount": Fraction(-1000)},
        ("−0 h 20 at €30.00 an hour", "−€10.00", ""),
    ),
]


def test_every_code_is_told() -> None:
    assert {code for code, _figures, _words in TOLD} == set(Code)


@pytest.mark.parametrize(("code", "figures", "words"), TOLD)
def test_a_step_in_words(code: Code, figures: dict[str, Any], words: tuple[str, str, str]) -> None:
    with override("en"):
        [told] = tell(as_json([step(code, 3, **figures)]), NAMES)

    assert tuple(part.replace("\xa0", " ") for part in (told.text, told.value, told.note)) == words


def test_a_weight_of_one_is_not_told() -> None:
    one = Decimal(1)
    facts: dict[str, Fact] = {"type_weight": one, "level_weight": one, "factor": one}

    assert tell(as_json([step(Code.WEIGHTED, 3, rounded_minutes=60, hundredths=6000, **facts)]), NAMES) == []


@pytest.mark.parametrize("when", list(When))
def test_every_circumstance_has_a_name(when: When) -> None:
    facts: dict[str, Fact] = {"when": when, "factor": Decimal(2), "instead_of": None}

    [told] = tell(as_json([step(Code.SURCHARGE, 3, surcharge="x", **facts)]), NAMES)
    assert told.text


@pytest.mark.django_db
def test_the_whole_why_of_an_entry() -> None:
    version = make_version(is_published=False)
    Surcharge.objects.create(version=version, when="after_hours", factor=Decimal("1.25"))
    office = make_office(version=publish(version), approval=Approval.SUPERVISOR)
    lot = make_lot(office.contract, 70)
    entry = office.approved(50, started_at=START)

    trace = preview([entry])[entry.pk].trace
    with override("en"):
        told = tell(trace, names_for([trace], zone=office.contract.time_zone))

    assert [(row.text.replace("\xa0", " "), row.value.replace("\xa0", " ")) for row in told] == [
        ("Worked on 9 Nov 2026, Remote", "0 h 50"),
        ("Rounded once for each ticket and day, up to steps of 15 minutes", "1 h 00"),
        ("From 20:05 to 20:55", "1 h 00"),
        ("Outside the contract's hours", "× 1.25"),
        ("Counted with its weights", "1 h 15"),
        (f"Drawn from {lot.code}", "1 h 10"),
        ("Nothing covers it", "0 h 05"),
        ("0 h 04 at €37.50 an hour", "€2.50"),
    ]
    assert [row.is_sum for row in told] == [False] * 5 + [True, False, True]
