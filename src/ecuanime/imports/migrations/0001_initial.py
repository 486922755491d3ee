import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from ecuanime.foundation.new_tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("foundation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.SlugField(max_length=20)),
                ("file_name", models.CharField(max_length=150)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("stored", "being read"),
                            ("read", "to be confirmed"),
                            ("asked", "being written"),
                            ("brought", "brought in"),
                            ("unreadable", "not readable"),
                        ],
                        default="stored",
                        max_length=12,
                    ),
                ),
                ("headers", models.JSONField(default=list)),
                (
                    "columns",
                    models.JSONField(
                        default=dict, help_text="the place of each field's column, by the field's name"
                    ),
                ),
                (
                    "fault",
                    models.CharField(
                        blank=True, help_text="why it cannot be read, for a person", max_length=600
                    ),
                ),
                ("new", models.PositiveIntegerField(default=0)),
                ("known", models.PositiveIntegerField(default=0)),
                ("wrong", models.PositiveIntegerField(default=0)),
                ("stored_at", models.DateTimeField()),
                ("brought_at", models.DateTimeField(blank=True, null=True)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="foundation.storedfile"
                    ),
                ),
                (
                    "stored_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-stored_at", "-id"], name="imports_imp_stored__91457e_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(help_text="the file's own row, counted from 1")),
                ("cells", models.JSONField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[("new", "new"), ("known", "already here"), ("wrong", "wrong")], max_length=6
                    ),
                ),
                ("code", models.CharField(blank=True, help_text="the refusal's code", max_length=40)),
                (
                    "words",
                    models.CharField(
                        help_text="what it becomes, or why it cannot, for a person", max_length=600
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="imports.import"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["file", "outcome", "number"], name="imports_imp_file_id_f20654_idx")
                ],
                "constraints": [models.UniqueConstraint(fields=("file", "number"), name="import_row_once")],
            },
        ),
        migrations.CreateModel(
            name="Origin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.SlugField(max_length=20)),
                ("key", models.CharField(max_length=200)),
                ("subject", models.BigIntegerField(help_text="the primary key of what was made of it")),
                ("brought_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="origin_once")],
            },
        ),
    ]
    operations = [CreateModels(*operations)]
