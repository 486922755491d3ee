"""Telling administrators that regular work could not be done."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecuanime.accounts.models import Role
from ecuanime.accounts.queries import people_of_firm
from ecuanime.foundation.rounds import RowsLeftDue
from ecuanime.notices.actions.telling import Words, tell
from ecuanime.notices.models import Kind, Notice


def tell_left_due(*, left: RowsLeftDue, now: datetime) -> list[Notice]:
    """Say which round left rows, how many and why; once a day for each, while it goes on at every turn."""

    def words() -> Words:
        title = ngettext(
            "%(work)s: %(count)s could not be done", "%(work)s: %(count)s could not be done", left.count
        )
        text = _("%(row)s: %(fault)s. It is tried again and again; the server's log says more.")
        return Words(
            title % {"work": _(left.work), "count": left.count}, text % {"row": left.row, "fault": left.fault}
        )

    return tell(
        people=people_of_firm().filter(roles__contains=[Role.ADMINISTRATOR]),
        kind=Kind.WORK,
        event_id=f"left_due:{now:%Y%m%d}:{left.work}"[:80],
        words=words,
        url=left.url,
        now=now,
    )
