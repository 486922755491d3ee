"""What the room holds, to show that a refusal changed nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import transaction

from ecuanime.foundation.errors import Refused
from ecuanime.foundation.models import AuditEntry
from tests.snapshots import held


def everything() -> tuple[object, ...]:
    """All rows of the room, and how much was recorded."""
    models = apps.get_app_config("contracts").get_models(include_auto_created=True)
    return held(list(models), counted=[AuditEntry])


def refused(call: Callable[[], object], code: str) -> None:
    """The call is refused with the code, and nothing has changed."""
    before = everything()
    with pytest.raises(Refused) as refusal, transaction.atomic():
        call()
    assert refusal.value.code == code
    assert str(refusal.value)
    assert everything() == before
