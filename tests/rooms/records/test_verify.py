"""Verify finds each kind of damage, and nothing in a sound installation."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from ecuanime.foundation import audit, files, jobs
from ecuanime.foundation.models import AuditEntry
from ecuanime.foundation.witness import forget_sightings, last_sighting
from ecuanime.records.verify import CHECKS, verify_audit_trail, verify_files
from tests.factories import NOW, make_client

pytestmark = pytest.mark.django_db(transaction=True)


def recorded(number: int) -> None:
    """Some entries of the audit trail, each committed."""
    client = make_client()
    for _ in range(number):
        audit.record("client_changed", client, now=NOW)


def tamper(statement: str) -> None:
    """Change rows as somebody with the database's password could."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE foundation_auditentry DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE foundation_auditentry ENABLE TRIGGER USER")


def test_a_sound_installation_has_no_faults() -> None:
    recorded(3)
    files.store(b"algo")
    assert [fault for check in CHECKS for fault in check.faults()] == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE foundation_auditentry SET body = 'otra cosa' WHERE sequence = 2", "2 was changed"),
        ("DELETE FROM foundation_auditentry WHERE sequence = 2", "2 is missing"),
        ("UPDATE foundation_auditentry SET previous_hash = '' WHERE sequence = 3", "3 does not follow"),
    ],
)
def test_tampering_with_the_audit_trail_shows(statement: str, words: str) -> None:
    recorded(3)
    tamper(statement)
    assert any(words in fault for fault in audit.broken_links())


def test_cutting_off_the_end_of_the_audit_trail_shows_and_stays_shown(
    settings: Settings, tmp_path: Path
) -> None:
    settings.ECUANIME_DATA = tmp_path
    recorded(3)
    jobs.note_end_of_audit_trail(timestamp=0)
    recorded(1)
    assert list(verify_audit_trail()) == []
    seen = last_sighting()
    assert seen
    assert seen.sequence == AuditEntry.objects.count() - 1
    tamper(f"DELETE FROM foundation_auditentry WHERE sequence >= {seen.sequence}")
    assert list(audit.broken_links()) == []
    recorded(3)
    jobs.note_end_of_audit_trail(timestamp=0)
    assert [fault for fault in verify_audit_trail() if f"entry {seen.sequence}," in fault]
    assert last_sighting() == seen
    forget_sightings()
    assert list(verify_audit_trail()) == []


def test_an_empty_trail_has_no_end_to_note(settings: Settings, tmp_path: Path) -> None:
    settings.ECUANIME_DATA = tmp_path
    tamper("DELETE FROM foundation_auditentry")
    jobs.note_end_of_audit_trail(timestamp=0)
    assert last_sighting() is None


def test_an_altered_or_missing_file_is_named() -> None:
    kept, lost = files.store(b"uno"), files.store(b"dos")
    files.path_of(kept.sha256).write_bytes(b"one")
    files.path_of(lost.sha256).unlink()
    assert len(list(verify_files())) == 2
    files.path_of(kept.sha256).unlink()
