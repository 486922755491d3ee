"""A plan may say that what is left of a pack moves to the contract that renews its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0008_service_levels"),
    ]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="moves_on",
            field=models.BooleanField(
                default=False, verbose_name="what is left moves to the contract that renews it"
            ),
        ),
    ]
