"""What a former program issued is kept and collected like an invoice of ours, which the database never lets it become."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0009_next_packs"),
        ("clients", "0002_substitutes"),
        ("delivery", "0001_initial"),
        ("foundation", "0002_audit_chain"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="invoice",
            name="only_issued_have_numbers",
        ),
        migrations.AlterField(
            model_name="invoice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invoice", "Invoice"),
                    ("advance", "Advance invoice"),
                    ("credit_note", "Credit note"),
                    ("pro_forma", "Pro-forma"),
                    ("brought", "Invoice of a former program"),
                ],
                max_length=12,
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
                ],
                default="received",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number__isnull", True), ("sequence__isnull", True), ("state", "draft")),
                    models.Q(
                        ("number__isnull", False),
                        ("sequence__isnull", False),
                        ("series__isnull", False),
                        ("state", "issued"),
                    ),
                    ("kind", "brought"),
                    _connector="OR",
                ),
                name="only_issued_have_numbers",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "brought"), _negated=True),
                    models.Q(
                        ("credited", 0),
                        ("mail__isnull", True),
                        ("number__isnull", False),
                        ("pdf__isnull", True),
                        ("sequence__isnull", True),
                        ("series__isnull", True),
                        ("state", "issued"),
                        ("total__gt", 0),
                    ),
                    _connector="OR",
                ),
                name="brought_is_never_ours",
            ),
        ),
    ]
