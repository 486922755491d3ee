"""Recorded time keeps the site at which it was done."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0004_dossier_and_own_people"),
        ("worklog", "0009_corrected_segments"),
    ]

    operations = [
        migrations.AddField(
            model_name="timeentry",
            name="site",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="clients.site"
            ),
        ),
    ]
