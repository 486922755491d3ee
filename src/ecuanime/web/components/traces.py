"""The why of many figures at once: their traces in words, with the names they need read in two queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from ecuanime.rules.rating import Code
from ecuanime.worklog.queries import EntryLine
from ecuanime.worklog.words import Names, Told, names_for, tell

Trace = Sequence[Mapping[str, Any]]

_MONEY = {Code.PRICED, Code.FIXED_PRICE, Code.UNIT_PRICE, Code.CREDITED}


class Teller:
    """Tells the traces it was made for, each in the time zone of its contract."""

    def __init__(self, traces: Iterable[Trace], known: Names | None = None) -> None:
        self._names = names_for(list(traces), zone="UTC", known=known)

    @classmethod
    def of(cls, lines: Iterable[EntryLine]) -> Teller:
        """For these entries, whose kinds of work are at hand: one query."""
        listed = list(lines)
        types = {line.entry.work_type.code: str(line.entry.work_type) for line in listed}
        return cls((line.figures.trace for line in listed if line.figures), Names(work_types=types))

    def steps(
        self, trace: Trace, zone: str, *, with_left: bool = True, with_money: bool = True
    ) -> list[Told]:
        """One trace in words; without what is left in lots, or without prices, for whom these are not meant."""
        names = replace(self._names, zone=zone)
        told: list[Told] = []
        for step in trace:
            code = Code(step["code"])
            if code in _MONEY and not with_money:
                continue
            words = tell([step], names)
            told += (
                [replace(one, note="") for one in words] if code == Code.DRAWN and not with_left else words
            )
        return told

    def reason(self, trace: Trace, zone: str) -> str:
        """In a few words why the figure is not simply what was worked; empty when it is."""
        steps = {Code(step["code"]): step for step in trace}
        if Code.CORRECTION in steps:
            return _("correction")
        work, rounding = steps.get(Code.WORK), steps.get(Code.GROUP_ROUNDED)
        if work and work["elapsed_seconds"] and not work["billable_seconds"]:
            return _("goodwill")
        if Code.SURCHARGE in steps:
            [told] = tell([steps[Code.SURCHARGE]], replace(self._names, zone=zone))
            return f"{told.text} {told.value}"
        if Code.DRAWN in steps and Code.OVERAGE in steps:
            return _("part of it beyond the pack")
        if rounding and rounding["added_minutes"] * 60 != rounding["seconds"]:
            return _("in steps of %(minutes)s min") % {"minutes": rounding["step_minutes"]}
        return ""
