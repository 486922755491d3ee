"""A ticket may say at which site its work is done."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0004_dossier_and_own_people"),
        ("tickets", "0013_queues_promise_and_give_out"),
    ]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="site",
            field=models.ForeignKey(
                blank=True,
                help_text="where its work is done, if that is known",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="clients.site",
            ),
        ),
    ]
