"""All tables of this room as they were first given out, in place of the steps that led there."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ecuanime.foundation.fields
from ecuanime.foundation.new_tables import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("worklog", "0001_initial"),
        ("worklog", "0002_caught_timers"),
        ("worklog", "0003_plan_kinds"),
        ("worklog", "0004_corrections"),
        ("worklog", "0005_disputes_and_substitutes"),
        ("worklog", "0006_correction_recorded"),
        ("worklog", "0007_consented_overage"),
        ("worklog", "0008_time_settled_before"),
        ("worklog", "0009_corrected_segments"),
        ("worklog", "0010_sites"),
        ("worklog", "0011_breach_credits"),
        ("worklog", "0012_terms_windows"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("clients", "0001_squashed_0007_offices"),
        ("contracts", "0001_squashed_0012_promised_by_plans"),
        ("entitlements", "0001_squashed_0010_sites"),
        ("staff", "0001_squashed_0006_tax_facts"),
        ("tickets", "0001_squashed_0015_indexes_of_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClosedDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("closed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="BreachCredit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("minutes", models.PositiveIntegerField()),
                ("month", models.DateField(help_text="its first day")),
                ("given_at", models.DateTimeField()),
                (
                    "deadline",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit",
                        to="tickets.deadline",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="breaches",
                        to="entitlements.lot",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Cut",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("closed_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("next_due_at", models.DateTimeField(blank=True, null=True)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cuts", to="clients.client"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-day", "client"], name="worklog_cut_day_2831a9_idx"),
                    models.Index(
                        condition=models.Q(("next_due_at__isnull", False)),
                        fields=["next_due_at"],
                        name="cut_due",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("client", "day"), name="one_cut_a_day")],
            },
        ),
        migrations.CreateModel(
            name="TimeEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_urgent", models.BooleanField(default=False)),
                ("work_on", models.DateField()),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("elapsed_seconds", models.IntegerField()),
                ("billable_seconds", models.IntegerField(blank=True, null=True)),
                (
                    "units",
                    models.IntegerField(
                        blank=True, help_text="pieces, for a work type with a unit price", null=True
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="what was done")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "not closed yet"),
                            ("closed", "to be reviewed"),
                            ("reviewed", "waiting for the client"),
                            ("disputed", "disputed"),
                            ("approved", "approved"),
                            ("rejected", "rejected"),
                            ("settled", "settled before it was brought over"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("adjust_reason", models.CharField(blank=True, max_length=300)),
                (
                    "self_approved",
                    models.BooleanField(default=False, help_text="nobody else could approve it"),
                ),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "told_at",
                    models.DateTimeField(
                        blank=True, help_text="when the client was asked to approve this version", null=True
                    ),
                ),
                (
                    "overage_consented_at",
                    models.DateTimeField(
                        blank=True, help_text="when the client let its held overage be charged", null=True
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
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
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="time_entries",
                        to="clients.client",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="time_entries",
                        to="contracts.contract",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="worklog.timeentry",
                    ),
                ),
                (
                    "cut",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="worklog.cut",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="clients.site"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="time_entries",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="time_entries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "work_type",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="contracts.worktype"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["user", "work_on", "started_at"], name="worklog_tim_user_id_037cfe_idx"
                    ),
                    models.Index(
                        fields=["client", "state", "work_on", "id"], name="worklog_tim_client__6d305d_idx"
                    ),
                    models.Index(
                        fields=["contract", "state", "work_on", "id"], name="worklog_tim_contrac_b1d84a_idx"
                    ),
                    models.Index(fields=["state", "work_on"], name="worklog_tim_state_7c44e3_idx"),
                    models.Index(fields=["ticket", "work_on", "id"], name="worklog_tim_ticket__55380e_idx"),
                    models.Index(fields=["client", "-id"], name="worklog_tim_client__f4d66a_idx"),
                    models.Index(fields=["client", "-work_on", "-id"], name="entry_of_client_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("started_at__isnull", True)),
                            models.Q(
                                ("ended_at__gte", models.F("started_at")), ("started_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="entry_times_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", False),
                            models.Q(
                                ("elapsed_seconds__gte", 0),
                                models.Q(
                                    ("billable_seconds__isnull", True),
                                    ("billable_seconds__gte", 0),
                                    _connector="OR",
                                ),
                                models.Q(("units__isnull", True), ("units__gte", 0), _connector="OR"),
                            ),
                            _connector="OR",
                        ),
                        name="entry_negative_only_to_correct",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "settled"), _negated=True),
                            models.Q(
                                ("approved_at__isnull", True),
                                ("contract__isnull", True),
                                ("corrects__isnull", True),
                                ("cut__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="settled_time_is_never_ours",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RatedEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rated_at", models.DateTimeField()),
                ("group", models.CharField(help_text="what it was rounded together with", max_length=60)),
                ("booked_seconds", models.IntegerField(help_text="billable seconds it added to its group")),
                ("rounded_minutes", models.IntegerField(help_text="minutes it added to its group")),
                ("weighted", models.BigIntegerField()),
                ("included", models.BigIntegerField(default=0)),
                ("drawn", models.BigIntegerField()),
                ("overage", models.BigIntegerField()),
                ("trace", models.JSONField()),
                ("superseded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "contract",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="contracts.contract"),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ratings",
                        to="worklog.timeentry",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["contract", "group"], name="worklog_rat_contrac_06e76e_idx")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("entry",),
                        name="one_rating_in_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RatedSegment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("elapsed_seconds", models.IntegerField()),
                ("rounded_minutes", models.IntegerField()),
                ("weight", ecuanime.foundation.fields.FactorField(decimal_places=4, default=1, max_digits=8)),
                (
                    "level_weight",
                    ecuanime.foundation.fields.FactorField(decimal_places=4, default=1, max_digits=8),
                ),
                ("surcharge", models.CharField(blank=True, max_length=12)),
                (
                    "surcharge_factor",
                    ecuanime.foundation.fields.FactorField(decimal_places=4, default=1, max_digits=8),
                ),
                ("weighted", models.BigIntegerField()),
                ("included", models.BigIntegerField(default=0)),
                ("drawn", models.BigIntegerField()),
                ("overage", models.BigIntegerField()),
                (
                    "overdraft",
                    models.BigIntegerField(default=0, help_text="of the overage, what the next pack settles"),
                ),
                (
                    "held",
                    models.BigIntegerField(default=0, help_text="of the overage, what waits for a person"),
                ),
                (
                    "consented",
                    models.BigIntegerField(
                        default=0, help_text="of the overage, what is billed since the client let it"
                    ),
                ),
                ("charged_numerator", models.BigIntegerField(default=0, help_text="minutes")),
                ("charged_denominator", models.BigIntegerField(default=1)),
                (
                    "units",
                    ecuanime.foundation.fields.OptionalRateField(
                        blank=True,
                        decimal_places=6,
                        help_text="pieces, when it is priced by the unit",
                        max_digits=14,
                        null=True,
                    ),
                ),
                (
                    "price",
                    ecuanime.foundation.fields.OptionalRateField(
                        blank=True,
                        decimal_places=6,
                        help_text="per hour, or per unit when `units` is set",
                        max_digits=14,
                        null=True,
                    ),
                ),
                ("currency", ecuanime.foundation.fields.CurrencyField(default="EUR", max_length=3)),
                (
                    "held_reason",
                    models.CharField(
                        blank=True, help_text="why it waits for a person, empty if not", max_length=20
                    ),
                ),
                (
                    "taken_numerator",
                    models.BigIntegerField(default=0, help_text="charged minutes that corrections took"),
                ),
                ("taken_denominator", models.BigIntegerField(default=1)),
                ("taken_units", models.IntegerField(default=0, help_text="pieces that corrections took")),
                (
                    "cover",
                    models.ForeignKey(
                        blank=True,
                        help_text="what of the plan includes it",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="contracts.cover",
                    ),
                ),
                (
                    "rating",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="segments",
                        to="worklog.ratedentry",
                    ),
                ),
                (
                    "takes_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="takings",
                        to="worklog.ratedsegment",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("taken_numerator__gt", 0), ("taken_units__gt", 0), _connector="OR"
                        ),
                        fields=["id"],
                        name="segment_corrected",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("rating", "position"), name="segment_position_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SegmentDraw",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.BigIntegerField()),
                (
                    "lot",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="entitlements.lot"),
                ),
                (
                    "movement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="entitlements.movement"
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="draws",
                        to="worklog.ratedsegment",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TermsWindow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                ("is_free", models.BooleanField(default=False)),
                (
                    "bills_apart",
                    models.BooleanField(
                        default=False,
                        help_text="the ticket's time is billed by itself: invoice runs leave it out",
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "contract",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.contract",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms_windows",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["ticket", "since", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "since"), name="terms_window_once")
                ],
            },
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
        migrations.CreateModel(
            name="Decision",
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
                            ("review", "approved by the supervisor"),
                            ("adjust", "adjusted"),
                            ("reject", "rejected"),
                            ("approve", "approved by the client"),
                            ("dispute", "disputed"),
                            ("silence", "approved by silence"),
                            ("answer", "answered"),
                            ("consent", "overage consented by the client"),
                            ("free", "taken back"),
                            ("comment", "comment"),
                            ("correct", "correction recorded"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("entry_version", models.PositiveIntegerField()),
                ("reason", models.CharField(blank=True, max_length=600)),
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
                    "stands_for",
                    models.ForeignKey(
                        blank=True,
                        help_text="the project lead whose limits it counts against, where somebody stood in",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clients.contact",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="worklog.timeentry",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Timer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "caught_at",
                    models.DateTimeField(
                        blank=True, help_text="when the daily cut found it forgotten", null=True
                    ),
                ),
                (
                    "proposed_end",
                    models.DateTimeField(
                        blank=True, help_text="when the work seems to have ended", null=True
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="timers",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="timer",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "work_type",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="contracts.worktype"),
                ),
            ],
        ),
    ]
    operations = [CreateModels(*operations)]
