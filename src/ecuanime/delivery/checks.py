"""Trying a mail server out, step by step, so that a person reads what is wrong and what to do.

Hosts may lie inside the firm's own network: its mail server often does. That is why only administrators may set
them, and why what a server says is shown to administrators only.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class CheckLine:
    """One step of a check: a stable code (`login.refused`), whether it went well, the words, the server's words."""

    code: str
    ok: bool
    text: str | Promise
    detail: str = ""


def check_smtp(
    *, host: str, port: int, security: str, username: str, password: str, sender: str
) -> list[CheckLine]:
    """Find the host, connect, encrypt, sign in and ask whether `sender` may write; stops at the first step that fails.

    Sends no mail. `password` is the plain one. Takes at most some 20 seconds.
    """
    raise NotImplementedError
