"""Mexico's invoices: the set-up, and each CFDI, which the database never lets change once sealed or stamped.

An issued document that still waits for its stamp is no invoice yet: its customer may be put right until then.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION billing_cfdis_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a CFDI is never deleted';
    END IF;
    IF (NEW.invoice_id, NEW.attempt, NEW.kind, NEW.environment, NEW.seal_id, NEW.sealed, NEW.sealed_at)
       IS DISTINCT FROM
       (OLD.invoice_id, OLD.attempt, OLD.kind, OLD.environment, OLD.seal_id, OLD.sealed, OLD.sealed_at) THEN
        RAISE EXCEPTION 'what was sealed never changes: seal it anew';
    END IF;
    IF OLD.state <> 'to_stamp' AND (NEW.state, NEW.uuid, NEW.stamped) IS DISTINCT FROM (OLD.state, OLD.uuid, OLD.stamped) THEN
        RAISE EXCEPTION 'what was stamped or rejected never changes';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER cfdis_are_final BEFORE UPDATE OR DELETE ON billing_cfdi
    FOR EACH ROW EXECUTE FUNCTION billing_cfdis_are_final();
"""

UNGUARD = """
DROP TRIGGER cfdis_are_final ON billing_cfdi;
DROP FUNCTION billing_cfdis_are_final();
"""

ISSUED = """
CREATE OR REPLACE FUNCTION billing_issued_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'issued' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an issued invoice is never deleted';
    END IF;
    IF (NEW.state, NEW.number, NEW.series_id, NEW.sequence, NEW.kind, NEW.client_id, NEW.issued_on, NEW.due_on,
        NEW.currency, NEW.net, NEW.tax, NEW.total, NEW.issuer, {new}, NEW.texts, NEW.corrects_id)
       IS DISTINCT FROM
       (OLD.state, OLD.number, OLD.series_id, OLD.sequence, OLD.kind, OLD.client_id, OLD.issued_on, OLD.due_on,
        OLD.currency, OLD.net, OLD.tax, OLD.total, OLD.issuer, {old}, OLD.texts, OLD.corrects_id) THEN
        RAISE EXCEPTION 'an issued invoice never changes: correct it with a credit note';
    END IF;
    IF OLD.pdf_id IS NOT NULL AND NEW.pdf_id IS DISTINCT FROM OLD.pdf_id THEN
        RAISE EXCEPTION 'the PDF of an issued invoice never changes';
    END IF;{guard}
    RETURN NEW;
END $$;
"""
HELD = ISSUED.format(
    new="CASE WHEN OLD.is_held THEN NULL ELSE NEW.customer END",
    old="CASE WHEN OLD.is_held THEN NULL ELSE OLD.customer END",
    guard="""
    IF NEW.is_held AND NOT OLD.is_held AND OLD.pdf_id IS NOT NULL THEN
        RAISE EXCEPTION 'what the client may have seen is never held back';
    END IF;""",
)
WITHOUT_HELD = ISSUED.format(new="NEW.customer", old="OLD.customer", guard="")


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0018_write_offs"),
        ("clients", "0007_offices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="is_held",
            field=models.BooleanField(
                default=False,
                help_text="issued, and no invoice yet for the client: the authority has not stamped it",
            ),
        ),
        migrations.CreateModel(
            name="MexicoRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("on", models.DateField()),
                ("rate", models.DecimalField(decimal_places=6, max_digits=12)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("currency", "on"), name="one_rate_a_day"),
                    models.CheckConstraint(condition=models.Q(("rate__gt", 0)), name="rate_above_zero"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MexicoReceiver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=254)),
                ("postcode", models.CharField(max_length=5)),
                ("regime", models.CharField(max_length=3)),
                ("use", models.CharField(max_length=4)),
                ("method", models.CharField(default="PPD", max_length=3)),
                ("form", models.CharField(default="03", max_length=2)),
                (
                    "client",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mexico",
                        to="clients.client",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MexicoSeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20)),
                ("rfc", models.CharField(max_length=13)),
                ("holder", models.CharField(max_length=200)),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField()),
                ("certificate", models.TextField(help_text="DER in base64, which is public")),
                ("key_sealed", models.TextField(blank=True)),
                ("uploaded_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Cfdi",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                ("kind", models.CharField(help_text="I income, E credit", max_length=1)),
                (
                    "environment",
                    models.CharField(
                        choices=[
                            ("test", "the PAC's tests, without effects"),
                            ("production", "the PAC in earnest"),
                        ],
                        max_length=10,
                    ),
                ),
                ("sealed", models.TextField()),
                ("sealed_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("to_stamp", "to be stamped"),
                            ("stamped", "stamped"),
                            ("rejected", "rejected"),
                        ],
                        default="to_stamp",
                        max_length=10,
                    ),
                ),
                ("tries", models.PositiveIntegerField(default=0)),
                ("not_before", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("trouble", models.CharField(blank=True, max_length=40)),
                ("code", models.CharField(blank=True, max_length=20)),
                ("words", models.CharField(blank=True, max_length=1500)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("uuid", models.CharField(blank=True, max_length=36)),
                ("stamped", models.TextField(blank=True)),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cfdis",
                        to="billing.invoice",
                    ),
                ),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.mexicoseal"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MexicoSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=254)),
                ("regime", models.CharField(blank=True, max_length=3)),
                ("service_key", models.CharField(default="81111811", max_length=8)),
                ("goods_key", models.CharField(default="43211500", max_length=8)),
                ("expense_key", models.CharField(default="81111811", max_length=8)),
                ("credit_form", models.CharField(default="17", max_length=2)),
                (
                    "pac",
                    models.CharField(
                        choices=[("finkok", "Finkok (Quadrum)")], default="finkok", max_length=10
                    ),
                ),
                (
                    "environment",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("test", "the PAC's tests, without effects"),
                            ("production", "the PAC in earnest"),
                        ],
                        max_length=10,
                    ),
                ),
                ("username", models.CharField(blank=True, max_length=120)),
                ("password_sealed", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_mexico_settings")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="mexicoseal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at__isnull", True)),
                fields=("retired_at",),
                name="one_seal_in_use",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="mexicoseal",
            constraint=models.CheckConstraint(
                condition=models.Q(("retired_at__isnull", True), ("key_sealed", ""), _connector="OR"),
                name="retired_seals_keep_no_key",
            ),
        ),
        migrations.AddIndex(
            model_name="cfdi",
            index=models.Index(fields=["-sealed_at", "-id"], name="cfdi_newest"),
        ),
        migrations.AddIndex(
            model_name="cfdi",
            index=models.Index(
                condition=models.Q(("state", "to_stamp")), fields=["not_before"], name="cfdi_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="cfdi",
            constraint=models.UniqueConstraint(fields=("invoice", "attempt"), name="cfdi_attempt_once"),
        ),
        migrations.AddConstraint(
            model_name="cfdi",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "rejected"), _negated=True),
                fields=("invoice",),
                name="one_live_cfdi",
            ),
        ),
        migrations.AddConstraint(
            model_name="cfdi",
            constraint=models.UniqueConstraint(
                condition=models.Q(("uuid", ""), _negated=True), fields=("uuid",), name="cfdi_uuid_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="cfdi",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "stamped"),
                        models.Q(("uuid", ""), _negated=True),
                        models.Q(("stamped", ""), _negated=True),
                    ),
                    models.Q(models.Q(("state", "stamped"), _negated=True), ("stamped", ""), ("uuid", "")),
                    _connector="OR",
                ),
                name="only_stamped_have_uuids",
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(HELD, WITHOUT_HELD),
    ]
