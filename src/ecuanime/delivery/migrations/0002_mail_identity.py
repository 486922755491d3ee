"""A mailbox may have aliases, trust a receiver's word on senders and grow slowly; addresses that came back are marked."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="mailbox",
            name="aliases",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.EmailField(max_length=254),
                blank=True,
                default=list,
                help_text="other addresses whose mail comes here, in lower case",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="trusted_receiver",
            field=models.CharField(
                blank=True,
                help_text="whose Authentication-Results are believed: the name the receiving server signs them with",
                max_length=253,
            ),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="warms_up_since",
            field=models.DateTimeField(
                blank=True, help_text="a new address that sends little at first, and more each day", null=True
            ),
        ),
        migrations.CreateModel(
            name="ReturnedAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.EmailField(help_text="in lower case", max_length=254, unique=True)),
                ("words", models.CharField(help_text="what the other server said", max_length=400)),
                ("returned_at", models.DateTimeField()),
                (
                    "mail",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="delivery.outgoingmail",
                    ),
                ),
            ],
        ),
    ]
