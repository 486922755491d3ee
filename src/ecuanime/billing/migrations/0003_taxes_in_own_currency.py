"""Exchange rates are one list, and a document in another currency states its taxes in the one they are paid in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

import ecuanime.foundation.fields

SOURCES = [("ecb", "European Central Bank"), ("banxico", "Banco de México"), ("other", "another source")]

# What a document's taxes were stated as, and the rate that they were stated at, never change either.
STATED_IS_FINAL = """
CREATE FUNCTION billing_stated_taxes_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what the taxes of an issued invoice were stated as never changes';
END $$;

CREATE TRIGGER stated_taxes_are_final BEFORE UPDATE ON billing_invoice
    FOR EACH ROW WHEN (OLD.state = 'issued' AND (
        (NEW.home_total, NEW.home_withheld) IS DISTINCT FROM (OLD.home_total, OLD.home_withheld)
        OR (OLD.home_total IS NOT NULL AND (NEW.exchange_rate, NEW.rate_on, NEW.rate_source)
            IS DISTINCT FROM (OLD.exchange_rate, OLD.rate_on, OLD.rate_source))))
    EXECUTE FUNCTION billing_stated_taxes_are_final();
"""


def bring_together(apps, schema_editor):
    """Rates were in the firm's currency, and those of Mexico in pesos, apart."""
    firm = apps.get_model("staff", "Firm").objects.first()
    rates = apps.get_model("billing", "ExchangeRate").objects
    if firm is not None:
        rates.update(home=firm.currency)
    for row in apps.get_model("billing", "MexicoRate").objects.all():
        rates.update_or_create(
            currency=row.currency,
            home="MXN",
            on=row.on,
            defaults={
                "rate": row.rate,
                "source": "banxico",
                "noted_by": None,
                "noted_at": timezone.now(),
            },
        )


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0002_guards"),
        ("staff", "0001_squashed_0006_tax_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("exchangerate", "one_exchange_rate_a_day"),
        migrations.AddField(
            "exchangerate", "home", ecuanime.foundation.fields.CurrencyField(default="EUR", max_length=3)
        ),
        migrations.AddField(
            "exchangerate",
            "source",
            models.CharField(choices=SOURCES, default="other", max_length=8, verbose_name="published by"),
        ),
        migrations.AlterField(
            "exchangerate",
            "noted_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            "exchangerate",
            models.UniqueConstraint(fields=("currency", "home", "on"), name="one_exchange_rate_a_day"),
        ),
        migrations.RunPython(bring_together, migrations.RunPython.noop),
        migrations.DeleteModel("MexicoRate"),
        migrations.AddField(
            "invoice",
            "rate_on",
            models.DateField(blank=True, help_text="the day whose exchange rate that is", null=True),
        ),
        migrations.AddField(
            "invoice",
            "rate_source",
            models.CharField(blank=True, choices=SOURCES, max_length=8),
        ),
        migrations.AddField(
            "invoice",
            "home_total",
            models.BigIntegerField(
                blank=True,
                help_text="in the firm's currency, where the law wants its taxes stated in that: their sum with bases",
                null=True,
            ),
        ),
        migrations.AddField("invoice", "home_withheld", models.BigIntegerField(blank=True, null=True)),
        migrations.AddField(
            "taxline",
            "home_base",
            models.BigIntegerField(
                blank=True,
                help_text="in the firm's currency, where the law wants it stated in that",
                null=True,
            ),
        ),
        migrations.AddField("taxline", "home_amount", models.BigIntegerField(blank=True, null=True)),
        migrations.AddField("taxline", "home_surcharge", models.BigIntegerField(blank=True, null=True)),
        # It can be taken back: an older backup comes into the tables of its time.
        migrations.RunSQL(STATED_IS_FINAL, "DROP FUNCTION billing_stated_taxes_are_final() CASCADE"),
    ]
