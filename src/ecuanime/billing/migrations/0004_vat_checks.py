"""What VIES said of clients' VAT numbers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What a register of the Union said is a proof: it stays as it was said.
CHECKS_ARE_FINAL = """
CREATE FUNCTION billing_vat_checks_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what VIES said of a VAT number never changes: ask again';
END $$;

CREATE TRIGGER vat_checks_are_final BEFORE UPDATE OR DELETE ON billing_vatcheck
    FOR EACH ROW EXECUTE FUNCTION billing_vat_checks_are_final();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0003_taxes_in_own_currency"),
        ("clients", "0001_squashed_0007_offices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="VatCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("valid", "valid"), ("invalid", "not valid"), ("unknown", "no answer")],
                        max_length=8,
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=60)),
                ("name", models.CharField(blank=True, max_length=300)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("trouble", models.CharField(blank=True, max_length=60)),
                ("asked_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vat_checks",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at", "-pk"],
                "indexes": [models.Index(fields=["client", "-asked_at"], name="vat_check_of_client")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "unknown"), models.Q(("trouble", ""), _negated=True)),
                            models.Q(models.Q(("outcome", "unknown"), _negated=True), ("trouble", "")),
                            _connector="OR",
                        ),
                        name="vat_check_answered_or_not",
                    )
                ],
            },
        ),
        migrations.RunSQL(CHECKS_ARE_FINAL, "DROP FUNCTION billing_vat_checks_are_final() CASCADE"),
    ]
