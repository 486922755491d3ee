"""A mandate may allow one collection alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0029_hand_overs"),
    ]

    operations = [
        migrations.AddField(
            model_name="mandate",
            name="is_once",
            field=models.BooleanField(default=False, help_text="it allows one collection alone"),
        ),
    ]
