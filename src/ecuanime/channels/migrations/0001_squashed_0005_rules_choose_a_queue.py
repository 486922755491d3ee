"""All tables of this room as they were first given out, in place of the steps that led there."""

import django.db.models.deletion
from django.db import migrations, models

from ecuanime.foundation.new_tables import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("channels", "0001_initial"),
        ("channels", "0002_mail_identity"),
        ("channels", "0003_mailboxes_watched"),
        ("channels", "0004_public_form"),
        ("channels", "0005_rules_choose_a_queue"),
    ]

    initial = True

    dependencies = [
        ("clients", "0001_squashed_0007_offices"),
        ("delivery", "0001_squashed_0002_mail_identity"),
        ("foundation", "0001_initial"),
        ("staff", "0001_squashed_0006_tax_facts"),
        ("tickets", "0001_squashed_0015_indexes_of_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImapSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("host", models.CharField(max_length=253, verbose_name="incoming server")),
                ("port", models.PositiveIntegerField(default=993, verbose_name="port")),
                (
                    "security",
                    models.CharField(
                        choices=[
                            ("tls", "TLS"),
                            ("starttls", "STARTTLS"),
                            ("none", "none (this machine only)"),
                        ],
                        default="tls",
                        max_length=10,
                        verbose_name="security",
                    ),
                ),
                ("username", models.CharField(max_length=254, verbose_name="user name")),
                ("password_sealed", models.TextField(blank=True)),
                ("folder", models.CharField(default="INBOX", max_length=200, verbose_name="folder")),
                (
                    "deletes_after_intake",
                    models.BooleanField(default=False, verbose_name="delete from the server once stored"),
                ),
                ("is_active", models.BooleanField(default=True)),
                (
                    "takes_existing",
                    models.BooleanField(
                        default=False,
                        help_text="otherwise only what arrives from now on",
                        verbose_name="take in what is already in the mailbox",
                    ),
                ),
                ("uid_validity", models.BigIntegerField(blank=True, null=True)),
                ("last_uid", models.BigIntegerField(default=0)),
                (
                    "left_behind",
                    models.JSONField(
                        blank=True, default=list, help_text="UIDs of mails too large to take in"
                    ),
                ),
                ("next_due_at", models.DateTimeField(blank=True, null=True)),
                (
                    "watched_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="when a watcher last said that it hears at once what comes",
                        null=True,
                    ),
                ),
                ("failures", models.PositiveIntegerField(default=0)),
                ("last_error", models.TextField(blank=True)),
                ("last_success_at", models.DateTimeField(blank=True, null=True)),
                (
                    "mailbox",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imap",
                        to="delivery.mailbox",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MailRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("position", models.PositiveIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
                ("recipient", models.EmailField(blank=True, max_length=254)),
                ("senders", models.TextField(blank=True, help_text="addresses or @domains, one to a line")),
                (
                    "words",
                    models.CharField(blank=True, help_text="of the subject, in any order", max_length=200),
                ),
                (
                    "machines",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "people and machines"),
                            ("only", "only machines: lists, notices, no-reply addresses"),
                            ("never", "only people"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        blank=True, choices=[(1, "Urgent"), (2, "High"), (3, "Normal"), (4, "Low")], null=True
                    ),
                ),
                (
                    "sets_aside",
                    models.BooleanField(
                        default=False, help_text="in quarantine, instead of opening a ticket"
                    ),
                ),
                (
                    "is_silent",
                    models.BooleanField(
                        default=False, help_text="the sender is not told the ticket's number"
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="staff.productarea",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="clients.client",
                    ),
                ),
                (
                    "mailbox",
                    models.ForeignKey(
                        blank=True,
                        help_text="none: every one",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rules",
                        to="delivery.mailbox",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="tickets.queue",
                    ),
                ),
                ("tags", models.ManyToManyField(blank=True, related_name="+", to="tickets.tag")),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="WebRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254)),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField(help_text="emptied once it stands on the ticket")),
                ("language", models.CharField(max_length=5)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(db_index=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="staff.productarea",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IncomingMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("imap", "fetched by IMAP"),
                            ("pipe", "handed over by the mail server"),
                            ("import", "imported"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "arrival_key",
                    models.CharField(
                        help_text="the same arrival offered twice is one row", max_length=200, unique=True
                    ),
                ),
                ("uid", models.BigIntegerField(blank=True, help_text="at the IMAP server", null=True)),
                (
                    "settled_at",
                    models.DateTimeField(
                        blank=True, help_text="when it was flagged or deleted there", null=True
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("stored", "stored, not read yet"),
                            ("filed", "on a ticket"),
                            ("quarantined", "in quarantine"),
                            ("refused", "refused"),
                            ("duplicate", "copy of one already here"),
                            ("noted", "automatic, noted without a ticket"),
                        ],
                        default="stored",
                        max_length=12,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True, help_text="code of why it is not on a ticket", max_length=60
                    ),
                ),
                ("reason_detail", models.CharField(blank=True, max_length=300)),
                ("subject", models.CharField(blank=True, max_length=300)),
                ("sender", models.CharField(blank=True, max_length=254)),
                ("message_id_hash", models.CharField(blank=True, max_length=64)),
                (
                    "content_hash",
                    models.CharField(
                        blank=True, help_text="of what its author wrote, whatever way it came", max_length=64
                    ),
                ),
                ("authentication", models.JSONField(blank=True, default=list)),
                (
                    "passes_rules",
                    models.BooleanField(default=False, help_text="a person let it out of quarantine"),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("received_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("next_due_at", models.DateTimeField(blank=True, null=True)),
                (
                    "copy_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="channels.incomingmail",
                    ),
                ),
                (
                    "mailbox",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="delivery.mailbox",
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incoming",
                        to="tickets.message",
                    ),
                ),
                (
                    "raw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="foundation.storedfile"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="mails",
                        to="channels.imapsource",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incoming_mails",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["state", "-received_at", "-id"], name="channels_in_state_3ba320_idx"
                    ),
                    models.Index(
                        condition=models.Q(("next_due_at__isnull", False)),
                        fields=["next_due_at"],
                        name="incoming_due",
                    ),
                    models.Index(fields=["raw"], name="channels_in_raw_id_4f7d12_idx"),
                    models.Index(
                        condition=models.Q(("content_hash", ""), _negated=True),
                        fields=["content_hash"],
                        name="incoming_content",
                    ),
                    models.Index(
                        condition=models.Q(("settled_at__isnull", True)),
                        fields=["source", "uid"],
                        name="incoming_unsettled",
                    ),
                ],
            },
        ),
    ]
    operations = [CreateModels(*operations)]
