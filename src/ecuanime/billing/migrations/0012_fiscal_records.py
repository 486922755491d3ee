"""Spain's invoice records: their chains, which the database lets only grow, and what the firm declares."""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE FUNCTION billing_records_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a fiscal record never changes: amend or cancel it with another';
END $$;

CREATE TRIGGER records_are_final BEFORE UPDATE OR DELETE ON billing_fiscalrecord
    FOR EACH ROW EXECUTE FUNCTION billing_records_are_final();

CREATE FUNCTION billing_records_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.previous_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM billing_fiscalrecord
        WHERE id = NEW.previous_id AND chain_id = NEW.chain_id AND position = NEW.position - 1
    ) THEN
        RAISE EXCEPTION 'a fiscal record follows the one before it in its chain';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER records_follow BEFORE INSERT ON billing_fiscalrecord
    FOR EACH ROW EXECUTE FUNCTION billing_records_follow();

CREATE FUNCTION billing_chain_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a fiscal chain is never deleted';
    END IF;
    IF (NEW.nif, NEW.system_code, NEW.installation, NEW.is_demo)
       IS DISTINCT FROM (OLD.nif, OLD.system_code, OLD.installation, OLD.is_demo)
       OR NEW.next_position NOT IN (OLD.next_position, OLD.next_position + 1) THEN
        RAISE EXCEPTION 'a fiscal chain only grows, one record at a time';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER chain_only_grows BEFORE UPDATE OR DELETE ON billing_fiscalchain
    FOR EACH ROW EXECUTE FUNCTION billing_chain_only_grows();
"""

UNGUARD = """
DROP TRIGGER chain_only_grows ON billing_fiscalchain;
DROP FUNCTION billing_chain_only_grows();
DROP TRIGGER records_follow ON billing_fiscalrecord;
DROP FUNCTION billing_records_follow();
DROP TRIGGER records_are_final ON billing_fiscalrecord;
DROP FUNCTION billing_records_are_final();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0011_time_discounts_and_tax_per_line"),
    ]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="by_substitution",
            field=models.BooleanField(
                default=False,
                help_text="a correction states what now stands, rather than the difference alone",
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="correction_type",
            field=models.CharField(
                blank=True,
                help_text="of a correction: its kind by the country's law; empty: the usual one",
                max_length=2,
            ),
        ),
        migrations.CreateModel(
            name="FiscalChain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nif", models.CharField(max_length=9)),
                ("system_code", models.CharField(max_length=2)),
                ("installation", models.CharField(max_length=100)),
                ("is_demo", models.BooleanField(default=False)),
                ("next_position", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("nif", "system_code", "installation"), name="one_chain_each"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SpainSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "producer_name",
                    models.CharField(blank=True, max_length=120, verbose_name="name of the producer"),
                ),
                (
                    "producer_nif",
                    models.CharField(blank=True, max_length=9, verbose_name="NIF of the producer"),
                ),
                (
                    "producer_address",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="postal address of the producer"
                    ),
                ),
                (
                    "producer_contact",
                    models.CharField(blank=True, max_length=200, verbose_name="how to reach the producer"),
                ),
                (
                    "declared_place",
                    models.CharField(blank=True, max_length=80, verbose_name="place of the declaration"),
                ),
                (
                    "declared_on",
                    models.DateField(blank=True, null=True, verbose_name="date of the declaration"),
                ),
                ("declared_version", models.CharField(blank=True, max_length=50)),
                (
                    "system_name",
                    models.CharField(default="Ecuánime", max_length=30, verbose_name="name of the program"),
                ),
                (
                    "system_code",
                    models.CharField(default="EC", max_length=2, verbose_name="code of the program"),
                ),
                ("installation", models.CharField(max_length=100)),
                (
                    "territory",
                    models.CharField(
                        choices=[
                            ("common", "mainland and Balearic Islands"),
                            ("canarias", "Canary Islands"),
                            ("foral", "Basque Country or Navarre"),
                        ],
                        default="common",
                        max_length=10,
                        verbose_name="territory",
                    ),
                ),
                (
                    "entity",
                    models.CharField(
                        choices=[
                            ("company", "company (Corporate Tax)"),
                            ("self_employed", "self-employed person or other"),
                        ],
                        default="company",
                        max_length=14,
                        verbose_name="kind of firm",
                    ),
                ),
                ("effective_on", models.DateField(verbose_name="compulsory from")),
                ("effective_source", models.CharField(max_length=200, verbose_name="where that is written")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_spain_settings")
                ],
            },
        ),
        migrations.CreateModel(
            name="FiscalRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("alta", "registration"), ("anulacion", "cancellation")], max_length=9
                    ),
                ),
                ("type", models.CharField(blank=True, max_length=2)),
                ("quota_total", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(default=0)),
                ("is_amendment", models.BooleanField(default=False)),
                ("previous_rejection", models.CharField(blank=True, max_length=1)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("huella", models.CharField(max_length=64, unique=True)),
                ("xml", models.TextField()),
                ("generated_at", models.DateTimeField()),
                ("utc_offset_minutes", models.SmallIntegerField()),
                (
                    "chain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="billing.fiscalchain",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fiscal_records",
                        to="billing.invoice",
                    ),
                ),
                (
                    "previous",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="next",
                        to="billing.fiscalrecord",
                    ),
                ),
            ],
            options={
                "ordering": ["chain", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("chain", "position"), name="record_position_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("position", 1), ("previous__isnull", True)),
                            models.Q(("position__gt", 1), ("previous__isnull", False)),
                            _connector="OR",
                        ),
                        name="only_the_first_record_follows_none",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_amendment", False), ("kind", "alta")),
                        fields=("invoice",),
                        name="invoice_registered_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "anulacion"), ("previous_rejection", "")),
                        fields=("invoice",),
                        name="invoice_cancelled_once",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
