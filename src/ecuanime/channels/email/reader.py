"""The one reader of this process: children that parse mail within limits, started when first needed."""

from __future__ import annotations

from functools import cache

from ecuanime.channels.email.reading import MailReader


@cache
def reader() -> MailReader:
    """The process's reader; safe to share between threads."""
    return MailReader()
