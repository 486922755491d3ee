"""Clients have a service dossier, and an administrator of their own who manages their people."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0003_names_are_found"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="manages_people",
            field=models.BooleanField(default=False, verbose_name="manages the people of their organisation"),
        ),
        migrations.AddField(
            model_name="contact",
            name="sees_dossier",
            field=models.BooleanField(default=False, verbose_name="sees the service dossier"),
        ),
        migrations.CreateModel(
            name="DossierSection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("text", models.TextField(verbose_name="text")),
                ("is_shown", models.BooleanField(default=False, verbose_name="the client may read it")),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, help_text="grows with each change: a stale save is refused"
                    ),
                ),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dossier",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "ordering": ["client", "id"],
            },
        ),
    ]
