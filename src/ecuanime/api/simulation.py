"""The engine itself, open to whoever wants to check it: a scenario comes in, its rating goes out, nothing is kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from ecuanime.accounts.models import Language
from ecuanime.api.errors import BadScenario, TooMany
from ecuanime.api.limits import count_simulation
from ecuanime.api.lists import answers, one_of
from ecuanime.api.reader import ApiRequest
from ecuanime.foundation.clock import read_clock
from ecuanime.rules.scenario import Scenario, Simulation, Wrong, as_json, read_text, shapes_of, simulate
from ecuanime.worklog.scenarios import names_in, told_why

router = Router(tags=[_("Simulation")])


class Asked(Schema):
    """How the answer is told."""

    language: Annotated[Language, one_of(Language)] | None = Field(
        None, description=_("of the words; else the token owner's")
    )


def describe(schema: dict[str, Any]) -> None:
    """Add to the API's description what a scenario and its outcome look like, drawn from the engine's own values."""
    shapes = shapes_of(Scenario, Simulation)
    for name, fields in MEANINGS.items():
        for field, words in fields.items():
            shapes[name]["properties"][field]["description"] = words
    schema["components"]["schemas"] |= shapes
    operation = schema["paths"][reverse("api:simulate")]["post"]
    operation["requestBody"] = {"required": True, **_content("Scenario")}
    operation["responses"][200] |= _content("Simulation")


def _content(shape: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape}"}}}}


@router.post("/simulate", response=answers(dict[str, Any]), url_name="simulate", summary=_("Rate a scenario"))
def rate_scenario(request: ApiRequest, asked: Query[Asked]) -> dict[str, Any]:
    if wait := count_simulation(user_id=request.auth.user.pk, now=read_clock()):
        raise TooMany(wait)
    try:
        scenario = read_text(request.body)
    except Wrong as wrong:
        raise BadScenario(wrong) from wrong
    with translation.override(asked.language or translation.get_language()):
        return _answer(scenario, simulate(scenario))


def _answer(scenario: Scenario, outcome: Simulation) -> dict[str, Any]:
    """The outcome, with words beside each step that has something to say."""
    told, names = as_json(outcome), names_in(scenario)
    assert isinstance(told, dict)
    told["trace"] = [
        {
            "work_id": why.work_id,
            "steps": [
                {**step, "words": None if words is None else asdict(words)}
                for step, words in told_why(why, names)
            ],
        }
        for why in outcome.trace
    ]
    return told


MEANINGS = {
    "Scenario": {
        "contract": _("the contract's terms, each policy said out loud"),
        "entries": _("approved time, rated as one run"),
        "before": _("what earlier runs left: the answer's “after”"),
    },
    "Terms": {
        "zone": _("the time zone that its days are counted in, as in Europe/Madrid"),
        "ends_on": _("its last day; null when it has none"),
        "currency": _("three letters, ISO 4217"),
        "calendar": _("the hours covered; null for always"),
        "sites": _("where the plan covers work; empty for anywhere"),
        "cuts": _("further moments at which an entry is cut"),
        "fixed_prices": _("prices that replace rate, weight and surcharge"),
    },
    "Rounding": {
        "group": _("what is added up before it is rounded"),
        "tie": _("where an exact half goes when rounding to the nearest"),
        "minimum_minutes": _("for whatever is above 0"),
    },
    "WorkType": {
        "weight": _("multiplies the rounded minutes, for packs and for money"),
        "unit_price": _("per piece; such work draws no hours"),
        "free_under": _("minutes, or pieces where there is a unit price"),
    },
    "LevelWeight": {"weight": _("multiplies what is drawn from a pack")},
    "Surcharge": {"factor": _("1 or more; of several the largest alone applies")},
    "Calendar": {"holidays": _("local days that are not covered")},
    "Band": {
        "weekday": _("0 is Monday, 6 Sunday"),
        "closes": _("00:00 is the end of the day; a night shift is two bands"),
    },
    "Rate": {
        "area": _("null for any"),
        "level": _("null for any"),
        "valid_to": _("its last day; null when it has none"),
    },
    "FixedPrice": {
        "work_type": _("null for any"),
        "when": _("null for always"),
        "valid_to": _("its last day; null when it has none"),
    },
    "Cover": {
        "area": _("null for any"),
        "work_type": _("null for any"),
        "cap_hundredths": _("the most of one ticket, weighted; null for all"),
        "needs_incident": _("covers only tickets that hold an incident"),
        "in_hours_only": _("nothing outside the hours covered or on holidays"),
    },
    "Overage": {
        "limit_hundredths": _("the most without asking again; null for no limit"),
        "price_per_hour": _("replaces the base rate; null for none"),
        "is_consented": _("the client let it be charged: nothing is held for consent or for the limit"),
    },
    "Entry": {
        "site": _("where it was done; null when that is not known"),
        "started_at": _("with its offset; both clock times or none"),
        "work_on": _("the contract's local day; told by the clock times where there are any"),
        "elapsed_seconds": _("as worked; told by the clock times where there are any"),
        "billable_seconds": _("as far as they count for the bill; 0 is goodwill; null for all"),
        "approved_order": _("who comes first draws first; null for the order given"),
        "units": _("pieces, for work that is priced by the piece"),
        "ticket_opened_on": _("decides which incidents its ticket may draw; null for the day of the work"),
    },
    "Lot": {
        "balance": _("left in it, in hundredths of a minute: 6000 are one hour"),
        "expires_on": _("its last day; null when it never expires"),
        "priority": _("the lower is drawn first"),
        "areas": _("empty for any"),
        "work_types": _("empty for any"),
        "sites": _("empty for any"),
        "usable": _("paid or issued, as the contract asks, and not void"),
        "expired": _("taken by its expiry, in hundredths; work done in time gets it back"),
    },
    "State": {
        "lots": _("what the client was granted and has left"),
        "booked": _("what was rounded, by group"),
        "used_overage": _("hundredths of a minute that count against the limit"),
        "included": _("what covers took of tickets before"),
        "incidents": _("the tickets that hold an incident already"),
    },
    "Booked": {"group": _("its name, as a segment gives it")},
    "Taxation": {
        "percent": _("of every line"),
        "rounding": _("once on the sum of the lines, or line by line"),
    },
    "Simulation": {
        "segments": _("stretches of work inside one set of terms"),
        "lines": _("as they would stand on one invoice"),
        "after": _("what the next run would find before it"),
        "trace": _("why, entry by entry: codes, figures and words"),
    },
    "Segment": {
        "weighted_hundredths": _("hundredths of a minute, with weights and surcharge"),
        "overage_hundredths": _("hundredths of a minute that no lot covers"),
        "overage_minutes": _("the same in rounded minutes, exact: 64/3"),
        "held_hundredths": _("waits for a person"),
        "consented_hundredths": _("billed since the client let it be"),
        "amount": _("exact minor units; null when there is nothing to pay"),
    },
    "Drawdown": {"from_expired": _("of them given back by its expiry")},
    "Line": {
        "quantity": _("minutes at a price per hour, or pieces at a price each"),
        "amount": _("minor units of the currency: cents"),
    },
    "Share": {"charge_id": _("the place of the segment that it charges, from 0")},
    "Totals": {
        "exact": _("exact minor units, before any line rounds them"),
        "net": _("minor units of the currency: cents"),
    },
}
"""What the fields mean that do not say it themselves."""
