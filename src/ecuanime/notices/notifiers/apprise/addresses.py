"""Which addresses of Apprise may be used: services on the Internet, never programs or devices of this machine."""

from __future__ import annotations

import re

# fmt: off
SERVICES = frozenset({
    "discord", "gchat", "gotify", "gotifys", "json", "jsons", "matrix", "matrixs", "mmost", "mmosts",
    "msteams", "ncloud", "nctalk", "nctalks", "ntfy", "ntfys", "pbul", "pover", "rocket", "rockets",
    "signal", "signals", "slack", "spush", "tgram", "twilio", "webexteams", "workflows", "wxteams",
    "xml", "xmls", "zulip",
})
# fmt: on
LONGEST = 1000
_ADDRESS = re.compile(r"([a-z]{2,20})://[^\s\x00-\x1f]+")


def service_of(url: str) -> str | None:
    """The service an address belongs to; None when it is none of those that may be used."""
    found = _ADDRESS.fullmatch(url.strip())
    if found is None or len(url) > LONGEST or found[1] not in SERVICES:
        return None
    return found[1]
