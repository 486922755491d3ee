"""The firm says whether anybody may ask by the public form."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0003_how_often_satisfaction_is_asked"),
    ]

    operations = [
        migrations.AddField(
            model_name="firm",
            name="takes_public_requests",
            field=models.BooleanField(default=False, verbose_name="anybody may ask by the public form"),
        ),
    ]
