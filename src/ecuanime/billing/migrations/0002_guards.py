"""What the database itself keeps in this room, whoever asks it: see `_guards.py`."""

from django.db import migrations

from ecuanime.billing.migrations._guards import GUARDS


class Migration(migrations.Migration):
    replaces = [("billing", "0031_global_invoices")]

    dependencies = [("billing", "0001_squashed_0030_mandates_once")]

    operations = [migrations.RunSQL(sql) for sql in GUARDS]
