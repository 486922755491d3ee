"""A double of VIES on this machine, by the Commission's contract “Vies on-the-Web endpoints” (Swagger 2.0, 1.0.0).

What it is asked must be a CheckVatRequest, and its answers are CheckVatResponse and CommonResponse.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from ecuanime.billing import vies
from tests.serving import Reply, served

FIELDS = {
    *("countryCode", "vatNumber", "requesterMemberStateCode", "requesterNumber"),
    *("traderName", "traderStreet", "traderPostalCode", "traderCity", "traderCompanyType"),
}
Answer = tuple[int, dict[str, Any] | bytes]


@dataclass
class ViesDouble:
    """`valid` are the numbers that it knows. `plan` says what the next questions get: a code of VIES, or `garbage`."""

    valid: dict[str, str] = field(default_factory=dict)
    requesters: set[str] = field(default_factory=set)
    plan: deque[str] = field(default_factory=deque)
    asked: list[dict[str, str]] = field(default_factory=list)

    def answer(self, path: str, content: bytes) -> Answer:
        """Status and body for one question."""
        given = json.loads(content)
        if path != "/check-vat-number" or not set(given) <= FIELDS:
            return 400, _error("INVALID_INPUT")
        self.asked.append(given)
        planned = self.plan.popleft() if self.plan else ""
        if planned == "garbage":
            return 502, b"<html>Bad gateway</html>"
        if planned:
            return 200, _error(planned)
        requester = given.get("requesterMemberStateCode", "") + given.get("requesterNumber", "")
        if requester and requester not in self.requesters:
            return 200, _error("INVALID_REQUESTER_INFO")
        number = given["countryCode"] + given["vatNumber"]
        return 200, {
            "countryCode": given["countryCode"],
            "vatNumber": given["vatNumber"],
            "requestDate": "2026-11-30T18:00:00.000Z",
            "valid": number in self.valid,
            "requestIdentifier": f"WAPIAAAA{len(self.asked)}" if requester else "",
            "name": self.valid.get(number, "---"),
            "address": "---",
            "traderName": "---",
            "traderNameMatch": "NOT_PROCESSED",
        }


def _error(code: str) -> dict[str, Any]:
    return {"actionSucceed": False, "errorWrappers": [{"error": code}]}


@contextmanager
def vies_on_this_machine(monkeypatch: Any) -> Iterator[ViesDouble]:
    """The double at an address of its own, where the product looks for VIES meanwhile."""
    double = ViesDouble()

    def answering(request: BaseHTTPRequestHandler, content: bytes) -> Reply:
        status, body = double.answer(request.path, content)
        return Reply(status, body if isinstance(body, bytes) else json.dumps(body).encode())

    with served(answering) as port:
        monkeypatch.setattr(vies, "SERVICE", vies.Service(f"http://127.0.0.1:{port}", is_internal=True))
        yield double
