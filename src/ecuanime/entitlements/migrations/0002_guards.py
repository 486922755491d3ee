"""What the database itself keeps in this room, whoever asks it: see `_guards.py`."""

from django.db import migrations

from ecuanime.entitlements.migrations._guards import GUARDS


class Migration(migrations.Migration):
    replaces = [("entitlements", "0011_credit_for_broken_promises")]

    dependencies = [("entitlements", "0001_squashed_0010_sites")]

    operations = [migrations.RunSQL(sql) for sql in GUARDS]
