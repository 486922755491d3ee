"""What holds CFDIs: which checks each one passed and whether the firm wants them, and papers of global invoices too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_vat_checks")]

    operations = [
        migrations.AddField(
            "mexicosettings",
            "checks",
            models.BooleanField(
                default=True,
                help_text="whether what satcfdi brings of the SAT is held against, where it is installed",
            ),
        ),
        migrations.AddField(
            "cfdi",
            "checked_by",
            models.CharField(
                blank=True,
                default="",
                help_text="what held it against the SAT's schema and original string before it was sent",
                max_length=40,
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            "cfdi",
            "pdf",
            models.ForeignKey(
                blank=True,
                help_text="of a global invoice, a complement or a replacement: its paper",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="foundation.storedfile",
            ),
        ),
        migrations.RemoveIndex("cfdi", "cfdi_without_pdf"),
        migrations.AddIndex(
            "cfdi",
            models.Index(
                condition=models.Q(
                    ("pdf__isnull", True),
                    ("state", "stamped"),
                    models.Q(
                        ("invoice__isnull", True),
                        ("payment__isnull", False),
                        ("replaces__isnull", False),
                        _connector="OR",
                    ),
                ),
                fields=["answered_at"],
                name="cfdi_without_pdf",
            ),
        ),
    ]
