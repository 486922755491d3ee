"""A client is taxed as a business or a consumer, and may be a retailer who pays the equivalence surcharge."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0005_electronic_invoices"),
    ]

    operations = [
        migrations.AddField(
            model_name="client",
            name="in_retail_scheme",
            field=models.BooleanField(
                default=False,
                help_text="Spain's recargo de equivalencia, charged on goods",
                verbose_name="retailer who pays the equivalence surcharge",
            ),
        ),
        migrations.AddField(
            model_name="client",
            name="kind",
            field=models.CharField(
                choices=[("business", "business or entity"), ("consumer", "consumer")],
                default="business",
                max_length=8,
                verbose_name="taxed as",
            ),
        ),
    ]
