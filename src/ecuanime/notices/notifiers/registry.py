"""Every notifier there is."""

from __future__ import annotations

from ecuanime.notices.notifiers.apprise import notifier as apprise
from ecuanime.notices.notifiers.email import notifier as email
from ecuanime.notices.notifiers.notifier import Notifier, NotSent

NOTIFIERS: dict[str, Notifier] = {each.key: each for each in (email.NOTIFIER, apprise.NOTIFIER)}

__all__ = ["NOTIFIERS", "NotSent", "Notifier"]
