"""A full invoice names the simplified ones in whose place it stands."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0025_card_payments"),
    ]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="replaced_by",
            field=models.ForeignKey(
                blank=True,
                help_text="the full invoice that stands in place of this simplified one",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaces",
                to="billing.invoice",
            ),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invoice", "Invoice"),
                    ("advance", "Advance invoice"),
                    ("credit_note", "Credit note"),
                    ("pro_forma", "Pro-forma"),
                    ("brought", "Invoice of a former program"),
                    ("replacement", "Invoice in place of simplified ones"),
                ],
                max_length=12,
            ),
        ),
    ]
