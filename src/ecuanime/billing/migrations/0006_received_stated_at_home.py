"""Received invoices state their taxes at home, may be of investment goods or of customs, and periods are adjusted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ecuanime.foundation.fields

SOURCES = [
    ("ecb", "European Central Bank"),
    ("banxico", "Banco de México"),
    ("other", "another source"),
    ("supplier", "the supplier's invoice"),
]
CUSTOMS = [
    ("", "nothing"),
    ("goods", "goods that came through customs"),
    ("paid", "customs document, its tax paid there"),
    ("deferred", "customs document, its tax deferred to the declaration"),
]
BOXES = [
    ("42", "Compensations to farmers of the special regime"),
    ("43", "Regularisation of investment goods"),
    ("44", "Regularisation by the final pro rata"),
]

# What a received invoice was stated as never changes; it may be taken back whole, and then be stated anew.
RECEIVED_STATED = """
CREATE FUNCTION billing_received_is_stated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a received invoice was stated as never changes: take its rate back first';
END $$;

CREATE TRIGGER received_stated BEFORE UPDATE ON billing_receivedinvoice
    FOR EACH ROW WHEN (OLD.home_total IS NOT NULL AND NEW.home_total IS NOT NULL AND (
        (NEW.home_total, NEW.home_withheld, NEW.home_currency, NEW.exchange_rate, NEW.rate_on, NEW.rate_source,
         NEW.currency, NEW.net, NEW.tax, NEW.total, NEW.withheld)
        IS DISTINCT FROM
        (OLD.home_total, OLD.home_withheld, OLD.home_currency, OLD.exchange_rate, OLD.rate_on, OLD.rate_source,
         OLD.currency, OLD.net, OLD.tax, OLD.total, OLD.withheld)))
    EXECUTE FUNCTION billing_received_is_stated();

CREATE FUNCTION billing_received_tax_is_stated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT home_total FROM billing_receivedinvoice WHERE id = OLD.invoice_id) IS NOT NULL THEN
        RAISE EXCEPTION 'what a received invoice was stated as never changes: take its rate back first';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER received_tax_stated BEFORE UPDATE ON billing_receivedtax
    FOR EACH ROW WHEN ((NEW.base, NEW.amount, NEW.home_base, NEW.home_amount)
        IS DISTINCT FROM (OLD.base, OLD.amount, OLD.home_base, OLD.home_amount))
    EXECUTE FUNCTION billing_received_tax_is_stated();
"""
UNGUARDED = """
DROP FUNCTION billing_received_is_stated() CASCADE;
DROP FUNCTION billing_received_tax_is_stated() CASCADE;
"""


def optional_amount(**options):
    return models.BigIntegerField(blank=True, null=True, **options)


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0005_what_holds_cfdis"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "receivedinvoice",
            "corrects",
            models.CharField(
                blank=True,
                default="",
                help_text="the number of the supplier's document that it corrects",
                max_length=60,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "receivedinvoice",
            "accrued_on",
            models.DateField(
                blank=True,
                help_text="the day its tax falls due, where it names one beside that of issue",
                null=True,
            ),
        ),
        migrations.AddField(
            "receivedinvoice",
            "customs",
            models.CharField(blank=True, choices=CUSTOMS, default="", max_length=8),
        ),
        migrations.AddField(
            "receivedinvoice",
            "exchange_rate",
            models.DecimalField(blank=True, decimal_places=8, max_digits=18, null=True),
        ),
        migrations.AddField(
            "receivedinvoice",
            "rate_on",
            models.DateField(blank=True, help_text="the day whose exchange rate that is", null=True),
        ),
        migrations.AddField(
            "receivedinvoice",
            "rate_source",
            models.CharField(blank=True, choices=SOURCES, default="", max_length=8),
            preserve_default=False,
        ),
        migrations.AddField(
            "receivedinvoice",
            "home_currency",
            ecuanime.foundation.fields.CurrencyField(
                blank=True,
                default="",
                help_text="the currency that its taxes were stated in, where that is another",
                max_length=3,
            ),
        ),
        migrations.AddField(
            "receivedinvoice",
            "home_total",
            optional_amount(help_text="in that currency: its taxes with bases"),
        ),
        migrations.AddField("receivedinvoice", "home_withheld", optional_amount()),
        migrations.AlterField(
            "receivedinvoice",
            "syntax",
            models.CharField(help_text="ubl, cii or facturae; dua for a customs document", max_length=10),
        ),
        migrations.AddField("receivedtax", "said_base", optional_amount()),
        migrations.AddField("receivedtax", "said_amount", optional_amount()),
        migrations.AddField("receivedtax", "home_base", optional_amount()),
        migrations.AddField("receivedtax", "home_amount", optional_amount()),
        migrations.AddField("receivedtax", "investment_base", models.BigIntegerField(default=0)),
        migrations.AddConstraint(
            "receivedinvoice",
            models.CheckConstraint(
                condition=models.Q(exchange_rate=None)
                | models.Q(exchange_rate__gt=0, home_total__isnull=False),
                name="received_rate_states_amounts",
            ),
        ),
        migrations.AddConstraint(
            "receivedtax",
            models.CheckConstraint(
                condition=models.Q(investment_base=0)
                | models.Q(investment_base__gt=0, investment_base__lte=models.F("base"))
                | models.Q(investment_base__lt=0, investment_base__gte=models.F("base")),
                name="received_investment_within_base",
            ),
        ),
        migrations.CreateModel(
            name="DeductionAdjustment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "period",
                    models.CharField(help_text="as the agency writes it: 1T to 4T, 01 to 12", max_length=2),
                ),
                ("box", models.CharField(choices=BOXES, max_length=2, verbose_name="box")),
                ("amount", models.BigIntegerField()),
                ("reason", models.CharField(max_length=300)),
                ("noted_at", models.DateTimeField()),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["year", "period", "box"]},
        ),
        migrations.AddConstraint(
            "deductionadjustment",
            models.UniqueConstraint(fields=("year", "period", "box"), name="one_adjustment_a_box"),
        ),
        # It can be taken back: an older backup comes into the tables of its time.
        migrations.RunSQL(RECEIVED_STATED, UNGUARDED),
    ]
