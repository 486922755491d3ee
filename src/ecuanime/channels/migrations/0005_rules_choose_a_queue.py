"""A rule for incoming mail can put a new request in a queue."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0004_public_form"),
        ("tickets", "0013_queues_promise_and_give_out"),
    ]

    operations = [
        migrations.AddField(
            model_name="mailrule",
            name="queue",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="tickets.queue",
            ),
        ),
    ]
