"""Sending notices in tests, at an hour of the test's choice."""

from __future__ import annotations

from datetime import datetime

from ecuanime.notices.actions import send_bundle
from ecuanime.notices.queries import due_bundles


def send_due_bundles(*, now: datetime) -> int:
    """A round of the worker; how many bundles left."""
    return sum(send_bundle(bundle_id=key, now=now) for key in due_bundles(now=now))
