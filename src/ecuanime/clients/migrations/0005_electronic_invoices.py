"""What a client's programs read beside the PDF of an invoice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0004_dossier_and_own_people")]

    operations = [
        migrations.AddField(
            model_name="client",
            name="invoice_format",
            field=models.CharField(
                choices=[
                    ("none", "none: the PDF"),
                    ("factur-x", "Factur-X: the PDF with its data inside"),
                    ("ubl", "UBL: the PDF and an XML file"),
                ],
                default="none",
                max_length=10,
                verbose_name="electronic invoice",
            ),
        ),
    ]
