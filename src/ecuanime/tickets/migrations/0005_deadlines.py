"""Tickets keep what they were promised from when on, how each clock stands, and what came of it."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0002_substitutes"),
        ("contracts", "0008_service_levels"),
        ("delivery", "0002_mail_identity"),
        ("staff", "0002_teams_hours_and_leave"),
        ("tickets", "0004_joined_and_snoozed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Deadline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                ("number", models.PositiveSmallIntegerField(default=1)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("running", "on time"),
                            ("paused", "paused"),
                            ("met", "met"),
                            ("breached", "broken"),
                            ("nothing_promised", "nothing promised"),
                        ],
                        max_length=16,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                (
                    "minutes",
                    models.PositiveIntegerField(
                        blank=True, help_text="what is promised, if anything is", null=True
                    ),
                ),
                (
                    "counted_seconds",
                    models.PositiveBigIntegerField(default=0, help_text="covered time at `read_at`"),
                ),
                ("is_counting", models.BooleanField(default=False)),
                ("warned_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("breached_at", models.DateTimeField(blank=True, null=True)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                (
                    "settled_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="when it was decided: kept, or broken; reports count it then",
                        null=True,
                    ),
                ),
                ("read_at", models.DateTimeField()),
                ("next_due_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["started_at", "metric", "number"],
            },
        ),
        migrations.CreateModel(
            name="DeadlineEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("warned", "time is running out"),
                            ("breached", "time is up"),
                            ("met", "done in time"),
                            ("late", "done late"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("noted_at", models.DateTimeField()),
                (
                    "told",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=254), blank=True, default=list, size=None
                    ),
                ),
            ],
            options={
                "ordering": ["noted_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("content", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="TicketPromise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
            ],
            options={
                "ordering": ["since", "id"],
            },
        ),
        migrations.AddField(
            model_name="ticket",
            name="due_at",
            field=models.DateTimeField(
                blank=True, help_text="when the next promise that its clocks count is due, or was", null=True
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="due_metric",
            field=models.CharField(blank=True, help_text="which promise that is", max_length=16),
        ),
        migrations.AddField(
            model_name="ticket",
            name="normal_at",
            field=models.DateTimeField(blank=True, help_text="since when service is normal again", null=True),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ["new", "open", "waiting_client", "waiting_third"]),
                    ("due_at__isnull", False),
                ),
                fields=["due_at", "id"],
                name="ticket_promise_due",
            ),
        ),
        migrations.AddField(
            model_name="deadline",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="deadlines", to="tickets.ticket"
            ),
        ),
        migrations.AddField(
            model_name="deadlineevent",
            name="deadline",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="events", to="tickets.deadline"
            ),
        ),
        migrations.AddField(
            model_name="deadline",
            name="promise",
            field=models.ForeignKey(
                help_text="what held when it was read",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.promise",
            ),
        ),
        migrations.AddField(
            model_name="ticketpromise",
            name="promise",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.promise"
            ),
        ),
        migrations.AddField(
            model_name="ticketpromise",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="promises", to="tickets.ticket"
            ),
        ),
        migrations.AddConstraint(
            model_name="deadlineevent",
            constraint=models.UniqueConstraint(fields=("deadline", "kind", "at"), name="deadline_event_once"),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("next_due_at__isnull", False)),
                fields=["next_due_at"],
                name="deadline_due",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(fields=["settled_at", "ticket"], name="deadline_settled"),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.UniqueConstraint(fields=("ticket", "metric", "number"), name="deadline_once"),
        ),
        migrations.AddIndex(
            model_name="ticketpromise",
            index=models.Index(fields=["ticket", "since", "id"], name="tickets_tic_ticket__e3a261_idx"),
        ),
    ]
