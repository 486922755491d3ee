"""What is promised about time can be written down: by contract, by client, and for everybody else."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0002_substitutes"),
        ("contracts", "0007_overage_and_parts_of_periods"),
    ]

    operations = [
        migrations.CreateModel(
            name="ServiceLevel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "warn_percent",
                    models.PositiveSmallIntegerField(
                        default=75, verbose_name="warn when this much is used up (%)"
                    ),
                ),
                (
                    "credit_minutes",
                    models.PositiveIntegerField(
                        default=0, verbose_name="credit for each broken promise (minutes)"
                    ),
                ),
                (
                    "credit_most_minutes",
                    models.PositiveIntegerField(
                        default=0, verbose_name="credit at most in a month (minutes)"
                    ),
                ),
                ("changed_at", models.DateTimeField()),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="contracts.coveragecalendar",
                        verbose_name="hours that count",
                    ),
                ),
                (
                    "client",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="service_level",
                        to="clients.client",
                    ),
                ),
                (
                    "contract",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="service_level",
                        to="contracts.contract",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ServiceTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("priority", models.PositiveSmallIntegerField()),
                (
                    "metric",
                    models.CharField(
                        choices=[
                            ("first_response", "First response"),
                            ("next_response", "Next response"),
                            ("normalisation", "Service normal again"),
                            ("solution", "Solution"),
                        ],
                        max_length=16,
                    ),
                ),
                ("minutes", models.PositiveIntegerField()),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="contracts.servicelevel",
                    ),
                ),
            ],
            options={
                "ordering": ["priority", "metric"],
            },
        ),
        migrations.AddConstraint(
            model_name="servicelevel",
            constraint=models.CheckConstraint(
                condition=models.Q(("contract__isnull", True), ("client__isnull", True), _connector="OR"),
                name="service_level_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicelevel",
            constraint=models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(("client__isnull", True), ("contract__isnull", True)),
                name="one_default_service_level",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicelevel",
            constraint=models.CheckConstraint(
                condition=models.Q(("warn_percent__gte", 1), ("warn_percent__lte", 100)),
                name="service_level_warns_in_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicetarget",
            constraint=models.UniqueConstraint(
                fields=("level", "priority", "metric"), name="service_target_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="servicetarget",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__gte", 1)), name="service_target_has_time"
            ),
        ),
    ]
