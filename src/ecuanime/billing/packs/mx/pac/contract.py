"""What any PAC does for us."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

UNKNOWN_YET = "unknown_yet"
"""The code of `NotStamped` for a CFDI that the SAT has not got yet."""


@dataclass(frozen=True, slots=True)
class Service:
    """Where a PAC stamps and cancels. `is_internal` allows a place that is not on the open Internet: a test's own."""

    url: str
    is_internal: bool = False
    cancel_url: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """The firm's account with the PAC; the password is never shown."""

    username: str
    password: str = field(repr=False)


class NotStamped(Exception):
    """There is no stamp yet and nothing is known against the document: the same bytes are sent again later."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.words = words


class Rejected(Exception):
    """The document as it was sealed will never be stamped: the PAC's code and words."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


@dataclass(frozen=True, slots=True)
class Standing:
    """How a CFDI stands at the SAT, in its own words: `Vigente` or `Cancelado`, and how far a cancellation is.

    `cancellation` is empty, `En proceso`, `Solicitud rechazada`, `Cancelado con aceptación`, `Cancelado sin
    aceptación` or `Plazo vencido`: nobody said no in time, and it is cancelled. `cancelable` is `Cancelable con
    aceptación`, `Cancelable sin aceptación` or `No cancelable`: a CFDI that stands is about it (SAT, Servicio de
    Consulta de CFDI 1.3).
    """

    state: str
    cancellation: str
    cancelable: str = ""

    @property
    def is_cancelled(self) -> bool:
        """Whether it is no invoice any more."""
        return self.state == "Cancelado"

    @property
    def is_refused(self) -> bool:
        """Whether whoever received it said no."""
        return "rechazada" in self.cancellation.casefold()

    @property
    def cannot_be(self) -> bool:
        """Whether the SAT would not cancel it. It says so, too, for a while after the stamp."""
        return self.cancelable.casefold() == "no cancelable" and not self.cancellation


@dataclass(frozen=True, slots=True)
class Question:
    """What names a CFDI to the SAT: both RFCs, the total as it is written there, and the UUID."""

    issuer: str
    receiver: str
    total: str
    uuid: str


Reach = Callable[[Service, bytes, str], bytes]
"""Sends a message for an operation and gives the body that comes back. Raises `NotStamped`."""


class Pac(Protocol):
    """One PAC's protocol."""

    def stamp(self, xml: bytes, service: Service, account: Account, reach: Reach) -> bytes:
        """The document with its stamp. The same bytes again give the same stamp, never a second one.

        Raises `Rejected`, and `NotStamped` with `account` (it does not serve us), `busy`, `unreadable`,
        `not_recovered` (it says that it stamped it, and cannot show it yet), or the codes of the network.
        """

    def cancel(self, request: bytes, uuid: str, service: Service, account: Account, reach: Reach) -> str:
        """Hand a signed request over; the PAC's words about it. Asked for again, nothing more happens.

        Raises `Rejected`, and `NotStamped` as `stamp` does, besides `unknown_yet`: the SAT has not got the CFDI so far.
        """

    def standing(self, question: Question, service: Service, account: Account, reach: Reach) -> Standing:
        """How a CFDI stands at the SAT. Raises `NotStamped`, with `unknown_yet` as `cancel`."""
