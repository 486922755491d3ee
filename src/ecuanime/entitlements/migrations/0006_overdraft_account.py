"""A contract can have an account of what was overdrawn, for its next lot to settle."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0004_plan_kinds"),
        ("entitlements", "0005_statement_balances"),
        ("staff", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="lot",
            name="owed",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="lot",
            name="source",
            field=models.CharField(
                choices=[
                    ("purchase", "bought"),
                    ("bonus", "bonus"),
                    ("replacement", "replaces an expired one"),
                    ("revaluation", "revalued"),
                    ("transfer", "transferred"),
                    ("allowance", "allowance of a period"),
                    ("rollover", "rolled over"),
                    ("overdraft", "overdraft account"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="movement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("grant", "purchase"),
                    ("bonus", "bonus"),
                    ("drawdown", "drawdown"),
                    ("reversal", "reversal"),
                    ("expiry", "expiry"),
                    ("void", "void"),
                    ("refund", "refund"),
                    ("revaluation", "revaluation"),
                    ("transfer", "transfer"),
                    ("overdraft", "overdraft"),
                    ("settlement", "settlement"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="posting",
            name="account",
            field=models.CharField(
                choices=[
                    ("lot", "lot"),
                    ("granted", "granted"),
                    ("used", "used"),
                    ("expired", "expired"),
                    ("void", "void"),
                    ("refunded", "refunded"),
                    ("revalued", "revalued"),
                    ("transferred_in", "transferred in"),
                    ("transferred_out", "transferred out"),
                    ("overdrawn", "overdrawn"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("owed__gte", 0)), name="lot_never_owed_below_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source", "overdraft")),
                fields=("contract",),
                name="one_overdraft_account",
            ),
        ),
    ]
