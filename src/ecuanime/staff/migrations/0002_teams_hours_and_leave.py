"""Teams, the hours each person works and the days they are away, so that work goes to somebody who is there."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="firm",
            name="assigns_by_itself",
            field=models.BooleanField(
                default=False, verbose_name="new tickets are given to somebody at once"
            ),
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
