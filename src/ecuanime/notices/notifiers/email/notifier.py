"""A bundle as one mail: ten changes are one letter, not ten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ecuanime.accounts.models import User
from ecuanime.delivery.actions import queue_mail
from ecuanime.delivery.models import OutgoingMail
from ecuanime.notices.models import Kind, Notice
from ecuanime.notices.notifiers.notifier import Notifier

SHOWN = 30


def _reaches(user: User) -> bool:
    return bool(user.email)


def _send(bundle_id: int, user: User, notices: Sequence[Notice], now: datetime) -> None:
    """Queue one mail; the bundle's key in the outbox makes a repeat the same mail."""
    with translation.override(user.language):
        queue_mail(
            kind=OutgoingMail.Kind.AUTOMATIC,
            purpose="notices",
            subject_key=f"notices:{user.pk}",
            to=[user.email],
            subject=_subject(notices),
            text=_text(notices),
            idempotency_key=f"notices:{bundle_id}",
            now=now,
        )


def _subject(notices: Sequence[Notice]) -> str:
    if len(notices) == 1:
        return notices[0].title
    words = ngettext("%(number)s notice", "%(number)s notices", len(notices)) % {"number": len(notices)}
    return f"{words}: {notices[-1].title}"


def _text(notices: Sequence[Notice]) -> str:
    """Each with where it leads; the words of clients are left out, they are read in the product."""
    shown = notices[:SHOWN]
    parts = [f"{notice.title}\n{settings.ECUANIME_URL}{notice.url}" for notice in shown]
    if len(notices) > len(shown):
        parts.append(_("And %(number)s more.") % {"number": len(notices) - len(shown)})
    where = f"{settings.ECUANIME_URL}/cuenta/avisos/"
    parts.append(_("You choose what you are told, and when: %(where)s") % {"where": where})
    return "\n\n".join(parts)


NOTIFIER = Notifier(
    key="email",
    label=gettext_lazy("By mail"),
    gathers_for=timedelta(minutes=5),
    usual_for=frozenset(
        {
            Kind.MENTION,
            Kind.ASSIGNED,
            Kind.DEADLINE,
            Kind.AGENCY,
            Kind.EMERGENCY,
            Kind.MAILBOX,
            Kind.WORK,
        }
    ),
    reaches=_reaches,
    send=_send,
)
