"""All plan kinds: recurring fees, allowances and incidents, what a plan itself covers, and the periods of a contract.

The new rows of a published version are kept as the others are, and an opened period never changes.
"""

import django.db.models.deletion
from django.db import migrations, models

import ecuanime.foundation.fields

ROWS = ("fee", "cover", "levelweight")

KEEP_ROW = """
CREATE TRIGGER keep_{row} BEFORE INSERT OR UPDATE OR DELETE ON contracts_{row}
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_row();
"""

GUARD = """
CREATE TRIGGER keep_grant_work_type BEFORE INSERT OR UPDATE OR DELETE ON contracts_grant_work_types
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_grant_area();

CREATE FUNCTION contracts_keep_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'period % of contract % was opened and does not change', OLD.number, OLD.contract_id;
END $$;

CREATE TRIGGER keep_period BEFORE UPDATE OR DELETE ON contracts_contractperiod
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_period();
"""

UNGUARD = """
DROP TRIGGER keep_period ON contracts_contractperiod;
DROP FUNCTION contracts_keep_period();
DROP TRIGGER keep_grant_work_type ON contracts_grant_work_types;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0003_quotes_and_answers"),
        ("staff", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="pricetier", name="tier_once"),
        migrations.RenameField("grant", "default_hours", "quantity"),
        migrations.RenameField("grant", "bonus_hours", "bonus"),
        migrations.RenameField("pricetier", "from_hours", "from_quantity"),
        migrations.RenameField("pricetier", "price_per_hour", "unit_price"),
        migrations.CreateModel(
            name="ContractPeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("opened_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Cover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cap_minutes",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="at most of each ticket (minutes)"
                    ),
                ),
                ("needs_incident", models.BooleanField(default=False, verbose_name="only with an incident")),
                (
                    "in_hours_only",
                    models.BooleanField(default=False, verbose_name="only in the hours covered"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Fee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "price",
                    ecuanime.foundation.fields.RateField(
                        decimal_places=6, max_digits=14, verbose_name="price per period"
                    ),
                ),
                ("every_months", models.PositiveSmallIntegerField(default=1, verbose_name="every (months)")),
            ],
        ),
        migrations.CreateModel(
            name="LevelWeight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("technician", "Technician"), ("consultant", "Consultant")], max_length=20
                    ),
                ),
                ("factor", ecuanime.foundation.fields.FactorField(decimal_places=4, default=1, max_digits=8)),
            ],
        ),
        migrations.AlterModelOptions(
            name="pricetier",
            options={"ordering": ["from_quantity"]},
        ),
        migrations.AddField(
            model_name="contract",
            name="next_period_at",
            field=models.DateTimeField(
                blank=True, help_text="when its next period is to be opened", null=True
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="per",
            field=models.CharField(
                choices=[("purchase", "at each purchase"), ("period", "in each period")],
                default="purchase",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="rollover_cap",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="rolls over up to"),
        ),
        migrations.AddField(
            model_name="grant",
            name="rollover_periods",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="for (periods)"),
        ),
        migrations.AddField(
            model_name="grant",
            name="unit",
            field=models.CharField(
                choices=[("minutes", "hours and minutes"), ("incidents", "incidents")],
                default="minutes",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="work_types",
            field=models.ManyToManyField(
                blank=True, help_text="empty: every work type", to="contracts.worktype"
            ),
        ),
        migrations.AddField(
            model_name="planversion",
            name="notice_days",
            field=models.PositiveSmallIntegerField(default=30, verbose_name="notice (days)"),
        ),
        migrations.AddField(
            model_name="planversion",
            name="overage_limit_minutes",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="overage without asking (minutes)"
            ),
        ),
        migrations.AddField(
            model_name="planversion",
            name="overage_price",
            field=ecuanime.foundation.fields.OptionalRateField(
                blank=True, decimal_places=6, max_digits=14, null=True, verbose_name="overage price per hour"
            ),
        ),
        migrations.AddField(
            model_name="planversion",
            name="term_months",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="term (months)"),
        ),
        migrations.AlterField(
            model_name="contract",
            name="overage",
            field=models.CharField(
                blank=True,
                choices=[
                    ("bill", "bill it at the overage rate"),
                    ("overdraft", "note it down for the next pack to settle"),
                    ("hold", "hold it until the client consents"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="grant",
            name="bonus",
            field=models.PositiveIntegerField(default=0, verbose_name="bonus"),
        ),
        migrations.AlterField(
            model_name="grant",
            name="bonus_every",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="a bonus for each"),
        ),
        migrations.AlterField(
            model_name="grant",
            name="quantity",
            field=models.PositiveIntegerField(verbose_name="quantity (hours or incidents)"),
        ),
        migrations.AlterField(
            model_name="plan",
            name="kind",
            field=models.CharField(
                choices=[
                    ("hour_pack", "Hour pack"),
                    ("incident_pack", "Incident pack"),
                    ("monthly", "Fixed monthly"),
                    ("flat", "Flat fee"),
                    ("included", "Included period"),
                    ("on_demand", "On demand"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="planversion",
            name="overage",
            field=models.CharField(
                choices=[
                    ("bill", "bill it at the overage rate"),
                    ("overdraft", "note it down for the next pack to settle"),
                    ("hold", "hold it until the client consents"),
                ],
                default="bill",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="pricetier",
            name="from_quantity",
            field=models.PositiveIntegerField(verbose_name="from"),
        ),
        migrations.AlterField(
            model_name="pricetier",
            name="unit_price",
            field=ecuanime.foundation.fields.RateField(
                decimal_places=6, max_digits=14, verbose_name="price per hour or incident"
            ),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(
                condition=models.Q(("next_period_at__isnull", False)),
                fields=["next_period_at"],
                name="contract_period_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricetier",
            constraint=models.UniqueConstraint(fields=("version", "from_quantity"), name="tier_once"),
        ),
        migrations.AddField(
            model_name="contractperiod",
            name="contract",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="periods", to="contracts.contract"
            ),
        ),
        migrations.AddField(
            model_name="cover",
            name="area",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="staff.productarea"
            ),
        ),
        migrations.AddField(
            model_name="cover",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="covers", to="contracts.planversion"
            ),
        ),
        migrations.AddField(
            model_name="cover",
            name="work_type",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="contracts.worktype"
            ),
        ),
        migrations.AddField(
            model_name="fee",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="fees", to="contracts.planversion"
            ),
        ),
        migrations.AddField(
            model_name="levelweight",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="level_weights",
                to="contracts.planversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="contractperiod",
            constraint=models.UniqueConstraint(fields=("contract", "number"), name="period_number_once"),
        ),
        migrations.AddConstraint(
            model_name="contractperiod",
            constraint=models.UniqueConstraint(fields=("contract", "first_day"), name="period_day_once"),
        ),
        migrations.AddConstraint(
            model_name="cover",
            constraint=models.UniqueConstraint(
                fields=("version", "area", "work_type", "in_hours_only"),
                name="cover_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.UniqueConstraint(fields=("version",), name="fee_once"),
        ),
        migrations.AddConstraint(
            model_name="levelweight",
            constraint=models.UniqueConstraint(fields=("version", "level"), name="level_weight_once"),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
        *(
            migrations.RunSQL(KEEP_ROW.format(row=row), f"DROP TRIGGER keep_{row} ON contracts_{row}")
            for row in ROWS
        ),
    ]
