"""A line of time may be discounted, and a document keeps how its taxes are rounded."""

import django.db.models.deletion
from django.db import migrations, models

import ecuanime.foundation.fields


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0010_brought_over"),
        ("contracts", "0007_overage_and_parts_of_periods"),
    ]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="tax_per_line",
            field=models.BooleanField(
                default=False, help_text="whether the tax of each line is rounded, as the country's pack says"
            ),
        ),
        migrations.CreateModel(
            name="TimeDiscount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("surcharge", models.CharField(blank=True, max_length=12)),
                ("price", ecuanime.foundation.fields.RateField(decimal_places=6, max_digits=14)),
                ("is_by_piece", models.BooleanField(default=False)),
                ("percent", models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True)),
                ("amount", models.BigIntegerField(blank=True, null=True)),
                (
                    "contract",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="contracts.contract"),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="time_discounts",
                        to="billing.invoice",
                    ),
                ),
                (
                    "work_type",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="contracts.worktype"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("invoice", "contract", "work_type", "surcharge", "price", "is_by_piece"),
                        name="time_discounted_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("percent__isnull", False), ("amount__isnull", False), _connector="XOR"
                        ),
                        name="time_discount_one_way",
                    ),
                ],
            },
        ),
    ]
