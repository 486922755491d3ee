"""Teams have a lead, and the firm says who is told that a promised time is up."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0004_public_form"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="firm",
            name="escalates_to",
            field=models.CharField(
                choices=[
                    ("supervisors", "the supervisors"),
                    ("lead", "whoever leads the team of its queue, else the supervisors"),
                    ("both", "whoever leads the team of its queue, and the supervisors"),
                ],
                default="supervisors",
                max_length=12,
                verbose_name="that a promised time is up is told to",
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="lead",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who leads it",
            ),
        ),
    ]
