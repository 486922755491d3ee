"""What the database itself keeps in this room, whoever asks it: see `_guards.py`."""

from django.db import migrations

from ecuanime.foundation.migrations._guards import GUARDS


class Migration(migrations.Migration):
    replaces = [("foundation", "0002_audit_chain")]

    dependencies = [("foundation", "0001_initial")]

    operations = [migrations.RunSQL(sql) for sql in GUARDS]
