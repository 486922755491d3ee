"""A timer that nobody stopped is noticed once, and its person asked once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("worklog", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="timer",
            name="caught_at",
            field=models.DateTimeField(
                blank=True, help_text="when the daily cut found it forgotten", null=True
            ),
        ),
        migrations.AddField(
            model_name="timer",
            name="proposed_end",
            field=models.DateTimeField(blank=True, help_text="when the work seems to have ended", null=True),
        ),
    ]
