"""The clock of promised times, open to whoever wants to check it: a question comes in, the answer goes out."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop as _
from ninja import Router

from ecuanime.api.errors import BadScenario, TooMany
from ecuanime.api.limits import count_simulation
from ecuanime.api.lists import answers
from ecuanime.api.reader import ApiRequest
from ecuanime.foundation.clock import read_clock
from ecuanime.rules.scenario import Wrong, as_json, shapes_of
from ecuanime.rules.sla import SlaAnswer, SlaQuestion, answer, read_question

router = Router(tags=[_("Simulation")])


def describe(schema: dict[str, Any]) -> None:
    """Add to the API's description what a question and its answer look like, drawn from the rule's own values."""
    shapes = shapes_of(SlaQuestion, SlaAnswer)
    for name, fields in MEANINGS.items():
        for field, words in fields.items():
            shapes[name]["properties"][field]["description"] = words
    for name, shape in shapes.items():
        schema["components"]["schemas"].setdefault(name, shape)
    operation = schema["paths"][reverse("api:sla")]["post"]
    operation["requestBody"] = {"required": True, **_content("SlaQuestion")}
    operation["responses"][200] |= _content("SlaAnswer")


def _content(shape: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape}"}}}}


@router.post(
    "/sla", response=answers(dict[str, Any]), url_name="sla", summary=_("When is it due, and was it broken")
)
def when_is_it_due(request: ApiRequest) -> dict[str, Any]:
    if wait := count_simulation(user_id=request.auth.user.pk, now=read_clock()):
        raise TooMany(wait)
    try:
        told = as_json(answer(read_question(request.body)))
    except Wrong as wrong:
        raise BadScenario(wrong) from wrong
    assert isinstance(told, dict)
    return told


MEANINGS = {
    "SlaQuestion": {
        "opened_at": _("when the ticket was opened, in its first state, new"),
        "now": _("the moment at which the clock is read"),
        "targets": _("what was promised from when on, in order"),
        "metric": _("which promise is asked about"),
        "number": _("for the next response: which round, from 1"),
        "states": _("where the ticket went, in order; only waiting_client pauses"),
        "asked": _("when the client wrote"),
        "answered": _("when we answered"),
        "normal": _("from when on service was normal again, or no longer"),
    },
    "SlaTarget": {
        "minutes": _("covered minutes; null promises nothing"),
        "calendar": _("the hours that count; null for every hour"),
        "since": _("null for the opening"),
        "warn_percent": _("how much is used up when somebody is warned"),
    },
    "SlaAnswer": {
        "counted_seconds": _("covered time without pauses"),
        "left_seconds": _("below 0 by what counted after time was up"),
        "due_at": _(
            "when time is up, or was; null while it waits for the client, and for what was done in time"
        ),
        "breached_at": _("when time was up without being done; null if it was not"),
        "pieces": _("the history stretch by stretch, and why each counts or not"),
    },
}
"""What the fields mean that do not say it themselves."""
