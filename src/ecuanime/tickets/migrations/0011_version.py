"""A number that moves with every statement that changes tickets: screens ask it whether anything is new.

A sequence, so that nobody waits for anybody and asking costs next to nothing. It moves a moment before the change can be
read; whoever has seen it move asks once more.
"""

from django.db import migrations

FORWARDS = """
CREATE SEQUENCE tickets_version;

CREATE FUNCTION tickets_note_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nextval('tickets_version');
    RETURN NULL;
END $$;

CREATE TRIGGER note_version AFTER INSERT OR UPDATE OR DELETE ON tickets_ticket
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_note_version();
"""
BACKWARDS = """
DROP TRIGGER note_version ON tickets_ticket;
DROP FUNCTION tickets_note_version();
DROP SEQUENCE tickets_version;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0010_macros_and_many"),
    ]

    operations = [
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
