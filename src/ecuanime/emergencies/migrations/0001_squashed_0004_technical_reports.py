"""All tables of this room as they were first given out, in place of the steps that led there."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ecuanime.foundation.fields
from ecuanime.foundation.new_tables import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("emergencies", "0001_initial"),
        ("emergencies", "0002_discarded_guarantees"),
        ("emergencies", "0003_the_room"),
        ("emergencies", "0004_technical_reports"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("billing", "0001_squashed_0030_mandates_once"),
        ("clients", "0001_squashed_0007_offices"),
        ("contracts", "0001_squashed_0012_promised_by_plans"),
        ("foundation", "0001_initial"),
        ("procedures", "0001_initial"),
        ("staff", "0001_squashed_0006_tax_facts"),
        ("tickets", "0001_squashed_0015_indexes_of_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="Emergency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("declared", "Waiting for an expert"),
                            ("evaluating", "Being evaluated"),
                            ("viable", "Answered: the client decides"),
                            ("not_viable", "Not viable"),
                            ("declined", "Declined by the client"),
                            ("withdrawn", "Withdrawn"),
                            ("guarantee_due", "Accepted: the guarantee is due"),
                            ("normalising", "Normalising"),
                            ("normalised", "Normal again, to be confirmed"),
                            ("mitigating", "Fixing the causes"),
                            ("closed", "Closed"),
                        ],
                        default="declared",
                        max_length=16,
                    ),
                ),
                ("facts", models.TextField(max_length=5000, verbose_name="what has stopped working")),
                ("since", models.CharField(blank=True, max_length=200, verbose_name="since when")),
                (
                    "critical",
                    models.TextField(blank=True, max_length=2000, verbose_name="what is critical meanwhile"),
                ),
                ("desired", models.TextField(max_length=2000, verbose_name="when it is normal again")),
                (
                    "available",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="who is available on their side"
                    ),
                ),
                ("declared_at", models.DateTimeField()),
                ("answer_due_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "breached_at",
                    models.DateTimeField(
                        blank=True, help_text="when it was told that the hour is up", null=True
                    ),
                ),
                ("proof_name", models.CharField(blank=True, max_length=200)),
                ("opened_at", models.DateTimeField(blank=True, help_text="when work began", null=True)),
                ("normal_at", models.DateTimeField(blank=True, null=True)),
                (
                    "update_minutes",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="agreed between news to the client; empty: the firm's",
                        null=True,
                    ),
                ),
                (
                    "silence_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="when silence confirms that service is normal, as was agreed",
                        null=True,
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("next_due_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.productarea"
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="emergencies",
                        to="clients.client",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.contact"
                    ),
                ),
                (
                    "declared_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "express_contract",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.contract",
                    ),
                ),
                (
                    "guarantee",
                    models.OneToOneField(
                        blank=True,
                        help_text="empty too when its draft was discarded",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="emergency",
                        to="billing.invoice",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mitigation_contract",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.contract",
                    ),
                ),
                (
                    "proof",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.storedfile",
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="emergency",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["stage", "-id"], name="emergencies_stage_81dc02_idx"),
                    models.Index(fields=["client", "-id"], name="emergencies_client__98e679_idx"),
                    models.Index(
                        condition=models.Q(("next_due_at__isnull", False)),
                        fields=["next_due_at"],
                        name="emergency_due",
                    ),
                    models.Index(
                        condition=models.Q(("silence_at__isnull", False)),
                        fields=["silence_at"],
                        name="emergency_silence",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CeilingRaise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("amount", models.BigIntegerField()),
                ("currency", ecuanime.foundation.fields.CurrencyField(default="EUR", max_length=3)),
                ("at", models.DateTimeField()),
                ("address", models.GenericIPAddressField(blank=True, null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.contact"
                    ),
                ),
                (
                    "emergency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="raises",
                        to="emergencies.emergency",
                    ),
                ),
            ],
            options={
                "ordering": ["emergency", "id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="ceiling_above_zero")
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clients.contact"
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "emergency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="emergencies.emergency",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("emergency", "contact"),
                        name="case_link_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("is_viable", models.BooleanField()),
                (
                    "certainty",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="certainty (%)"),
                ),
                ("risk", models.TextField(blank=True, max_length=2000, verbose_name="risk")),
                ("lasts_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("normalise_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("mitigate_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("guarantee_hours", models.PositiveSmallIntegerField(default=0)),
                ("is_counted", models.BooleanField(default=False)),
                (
                    "elsewhere",
                    models.TextField(blank=True, max_length=2000, verbose_name="where else to turn"),
                ),
                ("reason", models.CharField(blank=True, max_length=600, verbose_name="why")),
                ("given_at", models.DateTimeField()),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "emergency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="emergencies.emergency",
                    ),
                ),
            ],
            options={
                "ordering": ["emergency", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("emergency", "number"), name="assessment_once"),
                    models.CheckConstraint(
                        condition=models.Q(("guarantee_hours__lte", 8)), name="guarantee_up_to_eight_hours"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                (
                    "said",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "alerted"),
                            ("taken", "took it on"),
                            ("passed", "passed it on"),
                            ("silent", "did not answer"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("said_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "emergency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to="emergencies.emergency",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("emergency", "user"), name="alerted_once")],
            },
        ),
        migrations.CreateModel(
            name="Actor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("ours", "on our side"),
                            ("theirs", "on the client's side"),
                            ("other", "of a third party"),
                        ],
                        max_length=8,
                        verbose_name="side",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "role",
                    models.CharField(blank=True, max_length=120, verbose_name="what they do in the case"),
                ),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="phone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                ("is_internal", models.BooleanField(default=False, help_text="the client does not see them")),
                ("added_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                (
                    "emergency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actors",
                        to="emergencies.emergency",
                    ),
                ),
            ],
            options={
                "ordering": ["emergency", "id"],
            },
        ),
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("accepted_at", models.DateTimeField()),
                ("address", models.GenericIPAddressField(blank=True, null=True)),
                ("text", models.TextField()),
                ("text_sha256", models.CharField(max_length=64)),
                (
                    "ceiling",
                    models.BigIntegerField(
                        blank=True, help_text="what may be spent without asking again", null=True
                    ),
                ),
                (
                    "silence_hours",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="after which silence confirms that service is normal; 0: it never does",
                    ),
                ),
                ("currency", ecuanime.foundation.fields.CurrencyField(default="EUR", max_length=3)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.contact"
                    ),
                ),
                (
                    "pdf",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.storedfile",
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="emergencies.assessment",
                    ),
                ),
                (
                    "emergency",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptance",
                        to="emergencies.emergency",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ExpressService",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "is_offered",
                    models.BooleanField(default=False, verbose_name="clients can declare emergencies"),
                ),
                (
                    "guarantee_hours",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(8),
                        ],
                        verbose_name="usual guarantee (hours)",
                    ),
                ),
                (
                    "counts_guarantee",
                    models.BooleanField(
                        default=False, verbose_name="the guarantee usually counts toward the fees"
                    ),
                ),
                (
                    "alert_minutes",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="minutes until the next expert is alerted",
                    ),
                ),
                (
                    "update_minutes",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[django.core.validators.MinValueValidator(5)],
                        verbose_name="minutes between news to the client",
                    ),
                ),
                (
                    "nda",
                    models.TextField(blank=True, max_length=20000, verbose_name="confidentiality agreement"),
                ),
                (
                    "takes_strangers",
                    models.BooleanField(
                        default=False, verbose_name="firms that are no clients can declare them too"
                    ),
                ),
                (
                    "silence_hours",
                    models.PositiveSmallIntegerField(
                        default=24,
                        help_text="0: it never does",
                        validators=[django.core.validators.MaxValueValidator(720)],
                        verbose_name="hours after which silence confirms that service is normal",
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="contracts.coveragecalendar",
                        verbose_name="Express hours",
                    ),
                ),
                (
                    "express_plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.plan",
                        verbose_name="Express rate",
                    ),
                ),
                (
                    "on_demand_plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.plan",
                        verbose_name="on-demand rate",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Happening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("act", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("text", models.CharField(blank=True, max_length=2000)),
                ("is_internal", models.BooleanField(default=False)),
                ("key", models.CharField(blank=True, max_length=40)),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clients.contact",
                    ),
                ),
                (
                    "emergency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="happenings",
                        to="emergencies.emergency",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["emergency", "at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        fields=("emergency", "key"),
                        name="happening_key_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=120)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.storedfile",
                    ),
                ),
                (
                    "happening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="emergencies.happening",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Critical",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("action", "action"), ("result", "result")], max_length=8),
                ),
                ("text", models.CharField(max_length=300)),
                ("who", models.CharField(blank=True, max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("todo", "to do"),
                            ("doing", "being done"),
                            ("waiting", "waiting for somebody"),
                            ("done", "done"),
                            ("cannot", "cannot be done"),
                        ],
                        default="todo",
                        max_length=8,
                    ),
                ),
                ("said", models.CharField(blank=True, max_length=500)),
                ("is_internal", models.BooleanField(default=False, help_text="the client does not see it")),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="critical",
                        to="procedures.runitem",
                    ),
                ),
                (
                    "emergency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="criticals",
                        to="emergencies.emergency",
                    ),
                ),
                (
                    "shown_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="emergencies.happening",
                    ),
                ),
            ],
            options={
                "ordering": ["emergency", "id"],
            },
        ),
        migrations.CreateModel(
            name="OnAlert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="on_alert",
                        to="staff.productarea",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["area", "position", "id"],
                "constraints": [models.UniqueConstraint(fields=("area", "user"), name="on_alert_once")],
            },
        ),
        migrations.CreateModel(
            name="OwnAgreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=40)),
                ("given_at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                (
                    "emergency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="emergencies.emergency",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.storedfile",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.contact"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at__isnull", True)),
                        fields=("emergency",),
                        name="own_agreement_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicDeclaration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("firm", models.CharField(max_length=160)),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254)),
                ("phone", models.CharField(max_length=30)),
                ("facts", models.TextField(max_length=5000)),
                ("since", models.CharField(blank=True, max_length=200)),
                ("critical", models.TextField(blank=True, max_length=2000)),
                ("desired", models.TextField(max_length=2000)),
                ("available", models.CharField(blank=True, max_length=300)),
                ("language", models.CharField(max_length=5)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(db_index=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="staff.productarea"
                    ),
                ),
                (
                    "emergency",
                    models.ForeignKey(
                        blank=True,
                        help_text="that it became, or was added to",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="emergencies.emergency",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("language", models.CharField(max_length=10)),
                ("texts", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "emergency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="emergencies.emergency",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pdf",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.storedfile",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["emergency", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("emergency", "number"), name="report_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("pdf__isnull", True), ("sent_at__isnull", True)),
                            models.Q(("pdf__isnull", False), ("sent_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="sent_report_has_its_pdf",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "question",
                    models.CharField(
                        choices=[
                            ("dossier", "Is there a service dossier?"),
                            ("access", "Do we have access?"),
                            ("backups", "Are there backups that can be restored?"),
                            ("previous", "Have we worked for them before?"),
                            ("competence", "Are the products within our competence?"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "finding",
                    models.CharField(
                        choices=[("yes", "yes"), ("no", "no"), ("unknown", "not known yet")], max_length=8
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="emergencies.assessment",
                    ),
                ),
            ],
            options={
                "ordering": ["assessment", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("assessment", "question"), name="asked_once")
                ],
            },
        ),
    ]
    operations = [CreateModels(*operations)]
