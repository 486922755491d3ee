"""Lines say what they charge and in which unit, and what was taken off them; a document may have a discount.

The lines that stand are given their kind; their figures stay as they are. What a document's discount was is frozen
with it.
"""

import django.db.models.deletion
from django.db import migrations, models

KINDS = """
ALTER TABLE billing_invoiceline DISABLE TRIGGER issued_lines_are_final;
UPDATE billing_invoiceline SET kind = CASE
    WHEN charge_id IS NOT NULL THEN 'pack' WHEN contract_id IS NOT NULL THEN 'work' ELSE 'service' END;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE billing_invoiceline ENABLE TRIGGER issued_lines_are_final;
"""

GUARD = """
CREATE FUNCTION billing_issued_discount_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the discount of an issued invoice never changes';
END $$;

CREATE TRIGGER issued_discount_is_final BEFORE UPDATE ON billing_invoice
    FOR EACH ROW WHEN (OLD.state = 'issued' AND
        (NEW.discount_percent, NEW.discount_amount, NEW.discount_reason)
        IS DISTINCT FROM (OLD.discount_percent, OLD.discount_amount, OLD.discount_reason))
    EXECUTE FUNCTION billing_issued_discount_is_final();
"""

UNGUARD = """
DROP TRIGGER issued_discount_is_final ON billing_invoice;
DROP FUNCTION billing_issued_discount_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_minutes_billed_once")]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="discount_amount",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="invoice",
            name="discount_percent",
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True),
        ),
        migrations.AddField(
            model_name="invoice",
            name="discount_reason",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="discount",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="discount_percent",
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="kind",
            field=models.CharField(
                choices=[
                    ("work", "time"),
                    ("pack", "pack"),
                    ("service", "service"),
                    ("goods", "goods"),
                    ("expense", "expense"),
                    ("discount", "discount"),
                ],
                default="service",
                max_length=8,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="own_tax",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="billing.taxrate"
            ),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="unit_name",
            field=models.CharField(blank=True, max_length=20, verbose_name="unit"),
        ),
        migrations.AlterField(
            model_name="invoiceline",
            name="units",
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True),
        ),
        migrations.RunSQL(KINDS, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
