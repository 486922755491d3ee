"""Versions that can be relied on: a second one for what stands around the lists, and a way to tell that both are settled.

`desk_version` moves when a queue, a saved view, a macro, a tag, a field, a person, a team or a product area changes. A
version moves before its change can be read; whoever changes something holds a shared lock from then until the commit, so
that a reader who finds nobody holding it knows that all that moved the version can be read.
"""

from django.db import migrations

LOCK = 7_315_021_964
AROUND = (
    "tickets_queue",
    "tickets_savedview",
    "tickets_macro",
    "tickets_tag",
    "tickets_ticketfield",
    "staff_productarea",
    "staff_team",
    "staff_team_members",
    "accounts_user",
)
TRIGGERS = "".join(
    f"""
CREATE TRIGGER note_version AFTER INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION desk_note_version();
"""
    for table in AROUND
)
FORWARDS = f"""
CREATE SEQUENCE desk_version;
-- The first step of a sequence cannot be told from none.
SELECT nextval('desk_version'), nextval('tickets_version');

CREATE FUNCTION desk_note_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared({LOCK});
    PERFORM nextval('desk_version');
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION tickets_note_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared({LOCK});
    PERFORM nextval('tickets_version');
    RETURN NULL;
END $$;
{TRIGGERS}
"""
BACKWARDS = f"""
{"".join(f"DROP TRIGGER note_version ON {table};" for table in AROUND)}
DROP FUNCTION desk_note_version();
DROP SEQUENCE desk_version;

CREATE OR REPLACE FUNCTION tickets_note_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nextval('tickets_version');
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0015_indexes_of_lists"),
        ("staff", "0005_who_is_told_that_time_is_up"),
        ("accounts", "0003_identities"),
    ]

    operations = [
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
