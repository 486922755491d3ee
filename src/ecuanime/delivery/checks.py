"""Trying a mail server out, step by step, so that a person reads what is wrong and what to do."""

from __future__ import annotations

import smtplib
import socket
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ecuanime.delivery.servers import Problem, Server, explain, server_words
from ecuanime.delivery.smtp import greeted

SECONDS = 10


@dataclass(frozen=True)
class CheckLine:
    """One step of a check: a stable code (`login.refused`), whether it went well, the words, the server's words."""

    code: str
    ok: bool
    text: str
    detail: str = ""


def failed(problem: Problem) -> CheckLine:
    """The line that ends a check."""
    return CheckLine(problem.code, False, problem.text, problem.detail)


def check_smtp(
    *, host: str, port: int, security: str, username: str, password: str, sender: str
) -> list[CheckLine]:
    """Find the host, connect, encrypt, sign in and ask whether `sender` may write; stops at the first step that fails.

    Sends no mail. `password` is the plain one. The texts are in the active language.
    """
    server = Server(host.strip(), port, security, username, password)
    lines: list[CheckLine] = []
    try:
        lines.append(find_host(server))
        with greeted(server, seconds=SECONDS) as smtp:
            lines.append(_connected(smtp, server))
            if server.username:
                smtp.login(server.username, server.password)
                lines.append(CheckLine("login.ok", True, _("User name and password are accepted.")))
            lines.append(_sender(smtp, sender))
    except (OSError, UnicodeError) as error:
        lines.append(failed(explain(error, server)))
    return lines


def find_host(server: Server) -> CheckLine:
    """The line that says where the server's name leads. Raises `OSError` or `UnicodeError` when nowhere."""
    if not server.host:
        raise socket.gaierror
    found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    places = ", ".join(dict.fromkeys(str(place[0]) for *_rest, place in found))
    return CheckLine("resolve.ok", True, _("%(host)s was found.") % {"host": server.host}, places)


def _connected(smtp: smtplib.SMTP, server: Server) -> CheckLine:
    version = getattr(smtp.sock, "version", None)
    if version is None:
        return CheckLine("connect.ok", True, _("Connected without encryption, on this machine."))
    text = _("Connected, encrypted and with a valid certificate for %(host)s.") % {"host": server.host}
    return CheckLine("connect.ok", True, text, str(version() or ""))


def _sender(smtp: smtplib.SMTP, sender: str) -> CheckLine:
    code, words = smtp.mail(sender)
    detail = f"{code} {server_words(words)}".strip()
    if code == 250:
        smtp.rset()
        return CheckLine("sender.ok", True, _("It lets %(sender)s write.") % {"sender": sender})
    if code == 530:
        return CheckLine("login.needed", False, _("It wants a user name and password."), detail)
    text = _("It does not let %(sender)s write. Ask your mail provider, or use that account's address.")
    return CheckLine("sender.refused", False, text % {"sender": sender}, detail)
