"""What was left of packs elsewhere comes in as lots of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("entitlements", "0006_overdraft_account"),
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
                ],
                max_length=12,
            ),
        ),
    ]
