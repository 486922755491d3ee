"""Direct debits: the firm as creditor, mandates of clients, and invoices collected together, each once at a time."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0020_withheld_and_complements"),
        ("clients", "0007_offices"),
        ("foundation", "0002_audit_chain"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Collection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(help_text="MsgId of the file", max_length=35, unique=True)),
                ("collect_on", models.DateField()),
                ("idempotency_key", models.CharField(max_length=120, unique=True)),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.storedfile",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CreditorSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("creditor_id", models.CharField(help_text="SEPA creditor identifier, AT-02", max_length=35)),
                ("bic", models.CharField(blank=True, help_text="of the bank that collects", max_length=11)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_creditor_settings")
                ],
            },
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=35, unique=True)),
                (
                    "scheme",
                    models.CharField(
                        choices=[
                            ("CORE", "CORE: may be given back for eight weeks"),
                            ("B2B", "B2B: between businesses, the bank has it too"),
                        ],
                        default="CORE",
                        max_length=4,
                    ),
                ),
                ("signed_on", models.DateField()),
                ("holder", models.CharField(max_length=70)),
                ("iban", models.CharField(max_length=34)),
                ("bic", models.CharField(blank=True, max_length=11)),
                ("noted_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandates",
                        to="clients.client",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="CollectedInvoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("end_to_end", models.CharField(max_length=35, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "under way"),
                            ("collected", "collected"),
                            ("returned", "returned"),
                            ("cancelled", "withdrawn"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(blank=True, help_text="why it came back", max_length=120)),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collected",
                        to="billing.invoice",
                    ),
                ),
                (
                    "payment",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collected",
                        to="billing.payment",
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="billing.collection",
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collected",
                        to="billing.mandate",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at__isnull", True)),
                fields=("client",),
                name="one_mandate_a_client",
            ),
        ),
        migrations.AddIndex(
            model_name="collectedinvoice",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["collection"], name="under_way"
            ),
        ),
        migrations.AddConstraint(
            model_name="collectedinvoice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("invoice",), name="in_one_open_collection"
            ),
        ),
        migrations.AddConstraint(
            model_name="collectedinvoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="something_is_collected"
            ),
        ),
    ]
