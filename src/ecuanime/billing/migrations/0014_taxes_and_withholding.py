"""A tax says how a fiscal record classes it, its surcharge and why a line bears it; a document what is withheld of it."""

import django.db.models.expressions
from django.db import migrations, models

GUARD = """
CREATE FUNCTION billing_withheld_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is withheld of an issued invoice never changes';
END $$;

CREATE TRIGGER withheld_is_final BEFORE UPDATE ON billing_invoice
    FOR EACH ROW WHEN (
        OLD.state = 'issued'
        AND (NEW.withheld, NEW.withheld_percent, NEW.withheld_base, NEW.withheld_name)
            IS DISTINCT FROM (OLD.withheld, OLD.withheld_percent, OLD.withheld_base, OLD.withheld_name)
    ) EXECUTE FUNCTION billing_withheld_is_final();
"""

UNGUARD = """
DROP TRIGGER withheld_is_final ON billing_invoice;
DROP FUNCTION billing_withheld_is_final();
"""

_CHARGED = ("es-21", "es-10", "es-4", "es-0")
_ACROSS = {
    "eu-reverse": "Reverse charge (inversión del sujeto pasivo): the customer accounts for the tax "
    "(art. 69.Uno.1.º of Ley 37/1992; art. 196 of Directive 2006/112/EC).",
    "eu-outside": "Not subject to IVA: service to a business outside the European Union "
    "(art. 69.Uno.1.º of Ley 37/1992).",
}


def class_known_rates(apps, schema_editor):
    """A firm in Spain has rates that its records class. Lines keep what they say until they are written anew."""
    rates = apps.get_model("billing", "TaxRate").objects
    if not rates.filter(code="es-21").exists():
        return
    rates.filter(code__in=_CHARGED).update(levy="01", regime="01", operation="S1")
    for code, reason in _ACROSS.items():
        rates.filter(code=code).update(levy="01", regime="01", operation="N2", reason=reason)


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0013_agency"),
    ]

    operations = [
        migrations.AddField(
            model_name="invoiceline",
            name="levy",
            field=models.CharField(blank=True, help_text="01 IVA, 02 IPSI, 03 IGIC, 05 other", max_length=2),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="operation",
            field=models.CharField(blank=True, help_text="S1 S2 N1 N2, or E1 to E8", max_length=2),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="regime",
            field=models.CharField(blank=True, help_text="ClaveRegimen", max_length=2),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="surcharge_percent",
            field=models.DecimalField(
                decimal_places=3, default=0, max_digits=6, verbose_name="surcharge, percent"
            ),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="tax_why",
            field=models.CharField(
                blank=True, help_text="code of why this tax: packs.reasons", max_length=24
            ),
        ),
        migrations.AddField(
            model_name="taxline",
            name="levy",
            field=models.CharField(blank=True, help_text="01 IVA, 02 IPSI, 03 IGIC, 05 other", max_length=2),
        ),
        migrations.AddField(
            model_name="taxline",
            name="operation",
            field=models.CharField(blank=True, help_text="S1 S2 N1 N2, or E1 to E8", max_length=2),
        ),
        migrations.AddField(
            model_name="taxline",
            name="regime",
            field=models.CharField(blank=True, help_text="ClaveRegimen", max_length=2),
        ),
        migrations.AddField(
            model_name="taxline",
            name="surcharge",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="taxline",
            name="surcharge_percent",
            field=models.DecimalField(
                decimal_places=3, default=0, max_digits=6, verbose_name="surcharge, percent"
            ),
        ),
        migrations.AddField(
            model_name="taxrate",
            name="levy",
            field=models.CharField(blank=True, help_text="01 IVA, 02 IPSI, 03 IGIC, 05 other", max_length=2),
        ),
        migrations.AddField(
            model_name="taxrate",
            name="operation",
            field=models.CharField(blank=True, help_text="S1 S2 N1 N2, or E1 to E8", max_length=2),
        ),
        migrations.AddField(
            model_name="taxrate",
            name="regime",
            field=models.CharField(blank=True, help_text="ClaveRegimen", max_length=2),
        ),
        migrations.AddField(
            model_name="taxrate",
            name="since",
            field=models.DateField(blank=True, null=True, verbose_name="in force since"),
        ),
        migrations.AddField(
            model_name="taxrate",
            name="surcharge_percent",
            field=models.DecimalField(
                decimal_places=3, default=0, max_digits=6, verbose_name="surcharge, percent"
            ),
        ),
        migrations.RemoveConstraint(
            model_name="invoice",
            name="credited_no_more_than_charged",
        ),
        migrations.RemoveIndex(
            model_name="invoice",
            name="invoice_open",
        ),
        migrations.AddField(
            model_name="invoice",
            name="chosen_withholding",
            field=models.CharField(
                blank=True,
                help_text="a code of the pack, `none`, or empty: what the pack says",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="withheld",
            field=models.BigIntegerField(
                default=0, help_text="income tax that the customer keeps back; never in `total`"
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="withheld_base",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="invoice",
            name="withheld_name",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="invoice",
            name="withheld_percent",
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True),
        ),
        migrations.AddField(
            model_name="invoice",
            name="withheld_why",
            field=models.CharField(blank=True, help_text="code of why: packs.reasons", max_length=24),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="credited",
            field=models.BigIntegerField(
                default=0, help_text="taken off what is to be paid by issued corrections, positive"
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(
                    ("corrects__isnull", True),
                    ("state", "issued"),
                    (
                        "total__gt",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("withheld"), "+", models.F("paid")
                            ),
                            "+",
                            models.F("credited"),
                        ),
                    ),
                ),
                fields=["due_on"],
                name="invoice_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("credited", 0),
                    models.Q(
                        ("credited__gt", 0),
                        (
                            "credited__lte",
                            django.db.models.expressions.CombinedExpression(
                                models.F("total"), "-", models.F("withheld")
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="credited_no_more_than_charged",
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunPython(class_known_rates, migrations.RunPython.noop),
    ]
