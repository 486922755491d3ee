"""Tokens say whether they write; those that are out there only read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="scope",
            field=models.CharField(
                choices=[("read", "read"), ("write", "read and write")],
                default="read",
                max_length=5,
                verbose_name="what it may do",
            ),
        ),
    ]
