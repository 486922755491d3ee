"""What the database itself keeps in this room, whoever asks it: see `_guards.py`."""

from django.db import migrations

from ecuanime.worklog.migrations._guards import GUARDS


class Migration(migrations.Migration):
    replaces = [("worklog", "0013_billed_apart")]

    dependencies = [("worklog", "0001_squashed_0012_terms_windows")]

    operations = [migrations.RunSQL(sql) for sql in GUARDS]
