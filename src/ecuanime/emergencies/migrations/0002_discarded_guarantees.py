"""The draft of a guarantee can be discarded: the case then has none, and its lead waives it or withdraws the case."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0018_write_offs"),
        ("emergencies", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="emergency",
            name="guarantee",
            field=models.OneToOneField(
                blank=True,
                help_text="empty too when its draft was discarded",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="emergency",
                to="billing.invoice",
            ),
        ),
    ]
