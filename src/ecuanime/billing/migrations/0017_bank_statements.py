"""Statements of the firm's accounts: how a CSV of theirs is written, their entries, and what those paid."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ecuanime.foundation.fields


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0016_received_invoices"),
        ("foundation", "0002_audit_chain"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BankFormat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                ("account", models.CharField(max_length=34)),
                (
                    "currency",
                    ecuanime.foundation.fields.CurrencyField(default="EUR", max_length=3),
                ),
                (
                    "separator",
                    models.CharField(
                        choices=[(";", "semicolon ;"), (",", "comma ,"), ("\t", "tabulator"), ("|", "bar |")],
                        default=";",
                        max_length=1,
                    ),
                ),
                (
                    "decimal_mark",
                    models.CharField(
                        choices=[(",", "1.234,56"), (".", "1,234.56")],
                        default=",",
                        max_length=1,
                    ),
                ),
                (
                    "date_format",
                    models.CharField(
                        choices=[
                            ("%d/%m/%Y", "31/12/2026"),
                            ("%d/%m/%y", "31/12/26"),
                            ("%d-%m-%Y", "31-12-2026"),
                            ("%d.%m.%Y", "31.12.2026"),
                            ("%Y-%m-%d", "2026-12-31"),
                            ("%m/%d/%Y", "12/31/2026"),
                        ],
                        default="%d/%m/%Y",
                        max_length=10,
                    ),
                ),
                ("day_column", models.CharField(max_length=60)),
                ("amount_column", models.CharField(max_length=60)),
                ("out_column", models.CharField(blank=True, max_length=60)),
                (
                    "text_column",
                    models.CharField(blank=True, max_length=60),
                ),
                ("name_column", models.CharField(blank=True, max_length=60)),
                (
                    "account_column",
                    models.CharField(blank=True, max_length=60),
                ),
                (
                    "reference_column",
                    models.CharField(blank=True, max_length=60),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="BankFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("format", models.CharField(max_length=60)),
                ("filed_at", models.DateTimeField()),
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
            ],
        ),
        migrations.CreateModel(
            name="BankEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.CharField(max_length=34)),
                ("identity", models.CharField(max_length=64)),
                ("booked_on", models.DateField()),
                ("value_on", models.DateField(blank=True, null=True)),
                ("amount", models.BigIntegerField()),
                ("currency", ecuanime.foundation.fields.CurrencyField(default="EUR", max_length=3)),
                ("text", models.CharField(blank=True, max_length=1000)),
                (
                    "reference",
                    models.CharField(blank=True, help_text="structured creditor reference", max_length=35),
                ),
                ("bank_reference", models.CharField(blank=True, max_length=80)),
                ("end_to_end", models.CharField(blank=True, max_length=35)),
                ("mandate", models.CharField(blank=True, max_length=35)),
                (
                    "batch",
                    models.CharField(
                        blank=True, help_text="PmtInfId of what was collected together", max_length=35
                    ),
                ),
                ("party_name", models.CharField(blank=True, max_length=140)),
                ("party_account", models.CharField(blank=True, max_length=34)),
                (
                    "return_code",
                    models.CharField(blank=True, help_text="why a direct debit came back", max_length=35),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("to_match", "to match"),
                            ("matched", "matched"),
                            ("set_aside", "set aside"),
                            ("out", "money out"),
                        ],
                        max_length=9,
                    ),
                ),
                ("matched", models.BigIntegerField(default=0)),
                ("set_aside_reason", models.CharField(blank=True, max_length=300)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("filed_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="billing.bankfile",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BankMatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matches",
                        to="billing.bankentry",
                    ),
                ),
                (
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_match",
                        to="billing.payment",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="bankfile",
            constraint=models.UniqueConstraint(fields=("file", "format"), name="bank_file_once"),
        ),
        migrations.AddIndex(
            model_name="bankentry",
            index=models.Index(fields=["-booked_on", "-id"], name="bank_entry_by_day"),
        ),
        migrations.AddIndex(
            model_name="bankentry",
            index=models.Index(fields=["state", "-booked_on", "-id"], name="bank_entry_by_state"),
        ),
        migrations.AddIndex(
            model_name="bankentry",
            index=models.Index(
                condition=models.Q(("party_account", ""), _negated=True),
                fields=["party_account"],
                name="bank_entry_payer",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankentry",
            constraint=models.UniqueConstraint(fields=("account", "identity"), name="bank_entry_once"),
        ),
        migrations.AddConstraint(
            model_name="bankentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("matched", 0),
                    models.Q(("matched__gt", 0), ("matched__lte", models.F("amount"))),
                    models.Q(("matched__gte", models.F("amount")), ("matched__lt", 0)),
                    _connector="OR",
                ),
                name="matched_no_more_than_came",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "matched"), _negated=True),
                    ("matched", models.F("amount")),
                    _connector="OR",
                ),
                name="matched_is_whole",
            ),
        ),
    ]
