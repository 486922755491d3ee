"""A ticket's time may be billed by itself, and invoice runs then leave it out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("worklog", "0012_terms_windows"),
    ]

    operations = [
        migrations.AddField(
            model_name="termswindow",
            name="bills_apart",
            field=models.BooleanField(
                default=False, help_text="the ticket's time is billed by itself: invoice runs leave it out"
            ),
        ),
    ]
