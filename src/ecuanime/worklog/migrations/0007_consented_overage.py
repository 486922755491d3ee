"""What a client consented to is kept apart from what its contract lets be billed or overdrawn anyway."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def note_consents(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Until now consent let all that no lot covered be billed."""
    segments = apps.get_model("worklog", "RatedSegment").objects
    consented = segments.filter(rating__entry__overage_consented_at__isnull=False)
    consented.update(consented=F("overage") - F("held"))


class Migration(migrations.Migration):
    dependencies = [
        ("worklog", "0006_correction_recorded"),
    ]

    operations = [
        migrations.AddField(
            model_name="ratedsegment",
            name="consented",
            field=models.BigIntegerField(
                default=0, help_text="of the overage, what is billed since the client let it"
            ),
        ),
        migrations.RunPython(note_consents, migrations.RunPython.noop),
    ]
