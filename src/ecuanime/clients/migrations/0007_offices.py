"""Facturae: a client may read it, and an administration has three offices that it must name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0006_taxed_as")]

    operations = [
        migrations.AlterField(
            model_name="client",
            name="invoice_format",
            field=models.CharField(
                choices=[
                    ("none", "none: the PDF"),
                    ("factur-x", "Factur-X: the PDF with its data inside"),
                    ("ubl", "UBL: the PDF and an XML file"),
                    ("facturae", "Facturae: the PDF and a signed Facturae"),
                ],
                default="none",
                max_length=10,
                verbose_name="electronic invoice",
            ),
        ),
        *(
            migrations.AddField(
                model_name="client",
                name=name,
                field=models.CharField(blank=True, default="", max_length=10, verbose_name=words),
                preserve_default=False,
            )
            for name, words in (
                ("office_accounting", "accounting office (DIR3)"),
                ("office_managing", "managing body (DIR3)"),
                ("office_processing", "processing unit (DIR3)"),
            )
        ),
    ]
