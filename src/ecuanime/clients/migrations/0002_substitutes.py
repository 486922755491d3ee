"""Contacts have limits of approval, and a substitute for some days."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Substitution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_day", models.DateField(verbose_name="from")),
                ("last_day", models.DateField(help_text="inclusive", verbose_name="until")),
                ("created_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="substitutions",
                        to="clients.contact",
                    ),
                ),
                (
                    "substitute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stands_in",
                        to="clients.contact",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["substitute", "last_day"], name="clients_sub_substit_f8552b_idx"),
                    models.Index(fields=["lead", "last_day"], name="clients_sub_lead_id_0e6ef1_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_day__gte", models.F("first_day")),
                            models.Q(("lead", models.F("substitute")), _negated=True),
                        ),
                        name="substitution_makes_sense",
                    )
                ],
            },
        ),
    ]
