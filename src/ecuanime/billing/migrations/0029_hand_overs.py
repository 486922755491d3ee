"""Hand-overs: pro-formas that another program issues invoices of, and what it issued."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0028_cfdi_replacements"),
        ("foundation", "0002_audit_chain"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("idempotency_key", models.CharField(max_length=100, unique=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="IssuingSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "is_elsewhere",
                    models.BooleanField(default=False, verbose_name="invoices are issued in another program"),
                ),
                ("program", models.CharField(blank=True, max_length=80, verbose_name="which program")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_issuing_settings")
                ],
            },
        ),
        migrations.CreateModel(
            name="HandedOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="number")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="issued on")),
                ("total", models.BigIntegerField(blank=True, null=True)),
                ("noted_at", models.DateTimeField(blank=True, null=True)),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, help_text="why it was taken back", max_length=300)),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.storedfile",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handed_over",
                        to="billing.invoice",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hand_over",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="billing.handover",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at", None)),
                        fields=("invoice",),
                        name="handed_over_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at", None), models.Q(("number", ""), _negated=True)),
                        fields=("number",),
                        name="number_of_elsewhere_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("file", None),
                                ("issued_on", None),
                                ("noted_at", None),
                                ("number", ""),
                                ("total", None),
                            ),
                            models.Q(
                                models.Q(("number", ""), _negated=True),
                                ("issued_on__isnull", False),
                                ("total__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="noted_whole_or_not_at_all",
                    ),
                ],
            },
        ),
    ]
