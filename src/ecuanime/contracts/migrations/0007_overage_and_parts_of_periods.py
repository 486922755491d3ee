"""A contract may agree its own price and limit of overage, and a fee says what part of a period costs."""

from django.db import migrations, models

import ecuanime.foundation.fields


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0006_pack_renewal"),
    ]

    operations = [
        migrations.AddField(
            model_name="contract",
            name="overage_limit_minutes",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="overage without asking (minutes)"
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="overage_price",
            field=ecuanime.foundation.fields.OptionalRateField(
                blank=True, decimal_places=6, max_digits=14, null=True, verbose_name="overage price per hour"
            ),
        ),
        migrations.AddField(
            model_name="fee",
            name="begins",
            field=models.CharField(
                choices=[("start", "on the contract's first day"), ("month", "on the first of a month")],
                default="start",
                max_length=5,
                verbose_name="periods begin",
            ),
        ),
        migrations.AddField(
            model_name="fee",
            name="pro_rata",
            field=models.CharField(
                choices=[("none", "the whole fee"), ("by_day", "its share by days")],
                default="none",
                max_length=6,
                verbose_name="part of a period costs",
            ),
        ),
    ]
