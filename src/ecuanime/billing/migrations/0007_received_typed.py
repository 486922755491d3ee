"""A received invoice may be typed of a paper; the table stays as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0006_received_stated_at_home")]

    operations = [
        migrations.AlterField(
            "receivedinvoice",
            "syntax",
            models.CharField(
                help_text="ubl, cii or facturae; typed for what a person typed of a paper, dua of a customs document",
                max_length=10,
            ),
        ),
    ]
