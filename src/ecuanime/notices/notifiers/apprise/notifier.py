"""A bundle as one push to each of a person's targets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy, ngettext

from ecuanime.accounts.models import User
from ecuanime.notices.models import Kind, Notice
from ecuanime.notices.notifiers.apprise.sending import push
from ecuanime.notices.notifiers.notifier import Notifier, NotSent

SHOWN = 5


def _reaches(user: User) -> bool:
    return user.notice_targets.exists()


def _send(bundle_id: int, user: User, notices: Sequence[Notice], now: datetime) -> None:
    """To every target; it counts as sent once one has taken it, so that the others are not told twice."""
    with translation.override(user.language):
        title, text = _title(notices), _text(bundle_id, notices)
        failures = []
        targets = list(user.notice_targets.all())
        for target in targets:
            try:
                push(target, title, text, now=now)
            except NotSent as failure:
                failures.append(f"{target.name}: {failure}")
    if failures and len(failures) == len(targets):
        raise NotSent("; ".join(failures))


def _title(notices: Sequence[Notice]) -> str:
    if len(notices) == 1:
        return notices[0].title
    return ngettext("%(number)s notice", "%(number)s notices", len(notices)) % {"number": len(notices)}


def _text(bundle_id: int, notices: Sequence[Notice]) -> str:
    """The titles with where they lead, and the bundle's number, by which a repeat is told."""
    lines = [f"{notice.title} {settings.ECUANIME_URL}{notice.url}" for notice in notices[:SHOWN]]
    return "\n".join([*lines, f"({bundle_id})"])


NOTIFIER = Notifier(
    key="apprise",
    label=gettext_lazy("By push"),
    gathers_for=timedelta(seconds=30),
    usual_for=frozenset(
        {Kind.MENTION, Kind.ASSIGNED, Kind.CLIENT, Kind.DEADLINE, Kind.AGENCY, Kind.EMERGENCY}
    ),
    reaches=_reaches,
    send=_send,
)
