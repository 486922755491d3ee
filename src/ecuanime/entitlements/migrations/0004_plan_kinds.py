"""Lots that count incidents, and lots that a period of a contract brings or rolls over."""

import django.db.models.deletion
from django.db import migrations, models

import ecuanime.foundation.fields

GUARD = """
CREATE OR REPLACE FUNCTION entitlements_lot_keeps_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.contract_id, NEW.code, NEW.granted, NEW.unit_price_paid, NEW.currency, NEW.is_bonus,
        NEW.unit, NEW.source, NEW.is_allowance, NEW.period_id, NEW.grant_id)
        IS DISTINCT FROM
        (OLD.contract_id, OLD.code, OLD.granted, OLD.unit_price_paid, OLD.currency, OLD.is_bonus,
        OLD.unit, OLD.source, OLD.is_allowance, OLD.period_id, OLD.grant_id) THEN
        RAISE EXCEPTION 'lot % is a fact of its purchase and does not change', OLD.id;
    END IF;
    RETURN NEW;
END $$;
"""

UNGUARD = """
CREATE OR REPLACE FUNCTION entitlements_lot_keeps_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.contract_id, NEW.code, NEW.granted, NEW.unit_price_paid, NEW.currency, NEW.is_bonus)
        IS DISTINCT FROM
        (OLD.contract_id, OLD.code, OLD.granted, OLD.unit_price_paid, OLD.currency, OLD.is_bonus) THEN
        RAISE EXCEPTION 'lot % is a fact of its purchase and does not change', OLD.id;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0004_plan_kinds"),
        ("entitlements", "0003_lots_that_continue"),
    ]

    operations = [
        migrations.AddField(
            model_name="lot",
            name="grant",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lots",
                to="contracts.grant",
            ),
        ),
        migrations.AddField(
            model_name="lot",
            name="period",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lots",
                to="contracts.contractperiod",
            ),
        ),
        migrations.AlterField(
            model_name="lot",
            name="source",
            field=models.CharField(
                choices=[
                    ("purchase", "bought"),
                    ("bonus", "bonus"),
                    ("replacement", "replaces an expired one"),
                    ("revaluation", "revalued"),
                    ("transfer", "transferred"),
                    ("allowance", "allowance of a period"),
                    ("rollover", "rolled over"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="lot",
            name="unit",
            field=models.CharField(
                choices=[("minutes", "hours and minutes"), ("incidents", "incidents")],
                default="minutes",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="lot",
            name="unit_price_paid",
            field=ecuanime.foundation.fields.RateField(
                decimal_places=6,
                help_text="per hour or incident; 0 for a bonus and for an allowance",
                max_digits=14,
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
