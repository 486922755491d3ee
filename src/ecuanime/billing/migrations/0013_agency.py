"""Sending invoice records to Spain's tax agency. The database lets a queue only go forward, and keeps what was answered."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION billing_agency_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sent_through < OLD.sent_through THEN
        RAISE EXCEPTION 'what was answered stays answered';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER agency_goes_forward BEFORE UPDATE ON billing_agencyqueue
    FOR EACH ROW EXECUTE FUNCTION billing_agency_goes_forward();

CREATE FUNCTION billing_agency_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was sent to the agency, and answered by it, is kept';
END $$;

CREATE TRIGGER agency_is_kept BEFORE DELETE ON billing_submission
    FOR EACH ROW EXECUTE FUNCTION billing_agency_is_kept();
CREATE TRIGGER agency_is_kept BEFORE DELETE ON billing_verdict
    FOR EACH ROW EXECUTE FUNCTION billing_agency_is_kept();
"""

UNGUARD = """
DROP TRIGGER agency_is_kept ON billing_verdict;
DROP TRIGGER agency_is_kept ON billing_submission;
DROP FUNCTION billing_agency_is_kept();
DROP TRIGGER agency_goes_forward ON billing_agencyqueue;
DROP FUNCTION billing_agency_goes_forward();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0012_fiscal_records"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AgencyQueue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "environment",
                    models.CharField(
                        choices=[
                            ("test", "the agency's test environment"),
                            ("production", "the agency's production environment"),
                        ],
                        max_length=10,
                    ),
                ),
                ("sent_through", models.PositiveIntegerField(default=0)),
                ("most_records", models.PositiveSmallIntegerField(default=1000)),
                ("not_before", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failing_since", models.DateTimeField(blank=True, null=True)),
                ("trouble", models.CharField(blank=True, max_length=40)),
                (
                    "chain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="queues",
                        to="billing.fiscalchain",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AgencySettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "environment",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("test", "the agency's test environment"),
                            ("production", "the agency's production environment"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_agency_settings")
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first", models.PositiveIntegerField()),
                ("last", models.PositiveIntegerField()),
                ("is_late", models.BooleanField(default=False, help_text="whether it declared an incident")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sending", "being sent"),
                            ("answered", "answered"),
                            ("faulted", "turned away as a whole"),
                            ("unanswered", "without an answer"),
                            ("not_sent", "did not leave"),
                        ],
                        default="sending",
                        max_length=10,
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("csv", models.CharField(blank=True, help_text="the agency's receipt", max_length=60)),
                ("accepted", models.PositiveSmallIntegerField(default=0)),
                ("with_errors", models.PositiveSmallIntegerField(default=0)),
                ("rejected", models.PositiveSmallIntegerField(default=0)),
                ("trouble", models.CharField(blank=True, max_length=40)),
                (
                    "words",
                    models.CharField(
                        blank=True, help_text="the agency's own, of a message turned away", max_length=500
                    ),
                ),
                ("answer", models.TextField(blank=True)),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="billing.agencyqueue",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("accepted", "accepted"),
                            ("with_errors", "accepted with errors"),
                            ("rejected", "rejected"),
                        ],
                        max_length=12,
                    ),
                ),
                ("code", models.PositiveIntegerField(blank=True, null=True)),
                ("words", models.CharField(blank=True, max_length=1500)),
                (
                    "is_duplicate",
                    models.BooleanField(
                        default=False,
                        help_text="the agency had it already, from a message whose answer never came",
                    ),
                ),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "found",
                    models.CharField(
                        blank=True, help_text="the state in which the agency said it holds it", max_length=20
                    ),
                ),
                ("found_huella", models.CharField(blank=True, max_length=64)),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="billing.agencyqueue",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="billing.fiscalrecord",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="billing.submission",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AgencyCertificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holder", models.CharField(max_length=200)),
                (
                    "nif",
                    models.CharField(help_text="the issuer's, as the certificate names it", max_length=9),
                ),
                ("issued_by", models.CharField(max_length=200)),
                ("serial", models.CharField(max_length=60)),
                ("is_seal", models.BooleanField(default=False)),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField()),
                ("pem", models.TextField(help_text="the chain, which is public")),
                ("key_sealed", models.TextField(blank=True)),
                ("uploaded_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at__isnull", True)),
                        fields=("retired_at",),
                        name="one_certificate_in_use",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retired_at__isnull", True), ("key_sealed", ""), _connector="OR"),
                        name="retired_certificates_keep_no_key",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="agencyqueue",
            constraint=models.UniqueConstraint(fields=("chain", "environment"), name="one_queue_each"),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["-sent_at", "-id"], name="submission_newest"),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("state", "unanswered")),
                fields=["queue", "last"],
                name="submission_unanswered",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "sending")), fields=("queue",), name="one_message_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lte", models.F("last"))), name="submission_not_empty"
            ),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(
                condition=models.Q(("state", "rejected")), fields=["queue"], name="verdict_rejected"
            ),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(fields=["submission", "record"], name="verdict_of_submission"),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.UniqueConstraint(fields=("queue", "record"), name="one_verdict_each"),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
