"""A request larger than we take is read past and answered by the product, in words, instead of being cut off.

waitress answers such a request at once and hangs up. A browser that still sends its form then shows that the connection
was broken, and none of the answer. So what is announced is read to its end and thrown away as it comes, and the product
gets the request without its body, marked, see `ecuanime.web.errors`. Bodies beyond `READ_PAST` are still cut off.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import RequestEntityTooLarge

from ecuanime.web.errors import TOO_LARGE

READ_PAST = 512 * 1024 * 1024
"""Bytes: somebody chose a film by mistake; more is no mistake, and nobody waits that long."""


class Parser(HTTPRequestParser):
    """Reads the body of a request that is too large, and keeps nothing of it."""

    _left = 0

    def received(self, data: bytes) -> int:
        """How many bytes of `data` were of this request."""
        if self._left:
            taken = min(self._left, len(data))
            self._left -= taken
            self.completed = not self._left
            return taken
        taken = super().received(data)
        announced = self.content_length if isinstance(self.error, RequestEntityTooLarge) else 0
        if self.body_bytes_received == 0 and 0 < announced <= READ_PAST:
            self._left, self.completed = announced, False
        return taken


class Refusal(ErrorTask):
    """What answers a request with an error."""

    def service(self) -> None:
        """The product says that a request is too large, waitress everything else; then the connection ends."""
        request: Any = self.request
        if isinstance(request.error, RequestEntityTooLarge):
            self.close_on_finish = True
            TooLarge(self.channel, request).service()
        else:
            super().service()


class TooLarge(WSGITask):
    """Lets the product answer a request whose body was thrown away."""

    def execute(self) -> None:
        """As for any other request, and the browser hears that the connection ends."""
        self.set_close_on_finish()
        super().execute()

    def get_environment(self) -> dict[str, Any]:
        """What the product learns: everything but the body, and why it is missing."""
        environ: dict[str, Any] = super().get_environment()
        return environ | {TOO_LARGE: True, "wsgi.input": BytesIO(), "CONTENT_LENGTH": "0"}


class Channel(HTTPChannel):
    """A connection whose requests may be too large."""

    parser_class = Parser
    error_task_class = Refusal
