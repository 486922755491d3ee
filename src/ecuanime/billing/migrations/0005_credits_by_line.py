"""A credit note may take a part off: each of its lines names the line that it credits, never beyond the invoice.

The lines of credit notes that stand are given theirs, which has the same place on the document that was corrected.
"""

import django.db.models.deletion
from django.db import migrations, models

NAMES = """
ALTER TABLE billing_invoiceline DISABLE TRIGGER issued_lines_are_final;
UPDATE billing_invoiceline note SET credits_id = line.id
    FROM billing_invoice document, billing_invoiceline line
    WHERE document.id = note.invoice_id AND document.corrects_id = line.invoice_id AND line.position = note.position;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE billing_invoiceline ENABLE TRIGGER issued_lines_are_final;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_goods_and_discounts")]

    operations = [
        migrations.AddField(
            model_name="invoiceline",
            name="credits",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credited_by",
                to="billing.invoiceline",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("credited", 0),
                    models.Q(("credited__gt", 0), ("credited__lte", models.F("total"))),
                    _connector="OR",
                ),
                name="credited_no_more_than_charged",
            ),
        ),
        migrations.RunSQL(NAMES, migrations.RunSQL.noop),
    ]
