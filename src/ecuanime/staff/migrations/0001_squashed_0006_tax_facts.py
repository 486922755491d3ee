"""All tables of this room as they were first given out, in place of the steps that led there."""

import datetime

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import ecuanime.foundation.fields
from ecuanime.foundation.new_tables import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("staff", "0001_initial"),
        ("staff", "0002_teams_hours_and_leave"),
        ("staff", "0003_how_often_satisfaction_is_asked"),
        ("staff", "0004_public_form"),
        ("staff", "0005_who_is_told_that_time_is_up"),
        ("staff", "0006_tax_facts"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Holiday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(unique=True)),
                ("name", models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name="ProductArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", "name"],
            },
        ),
        migrations.CreateModel(
            name="Firm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                (
                    "country",
                    models.CharField(help_text="ISO 3166-1 alpha-2", max_length=2, verbose_name="country"),
                ),
                ("tax_id", models.CharField(blank=True, max_length=30, verbose_name="tax id")),
                (
                    "legal_form",
                    models.CharField(
                        choices=[
                            ("company", "company or other entity"),
                            ("professional", "natural person, professional activity"),
                            ("trader", "natural person, business activity"),
                        ],
                        default="company",
                        max_length=12,
                        verbose_name="legal form",
                    ),
                ),
                (
                    "professional_since",
                    models.DateField(blank=True, null=True, verbose_name="professional activity since"),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("postcode", models.CharField(blank=True, max_length=12, verbose_name="postcode")),
                ("city", models.CharField(blank=True, max_length=80, verbose_name="city")),
                ("region", models.CharField(blank=True, max_length=80, verbose_name="region")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="phone")),
                ("website", models.URLField(blank=True, verbose_name="website")),
                ("iban", models.CharField(blank=True, max_length=34, verbose_name="bank account (IBAN)")),
                (
                    "registry_note",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="registry details for invoices"
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(default="Europe/Madrid", max_length=60, verbose_name="time zone"),
                ),
                (
                    "currency",
                    ecuanime.foundation.fields.CurrencyField(
                        default="EUR", max_length=3, verbose_name="currency"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("es", "Español"), ("en", "English")],
                        default="es",
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                (
                    "holiday_subdivision",
                    models.CharField(blank=True, max_length=10, verbose_name="region for holidays"),
                ),
                ("opens_at", models.TimeField(default=datetime.time(9, 0), verbose_name="opens at")),
                ("closes_at", models.TimeField(default=datetime.time(18, 0), verbose_name="closes at")),
                ("cut_at", models.TimeField(default=datetime.time(20, 0), verbose_name="daily cut")),
                (
                    "close_solved_after_days",
                    models.PositiveSmallIntegerField(
                        default=7, verbose_name="days until a solved ticket closes"
                    ),
                ),
                (
                    "assigns_by_itself",
                    models.BooleanField(
                        default=False, verbose_name="new tickets are given to somebody at once"
                    ),
                ),
                (
                    "satisfaction_every_days",
                    models.PositiveSmallIntegerField(
                        default=90,
                        help_text="a contact is asked at most once in so many days; 0 asks nobody",
                        verbose_name="days between two questions about satisfaction",
                    ),
                ),
                (
                    "escalates_to",
                    models.CharField(
                        choices=[
                            ("supervisors", "the supervisors"),
                            ("lead", "whoever leads the team of its queue, else the supervisors"),
                            ("both", "whoever leads the team of its queue, and the supervisors"),
                        ],
                        default="supervisors",
                        max_length=12,
                        verbose_name="that a promised time is up is told to",
                    ),
                ),
                (
                    "takes_public_requests",
                    models.BooleanField(default=False, verbose_name="anybody may ask by the public form"),
                ),
                ("is_demo", models.BooleanField(default=False)),
                ("setup_finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_firm")],
            },
        ),
        migrations.CreateModel(
            name="Leave",
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
                            ("holiday", "Holiday"),
                            ("sick", "Sick leave"),
                            ("training", "Training"),
                            ("other", "Other leave"),
                        ],
                        default="holiday",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("first_day", models.DateField(verbose_name="from")),
                ("last_day", models.DateField(help_text="inclusive", verbose_name="until")),
                ("from_time", models.TimeField(blank=True, null=True, verbose_name="from (time)")),
                ("until_time", models.TimeField(blank=True, null=True, verbose_name="until (time)")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("asked_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="leaves",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["first_day", "id"],
                "indexes": [
                    models.Index(fields=["user", "last_day"], name="staff_leave_user_id_d5232e_idx"),
                    models.Index(fields=["last_day"], name="staff_leave_last_da_c02387_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))), name="leave_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("from_time", None), ("until_time", None)),
                            models.Q(
                                ("first_day", models.F("last_day")), ("until_time__gt", models.F("from_time"))
                            ),
                            _connector="OR",
                        ),
                        name="leave_part_of_one_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Competence",
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
                        choices=[("technician", "Technician"), ("consultant", "Consultant")],
                        default="technician",
                        max_length=20,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="competences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="competences",
                        to="staff.productarea",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "area"), name="competence_once")],
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who leads it",
                    ),
                ),
                (
                    "members",
                    models.ManyToManyField(
                        blank=True, related_name="teams", to=settings.AUTH_USER_MODEL, verbose_name="members"
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"), name="team_name_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkingBand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField(verbose_name="weekday")),
                ("opens", models.TimeField(verbose_name="from")),
                ("closes", models.TimeField(verbose_name="until")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="working_bands",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["weekday", "opens"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "weekday", "opens"), name="working_band_once"),
                    models.CheckConstraint(
                        condition=models.Q(("weekday__lte", 6)), name="working_band_in_a_week"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closes", "00:00"), ("closes__gt", models.F("opens")), _connector="OR"
                        ),
                        name="working_band_makes_sense",
                    ),
                ],
            },
        ),
    ]
    operations = [CreateModels(*operations)]
