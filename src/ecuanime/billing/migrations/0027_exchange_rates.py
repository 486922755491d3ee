"""Exchange rates: those that the firm noted, and what documents and money in other currencies are booked at."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ecuanime.foundation.fields


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0026_replaced_simplified"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="exchange_rate",
            field=models.DecimalField(
                blank=True,
                decimal_places=8,
                help_text="units of the firm's currency for one of the document's, as it is booked",
                max_digits=18,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="exchange_rate",
            field=models.DecimalField(blank=True, decimal_places=8, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name="payment",
            name="home_booked",
            field=models.BigIntegerField(
                blank=True, help_text="what it takes off there, at the rate that was booked before", null=True
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="home_value",
            field=models.BigIntegerField(
                blank=True, help_text="what it was worth in the firm's currency", null=True
            ),
        ),
        migrations.AlterField(
            model_name="journalaccount",
            name="role",
            field=models.CharField(
                choices=[
                    ("clients", "Clients"),
                    ("held", "Money held for clients"),
                    ("bank", "Bank"),
                    ("card", "Cards"),
                    ("cash", "Cash"),
                    ("services", "Services"),
                    ("goods", "Goods"),
                    ("advances", "Advance invoices"),
                    ("tax", "Tax charged"),
                    ("withheld", "Tax that clients withhold"),
                    ("lost", "Debts written off"),
                    ("rate_gain", "Gains by exchange rates"),
                    ("rate_loss", "Losses by exchange rates"),
                ],
                max_length=10,
                unique=True,
            ),
        ),
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "currency",
                    ecuanime.foundation.fields.CurrencyField(
                        default="EUR", max_length=3, verbose_name="currency"
                    ),
                ),
                ("on", models.DateField(verbose_name="day")),
                ("rate", models.DecimalField(decimal_places=8, max_digits=18, verbose_name="rate")),
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
            options={
                "ordering": ["-on", "currency"],
                "constraints": [
                    models.UniqueConstraint(fields=("currency", "on"), name="one_exchange_rate_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("rate__gt", 0)), name="exchange_rate_above_zero"
                    ),
                ],
            },
        ),
    ]
