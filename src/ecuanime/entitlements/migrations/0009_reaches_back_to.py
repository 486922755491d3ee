"""A pack may be let pay for work done before it was bought, which nothing covered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("entitlements", "0008_lot_notices"),
    ]

    operations = [
        migrations.AddField(
            model_name="lot",
            name="reaches_back_to",
            field=models.DateField(
                blank=True,
                help_text="the first day of work before its validity that it was let pay for",
                null=True,
            ),
        ),
    ]
