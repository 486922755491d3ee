"""A correction keeps who recorded it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("worklog", "0005_disputes_and_substitutes"),
    ]

    operations = [
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
                    ("correct", "correction recorded"),
                ],
                max_length=10,
            ),
        ),
    ]
