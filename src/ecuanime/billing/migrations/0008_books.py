"""The state of the books: the firm's own series, closed periods, drafts issued together, and reminders."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0007_fees_and_advances"),
        ("clients", "0001_initial"),
        ("delivery", "0001_initial"),
        ("foundation", "0002_audit_chain"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("idempotency_key", models.CharField(max_length=100, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="BatchItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("issued", "issued"), ("refused", "refused")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=600)),
            ],
        ),
        migrations.CreateModel(
            name="Closing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("through", models.DateField(verbose_name="closed through")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="why")),
                ("closed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Numbering",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=6, unique=True, verbose_name="code")),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("invoice", "invoices"),
                            ("credit_note", "credit notes"),
                            ("pro_forma", "pro-formas"),
                        ],
                        max_length=12,
                        verbose_name="for",
                    ),
                ),
                (
                    "shape",
                    models.CharField(
                        choices=[
                            ("long", "F-2026-0188"),
                            ("short", "F26-0188"),
                            ("year_first", "2026-F-0188"),
                        ],
                        default="long",
                        max_length=10,
                        verbose_name="how a number reads",
                    ),
                ),
                ("digits", models.PositiveSmallIntegerField(default=4, verbose_name="digits")),
                (
                    "is_default",
                    models.BooleanField(default=False, verbose_name="used unless another is chosen"),
                ),
            ],
            options={
                "ordering": ["purpose", "code"],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("days_after", models.PositiveSmallIntegerField()),
                ("sent_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["days_after"],
            },
        ),
        migrations.CreateModel(
            name="ReminderStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("days_after", models.PositiveSmallIntegerField(unique=True)),
            ],
            options={
                "ordering": ["days_after"],
            },
        ),
        migrations.CreateModel(
            name="Unreminded",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="invoice",
            name="remind_on",
            field=models.DateField(blank=True, help_text="when the next reminder is due", null=True),
        ),
        migrations.AddField(
            model_name="invoice",
            name="reminders_stopped_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("remind_on__isnull", False)),
                fields=["remind_on"],
                name="invoice_to_remind",
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="started_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="batchitem",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="items", to="billing.batch"
            ),
        ),
        migrations.AddField(
            model_name="batchitem",
            name="invoice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="batch_items", to="billing.invoice"
            ),
        ),
        migrations.AddField(
            model_name="closing",
            name="closed_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name="numbering",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)), fields=("purpose",), name="one_usual_series"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="invoice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reminders", to="billing.invoice"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="mail",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="delivery.outgoingmail"
            ),
        ),
        migrations.AddField(
            model_name="unreminded",
            name="client",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="unreminded", to="clients.client"
            ),
        ),
        migrations.AddConstraint(
            model_name="batchitem",
            constraint=models.UniqueConstraint(fields=("batch", "invoice"), name="draft_once_a_batch"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(fields=("invoice", "days_after"), name="reminded_once_a_step"),
        ),
    ]
