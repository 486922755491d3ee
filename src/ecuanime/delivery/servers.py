"""Reaching a mail server, and saying in words what stands in the way.

Hosts may lie inside the firm's own network: its mail server often does. So they are not filtered; only administrators
may set them, and what a server answers is shown to administrators only. A connection without encryption is made to
this machine alone.
"""

from __future__ import annotations

import ipaddress
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ecuanime.delivery.models import Security
from ecuanime.delivery.text import one_line

EXPIRED, NOT_YET_VALID = 10, 9
OTHER_NAME = (62, 64)
SELF_SIGNED = (18, 19)
REFUSED_LOGIN = (530, 534, 535, 538)


class Unprotected(OSError):
    """A connection without encryption to another machine was asked for."""


class TooSlow(smtplib.SMTPServerDisconnected):
    """A conversation lasted too long as a whole and was cut off."""


@dataclass(frozen=True)
class Server:
    """Where a mail server is, how the connection is protected and who signs in; the password is the plain one."""

    host: str
    port: int
    security: str
    username: str = ""
    password: str = ""


@dataclass(frozen=True)
class Problem:
    """What stands in the way: a stable code, words for a person, and the server's own words."""

    code: str
    text: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.text} ({self.detail})" if self.detail else self.text


def tls_context() -> ssl.SSLContext:
    """Certificates and host names are always checked; TLS 1.2 at least."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def cut(connection: socket.socket) -> None:
    """End a connection from another thread: whoever waits for its next byte is told that there is none."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def require_protection(server: Server) -> None:
    """Raise `Unprotected` when a connection without encryption would leave this machine."""
    if server.security != Security.NONE:
        return
    for *_rest, place in socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM):
        if not ipaddress.ip_address(str(place[0]).partition("%")[0]).is_loopback:
            raise Unprotected


def explain(error: Exception, server: Server) -> Problem:
    """`error`, raised while talking to `server`, as a problem that a person can act on."""
    names = {"host": server.host, "port": server.port}
    if isinstance(error, Unprotected):
        return Problem(
            "encryption.required", _("%(host)s is another machine: choose TLS or STARTTLS.") % names
        )
    if isinstance(error, socket.gaierror | UnicodeError):
        return Problem("resolve.unknown", _("No server called %(host)s was found. Check its name.") % names)
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate(error, names)
    if isinstance(error, ssl.SSLError):
        return _encryption(error, names)
    if isinstance(error, smtplib.SMTPException):
        return _conversation(error, names)
    return _connection(error, server, names)


def _certificate(error: ssl.SSLCertVerificationError, names: dict[str, object]) -> Problem:
    detail = error.verify_message
    if error.verify_code == EXPIRED:
        return Problem("certificate.expired", _("The certificate of %(host)s has expired.") % names, detail)
    if error.verify_code == NOT_YET_VALID:
        text = _("The certificate of %(host)s is not valid yet. Check this machine's clock.")
        return Problem("certificate.not_yet_valid", text % names, detail)
    if error.verify_code in OTHER_NAME:
        text = _("The certificate is for another name than %(host)s. Use the name your mail provider gives.")
        return Problem("certificate.other_name", text % names, detail)
    if error.verify_code in SELF_SIGNED:
        text = _("The certificate of %(host)s is signed by itself: nobody vouches for it.")
        return Problem("certificate.self_signed", text % names, detail)
    return Problem(
        "certificate.untrusted", _("The certificate of %(host)s cannot be trusted.") % names, detail
    )


def _encryption(error: ssl.SSLError, names: dict[str, object]) -> Problem:
    if error.reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "UNEXPECTED_MESSAGE"):
        text = _("Port %(port)s of %(host)s does not begin with TLS. Choose STARTTLS, or port 465.")
        return Problem("encryption.wrong_mode", text % names, str(error.reason))
    text = _("No encryption could be agreed on with %(host)s.")
    return Problem("encryption.failed", text % names, str(error.reason or error))


def _conversation(error: smtplib.SMTPException, names: dict[str, object]) -> Problem:
    if isinstance(error, smtplib.SMTPResponseException):
        detail = f"{error.smtp_code} {server_words(error.smtp_error)}".strip()
        if isinstance(error, smtplib.SMTPAuthenticationError) or error.smtp_code in REFUSED_LOGIN:
            text = _("%(host)s does not accept this user name and password.")
            return Problem("login.refused", text % names, detail)
        return Problem("server.refused", _("%(host)s said no.") % names, detail)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        if "AUTH" in str(error):
            text = _("%(host)s offers no sign-in here. Leave the user name empty or choose another port.")
            return Problem("login.not_offered", text % names)
        text = _("%(host)s does not offer STARTTLS on port %(port)s. Choose TLS or another port.")
        return Problem("encryption.not_offered", text % names)
    if isinstance(error, TooSlow):
        text = _("%(host)s answers so slowly that the conversation was ended.")
        return Problem("connect.slow", text % names)
    if isinstance(error, smtplib.SMTPServerDisconnected):
        text = _("%(host)s closed the connection.")
        return Problem("connect.closed", text % names, one_line(str(error), 200))
    return Problem(
        "server.strange",
        _("%(host)s answers in a way no mail server does.") % names,
        one_line(str(error), 200),
    )


def _connection(error: Exception, server: Server, names: dict[str, object]) -> Problem:
    if isinstance(error, ConnectionRefusedError):
        return Problem("connect.refused", _("Nothing listens on port %(port)s of %(host)s.") % names)
    if isinstance(error, TimeoutError):
        text = _("%(host)s did not answer on port %(port)s. A firewall may be in the way.")
        if server.security == Security.STARTTLS:
            text = _(
                "%(host)s did not answer on port %(port)s. Perhaps that port begins with TLS: choose TLS."
            )
        return Problem("connect.timeout", text % names)
    text = _("The connection to %(host)s, port %(port)s, failed.")
    return Problem("connect.failed", text % names, one_line(str(error), 200))


def server_words(raw: bytes | str) -> str:
    """What a server said, as one bounded line of text."""
    return one_line(raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw, 400)
