"""All tables of this room as they were first given out, in place of the steps that led there."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("delivery", "0001_initial"), ("delivery", "0002_mail_identity")]

    initial = True

    dependencies = [
        ("foundation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "address",
                    models.EmailField(max_length=254, unique=True, verbose_name="address your clients know"),
                ),
                (
                    "display_name",
                    models.CharField(blank=True, max_length=120, verbose_name="name shown to clients"),
                ),
                ("signature", models.TextField(blank=True, verbose_name="signature")),
                (
                    "language",
                    models.CharField(
                        choices=[("es", "Español"), ("en", "English")],
                        default="es",
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.EmailField(max_length=254),
                        blank=True,
                        default=list,
                        help_text="other addresses whose mail comes here, in lower case",
                        size=None,
                    ),
                ),
                (
                    "trusted_receiver",
                    models.CharField(
                        blank=True,
                        help_text="whose Authentication-Results are believed: the name the receiving server signs them with",
                        max_length=253,
                    ),
                ),
                (
                    "warms_up_since",
                    models.DateTimeField(
                        blank=True,
                        help_text="a new address that sends little at first, and more each day",
                        null=True,
                    ),
                ),
                ("smtp_host", models.CharField(blank=True, max_length=253, verbose_name="outgoing server")),
                ("smtp_port", models.PositiveIntegerField(default=465, verbose_name="port")),
                (
                    "smtp_security",
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
                ("smtp_username", models.CharField(blank=True, max_length=254, verbose_name="user name")),
                ("smtp_password_sealed", models.TextField(blank=True)),
                (
                    "plus_addressing",
                    models.BooleanField(default=True, verbose_name="replies come to address+token"),
                ),
                (
                    "captures",
                    models.BooleanField(
                        default=False, help_text="keep outgoing mail on a screen instead of sending it"
                    ),
                ),
                ("is_default", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("is_default",),
                        name="one_default_mailbox",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutgoingMail",
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
                        choices=[("personal", "written by a person"), ("automatic", "automatic")],
                        max_length=10,
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        help_text="reply, acknowledgement, sign_in_link, invoice, cut…", max_length=40
                    ),
                ),
                (
                    "subject_key",
                    models.CharField(
                        blank=True, help_text="what it is about, e.g. ticket:4817, for limits", max_length=80
                    ),
                ),
                (
                    "to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.EmailField(max_length=254), size=None
                    ),
                ),
                (
                    "cc",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.EmailField(max_length=254), blank=True, default=list, size=None
                    ),
                ),
                ("reply_to", models.EmailField(blank=True, max_length=254)),
                ("subject", models.CharField(max_length=400)),
                ("text", models.TextField()),
                ("html", models.TextField(blank=True)),
                ("message_id", models.CharField(max_length=200, unique=True)),
                ("in_reply_to", models.CharField(blank=True, max_length=998)),
                ("references", models.TextField(blank=True)),
                ("idempotency_key", models.CharField(blank=True, max_length=120, null=True, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("captured", "captured"),
                            ("failed", "not sent"),
                            ("bounced", "returned"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_due_at", models.DateTimeField(blank=True, null=True)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "first_tried_at",
                    models.DateTimeField(blank=True, help_text="giving up counts from here", null=True),
                ),
                ("error", models.TextField(blank=True)),
                (
                    "accepted_recipients",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.EmailField(max_length=254), blank=True, default=list, size=None
                    ),
                ),
                (
                    "refused_recipients",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.EmailField(max_length=254), blank=True, default=list, size=None
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "mailbox",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="delivery.mailbox",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "sending"])),
                        fields=["next_due_at"],
                        name="outbox_due",
                    ),
                    models.Index(fields=["-created_at", "-id"], name="delivery_ou_created_3b14bf_idx"),
                    models.Index(fields=["state", "-created_at", "-id"], name="delivery_ou_state_116d6f_idx"),
                    models.Index(
                        fields=["kind", "subject_key", "created_at"], name="delivery_ou_kind_d10f96_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutgoingFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=120)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="foundation.storedfile"
                    ),
                ),
                (
                    "mail",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="delivery.outgoingmail",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReturnedAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.EmailField(help_text="in lower case", max_length=254, unique=True)),
                ("words", models.CharField(help_text="what the other server said", max_length=400)),
                ("returned_at", models.DateTimeField()),
                (
                    "mail",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="delivery.outgoingmail",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="OutgoingMail",
            name="files",
            field=models.ManyToManyField(through="delivery.OutgoingFile", to="foundation.storedfile"),
        ),
    ]
