"""Telling people something: in the product at once, and in a bundle for each way they want."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import translation

from ecuanime.accounts.models import User
from ecuanime.delivery.text import one_line
from ecuanime.notices.models import Bundle, Kind, Notice
from ecuanime.notices.notifiers.registry import NOTIFIERS, Notifier
from ecuanime.notices.queries import loud_from, wishes_of


@dataclass(frozen=True)
class Words:
    """What a notice says, in one language."""

    title: str
    text: str = ""


@transaction.atomic
def tell(
    *,
    people: Iterable[User],
    kind: str,
    event_id: str,
    words: Callable[[], Words],
    url: str,
    now: datetime,
    subject_key: str = "",
) -> list[Notice]:
    """Tell each of `people` once for each `event_id`; returns the notices that are new.

    `words` is asked in the language of each person. Closed accounts and clients' contacts are told nothing. In the
    caller's transaction, so what did not happen is not told.
    """
    told = []
    for person in {each.pk: each for each in people if each.is_of_firm}.values():
        with translation.override(person.language):
            said = words()
        values = {
            "kind": kind,
            "subject_key": subject_key,
            "title": one_line(said.title, 200),
            "text": one_line(said.text, 400),
            "url": url,
            "created_at": now,
        }
        notice, is_new = Notice.objects.get_or_create(user=person, event_id=event_id, defaults=values)
        if is_new:
            _bundle(notice, person, now)
            told.append(notice)
    return told


def _bundle(notice: Notice, person: User, now: datetime) -> None:
    """Put it into the open bundle of each way in which the person wants to be told of this kind."""
    wanted = wishes_of(person)
    for notifier in NOTIFIERS.values():
        if wanted[notice.kind, notifier.key] and notifier.reaches(person):
            bundle = _open_bundle(person, notifier, now)
            bundle.notices.add(notice)
            if notice.kind == Kind.EMERGENCY:
                _hurry(bundle, now)


def _hurry(bundle: Bundle, now: datetime) -> None:
    """Let it leave once this is committed, without waiting for company, for the end of quiet hours or for a round."""
    from ecuanime.notices.jobs import send_bundle

    Bundle.objects.filter(pk=bundle.pk).update(next_due_at=now)
    send_bundle.defer(bundle_id=bundle.pk)


def _open_bundle(person: User, notifier: Notifier, now: datetime) -> Bundle:
    """The bundle that still takes more, locked so that it is not claimed meanwhile; or a new one."""
    still_open = Bundle.objects.select_for_update(no_key=True).filter(
        user=person, notifier=notifier.key, claimed_at=None
    )
    found = still_open.first()
    if found is not None:
        return found
    due = loud_from(person, now + notifier.gathers_for)
    try:
        with transaction.atomic():
            return Bundle.objects.create(user=person, notifier=notifier.key, opened_at=now, next_due_at=due)
    except IntegrityError:
        return still_open.get()  # somebody else opened it between our look and our insert
