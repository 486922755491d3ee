"""What the database itself keeps in this room, whoever asks it: see `_guards.py`."""

from django.db import migrations

from ecuanime.tickets.migrations._guards import GUARDS


class Migration(migrations.Migration):
    replaces = [("tickets", "0016_what_lists_stand_on")]

    dependencies = [("tickets", "0001_squashed_0015_indexes_of_lists")]

    operations = [migrations.RunSQL(sql) for sql in GUARDS]
