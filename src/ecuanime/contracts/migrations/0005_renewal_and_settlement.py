"""A term that renews or is offered again, and the note of what became of what a contract left."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0004_plan_kinds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contract",
            name="auto_renews",
            field=models.BooleanField(
                default=False, help_text="the client agreed that it renews by itself when its term ends"
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="noticed_on",
            field=models.DateField(
                blank=True, help_text="when the client was told that its term ends", null=True
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="renewal_version",
            field=models.ForeignKey(
                blank=True,
                help_text="what it renews as, as the notice said",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contracts.planversion",
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="settled_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="contract",
            name="settled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="settlement",
            field=models.CharField(blank=True, help_text="what became of what was left", max_length=600),
        ),
    ]
