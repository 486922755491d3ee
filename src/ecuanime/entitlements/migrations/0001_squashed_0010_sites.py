"""All tables of this room as they were first given out, in place of the steps that led there."""

import django.db.models.deletion
from django.db import migrations, models

import ecuanime.foundation.fields
from ecuanime.foundation.new_tables import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("entitlements", "0001_initial"),
        ("entitlements", "0002_ledger_guards"),
        ("entitlements", "0003_lots_that_continue"),
        ("entitlements", "0004_plan_kinds"),
        ("entitlements", "0005_statement_balances"),
        ("entitlements", "0006_overdraft_account"),
        ("entitlements", "0007_opening_balances"),
        ("entitlements", "0008_lot_notices"),
        ("entitlements", "0009_reaches_back_to"),
        ("entitlements", "0010_sites"),
    ]

    initial = True

    dependencies = [
        ("clients", "0001_squashed_0007_offices"),
        ("contracts", "0001_squashed_0012_promised_by_plans"),
        ("staff", "0001_squashed_0006_tax_facts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True)),
                (
                    "unit",
                    models.CharField(
                        choices=[("minutes", "hours and minutes"), ("incidents", "incidents")],
                        default="minutes",
                        max_length=10,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("purchase", "bought"),
                            ("bonus", "bonus"),
                            ("replacement", "replaces an expired one"),
                            ("revaluation", "revalued"),
                            ("transfer", "transferred"),
                            ("allowance", "allowance of a period"),
                            ("rollover", "rolled over"),
                            ("overdraft", "overdraft account"),
                            ("opening", "brought from before"),
                            ("credit", "given for promises not kept"),
                        ],
                        max_length=12,
                    ),
                ),
                ("granted", models.BigIntegerField()),
                ("left", models.BigIntegerField(default=0)),
                ("owed", models.BigIntegerField(default=0)),
                ("priority", models.SmallIntegerField(default=100)),
                ("is_allowance", models.BooleanField(default=False)),
                ("is_bonus", models.BooleanField(default=False)),
                ("valid_from", models.DateField()),
                (
                    "reaches_back_to",
                    models.DateField(
                        blank=True,
                        help_text="the first day of work before its validity that it was let pay for",
                        null=True,
                    ),
                ),
                (
                    "expires_on",
                    models.DateField(
                        blank=True, help_text="last day, inclusive, in the contract's zone", null=True
                    ),
                ),
                (
                    "unit_price_paid",
                    ecuanime.foundation.fields.RateField(
                        decimal_places=6,
                        help_text="per hour or incident; 0 for a bonus and for an allowance",
                        max_digits=14,
                    ),
                ),
                ("currency", ecuanime.foundation.fields.CurrencyField(default="EUR", max_length=3)),
                ("bought_at", models.DateTimeField()),
                (
                    "usable_from",
                    models.DateTimeField(
                        blank=True, help_text="paid or issued, as the contract says", null=True
                    ),
                ),
                ("voided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "next_due_at",
                    models.DateTimeField(blank=True, help_text="when its expiry is to be booked", null=True),
                ),
                ("areas", models.ManyToManyField(blank=True, to="staff.productarea")),
                (
                    "belongs_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bonuses",
                        to="entitlements.lot",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lots",
                        to="contracts.contract",
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lots",
                        to="contracts.grant",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lots",
                        to="contracts.contractperiod",
                    ),
                ),
                ("sites", models.ManyToManyField(blank=True, to="clients.site")),
                ("work_types", models.ManyToManyField(blank=True, to="contracts.worktype")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["contract", "expires_on"], name="entitlement_contrac_b29729_idx"),
                    models.Index(
                        condition=models.Q(("next_due_at__isnull", False)),
                        fields=["next_due_at"],
                        name="lot_due",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("left__gt", 0), ("usable_from__isnull", False), ("voided_at__isnull", True)
                        ),
                        fields=["expires_on"],
                        name="lot_expiring",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("left__gte", 0)), name="lot_never_below_zero"),
                    models.CheckConstraint(
                        condition=models.Q(("granted__gte", 0)), name="lot_granted_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("owed__gte", 0)), name="lot_never_owed_below_zero"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source", "overdraft")),
                        fields=("contract",),
                        name="one_overdraft_account",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LotNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "threshold",
                    models.CharField(
                        choices=[
                            ("low", "runs low"),
                            ("days_30", "expires in 30 days"),
                            ("days_7", "expires in 7 days"),
                        ],
                        max_length=10,
                    ),
                ),
                ("told_at", models.DateTimeField()),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="entitlements.lot",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("lot", "threshold"), name="lot_told_once")],
            },
        ),
        migrations.CreateModel(
            name="Movement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
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
                ("unit", models.CharField(default="minutes", help_text="that of its lots", max_length=10)),
                (
                    "balance",
                    models.BigIntegerField(
                        default=0, help_text="in the contract's lots of that unit, after it"
                    ),
                ),
                ("at", models.DateTimeField(help_text="when it was booked")),
                (
                    "worked_at",
                    models.DateTimeField(blank=True, help_text="when the work it pays was done", null=True),
                ),
                ("idempotency_key", models.CharField(max_length=120, unique=True)),
                (
                    "cause",
                    models.CharField(blank=True, help_text="what caused it, e.g. entry:512", max_length=80),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="contracts.contract",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="entitlements.movement",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["contract", "unit", "-at", "-id"], name="movement_statement"),
                    models.Index(fields=["cause"], name="entitlement_cause_ba87c7_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "account",
                    models.CharField(
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
                ("quantity", models.BigIntegerField()),
                ("left", models.BigIntegerField(blank=True, null=True)),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to="entitlements.lot",
                    ),
                ),
                (
                    "movement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to="entitlements.movement",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["lot", "account", "-movement", "-id"], name="posting_statement")
                ],
            },
        ),
    ]
    operations = [CreateModels(*operations)]
