"""Handing one mail to a server by SMTP, and what came of it for each address."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Timer
from typing import Any

from django.utils.translation import gettext as _

from ecuanime.delivery.models import Security
from ecuanime.delivery.servers import (
    Server,
    TooSlow,
    cut,
    explain,
    require_protection,
    server_words,
    tls_context,
)

STEP_SECONDS = 30
WHOLE_SECONDS = 300
"""A server that dribbles is cut off: well before a claim counts as stalled, so no second worker sends meanwhile."""


@dataclass(frozen=True)
class HandOver:
    """What the server said: who it took the mail for, whom it refused for good, and who is to be tried again.

    The texts are the server's words. `reached` is False when there was no conversation or it broke, so that the next
    mail for the same server can wait too.
    """

    accepted: tuple[str, ...] = ()
    refused: dict[str, str] = field(default_factory=dict)
    deferred: dict[str, str] = field(default_factory=dict)
    reached: bool = True


def hand_over(content: bytes, *, sender: str, recipients: Sequence[str], server: Server) -> HandOver:
    """Hand `content` over for `recipients`. Never raises for what a server or the network does.

    When the connection breaks after the final dot nobody knows whether the mail was taken: all are deferred, and the
    next try carries the same Message-ID.
    """
    try:
        with session(server) as smtp:
            return _transact(smtp, content, sender, recipients)
    except OSError as error:  # includes smtplib's and ssl's
        words = str(explain(error, server))
        return HandOver(deferred=dict.fromkeys(recipients, words), reached=False)


@contextmanager
def session(server: Server, *, seconds: int = STEP_SECONDS) -> Iterator[smtplib.SMTP]:
    """A greeted, protected and signed-in connection. Raises what goes wrong on the way, see `explain`."""
    with greeted(server, seconds=seconds) as smtp:
        if server.username:
            smtp.login(server.username, server.password)
        yield smtp


@contextmanager
def greeted(server: Server, *, seconds: int = STEP_SECONDS) -> Iterator[smtplib.SMTP]:
    """A protected connection whose server has said what it can do."""
    require_protection(server)
    smtp = _connect(server, seconds)
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.security == Security.STARTTLS:
            smtp.starttls(context=tls_context())
            smtp.ehlo_or_helo_if_needed()
        yield smtp
    finally:
        with suppress(OSError):
            smtp.quit()
        smtp.close()


class _Bounded(smtplib.SMTP):
    """A conversation that is cut off when it lasts too long as a whole, from the greeting on."""

    _is_cut = False

    def __init__(self, host: str, port: int, **settings: Any) -> None:
        self._guard = Timer(WHOLE_SECONDS, self._cut)
        self._guard.daemon = True
        self._guard.start()
        try:
            super().__init__(host, port, **settings)
        except BaseException:
            self._guard.cancel()
            raise

    def _cut(self) -> None:
        self._is_cut = True
        if self.sock is not None:
            cut(self.sock)

    def getreply(self) -> tuple[int, bytes]:
        """The server's answer; half of one, which is what a cut leaves, is none. Raises `TooSlow`."""
        try:
            return super().getreply()
        finally:
            if self._is_cut:
                raise TooSlow

    def close(self) -> None:
        """End the conversation, and the watch over it."""
        self._guard.cancel()
        super().close()


class _BoundedTls(_Bounded, smtplib.SMTP_SSL):
    """The same, encrypted from its first byte on."""


def _connect(server: Server, seconds: int) -> smtplib.SMTP:
    if server.security == Security.TLS:
        return _BoundedTls(server.host, server.port, timeout=seconds, context=tls_context())
    return _Bounded(server.host, server.port, timeout=seconds)


def _transact(smtp: smtplib.SMTP, content: bytes, sender: str, recipients: Sequence[str]) -> HandOver:
    """MAIL, RCPT for each, DATA. A 4xx answer defers, a 5xx answer refuses, for one address or for all."""
    code, words = smtp.mail(sender, [f"size={len(content)}"] if smtp.has_extn("size") else [])
    if code != 250:
        return _all(recipients, code, words)
    accepted: list[str] = []
    refused: dict[str, str] = {}
    deferred: dict[str, str] = {}
    for recipient in recipients:
        code, words = smtp.rcpt(recipient)
        if code in (250, 251):
            accepted.append(recipient)
        else:
            (refused if code >= 500 else deferred)[recipient] = _said(code, words)
    if not accepted:
        return HandOver((), refused, deferred)
    result = _send_content(smtp, content, accepted)
    return HandOver(result.accepted, refused | result.refused, deferred | result.deferred, result.reached)


def _send_content(smtp: smtplib.SMTP, content: bytes, recipients: Sequence[str]) -> HandOver:
    try:
        code, words = smtp.data(content)
    except smtplib.SMTPDataError as error:
        return _all(recipients, error.smtp_code, error.smtp_error)
    except OSError:
        text = _("The connection broke while the mail was handed over: it is not known whether it was taken.")
        return HandOver(deferred=dict.fromkeys(recipients, text), reached=False)
    return HandOver(tuple(recipients)) if code == 250 else _all(recipients, code, words)


def _all(recipients: Sequence[str], code: int, words: bytes | str) -> HandOver:
    said = dict.fromkeys(recipients, _said(code, words))
    return HandOver(refused=said) if code >= 500 else HandOver(deferred=said)


def _said(code: int, words: bytes | str) -> str:
    return f"{code} {server_words(words)}".strip()
