"""Cancellations of CFDIs at the SAT: what was asked for, and what came of it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0022_journal_accounts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CfdiCancellation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("01", "01: errors, and another CFDI takes its place"),
                            ("02", "02: errors, and no other CFDI takes its place"),
                            ("03", "03: the operation did not take place"),
                            ("04", "04: it was named in a global invoice"),
                        ],
                        max_length=2,
                    ),
                ),
                ("substitute", models.CharField(blank=True, max_length=36)),
                ("request", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("to_send", "to be asked for"),
                            ("waiting", "waits for the receiver"),
                            ("cancelled", "cancelled"),
                            ("refused", "refused"),
                        ],
                        default="to_send",
                        max_length=10,
                    ),
                ),
                ("tries", models.PositiveIntegerField(default=0)),
                ("not_before", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("trouble", models.CharField(blank=True, max_length=40)),
                ("code", models.CharField(blank=True, max_length=20)),
                ("words", models.CharField(blank=True, max_length=500)),
                ("requested_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="cfdi",
            name="one_live_complement",
        ),
        migrations.AddField(
            model_name="cfdi",
            name="cancelled_at",
            field=models.DateTimeField(blank=True, help_text="when the SAT said that it is", null=True),
        ),
        migrations.AddConstraint(
            model_name="cfdi",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("cancelled_at__isnull", True), models.Q(("state", "rejected"), _negated=True)
                ),
                fields=("payment",),
                name="one_live_complement",
            ),
        ),
        migrations.AddField(
            model_name="cfdicancellation",
            name="cfdi",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cancellations", to="billing.cfdi"
            ),
        ),
        migrations.AddField(
            model_name="cfdicancellation",
            name="requested_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="cfdicancellation",
            index=models.Index(
                condition=models.Q(("state__in", ("to_send", "waiting"))),
                fields=["not_before"],
                name="cancellation_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="cfdicancellation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "refused"), _negated=True),
                fields=("cfdi",),
                name="one_live_cancellation",
            ),
        ),
        migrations.AddConstraint(
            model_name="cfdicancellation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", "01"), models.Q(("substitute", ""), _negated=True)),
                    models.Q(models.Q(("reason", "01"), _negated=True), ("substitute", "")),
                    _connector="OR",
                ),
                name="a_substitute_is_named_for_01",
            ),
        ),
    ]
