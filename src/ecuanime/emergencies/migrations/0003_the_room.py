"""The room of a case: what is critical, who takes part, files and revisions of what may be spent."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ecuanime.foundation.fields


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0007_offices"),
        ("emergencies", "0002_discarded_guarantees"),
        ("foundation", "0002_audit_chain"),
        ("procedures", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Actor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("ours", "on our side"),
                            ("theirs", "on the client's side"),
                            ("other", "of a third party"),
                        ],
                        max_length=8,
                        verbose_name="side",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "role",
                    models.CharField(blank=True, max_length=120, verbose_name="what they do in the case"),
                ),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="phone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                ("is_internal", models.BooleanField(default=False, help_text="the client does not see them")),
                ("added_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["emergency", "id"],
            },
        ),
        migrations.CreateModel(
            name="CeilingRaise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("amount", models.BigIntegerField()),
                ("currency", ecuanime.foundation.fields.CurrencyField(default="EUR", max_length=3)),
                ("at", models.DateTimeField()),
                ("address", models.GenericIPAddressField(blank=True, null=True)),
            ],
            options={
                "ordering": ["emergency", "id"],
            },
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "question",
                    models.CharField(
                        choices=[
                            ("dossier", "Is there a service dossier?"),
                            ("access", "Do we have access?"),
                            ("backups", "Are there backups that can be restored?"),
                            ("previous", "Have we worked for them before?"),
                            ("competence", "Are the products within our competence?"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "finding",
                    models.CharField(
                        choices=[("yes", "yes"), ("no", "no"), ("unknown", "not known yet")], max_length=8
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["assessment", "id"],
            },
        ),
        migrations.CreateModel(
            name="Critical",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("action", "action"), ("result", "result")], max_length=8),
                ),
                ("text", models.CharField(max_length=300)),
                ("who", models.CharField(blank=True, max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("todo", "to do"),
                            ("doing", "being done"),
                            ("waiting", "waiting for somebody"),
                            ("done", "done"),
                            ("cannot", "cannot be done"),
                        ],
                        default="todo",
                        max_length=8,
                    ),
                ),
                ("said", models.CharField(blank=True, max_length=500)),
                ("is_internal", models.BooleanField(default=False, help_text="the client does not see it")),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["emergency", "id"],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=120)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="emergency",
            name="update_minutes",
            field=models.PositiveIntegerField(
                blank=True, help_text="agreed between news to the client; empty: the firm's", null=True
            ),
        ),
        migrations.AddField(
            model_name="happening",
            name="is_internal",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="happening",
            name="key",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddConstraint(
            model_name="happening",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True),
                fields=("emergency", "key"),
                name="happening_key_once",
            ),
        ),
        migrations.AddField(
            model_name="actor",
            name="emergency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="actors", to="emergencies.emergency"
            ),
        ),
        migrations.AddField(
            model_name="ceilingraise",
            name="contact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.contact"
            ),
        ),
        migrations.AddField(
            model_name="ceilingraise",
            name="emergency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="raises", to="emergencies.emergency"
            ),
        ),
        migrations.AddField(
            model_name="check",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="checks",
                to="emergencies.assessment",
            ),
        ),
        migrations.AddField(
            model_name="critical",
            name="changed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="critical",
            name="emergency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="criticals",
                to="emergencies.emergency",
            ),
        ),
        migrations.AddField(
            model_name="critical",
            name="item",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="critical",
                to="procedures.runitem",
            ),
        ),
        migrations.AddField(
            model_name="critical",
            name="shown_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="emergencies.happening",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="foundation.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="happening",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="files", to="emergencies.happening"
            ),
        ),
        migrations.AddConstraint(
            model_name="ceilingraise",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="ceiling_above_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="check",
            constraint=models.UniqueConstraint(fields=("assessment", "question"), name="asked_once"),
        ),
    ]
