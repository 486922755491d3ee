"""The few segments that corrections took from are found at once, however many there are in all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("worklog", "0008_time_settled_before"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="ratedsegment",
            index=models.Index(
                condition=models.Q(("taken_numerator__gt", 0), ("taken_units__gt", 0), _connector="OR"),
                fields=["id"],
                name="segment_corrected",
            ),
        ),
    ]
