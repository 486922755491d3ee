"""What the database itself keeps in this room, whoever asks it: see `_guards.py`."""

from django.db import migrations

from ecuanime.contracts.migrations._guards import GUARDS


class Migration(migrations.Migration):
    replaces = [("contracts", "0013_shares_of_allowances")]

    dependencies = [("contracts", "0001_squashed_0012_promised_by_plans")]

    operations = [migrations.RunSQL(sql) for sql in GUARDS]
