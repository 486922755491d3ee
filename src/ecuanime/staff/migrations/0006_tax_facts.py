"""The firm says its legal form: customers withhold income tax on what a professional charges."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0005_who_is_told_that_time_is_up"),
    ]

    operations = [
        migrations.AddField(
            model_name="firm",
            name="legal_form",
            field=models.CharField(
                choices=[
                    ("company", "company or other entity"),
                    ("professional", "natural person, professional activity"),
                    ("trader", "natural person, business activity"),
                ],
                default="company",
                max_length=12,
                verbose_name="legal form",
            ),
        ),
        migrations.AddField(
            model_name="firm",
            name="professional_since",
            field=models.DateField(blank=True, null=True, verbose_name="professional activity since"),
        ),
    ]
