"""What others invoiced to the firm: their documents as their files say, and the taxes on them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ecuanime.foundation.fields


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0015_annulled"),
        ("contracts", "0013_shares_of_allowances"),
        ("foundation", "0002_audit_chain"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReceivedInvoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("supplier_name", models.CharField(max_length=200, verbose_name="supplier")),
                ("supplier_tax_id", models.CharField(max_length=40, verbose_name="tax id")),
                ("number", models.CharField(max_length=60, verbose_name="number")),
                ("issued_on", models.DateField(verbose_name="issued on")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                ("currency", ecuanime.foundation.fields.CurrencyField(default="EUR", max_length=3)),
                ("net", models.BigIntegerField()),
                ("tax", models.BigIntegerField()),
                ("total", models.BigIntegerField()),
                ("withheld", models.BigIntegerField(default=0)),
                ("about", models.CharField(blank=True, max_length=300, verbose_name="about")),
                ("is_credit_note", models.BooleanField(default=False)),
                ("syntax", models.CharField(help_text="ubl, cii or facturae", max_length=10)),
                ("filed_at", models.DateTimeField()),
                (
                    "contract",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="received_invoices",
                        to="contracts.contract",
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
                (
                    "filed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "line",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="received",
                        to="billing.invoiceline",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReceivedTax",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("category", models.CharField(max_length=2)),
                ("percent", models.DecimalField(decimal_places=3, max_digits=6)),
                ("base", models.BigIntegerField()),
                ("amount", models.BigIntegerField()),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taxes",
                        to="billing.receivedinvoice",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="receivedinvoice",
            index=models.Index(fields=["-issued_on", "-id"], name="received_by_day"),
        ),
        migrations.AddConstraint(
            model_name="receivedinvoice",
            constraint=models.UniqueConstraint(
                fields=("supplier_tax_id", "number", "issued_on"), name="received_invoice_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="receivedinvoice",
            constraint=models.UniqueConstraint(fields=("file",), name="received_file_once"),
        ),
    ]
