"""That a client was told about a lot is kept, once for each threshold."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0004_plan_kinds"),
        ("entitlements", "0007_opening_balances"),
        ("staff", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="LotNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "threshold",
                    models.CharField(
                        choices=[
                            ("low", "runs low"),
                            ("days_30", "expires in 30 days"),
                            ("days_7", "expires in 7 days"),
                        ],
                        max_length=10,
                    ),
                ),
                ("told_at", models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(
                condition=models.Q(
                    ("left__gt", 0), ("usable_from__isnull", False), ("voided_at__isnull", True)
                ),
                fields=["expires_on"],
                name="lot_expiring",
            ),
        ),
        migrations.AddField(
            model_name="lotnotice",
            name="lot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="entitlements.lot"
            ),
        ),
        migrations.AddConstraint(
            model_name="lotnotice",
            constraint=models.UniqueConstraint(fields=("lot", "threshold"), name="lot_told_once"),
        ),
    ]
