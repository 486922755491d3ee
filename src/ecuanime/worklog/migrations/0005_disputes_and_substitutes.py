"""What was said in a dispute, and who stood in for whom, are kept."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0002_substitutes"),
        ("worklog", "0004_corrections"),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="stands_for",
            field=models.ForeignKey(
                blank=True,
                help_text="the project lead whose limits it counts against, where somebody stood in",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="clients.contact",
            ),
        ),
        migrations.AlterField(
            model_name="decision",
            name="kind",
            field=models.CharField(
                choices=[
                    ("review", "approved by the supervisor"),
                    ("adjust", "adjusted"),
                    ("reject", "rejected"),
                    ("approve", "approved by the client"),
                    ("dispute", "disputed"),
                    ("silence", "approved by silence"),
                    ("answer", "answered"),
                    ("consent", "overage consented by the client"),
                    ("free", "taken back"),
                    ("comment", "comment"),
                ],
                max_length=10,
            ),
        ),
    ]
