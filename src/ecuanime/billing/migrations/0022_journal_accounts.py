"""The accounts of the firm's accounting that the journal writes on, by what they are for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0021_direct_debits"),
    ]

    operations = [
        migrations.CreateModel(
            name="JournalAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
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
                        ],
                        max_length=10,
                        unique=True,
                    ),
                ),
                ("account", models.CharField(max_length=30)),
            ],
            options={
                "ordering": ["role"],
            },
        ),
    ]
