"""A queue can promise times, and says whether its tickets are given to somebody at once."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0010_promised_in_queues"),
        ("tickets", "0012_public_form"),
    ]

    operations = [
        migrations.AddField(
            model_name="queue",
            name="giving_out",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "as the firm does"),
                    ("at_once", "given to somebody at once"),
                    ("by_hand", "each takes them"),
                ],
                default="",
                max_length=8,
                verbose_name="its tickets are",
            ),
        ),
        migrations.AddField(
            model_name="queue",
            name="service_level",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="queue",
                to="contracts.servicelevel",
            ),
        ),
    ]
