"""Asking VIES whether a VAT number of the Union is valid: JSON out and back, through the guarded fetch.

Source: the European Commission's contract “Vies on-the-Web endpoints” (Swagger 2.0, version 1.0.0).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ecuanime.foundation.outgoing import NotFetched, Question, ask, origin_of

SECONDS = 12.0
"""A member state's register may take its time, and somebody waits."""
BAD_NUMBER, BAD_REQUESTER = "INVALID_INPUT", "INVALID_REQUESTER_INFO"
NO_ANSWER, UNREADABLE = "no_answer", "unreadable"
UNDISCLOSED = "---"


@dataclass(frozen=True, slots=True)
class Service:
    """Where it is. `is_internal` allows a place that is not on the open Internet: a test's own."""

    url: str
    is_internal: bool = False


SERVICE = Service("https://ec.europa.eu/taxation_customs/vies/rest-api")


class NotChecked(Exception):
    """VIES did not say: its own code, such as MS_UNAVAILABLE, or `no_answer` and `unreadable`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a number is valid today, and what proves the question; what a member state keeps to itself is empty."""

    is_valid: bool
    reference: str = ""
    name: str = ""
    address: str = ""


def check(number: str, requester: str) -> Answer:
    """Ask about a number with its country's prefix, in the name of another one, which gives a consultation number.

    Who is not in the register themselves asks without. Raises `NotChecked`.
    """
    try:
        return _asked(number, requester)
    except NotChecked as fault:
        if fault.code == BAD_NUMBER:
            return Answer(is_valid=False)
        if fault.code != BAD_REQUESTER or not requester:
            raise
    return _asked(number, "")


def _asked(number: str, requester: str) -> Answer:
    wanted = {"countryCode": number[:2], "vatNumber": number[2:]}
    if requester:
        wanted |= {"requesterMemberStateCode": requester[:2], "requesterNumber": requester[2:]}
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    internal = frozenset({origin_of(SERVICE.url)} if SERVICE.is_internal else ())
    question = Question("POST", headers, json.dumps(wanted).encode(), None, SECONDS)
    try:
        _status, content = ask(f"{SERVICE.url}/check-vat-number", question, internal=internal)
    except NotFetched as error:
        raise NotChecked(NO_ANSWER) from error
    found = _read(content)
    if found.get("actionSucceed") is False:
        raise NotChecked(_code(found))
    if not isinstance(found.get("valid"), bool):
        raise NotChecked(UNREADABLE)
    return Answer(
        is_valid=found["valid"],
        reference=_text(found, "requestIdentifier", 60),
        name=_text(found, "name", 300),
        address=_text(found, "address", 300),
    )


def _read(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NotChecked(UNREADABLE) from error
    if not isinstance(found, dict):
        raise NotChecked(UNREADABLE)
    return found


def _code(found: dict[str, Any]) -> str:
    wrappers = found.get("errorWrappers")
    first = wrappers[0] if isinstance(wrappers, list) and wrappers else {}
    code = first.get("error") if isinstance(first, dict) else ""
    return code[:60] if isinstance(code, str) and code else UNREADABLE


def _text(found: dict[str, Any], name: str, longest: int) -> str:
    value = found.get(name)
    plain = " ".join(value.split())[:longest] if isinstance(value, str) else ""
    return "" if plain == UNDISCLOSED else plain
