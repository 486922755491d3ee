"""After a test that has really committed, the database is as one that was just migrated."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection

from ecuanime.delivery.jobs import send_mail
from ecuanime.foundation import audit
from ecuanime.foundation.models import AuditEntry
from tests.emptying import _empty_queue, empty
from tests.factories import NOW, make_client
from tests.factories.worklog import make_office

pytestmark = pytest.mark.django_db(transaction=True)


def filled() -> set[str]:
    """The tables that hold any row, those of the models themselves and of their migrations left out."""
    names = connection.introspection.table_names()
    with connection.cursor() as cursor:
        counts = {}
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            (counts[name],) = cursor.fetchone()
    return {name for name, count in counts.items() if count} - {
        "django_content_type",
        "auth_permission",
        "django_migrations",
    }


def test_nothing_is_left_and_the_guards_stand_again() -> None:
    make_office().entry()
    send_mail.defer(mail_id=0)
    assert {
        "procrastinate_jobs",
        "procrastinate_events",
        "worklog_timeentry",
        "foundation_auditentry",
        "accounts_user",
    } <= filled()
    kinds = ContentType.objects.count()

    empty()

    assert (filled(), ContentType.objects.count()) == (set(), kinds)
    audit.record("made", make_client(), now=NOW)
    with pytest.raises(DatabaseError, match="append-only"):
        AuditEntry.objects.update(body="x")


def test_jobs_are_forgotten_where_django_empties_the_tables() -> None:
    send_mail.defer(mail_id=0)
    _empty_queue()
    assert not filled()
