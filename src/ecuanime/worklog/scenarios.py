"""Scenarios in words: what is wrong with one, and why its outcome is what it is, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ecuanime.rules.rating import as_json
from ecuanime.rules.scenario import Kind, Problem, Scenario, Why, Wrong
from ecuanime.worklog.words import Names, Told, tell

LAWS = (
    gettext_noop("a band closes after it opens; write a night shift as two bands"),
    gettext_noop("a duration or a number of units is never negative"),
    gettext_noop("a minimum is never negative"),
    gettext_noop("a rounding step is at least one minute"),
    gettext_noop("a surcharge never lowers a price"),
    gettext_noop("a weekday is 0 (Monday) to 6 (Sunday)"),
    gettext_noop("an entry has clock times, or its day and its duration"),
    gettext_noop("clock times come both or not at all"),
    gettext_noop("clock times name their zone"),
    gettext_noop("work ends after it starts"),
)
"""What the engine's values ask of themselves, as they say it."""


def say_wrong(wrong: Wrong) -> str:
    """What is wrong with a scenario, and where."""
    what = _what(wrong.problem, wrong.facts)
    return f"{wrong.path}: {what}" if wrong.path else what


def _what(problem: Problem, facts: Mapping[str, str | int]) -> str:
    if problem == Problem.KIND:
        return _kind(Kind(str(facts["kind"])), facts)
    if problem == Problem.IMPOSSIBLE:
        return _("this cannot be: %(law)s.") % {"law": _(str(facts["law"]))}
    sentences = {
        Problem.NOT_JSON: _("This is not JSON. Look at line %(line)s."),
        Problem.TOO_LARGE: _("The scenario is too large: %(most)s characters at most."),
        Problem.MISSING: _("it is missing."),
        Problem.UNKNOWN: _("nothing is called so here. Known are: %(known)s."),
        Problem.WORD: _("it is one of these words: %(words)s."),
        Problem.RANGE: _("it lies between %(least)s and %(most)s."),
        Problem.TOO_MANY: _("the list is too long: %(most)s at most."),
        Problem.TWICE: _("it is given twice."),
        Problem.ZONE: _("there is no such time zone. Write it as in “Europe/Madrid”."),
        Problem.CURRENCY: _("a currency is three capital letters: EUR, MXN."),
        Problem.NO_OFFSET: _(
            "the moment does not say its offset. Write it as in “2026-01-20T17:00:00+01:00”."
        ),
        Problem.NOT_STARTED: _("that clock had not started by then."),
        Problem.BEFORE_START: _("it ends before it starts."),
        Problem.TOO_LATE: _("it lies %(days)s days after the opening at most."),
        Problem.TOO_LONG: _("an entry lasts %(hours)s hours at most."),
        Problem.TOO_MUCH: _("all entries together last %(hours)s hours at most."),
    }
    return sentences[problem] % facts


def _kind(kind: Kind, facts: Mapping[str, str | int]) -> str:
    wanted = {
        Kind.OBJECT: _("it should be an object: {…}."),
        Kind.LIST: _("it should be a list: […]."),
        Kind.TEXT: _("it should be a text of 1 to %(longest)s characters."),
        Kind.INTEGER: _("it should be a whole number."),
        Kind.DECIMAL: _("it should be a number from 0 up, with six decimals at most."),
        Kind.BOOLEAN: _("it should be true or false."),
        Kind.DATE: _("it should be a day as in “2026-01-20”."),
        Kind.INSTANT: _("it should be a moment as in “2026-01-20T17:00:00+01:00”."),
        Kind.CLOCK: _("it should be a time of day as in “17:40”."),
    }
    return wanted[kind] % facts


def names_in(scenario: Scenario) -> Names:
    """What a scenario calls its own: lots go by their numbers, work types by their codes."""
    lots = {lot.id: _("lot %(number)s") % {"number": lot.id} for lot in scenario.before.lots}
    return Names(lots=lots, zone=scenario.contract.zone)


def told_why(why: Why, names: Names) -> list[tuple[dict[str, Any], Told | None]]:
    """One entry's steps, each as JSON and in words; None for one that changes nothing."""
    return [(step, next(iter(tell([step], names)), None)) for step in as_json(why.steps)]
