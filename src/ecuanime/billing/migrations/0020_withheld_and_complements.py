"""Several taxes withheld of one document at once, and Mexico's payment complements."""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE OR REPLACE FUNCTION billing_cfdis_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a CFDI is never deleted';
    END IF;
    IF (NEW.invoice_id, {new}NEW.attempt, NEW.kind, NEW.environment, NEW.seal_id, NEW.sealed, NEW.sealed_at)
       IS DISTINCT FROM
       (OLD.invoice_id, {old}OLD.attempt, OLD.kind, OLD.environment, OLD.seal_id, OLD.sealed, OLD.sealed_at) THEN
        RAISE EXCEPTION 'what was sealed never changes: seal it anew';
    END IF;
    IF OLD.state <> 'to_stamp'
       AND (NEW.state, NEW.uuid, NEW.stamped) IS DISTINCT FROM (OLD.state, OLD.uuid, OLD.stamped) THEN
        RAISE EXCEPTION 'what was stamped or rejected never changes';
    END IF;
    RETURN NEW;
END $$;
"""
WITH_PAYMENT = GUARD.format(new="NEW.payment_id, NEW.method, ", old="OLD.payment_id, OLD.method, ")
WITHOUT_PAYMENT = GUARD.format(new="", old="")


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0019_mexico"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="cfdi",
            name="cfdi_attempt_once",
        ),
        migrations.RemoveConstraint(
            model_name="cfdi",
            name="one_live_cfdi",
        ),
        migrations.AddField(
            model_name="cfdi",
            name="method",
            field=models.CharField(blank=True, help_text="PPD paid later, PUE at once", max_length=3),
        ),
        migrations.AddField(
            model_name="cfdi",
            name="payment",
            field=models.ForeignKey(
                blank=True,
                help_text="of a payment complement: what came on the invoice",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cfdis",
                to="billing.payment",
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="withheld_parts",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="several taxes withheld at once: name, percent, amount of each",
            ),
        ),
        migrations.AlterField(
            model_name="cfdi",
            name="kind",
            field=models.CharField(help_text="I income, E credit, P payment", max_length=1),
        ),
        migrations.AddConstraint(
            model_name="cfdi",
            constraint=models.UniqueConstraint(
                fields=("invoice", "payment", "attempt"), name="cfdi_attempt_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="cfdi",
            constraint=models.UniqueConstraint(
                condition=models.Q(("payment__isnull", True), models.Q(("state", "rejected"), _negated=True)),
                fields=("invoice",),
                name="one_live_cfdi",
            ),
        ),
        migrations.AddConstraint(
            model_name="cfdi",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "rejected"), _negated=True),
                fields=("payment",),
                name="one_live_complement",
            ),
        ),
        migrations.RunSQL(WITH_PAYMENT, WITHOUT_PAYMENT),
    ]
