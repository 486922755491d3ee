"""People of the firm have a phone number for their colleagues."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_squashed_0003_identities"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="phone",
            field=models.CharField(
                blank=True,
                default="",
                help_text="seen by colleagues, never by clients",
                max_length=30,
                verbose_name="phone",
            ),
            preserve_default=False,
        ),
    ]
