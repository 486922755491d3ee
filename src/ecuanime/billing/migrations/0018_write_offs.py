"""What is given up as lost of an invoice: a row beside its payments, and no part of what it owes."""

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0017_bank_statements"),
        ("clients", "0007_offices"),
        ("delivery", "0002_mail_identity"),
        ("foundation", "0002_audit_chain"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="invoice",
            name="invoice_open",
        ),
        migrations.AddField(
            model_name="invoice",
            name="written_off",
            field=models.BigIntegerField(
                default=0, help_text="given up as lost: owed no more, though neither paid nor credited"
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="kind",
            field=models.CharField(
                choices=[
                    ("received", "received"),
                    ("returned", "given back"),
                    ("correction", "taken back"),
                    ("applied", "credit applied"),
                    ("chargeback", "disputed: money withdrawn"),
                    ("recovered", "dispute won: money back"),
                    ("brought", "paid before the invoice was brought over"),
                    ("write_off", "written off"),
                ],
                default="received",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(
                    ("corrects__isnull", True),
                    ("state", "issued"),
                    (
                        "total__gt",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("withheld"), "+", models.F("paid")
                                ),
                                "+",
                                models.F("credited"),
                            ),
                            "+",
                            models.F("written_off"),
                        ),
                    ),
                ),
                fields=["due_on"],
                name="invoice_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("written_off__gte", 0)), name="written_off_is_not_negative"
            ),
        ),
    ]
