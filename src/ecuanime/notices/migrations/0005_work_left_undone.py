"""Administrators are told of regular work that could not be done."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_squashed_0004_emergencies_told"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("mention", "Somebody names me in a note"),
                    ("assigned", "A ticket is given to me"),
                    ("client", "The client writes on a ticket of mine"),
                    ("team", "A colleague writes on a ticket of mine"),
                    ("state", "A ticket of mine changes its state"),
                    ("deadline", "A deadline comes near or is missed"),
                    ("agency", "Invoice records do not reach the tax agency"),
                    ("emergency", "An emergency needs me"),
                    ("mailbox", "A mailbox can no longer be fetched, or can again"),
                    ("work", "Regular work could not be done"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="preference",
            name="kind",
            field=models.CharField(
                choices=[
                    ("mention", "Somebody names me in a note"),
                    ("assigned", "A ticket is given to me"),
                    ("client", "The client writes on a ticket of mine"),
                    ("team", "A colleague writes on a ticket of mine"),
                    ("state", "A ticket of mine changes its state"),
                    ("deadline", "A deadline comes near or is missed"),
                    ("agency", "Invoice records do not reach the tax agency"),
                    ("emergency", "An emergency needs me"),
                    ("mailbox", "A mailbox can no longer be fetched, or can again"),
                    ("work", "Regular work could not be done"),
                ],
                max_length=12,
            ),
        ),
    ]
