"""Time can be given for promises that were not kept, as a lot of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("entitlements", "0010_sites"),
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
                    ("allowance", "allowance of a period"),
                    ("rollover", "rolled over"),
                    ("overdraft", "overdraft account"),
                    ("opening", "brought from before"),
                    ("credit", "given for promises not kept"),
                ],
                max_length=12,
            ),
        ),
    ]
