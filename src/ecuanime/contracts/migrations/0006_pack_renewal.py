"""A contract says whether the next pack is ordered by itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0005_renewal_and_settlement")]

    operations = [
        migrations.AddField(
            model_name="contract",
            name="renews_pack",
            field=models.BooleanField(
                default=False,
                help_text="the client agreed that the next pack is ordered when one nears its end",
            ),
        ),
    ]
