"""An invoice that should never have existed is taken back, with the record that says so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0014_taxes_and_withholding")]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="annulled_at",
            field=models.DateTimeField(
                blank=True,
                help_text="when it was taken back as one that should never have existed",
                null=True,
            ),
        )
    ]
