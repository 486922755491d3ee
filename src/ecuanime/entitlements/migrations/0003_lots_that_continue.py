"""A lot can come from another contract."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("entitlements", "0002_ledger_guards"),
    ]

    operations = [
        migrations.AlterField(
            model_name="lot",
            name="source",
            field=models.CharField(
                choices=[
                    ("purchase", "bought"),
                    ("bonus", "bonus"),
                    ("replacement", "replaces an expired one"),
                    ("revaluation", "revalued"),
                    ("transfer", "transferred"),
                ],
                max_length=12,
            ),
        ),
    ]
