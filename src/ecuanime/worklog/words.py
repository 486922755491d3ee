"""The trace in words: each code and its figures as a step that a person can follow, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ecuanime.clients.queries import sites_called
from ecuanime.contracts.models import WorkType
from ecuanime.entitlements.models import Lot
from ecuanime.foundation import formats
from ecuanime.rules.hours import Group, Mode
from ecuanime.rules.money import round_half_up
from ecuanime.rules.rating import Code, HoldReason, OveragePolicy, When

TIMES = "\N{MULTIPLICATION SIGN}"
Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """One step of the why: what the tape shows. `text`, `value` and `note` are finished words."""

    text: str
    value: str
    note: str = ""
    is_sum: bool = False


@dataclass(frozen=True)
class Names:
    """What ids and codes in traces are called: lots by id, work types and sites by code; and the zone that times are
    told in.
    """

    lots: Mapping[int, str] = field(default_factory=dict)
    work_types: Mapping[str, str] = field(default_factory=dict)
    sites: Mapping[str, str] = field(default_factory=dict)
    zone: str = "UTC"


def names_for(traces: Iterable[Sequence[Figures]], *, zone: str, known: Names | None = None) -> Names:
    """The names that these traces need, in three queries at most; those `known` need none.

    `zone` is that of their contract.
    """
    known = known or Names()
    steps = [step for trace in traces for step in trace]
    from_lots = {Code.DRAWN, Code.INCIDENT, Code.GIVEN_BACK}
    lots = {step["lot"] for step in steps if step["code"] in from_lots} - known.lots.keys()
    worked = {Code.WORK, Code.CORRECTION}
    types = {step["work_type"] for step in steps if step["code"] in worked} - known.work_types.keys()
    elsewhere = [step for step in steps if step["code"] == Code.OTHER_SITE]
    sites = {code for step in elsewhere for code in _sites_in(step)} - known.sites.keys()
    found = WorkType.objects.filter(code__in=types)
    return Names(
        lots={**known.lots, **dict(Lot.objects.filter(pk__in=lots).values_list("pk", "code"))},
        work_types={**known.work_types, **{row.code: str(row) for row in found}},
        sites={**known.sites, **(sites_called(sites) if sites else {})},
        zone=zone,
    )


def tell(trace: Sequence[Figures], names: Names) -> list[Told]:
    """The steps of one entry's trace. A step that changes nothing (a weight of 1) is not told."""
    told = (_TELLERS[Code(step["code"])](step, names) for step in trace)
    return [step for step in told if step is not None]


def _work(step: Figures, names: Names) -> Told:
    billable, elapsed = step["billable_seconds"], step["elapsed_seconds"]
    facts = {"day": _day(step["work_on"]), "type": names.work_types.get(step["work_type"], step["work_type"])}
    note = ""
    if elapsed and not billable:
        note = _("Goodwill: nothing of it is charged.")
    elif billable != elapsed:
        note = _("Of it %(hours)s count.") % {"hours": _seconds(billable)}
    return Told(_("Worked on %(day)s, %(type)s") % facts, _seconds(elapsed), note)


def _free(step: Figures, names: Names) -> Told:
    if step["unit"] == "units":
        text = _("Free, because it stays under %(threshold)s units")
    else:
        text = _("Free, because it stays under %(threshold)s minutes")
    threshold = formats.number(Decimal(step["threshold"]), _locale())
    return Told(text % {"threshold": threshold}, _minutes(0))


def _rounded(step: Figures, names: Names) -> Told:
    facts = {"group": _group(step["group"]), "how": _policy(step)}
    text = _("Rounded once for %(group)s, %(how)s") % facts
    if not step["seconds_before"]:
        return Told(text, _minutes(step["added_minutes"]), _before(step))
    whole = _("%(worked)s make %(rounded)s, of which %(booked)s were counted before.") % {
        "worked": _seconds(step["seconds"] + step["seconds_before"]),
        "rounded": _minutes(step["rounded_minutes"]),
        "booked": _minutes(step["booked_minutes"]),
    }
    return Told(text, _minutes(step["added_minutes"]), whole)


def _before(step: Figures) -> str:
    if step["minimum_minutes"] and step["rounded_minutes"] == step["minimum_minutes"]:
        return _("The minimum is %(minimum)s.") % {"minimum": _minutes(step["minimum_minutes"])}
    return _("%(worked)s before rounding.") % {"worked": _seconds(step["seconds"])}


def _group(name: str) -> str:
    kind = name.partition(":")[0]
    return {
        Group.ENTRY: _("each entry"),
        Group.TICKET: _("each ticket"),
        Group.TICKET_DAY: _("each ticket and day"),
        Group.DAY: _("each day"),
        Group.VISIT: _("each visit"),
    }[Group(kind)]


def _policy(step: Figures) -> str:
    facts = {"minutes": step["step_minutes"]}
    if step["mode"] == Mode.UP:
        return _("up to steps of %(minutes)s minutes") % facts
    if step["mode"] == Mode.DOWN:
        return _("down to steps of %(minutes)s minutes") % facts
    return _("to the nearest step of %(minutes)s minutes") % facts


def _segment(step: Figures, names: Names) -> Told:
    measured = _("Measured: %(worked)s.") % {"worked": _seconds(step["elapsed_seconds"])}
    if step["started_at"] is None:
        text = _("On %(day)s, without clock times") % {"day": _day(step["work_on"])}
    else:
        facts = {"start": _time(step["started_at"], names), "end": _time(step["ended_at"], names)}
        text = _("From %(start)s to %(end)s") % facts
    return Told(text, _minutes(step["rounded_minutes"]), measured)


def _surcharge(step: Figures, names: Names) -> Told:
    words = {
        When.AFTER_HOURS: _("Outside the contract's hours"),
        When.HOLIDAY: _("On a holiday"),
        When.URGENT: _("Urgent"),
        When.EMERGENCY: _("Emergency"),
    }
    note = _("The largest surcharge alone applies.") if step["instead_of"] else ""
    return Told(words[When(step["when"])], _times(step["factor"]), note)


def _weighted(step: Figures, names: Names) -> Told | None:
    factors = [step[name] for name in ("type_weight", "level_weight", "factor")]
    if all(Decimal(factor) == 1 for factor in factors):
        return None
    parts = [_minutes(step["rounded_minutes"])]
    parts += [_times(factor) for factor in factors if Decimal(factor) != 1]
    return Told(_("Counted with its weights"), _hundredths(step["hundredths"]), " ".join(parts))


def _drawn(step: Figures, names: Names) -> Told:
    lot = names.lots.get(step["lot"], "")
    note = _("%(left)s are left in it then.") % {"left": _hundredths(step["left"])}
    if step["from_expired"]:
        note = (
            _("%(hours)s of it had expired and are given back: the work was done in time.")
            % {"hours": _hundredths(step["from_expired"])}
            + " "
            + note
        )
    return Told(_("Drawn from %(lot)s") % {"lot": lot}, _hundredths(step["hundredths"]), note, is_sum=True)


def _incident(step: Figures, names: Names) -> Told:
    note = ngettext(
        "%(left)s incident is left in it then.", "%(left)s incidents are left in it then.", step["left"]
    )
    text = _("The request, opened on %(day)s, takes one incident of %(lot)s")
    facts = {"day": _day(step["opened_on"]), "lot": names.lots.get(step["lot"], "")}
    return Told(text % facts, formats.number(Decimal(1), _locale()), note % {"left": step["left"]})


def _no_incident(step: Figures, names: Names) -> Told:
    text = _("No incident is left for a request opened on %(day)s") % {"day": _day(step["opened_on"])}
    return Told(text, formats.number(Decimal(0), _locale()))


def _sites_in(step: Figures) -> list[str]:
    """The codes of the sites that a step names: that of the work, where it is known, and those that are covered."""
    return [*([step["site"]] if step["site"] else []), *step["sites"].split(",")]


def _other_site(step: Figures, names: Names) -> Told:
    covered = [names.sites.get(code, code) for code in step["sites"].split(",")]
    facts = {"covered": ", ".join(sorted(covered))}
    if step["site"] is None:
        text = _("It is not said at which site it was done, and only these are covered: %(covered)s") % facts
    else:
        facts["site"] = names.sites.get(step["site"], step["site"])
        text = _("Work at %(site)s is not covered, only at %(covered)s") % facts
    return Told(text, "")


def _included(step: Figures, names: Names) -> Told:
    note = ""
    if step["cap"] is not None:
        note = _("%(used)s of the %(cap)s that the plan includes of each request.") % {
            "used": _hundredths(step["used"]),
            "cap": _hundredths(step["cap"]),
        }
    return Told(_("Included in the plan"), _hundredths(step["hundredths"]), note, is_sum=True)


def _overage(step: Figures, names: Names) -> Told:
    notes = {
        OveragePolicy.BILL: _("As the contract says, it is billed at its rate."),
        OveragePolicy.OVERDRAFT: _("As the contract says, the next pack settles it."),
        OveragePolicy.HOLD: _("As the contract says, it waits for the client's consent."),
    }
    return Told(_("Nothing covers it"), _hundredths(step["hundredths"]), notes[OveragePolicy(step["policy"])])


def _overdraft(step: Figures, names: Names) -> Told:
    note = _("%(used)s are overdrawn in all.") % {"used": _hundredths(step["used"])}
    return Told(_("Left for the next pack to settle"), _hundredths(step["hundredths"]), note, is_sum=True)


def _held(step: Figures, names: Names) -> Told:
    notes = {
        HoldReason.CONSENT: _("It is charged only if the client consents."),
        HoldReason.LIMIT: _("It goes beyond what the client agreed to."),
        HoldReason.OUTSIDE_CONTRACT: _("The contract was not in force that day."),
        HoldReason.NO_RATE: _("The contract has no rate for it, and no price is guessed."),
    }
    return Told(
        _("Waits for a decision"),
        _hundredths(step["hundredths"]),
        notes[HoldReason(step["reason"])],
        is_sum=True,
    )


def _consented(step: Figures, names: Names) -> Told:
    return Told(_("The client let it be charged"), _hundredths(step["hundredths"]), is_sum=True)


def _priced(step: Figures, names: Names) -> Told:
    factors = [step["type_weight"], step["factor"]]
    parts = [_price(step["base_per_hour"], step["currency"])]
    parts += [_times(factor) for factor in factors if Decimal(factor) != 1]
    return _charged(step, " ".join(parts) if len(parts) > 1 else "")


def _fixed(step: Figures, names: Names) -> Told:
    return _charged(step, _("A price that the contract sets for this kind of work."))


def _charged(step: Figures, note: str) -> Told:
    facts = {
        "hours": _minutes(Fraction(step["minutes"])),
        "price": _price(step["price_per_hour"], step["currency"]),
    }
    return Told(_("%(hours)s at %(price)s an hour") % facts, _amount(step), note, is_sum=True)


def _units(step: Figures, names: Names) -> Told:
    facts = {
        "units": formats.number(Decimal(step["units"]), _locale()),
        "price": _price(step["unit_price"], step["currency"]),
    }
    return Told(_("%(units)s at %(price)s each") % facts, _amount(step), is_sum=True)


def _correction(step: Figures, names: Names) -> Told:
    facts = {"day": _day(step["work_on"]), "type": names.work_types.get(step["work_type"], step["work_type"])}
    if step["units"]:
        said, before = (
            formats.number(step["units"], _locale()),
            formats.number(step["counted_before"], _locale()),
        )
    else:
        said, before = _seconds(step["seconds"]), _seconds(step["counted_before"])
    note = _("%(before)s had counted before it.") % {"before": before}
    return Told(_("Correction of the work of %(day)s, %(type)s") % facts, said, note)


def _taken_back(step: Figures, names: Names) -> Told:
    facts = {"group": _group(step["group"]), "minutes": step["step_minutes"]}
    text = _("Rounded anew for %(group)s in steps of %(minutes)s min: so much less") % facts
    return Told(text, _minutes(-step["minutes"]))


def _given_back(step: Figures, names: Names) -> Told:
    text = _("Given back to %(lot)s") % {"lot": names.lots.get(step["lot"], "")}
    return Told(text, _hundredths(step["hundredths"]), is_sum=True)


def _credited(step: Figures, names: Names) -> Told:
    return _charged({**step, "minutes": -Fraction(step["minutes"])}, "")


_TELLERS: dict[Code, Callable[[Figures, Names], Told | None]] = {
    Code.WORK: _work,
    Code.FREE_UNDER_THRESHOLD: _free,
    Code.GROUP_ROUNDED: _rounded,
    Code.SEGMENT: _segment,
    Code.SURCHARGE: _surcharge,
    Code.WEIGHTED: _weighted,
    Code.INCIDENT: _incident,
    Code.NO_INCIDENT: _no_incident,
    Code.OTHER_SITE: _other_site,
    Code.INCLUDED: _included,
    Code.DRAWN: _drawn,
    Code.OVERAGE: _overage,
    Code.OVERDRAFT: _overdraft,
    Code.HELD: _held,
    Code.CONSENTED: _consented,
    Code.PRICED: _priced,
    Code.FIXED_PRICE: _fixed,
    Code.UNIT_PRICE: _units,
    Code.CORRECTION: _correction,
    Code.TAKEN_BACK: _taken_back,
    Code.GIVEN_BACK: _given_back,
    Code.CREDITED: _credited,
}


def _locale(currency: str = "") -> str:
    return formats.locale_for(get_language(), currency)


def _seconds(seconds: int) -> str:
    """Time as measured, to the second where it has any: what is explained must add up."""
    whole, rest = divmod(abs(seconds), 60)
    sign = formats.MINUS if seconds < 0 else ""
    hours = sign + formats.hours_of_minutes(whole, _locale())
    return f"{hours}{formats.NBSP}min{formats.NBSP}{rest:02d}{formats.NBSP}s" if rest else hours


def _minutes(minutes: int | Fraction) -> str:
    return formats.hours_of_minutes(minutes, _locale())


def _hundredths(hundredths: int) -> str:
    return formats.hours_of_hundredths(hundredths, _locale())


def _times(factor: str) -> str:
    return f"{TIMES}{formats.NBSP}{formats.number(Decimal(factor), _locale())}"


def _price(price: str, currency: str) -> str:
    return formats.price(Decimal(price), currency, _locale(currency))


def _amount(step: Figures) -> str:
    minor = round_half_up(Fraction(step["amount"] or 0))
    return formats.money(minor, step["currency"], _locale(step["currency"]))


def _day(iso: str) -> str:
    return formats.day_year(date.fromisoformat(iso), _locale())


def _time(iso: str, names: Names) -> str:
    return formats.time_of_day(datetime.fromisoformat(iso).astimezone(ZoneInfo(names.zone)))
