"""All tables of this room as they were first given out, in place of the steps that led there."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from ecuanime.foundation.new_tables import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("notices", "0001_initial"),
        ("notices", "0002_agency"),
        ("notices", "0003_mailboxes_that_fail"),
        ("notices", "0004_emergencies_told"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mention", "Somebody names me in a note"),
                            ("assigned", "A ticket is given to me"),
                            ("client", "The client writes on a ticket of mine"),
                            ("team", "A colleague writes on a ticket of mine"),
                            ("state", "A ticket of mine changes its state"),
                            ("deadline", "A deadline comes near or is missed"),
                            ("agency", "Invoice records do not reach the tax agency"),
                            ("emergency", "An emergency needs me"),
                            ("mailbox", "A mailbox can no longer be fetched, or can again"),
                        ],
                        max_length=12,
                    ),
                ),
                ("event_id", models.CharField(max_length=80)),
                (
                    "subject_key",
                    models.CharField(
                        blank=True, help_text="what it is about, as in ticket:4817", max_length=80
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("text", models.CharField(blank=True, max_length=400)),
                ("url", models.CharField(help_text="a path of this site", max_length=200)),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "-created_at", "-id"], name="notice_of"),
                    models.Index(
                        condition=models.Q(("read_at", None)),
                        fields=["user", "subject_key"],
                        name="notice_unread",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "event_id"), name="notice_told_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Bundle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("notifier", models.CharField(max_length=20)),
                ("opened_at", models.DateTimeField()),
                ("next_due_at", models.DateTimeField(blank=True, null=True)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.CharField(blank=True, max_length=400)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("notices", models.ManyToManyField(related_name="bundles", to="notices.notice")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_due_at__isnull", False)),
                        fields=["next_due_at"],
                        name="bundle_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("claimed_at", None)),
                        fields=("user", "notifier"),
                        name="one_open_bundle",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mention", "Somebody names me in a note"),
                            ("assigned", "A ticket is given to me"),
                            ("client", "The client writes on a ticket of mine"),
                            ("team", "A colleague writes on a ticket of mine"),
                            ("state", "A ticket of mine changes its state"),
                            ("deadline", "A deadline comes near or is missed"),
                            ("agency", "Invoice records do not reach the tax agency"),
                            ("emergency", "An emergency needs me"),
                            ("mailbox", "A mailbox can no longer be fetched, or can again"),
                        ],
                        max_length=12,
                    ),
                ),
                ("notifier", models.CharField(max_length=20)),
                ("wanted", models.BooleanField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "kind", "notifier"), name="preference_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Quiet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("begins", models.TimeField(verbose_name="from")),
                ("ends", models.TimeField(verbose_name="until")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("service", models.CharField(help_text="the address's scheme: ntfys, tgram…", max_length=30)),
                ("url_sealed", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.CharField(blank=True, max_length=200)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice_targets",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
    ]
    operations = [CreateModels(*operations)]
