"""What the room holds, to show that a refusal changed nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from ecuanime.delivery.models import OutgoingMail
from ecuanime.entitlements.models import Lot, Posting
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.models import AuditEntry
from ecuanime.worklog.models import (
    ClosedDay,
    Cut,
    Decision,
    RatedEntry,
    RatedSegment,
    SegmentDraw,
    TimeEntry,
    Timer,
)
from tests.snapshots import held

_KEPT = (
    Timer,
    TimeEntry,
    Cut,
    ClosedDay,
    Decision,
    RatedEntry,
    RatedSegment,
    SegmentDraw,
    Lot,
    Posting,
    OutgoingMail,
)


def everything() -> tuple[object, ...]:
    """All rows of the room, of the ledger and the outbox, and how much was recorded."""
    return held(_KEPT, counted=[AuditEntry])


def refused(code: str, call: Callable[[], object]) -> str:
    """The call is refused with the code and nothing has changed; gives the words."""
    before = everything()
    with pytest.raises(Refused) as refusal, transaction.atomic():
        call()
    assert refusal.value.code == code
    assert str(refusal.value)
    assert everything() == before
    return str(refusal.value)
