"""What became of the pack after one that nears its end: one row for each lot."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0008_books"),
        ("entitlements", "0008_lot_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="NextPack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("withdrawn", "its plan is no longer on sale"),
                            ("no_price", "its plan no longer sells a pack of that size"),
                            ("other_currency", "its plan is sold in another currency now"),
                            ("contract_ended", "the contract has ended"),
                            ("inactive_client", "the client is not active"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "charge",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.charge",
                    ),
                ),
                (
                    "lot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="next_pack",
                        to="entitlements.lot",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("charge__isnull", False), ("refusal", "")),
                            models.Q(("charge__isnull", True), models.Q(("refusal", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="next_pack_ordered_or_refused",
                    )
                ],
            },
        ),
    ]
