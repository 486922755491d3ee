"""A plan may say that a part of a period brings its share by days, besides costing it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0012_promised_by_plans"),
    ]

    operations = [
        migrations.AlterField(
            model_name="fee",
            name="pro_rata",
            field=models.CharField(
                choices=[
                    ("none", "the whole fee"),
                    ("by_day", "its share by days"),
                    ("shares", "its share by days, and brings its share"),
                ],
                default="none",
                max_length=6,
                verbose_name="part of a period costs",
            ),
        ),
    ]
