"""A lot pays only for work at the sites that its contract named."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0004_dossier_and_own_people"),
        ("entitlements", "0009_reaches_back_to"),
    ]

    operations = [
        migrations.AddField(
            model_name="lot",
            name="sites",
            field=models.ManyToManyField(blank=True, to="clients.site"),
        ),
    ]
