"""A mailbox says whether somebody hears at once what comes to it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0002_mail_identity"),
    ]

    operations = [
        migrations.AddField(
            model_name="imapsource",
            name="watched_at",
            field=models.DateTimeField(
                blank=True, help_text="when a watcher last said that it hears at once what comes", null=True
            ),
        ),
    ]
