"""Tickets and messages may have come by the public form."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0011_version"),
    ]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="channel",
            field=models.CharField(
                choices=[
                    ("email", "E-mail"),
                    ("portal", "Portal"),
                    ("staff", "Team"),
                    ("api", "API"),
                    ("web", "Web form"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="channel",
            field=models.CharField(
                choices=[
                    ("email", "E-mail"),
                    ("portal", "Portal"),
                    ("staff", "Team"),
                    ("api", "API"),
                    ("web", "Web form"),
                ],
                max_length=10,
            ),
        ),
    ]
