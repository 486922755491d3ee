"""Money may come without an invoice, be held for its client, and be withdrawn by a bank; a reference counts once.

Payments that stand get their client, currency, kind and, the first of each, their reference's key. The database
keeps payments as they were noted: only the key of one that was taken back is given up.
"""

import django.db.models.deletion
from django.db import migrations, models

import ecuanime.foundation.fields

FILL = """
ALTER TABLE billing_payment DISABLE TRIGGER payments_are_final;
UPDATE billing_payment payment SET
    client_id = invoice.client_id, currency = invoice.currency,
    kind = CASE WHEN payment.corrects_id IS NOT NULL THEN 'correction'
        WHEN payment.amount < 0 THEN 'returned' ELSE 'received' END
    FROM billing_invoice invoice WHERE invoice.id = payment.invoice_id;
UPDATE billing_payment payment SET reference_key = lower(payment.reference) WHERE payment.id IN (
    SELECT DISTINCT ON (client_id, lower(reference)) id FROM billing_payment known
    WHERE kind = 'received' AND reference <> ''
        AND NOT EXISTS (SELECT 1 FROM billing_payment back WHERE back.corrects_id = known.id)
    ORDER BY client_id, lower(reference), id);
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE billing_payment ENABLE TRIGGER payments_are_final;
"""

FINAL = """
CREATE OR REPLACE FUNCTION billing_payments_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.reference_key IS NULL
        AND to_jsonb(NEW) - 'reference_key' = to_jsonb(OLD) - 'reference_key' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a payment never changes: correct it with its negative';
END $$;
"""

NEVER = """
CREATE OR REPLACE FUNCTION billing_payments_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a payment never changes: correct it with its negative';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_credits_by_line"), ("clients", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Dispute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("opened_on", models.DateField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("won", "won: the money came back"),
                            ("lost", "lost: it is owed again"),
                        ],
                        default="open",
                        max_length=4,
                    ),
                ),
                ("settled_on", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="payment",
            name="about",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="billing.payment",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="client",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="clients.client",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="currency",
            field=ecuanime.foundation.fields.CurrencyField(default="EUR", max_length=3),
        ),
        migrations.AddField(
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
                ],
                default="received",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="reference_key",
            field=models.CharField(blank=True, max_length=120, null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="payment",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="clients.client"
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="invoice",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="billing.invoice",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                fields=["client", "currency", "received_on", "id"], name="billing_pay_client__05c053_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("invoice__isnull", True)),
                fields=["client", "currency"],
                name="money_held",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference_key__isnull", False)),
                fields=("client", "reference_key"),
                name="reference_once_a_client",
            ),
        ),
        migrations.AddField(
            model_name="dispute",
            name="payment",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="dispute", to="billing.payment"
            ),
        ),
        migrations.AddField(
            model_name="dispute",
            name="recovered",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.payment",
            ),
        ),
        migrations.AddField(
            model_name="dispute",
            name="withdrawn",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.payment"
            ),
        ),
        migrations.RunSQL(FINAL, NEVER),
    ]
