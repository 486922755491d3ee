"""What the database itself keeps in this room, whoever asks it: see `_guards.py`."""

from django.db import migrations

from ecuanime.emergencies.migrations._guards import GUARDS


class Migration(migrations.Migration):
    replaces = [("emergencies", "0005_strangers_links_and_silence")]

    dependencies = [("emergencies", "0001_squashed_0004_technical_reports")]

    operations = [migrations.RunSQL(sql) for sql in GUARDS]
