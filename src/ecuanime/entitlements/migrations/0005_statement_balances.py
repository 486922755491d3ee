"""Each movement keeps the balance after it, and each posting what its lot had left, also those booked already."""

from django.db import migrations, models

BACKFILL = """
ALTER TABLE entitlements_movement DISABLE TRIGGER keep_movement;
ALTER TABLE entitlements_posting DISABLE TRIGGER keep_posting;

UPDATE entitlements_movement AS movement SET unit = booked.unit, balance = booked.balance, at = booked.at
FROM (
    SELECT id, unit,
        sum(change) OVER (PARTITION BY contract_id, unit ORDER BY id) AS balance,
        max(at) OVER (PARTITION BY contract_id, unit ORDER BY id) AS at
    FROM (
        SELECT movement.id, movement.contract_id, movement.at, min(lot.unit) AS unit,
            coalesce(sum(posting.quantity) FILTER (WHERE posting.account = 'lot'), 0) AS change
        FROM entitlements_movement AS movement
        JOIN entitlements_posting AS posting ON posting.movement_id = movement.id
        JOIN entitlements_lot AS lot ON lot.id = posting.lot_id
        GROUP BY movement.id
    ) AS changes
) AS booked
WHERE movement.id = booked.id;

UPDATE entitlements_posting AS posting SET "left" = booked."left"
FROM (
    SELECT id, sum(quantity) OVER (PARTITION BY lot_id ORDER BY id) AS "left"
    FROM entitlements_posting WHERE account = 'lot'
) AS booked
WHERE posting.id = booked.id;

ALTER TABLE entitlements_movement ENABLE TRIGGER keep_movement;
ALTER TABLE entitlements_posting ENABLE TRIGGER keep_posting;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0004_plan_kinds"),
        ("entitlements", "0004_plan_kinds"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="movement",
            name="entitlement_contrac_71cc14_idx",
        ),
        migrations.RemoveIndex(
            model_name="posting",
            name="entitlement_lot_id_45f7ea_idx",
        ),
        migrations.AddField(
            model_name="movement",
            name="balance",
            field=models.BigIntegerField(
                default=0, help_text="in the contract's lots of that unit, after it"
            ),
        ),
        migrations.AddField(
            model_name="movement",
            name="unit",
            field=models.CharField(default="minutes", help_text="that of its lots", max_length=10),
        ),
        migrations.AddField(
            model_name="posting",
            name="left",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="movement",
            index=models.Index(fields=["contract", "unit", "-at", "-id"], name="movement_statement"),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(fields=["lot", "account", "-movement", "-id"], name="posting_statement"),
        ),
    ]
