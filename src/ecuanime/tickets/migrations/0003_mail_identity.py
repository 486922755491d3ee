"""A message keeps what the trusted receiver found out about its sender."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0002_people_around_tickets"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="authenticity",
            field=models.CharField(
                blank=True,
                choices=[
                    ("passed", "The sender is verified"),
                    ("failed", "Take care: this mail does not come from the address it names"),
                    ("unproven", "The sender could not be verified"),
                ],
                help_text="what the trusted receiver found out about the sender; empty when it was not asked",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="authenticity_words",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
