"""What delivery tells the rooms above it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MailSent:
    """A mail was taken by the receiving server for at least one address; `refused` names those it was not."""

    mail_id: int
    purpose: str
    subject_key: str
    refused: list[str]


@dataclass(frozen=True)
class MailFailed:
    """A mail will not be tried again: refused by the server, or given up after days. `error` is the server's."""

    mail_id: int
    purpose: str
    subject_key: str
    addresses: list[str]
    error: str


@dataclass(frozen=True)
class MailBounced:
    """A mail that had left came back for `addresses`."""

    mail_id: int
    purpose: str
    subject_key: str
    addresses: list[str]
    error: str
