"""What a plan itself includes of work, the incident a ticket holds, and what of an overage is overdrawn or held."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0004_plan_kinds"),
        ("entitlements", "0004_plan_kinds"),
        ("tickets", "0001_initial"),
        ("worklog", "0002_caught_timers"),
    ]

    operations = [
        migrations.AddField(
            model_name="ratedentry",
            name="included",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="ratedsegment",
            name="cover",
            field=models.ForeignKey(
                blank=True,
                help_text="what of the plan includes it",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="contracts.cover",
            ),
        ),
        migrations.AddField(
            model_name="ratedsegment",
            name="held",
            field=models.BigIntegerField(default=0, help_text="of the overage, what waits for a person"),
        ),
        migrations.AddField(
            model_name="ratedsegment",
            name="included",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="ratedsegment",
            name="overdraft",
            field=models.BigIntegerField(default=0, help_text="of the overage, what the next pack settles"),
        ),
        migrations.CreateModel(
            name="TicketIncident",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("drawn_at", models.DateTimeField()),
                ("given_back_at", models.DateTimeField(blank=True, null=True)),
                (
                    "contract",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="contracts.contract"),
                ),
                (
                    "lot",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="entitlements.lot"),
                ),
                (
                    "movement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, to="entitlements.movement"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("given_back_at__isnull", True)),
                        fields=("ticket", "contract"),
                        name="one_incident_a_ticket",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            "UPDATE worklog_ratedsegment SET held = overage WHERE held_reason <> ''", migrations.RunSQL.noop
        ),
    ]
