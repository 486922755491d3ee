"""Bundles that leave: claimed first, sent, then noted, so that a worker that dies loses none."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from ecuanime.foundation.crashpoints import crashpoint
from ecuanime.notices.models import Bundle, Kind, Notice
from ecuanime.notices.notifiers.registry import NOTIFIERS, NotSent

LEASE = timedelta(minutes=5)
"""After so long a claimed bundle of which nothing more was heard is tried again; longer with each try."""
URGENT_PAUSE = timedelta(minutes=1)
"""After so long an emergency that was not taken is tried again; longer with each try."""
MOST_TRIES = 8

logger = logging.getLogger(__name__)


def send_bundle(*, bundle_id: int, now: datetime) -> bool:
    """Send one bundle if it is due; whether it left. What was read meanwhile is left out of it."""
    bundle = _claim(bundle_id, now)
    if bundle is None:
        return False
    notices = list(bundle.notices.filter(read_at=None).order_by("created_at", "pk"))
    notifier = NOTIFIERS.get(bundle.notifier)
    if not notices or notifier is None or not bundle.user.is_of_firm:
        _end(bundle)
        return False
    crashpoint("notices.claimed")
    try:
        notifier.send(bundle.pk, bundle.user, notices, now)
    except NotSent as failure:
        _note(bundle, notices, str(failure), now)
        return False
    except Exception:
        logger.exception("bundle %s could not be sent; it stays due", bundle.pk)
        _note(bundle, notices, "failed", now)
        return False
    crashpoint("notices.handed_over")
    Bundle.objects.filter(pk=bundle.pk).update(sent_at=now, next_due_at=None, error="")
    return True


@transaction.atomic
def _claim(bundle_id: int, now: datetime) -> Bundle | None:
    found = Bundle.objects.select_for_update(of=("self",), skip_locked=True).select_related("user")
    bundle = found.filter(pk=bundle_id, next_due_at__lte=now).first()
    if bundle is None:
        return None
    bundle.claimed_at = now
    bundle.attempts += 1
    bundle.next_due_at = now + LEASE * 2 ** (bundle.attempts - 1)
    bundle.save(update_fields=["claimed_at", "attempts", "next_due_at"])
    return bundle


def _note(bundle: Bundle, notices: Sequence[Notice], error: str, now: datetime) -> None:
    """Keep why it did not leave; after the last try it is given up. In the product its notices stand anyway."""
    Bundle.objects.filter(pk=bundle.pk).update(error=error[:400])
    if bundle.attempts >= MOST_TRIES:
        _end(bundle)
    elif any(notice.kind == Kind.EMERGENCY for notice in notices):
        again = now + URGENT_PAUSE * 2 ** (bundle.attempts - 1)
        Bundle.objects.filter(pk=bundle.pk).update(next_due_at=again)


def _end(bundle: Bundle) -> None:
    Bundle.objects.filter(pk=bundle.pk).update(next_due_at=None)
