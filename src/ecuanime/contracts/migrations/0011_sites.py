"""A contract may be limited to sites of its client."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0004_dossier_and_own_people"),
        ("contracts", "0010_promised_in_queues"),
    ]

    operations = [
        migrations.AddField(
            model_name="contract",
            name="sites",
            field=models.ManyToManyField(
                blank=True, help_text="of its client; empty: every site", to="clients.site"
            ),
        ),
    ]
