"""Approved time is corrected by entries of their own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0001_initial"),
        ("contracts", "0004_plan_kinds"),
        ("staff", "0001_initial"),
        ("tickets", "0001_initial"),
        ("worklog", "0003_plan_kinds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="ratedsegment",
            name="taken_denominator",
            field=models.BigIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="ratedsegment",
            name="taken_numerator",
            field=models.BigIntegerField(default=0, help_text="charged minutes that corrections took"),
        ),
        migrations.AddField(
            model_name="ratedsegment",
            name="taken_units",
            field=models.IntegerField(default=0, help_text="pieces that corrections took"),
        ),
        migrations.AddField(
            model_name="ratedsegment",
            name="takes_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="takings",
                to="worklog.ratedsegment",
            ),
        ),
        migrations.AddField(
            model_name="timeentry",
            name="corrects",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="worklog.timeentry",
            ),
        ),
        migrations.AlterField(
            model_name="ratedentry",
            name="booked_seconds",
            field=models.IntegerField(help_text="billable seconds it added to its group"),
        ),
        migrations.AlterField(
            model_name="ratedentry",
            name="rounded_minutes",
            field=models.IntegerField(help_text="minutes it added to its group"),
        ),
        migrations.AlterField(
            model_name="ratedsegment",
            name="elapsed_seconds",
            field=models.IntegerField(),
        ),
        migrations.AlterField(
            model_name="ratedsegment",
            name="rounded_minutes",
            field=models.IntegerField(),
        ),
        migrations.AlterField(
            model_name="timeentry",
            name="billable_seconds",
            field=models.IntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="timeentry",
            name="elapsed_seconds",
            field=models.IntegerField(),
        ),
        migrations.AlterField(
            model_name="timeentry",
            name="units",
            field=models.IntegerField(
                blank=True, help_text="pieces, for a work type with a unit price", null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="timeentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("corrects__isnull", False),
                    models.Q(
                        ("elapsed_seconds__gte", 0),
                        models.Q(
                            ("billable_seconds__isnull", True), ("billable_seconds__gte", 0), _connector="OR"
                        ),
                        models.Q(("units__isnull", True), ("units__gte", 0), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="entry_negative_only_to_correct",
            ),
        ),
    ]
