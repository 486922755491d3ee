"""Fees wait for their client's next draft, and an advance is taken off by the lines that name it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0006_money_held")]

    operations = [
        migrations.AddField(
            model_name="charge",
            name="due_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="charge",
            name="is_billed",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="charge",
            name="until",
            field=models.DateField(blank=True, help_text="the last day that a fee pays for", null=True),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="deducts",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deducted_by",
                to="billing.invoiceline",
            ),
        ),
        migrations.AlterField(
            model_name="invoiceline",
            name="kind",
            field=models.CharField(
                choices=[
                    ("work", "time"),
                    ("pack", "pack"),
                    ("fee", "fee"),
                    ("advance", "advance"),
                    ("deducted", "advance deducted"),
                    ("service", "service"),
                    ("goods", "goods"),
                    ("expense", "expense"),
                    ("discount", "discount"),
                ],
                default="service",
                max_length=8,
                verbose_name="kind",
            ),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(
                condition=models.Q(("cancelled_at__isnull", True), ("is_billed", False)),
                fields=["due_on", "client"],
                name="charge_to_bill",
            ),
        ),
    ]
