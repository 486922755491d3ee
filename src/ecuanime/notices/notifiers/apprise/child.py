"""A process of its own that hands one message to Apprise: `python -m ecuanime.notices.notifiers.apprise.child`.

Reads JSON (`url`, `title`, `text`) from its input, so that no address stands in a command line. Before anything else it
makes every connection to an address that is not public fail, whatever a name, a redirect or a plug-in leads to. It
holds no secret but that one address, and says `sent`, `refused` or `failed`.
"""

from __future__ import annotations

import json
import socket
import sys
from typing import Any

from ecuanime.foundation.outgoing import is_public

PORT_OF_NAMES = 53


class Inside(OSError):
    """A connection into our own network, which was not made."""


def guard() -> list[str]:
    """From now on this process connects to public addresses alone; the list names the others it was led to."""
    led_to: list[str] = []
    plain = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        host = str(address[0]) if isinstance(address, tuple) else "local"
        # Programs that ask for names themselves may ask the machine's own name server.
        asks_names = (
            self.type & socket.SOCK_DGRAM and isinstance(address, tuple) and address[1] == PORT_OF_NAMES
        )
        if not asks_names and not is_public(host):
            led_to.append(host)
            raise Inside("not a public address")
        plain(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        try:
            connect(self, address)
        except OSError as error:
            return error.errno or 1
        return 0

    socket.socket.connect = connect  # type: ignore[assignment,method-assign]
    socket.socket.connect_ex = connect_ex  # type: ignore[assignment,method-assign]
    return led_to


def main() -> str:
    """Hand the message over; says how it went."""
    given = json.load(sys.stdin)
    led_to = guard()
    import apprise

    service = apprise.Apprise()
    if not service.add(given["url"]):
        return "unusable"
    sent = service.notify(title=given["title"], body=given["text"])
    return "sent" if sent else "refused" if led_to else "failed"


if __name__ == "__main__":
    print(main())  # noqa: T201  # the answer to whoever started it
