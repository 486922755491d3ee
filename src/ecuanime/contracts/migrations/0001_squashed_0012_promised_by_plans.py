"""All tables of this room as they were first given out, in place of the steps that led there."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ecuanime.foundation.fields
from ecuanime.foundation.new_tables import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("contracts", "0001_initial"),
        ("contracts", "0002_published_versions_stay"),
        ("contracts", "0003_quotes_and_answers"),
        ("contracts", "0004_plan_kinds"),
        ("contracts", "0005_renewal_and_settlement"),
        ("contracts", "0006_pack_renewal"),
        ("contracts", "0007_overage_and_parts_of_periods"),
        ("contracts", "0008_service_levels"),
        ("contracts", "0009_hours_left_move_on"),
        ("contracts", "0010_promised_in_queues"),
        ("contracts", "0011_sites"),
        ("contracts", "0012_promised_by_plans"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("clients", "0001_squashed_0007_offices"),
        ("foundation", "0001_initial"),
        ("staff", "0001_squashed_0006_tax_facts"),
    ]

    operations = [
        migrations.CreateModel(
            name="CoverageCalendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("observes_holidays", models.BooleanField(default=True, verbose_name="closed on holidays")),
            ],
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hour_pack", "Hour pack"),
                            ("incident_pack", "Incident pack"),
                            ("monthly", "Fixed monthly"),
                            ("flat", "Flat fee"),
                            ("included", "Included period"),
                            ("on_demand", "On demand"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("is_on_sale", models.BooleanField(default=True, verbose_name="on sale")),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="WorkType",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name_es", models.CharField(max_length=80, verbose_name="name in Spanish")),
                ("name_en", models.CharField(max_length=80, verbose_name="name in English")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["position", "code"],
            },
        ),
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("name_es", models.CharField(max_length=120, verbose_name="name in Spanish")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                (
                    "currency",
                    ecuanime.foundation.fields.CurrencyField(
                        default="EUR", max_length=3, verbose_name="currency"
                    ),
                ),
                (
                    "rounding_group",
                    models.CharField(
                        choices=[
                            ("entry", "each entry"),
                            ("ticket", "each ticket"),
                            ("ticket_day", "each ticket and day"),
                            ("day", "each day"),
                        ],
                        default="ticket_day",
                        max_length=12,
                    ),
                ),
                (
                    "rounding_step",
                    models.PositiveSmallIntegerField(default=15, verbose_name="step (minutes)"),
                ),
                (
                    "rounding_mode",
                    models.CharField(
                        choices=[("up", "up"), ("nearest", "to the nearest"), ("down", "down")],
                        default="up",
                        max_length=8,
                    ),
                ),
                (
                    "rounding_tie",
                    models.CharField(
                        choices=[("up", "up"), ("down", "down"), ("even", "to the even step")],
                        default="up",
                        max_length=5,
                    ),
                ),
                (
                    "minimum_minutes",
                    models.PositiveSmallIntegerField(default=0, verbose_name="minimum (minutes)"),
                ),
                (
                    "overage",
                    models.CharField(
                        choices=[
                            ("bill", "bill it at the overage rate"),
                            ("overdraft", "note it down for the next pack to settle"),
                            ("hold", "hold it until the client consents"),
                        ],
                        default="bill",
                        max_length=10,
                    ),
                ),
                (
                    "overage_limit_minutes",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="overage without asking (minutes)"
                    ),
                ),
                (
                    "overage_price",
                    ecuanime.foundation.fields.OptionalRateField(
                        blank=True,
                        decimal_places=6,
                        max_digits=14,
                        null=True,
                        verbose_name="overage price per hour",
                    ),
                ),
                (
                    "term_months",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="term (months)"),
                ),
                ("notice_days", models.PositiveSmallIntegerField(default=30, verbose_name="notice (days)")),
                (
                    "approval",
                    models.CharField(
                        choices=[("supervisor", "the supervisor"), ("both", "the supervisor and the client")],
                        default="both",
                        max_length=12,
                    ),
                ),
                ("silence_is_consent", models.BooleanField(default=False, verbose_name="silence is consent")),
                (
                    "approval_days",
                    models.PositiveSmallIntegerField(default=5, verbose_name="days to answer (working days)"),
                ),
                (
                    "hours_visible",
                    models.BooleanField(default=True, verbose_name="the client sees the hours left"),
                ),
                ("payment_days", models.PositiveSmallIntegerField(default=30, verbose_name="days to pay")),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="contracts.coveragecalendar",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="contracts.plan",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("plan", "number"), name="plan_version_once")],
            },
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("quoted", "waiting for an answer"),
                            ("accepted", "accepted, not begun"),
                            ("active", "active"),
                            ("ended", "ended"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                            ("lapsed", "not answered in time"),
                        ],
                        default="active",
                        max_length=10,
                    ),
                ),
                ("time_zone", models.CharField(max_length=60, verbose_name="time zone")),
                ("starts_on", models.DateField(verbose_name="starts on")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends on")),
                (
                    "precedence",
                    models.SmallIntegerField(
                        default=100, help_text="the lowest that fits a ticket is proposed"
                    ),
                ),
                (
                    "approval",
                    models.CharField(
                        blank=True,
                        choices=[("supervisor", "the supervisor"), ("both", "the supervisor and the client")],
                        max_length=12,
                    ),
                ),
                (
                    "overage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("bill", "bill it at the overage rate"),
                            ("overdraft", "note it down for the next pack to settle"),
                            ("hold", "hold it until the client consents"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "overage_price",
                    ecuanime.foundation.fields.OptionalRateField(
                        blank=True,
                        decimal_places=6,
                        max_digits=14,
                        null=True,
                        verbose_name="overage price per hour",
                    ),
                ),
                (
                    "overage_limit_minutes",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="overage without asking (minutes)"
                    ),
                ),
                ("hours_visible", models.BooleanField(blank=True, null=True)),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="part of what is accepted", max_length=2000, verbose_name="note"
                    ),
                ),
                (
                    "valid_until",
                    models.DateField(
                        blank=True, help_text="the last day on which the quote can be answered", null=True
                    ),
                ),
                (
                    "sent_at",
                    models.DateTimeField(
                        blank=True, help_text="when the quote went to the client", null=True
                    ),
                ),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "auto_renews",
                    models.BooleanField(
                        default=False,
                        help_text="the client agreed that it renews by itself when its term ends",
                    ),
                ),
                (
                    "renews_pack",
                    models.BooleanField(
                        default=False,
                        help_text="the client agreed that the next pack is ordered when one nears its end",
                    ),
                ),
                (
                    "noticed_on",
                    models.DateField(
                        blank=True, help_text="when the client was told that its term ends", null=True
                    ),
                ),
                (
                    "is_final",
                    models.BooleanField(
                        default=False, help_text="somebody decided its end: it is not renewed"
                    ),
                ),
                ("end_reason", models.CharField(blank=True, max_length=300)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "settlement",
                    models.CharField(blank=True, help_text="what became of what was left", max_length=600),
                ),
                ("next_due_at", models.DateTimeField(blank=True, null=True)),
                (
                    "next_period_at",
                    models.DateTimeField(
                        blank=True, help_text="when its next period is to be opened", null=True
                    ),
                ),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="clients.contact",
                    ),
                ),
                (
                    "areas",
                    models.ManyToManyField(blank=True, help_text="empty: every area", to="staff.productarea"),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="clients.client",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="who drafted the quote, or noted an acceptance given without one",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successors",
                        to="contracts.contract",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sites",
                    models.ManyToManyField(
                        blank=True, help_text="of its client; empty: every site", to="clients.site"
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        blank=True,
                        help_text="the quote that this one, once sent, is instead of",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="contracts.contract",
                    ),
                ),
                (
                    "renewal_version",
                    models.ForeignKey(
                        blank=True,
                        help_text="what it renews as, as the notice said",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.planversion",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="contracts.planversion",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["client", "state", "precedence"], name="contracts_c_client__416dfb_idx"
                    ),
                    models.Index(fields=["state", "-id"], name="contracts_c_state_6395cf_idx"),
                    models.Index(
                        condition=models.Q(("next_due_at__isnull", False)),
                        fields=["next_due_at"],
                        name="contract_due",
                    ),
                    models.Index(
                        condition=models.Q(("next_period_at__isnull", False)),
                        fields=["next_period_at"],
                        name="contract_period_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("accepted", "active", "ended"))),
                        fields=("replaces",),
                        name="one_successor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at__isnull", False),
                            models.Q(("state__in", ("accepted", "active", "ended")), _negated=True),
                            _connector="OR",
                        ),
                        name="accepted_is_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
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
                        choices=[("accepted", "accepted"), ("declined", "declined")], max_length=10
                    ),
                ),
                ("at", models.DateTimeField()),
                ("given_on", models.DateField(help_text="the day of the answer, in the contract's zone")),
                ("name", models.CharField(max_length=120)),
                ("address", models.GenericIPAddressField(blank=True, null=True)),
                ("language", models.CharField(max_length=5)),
                ("text", models.TextField()),
                ("text_sha256", models.CharField(max_length=64)),
                ("reason", models.CharField(blank=True, help_text="why it was declined", max_length=600)),
                ("note", models.CharField(blank=True, max_length=600)),
                ("file_name", models.CharField(blank=True, max_length=150)),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="clients.contact",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="foundation.storedfile",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contract",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="contracts.contract",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CoverageBand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField(help_text="0 Monday … 6 Sunday")),
                ("starts_at", models.TimeField()),
                ("ends_at", models.TimeField(blank=True, null=True)),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bands",
                        to="contracts.coveragecalendar",
                    ),
                ),
            ],
            options={
                "ordering": ["weekday", "starts_at"],
            },
        ),
        migrations.CreateModel(
            name="LevelWeight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("technician", "Technician"), ("consultant", "Consultant")], max_length=20
                    ),
                ),
                ("factor", ecuanime.foundation.fields.FactorField(decimal_places=4, default=1, max_digits=8)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="level_weights",
                        to="contracts.planversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "level"), name="level_weight_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Fee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "price",
                    ecuanime.foundation.fields.RateField(
                        decimal_places=6, max_digits=14, verbose_name="price per period"
                    ),
                ),
                ("every_months", models.PositiveSmallIntegerField(default=1, verbose_name="every (months)")),
                (
                    "begins",
                    models.CharField(
                        choices=[
                            ("start", "on the contract's first day"),
                            ("month", "on the first of a month"),
                        ],
                        default="start",
                        max_length=5,
                        verbose_name="periods begin",
                    ),
                ),
                (
                    "pro_rata",
                    models.CharField(
                        choices=[
                            ("none", "the whole fee"),
                            ("by_day", "its share by days"),
                            ("shares", "its share by days, and brings its share"),
                        ],
                        default="none",
                        max_length=6,
                        verbose_name="part of a period costs",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fees",
                        to="contracts.planversion",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("version",), name="fee_once")],
            },
        ),
        migrations.CreateModel(
            name="PriceTier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_quantity", models.PositiveIntegerField(verbose_name="from")),
                (
                    "unit_price",
                    ecuanime.foundation.fields.RateField(
                        decimal_places=6, max_digits=14, verbose_name="price per hour or incident"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tiers",
                        to="contracts.planversion",
                    ),
                ),
            ],
            options={
                "ordering": ["from_quantity"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "from_quantity"), name="tier_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceLevel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_of_queue", models.BooleanField(default=False)),
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
                (
                    "version",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="service_level",
                        to="contracts.planversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("client__isnull", True),
                                ("contract__isnull", True),
                                ("version__isnull", True),
                            ),
                            models.Q(
                                ("client__isnull", True), ("is_of_queue", False), ("version__isnull", True)
                            ),
                            models.Q(
                                ("contract__isnull", True), ("is_of_queue", False), ("version__isnull", True)
                            ),
                            models.Q(
                                ("client__isnull", True), ("contract__isnull", True), ("is_of_queue", False)
                            ),
                            _connector="OR",
                        ),
                        name="service_level_of_one",
                    ),
                    models.UniqueConstraint(
                        models.Value(1),
                        condition=models.Q(
                            ("client__isnull", True),
                            ("contract__isnull", True),
                            ("is_of_queue", False),
                            ("version__isnull", True),
                        ),
                        name="one_default_service_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("warn_percent__gte", 1), ("warn_percent__lte", 100)),
                        name="service_level_warns_in_time",
                    ),
                ],
            },
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("level", "priority", "metric"), name="service_target_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 1)), name="service_target_has_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Surcharge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "when",
                    models.CharField(
                        choices=[
                            ("after_hours", "outside the coverage hours"),
                            ("holiday", "on holidays"),
                            ("urgent", "urgent"),
                        ],
                        max_length=12,
                    ),
                ),
                ("factor", ecuanime.foundation.fields.FactorField(decimal_places=4, max_digits=8)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="surcharges",
                        to="contracts.planversion",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("version", "when"), name="surcharge_once")],
            },
        ),
        migrations.CreateModel(
            name="Weight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("factor", ecuanime.foundation.fields.FactorField(decimal_places=4, default=1, max_digits=8)),
                ("free_under_minutes", models.PositiveSmallIntegerField(default=0)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="weights",
                        to="contracts.planversion",
                    ),
                ),
                (
                    "work_type",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="contracts.worktype"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("version", "work_type"), name="weight_once")],
            },
        ),
        migrations.CreateModel(
            name="Rate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[("technician", "Technician"), ("consultant", "Consultant")],
                        max_length=20,
                    ),
                ),
                (
                    "band",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "always"),
                            ("after_hours", "outside the coverage hours"),
                            ("holiday", "on holidays"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                (
                    "price_per_hour",
                    ecuanime.foundation.fields.OptionalRateField(
                        blank=True, decimal_places=6, max_digits=14, null=True, verbose_name="price per hour"
                    ),
                ),
                (
                    "unit_price",
                    ecuanime.foundation.fields.OptionalRateField(
                        blank=True, decimal_places=6, max_digits=14, null=True, verbose_name="price per unit"
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_until", models.DateField(blank=True, help_text="inclusive", null=True)),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="staff.productarea",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rates",
                        to="contracts.planversion",
                    ),
                ),
                (
                    "work_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="contracts.worktype",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("price_per_hour__isnull", False), ("unit_price__isnull", False), _connector="XOR"
                        ),
                        name="rate_hour_or_unit",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[("minutes", "hours and minutes"), ("incidents", "incidents")],
                        default="minutes",
                        max_length=10,
                    ),
                ),
                (
                    "per",
                    models.CharField(
                        choices=[("purchase", "at each purchase"), ("period", "in each period")],
                        default="purchase",
                        max_length=10,
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity (hours or incidents)")),
                (
                    "valid_months",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="valid for (months)"
                    ),
                ),
                (
                    "bonus_every",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="a bonus for each"),
                ),
                ("bonus", models.PositiveIntegerField(default=0, verbose_name="bonus")),
                (
                    "rollover_cap",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="rolls over up to"),
                ),
                (
                    "rollover_periods",
                    models.PositiveSmallIntegerField(default=1, verbose_name="for (periods)"),
                ),
                (
                    "moves_on",
                    models.BooleanField(
                        default=False, verbose_name="what is left moves to the contract that renews it"
                    ),
                ),
                ("priority", models.SmallIntegerField(default=100)),
                (
                    "areas",
                    models.ManyToManyField(
                        blank=True, help_text="empty: all of the contract's areas", to="staff.productarea"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="contracts.planversion",
                    ),
                ),
                (
                    "work_types",
                    models.ManyToManyField(
                        blank=True, help_text="empty: every work type", to="contracts.worktype"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Cover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cap_minutes",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="at most of each ticket (minutes)"
                    ),
                ),
                ("needs_incident", models.BooleanField(default=False, verbose_name="only with an incident")),
                (
                    "in_hours_only",
                    models.BooleanField(default=False, verbose_name="only in the hours covered"),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="staff.productarea",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="covers",
                        to="contracts.planversion",
                    ),
                ),
                (
                    "work_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="contracts.worktype",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "area", "work_type", "in_hours_only"),
                        name="cover_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContractPeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("opened_at", models.DateTimeField()),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="periods",
                        to="contracts.contract",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("contract", "number"), name="period_number_once"),
                    models.UniqueConstraint(fields=("contract", "first_day"), name="period_day_once"),
                ],
            },
        ),
    ]
    operations = [CreateModels(*operations)]
