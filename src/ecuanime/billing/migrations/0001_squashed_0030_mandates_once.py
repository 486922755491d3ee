"""All tables of this room as they were first given out, in place of the steps that led there."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import ecuanime.foundation.fields
from ecuanime.foundation.new_tables import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("billing", "0001_initial"),
        ("billing", "0002_issued_is_final"),
        ("billing", "0003_minutes_billed_once"),
        ("billing", "0004_goods_and_discounts"),
        ("billing", "0005_credits_by_line"),
        ("billing", "0006_money_held"),
        ("billing", "0007_fees_and_advances"),
        ("billing", "0008_books"),
        ("billing", "0009_next_packs"),
        ("billing", "0010_brought_over"),
        ("billing", "0011_time_discounts_and_tax_per_line"),
        ("billing", "0012_fiscal_records"),
        ("billing", "0013_agency"),
        ("billing", "0014_taxes_and_withholding"),
        ("billing", "0015_annulled"),
        ("billing", "0016_received_invoices"),
        ("billing", "0017_bank_statements"),
        ("billing", "0018_write_offs"),
        ("billing", "0019_mexico"),
        ("billing", "0020_withheld_and_complements"),
        ("billing", "0021_direct_debits"),
        ("billing", "0022_journal_accounts"),
        ("billing", "0023_cfdi_cancellations"),
        ("billing", "0024_kept_guarantees"),
        ("billing", "0025_card_payments"),
        ("billing", "0026_replaced_simplified"),
        ("billing", "0027_exchange_rates"),
        ("billing", "0028_cfdi_replacements"),
        ("billing", "0029_hand_overs"),
        ("billing", "0030_mandates_once"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("clients", "0001_squashed_0007_offices"),
        ("contracts", "0001_squashed_0012_promised_by_plans"),
        ("delivery", "0001_squashed_0002_mail_identity"),
        ("entitlements", "0001_squashed_0010_sites"),
        ("foundation", "0001_initial"),
        ("worklog", "0001_squashed_0012_terms_windows"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankFormat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                ("account", models.CharField(max_length=34)),
                ("currency", ecuanime.foundation.fields.CurrencyField(default="EUR", max_length=3)),
                (
                    "separator",
                    models.CharField(
                        choices=[(";", "semicolon ;"), (",", "comma ,"), ("\t", "tabulator"), ("|", "bar |")],
                        default=";",
                        max_length=1,
                    ),
                ),
                (
                    "decimal_mark",
                    models.CharField(
                        choices=[(",", "1.234,56"), (".", "1,234.56")], default=",", max_length=1
                    ),
                ),
                (
                    "date_format",
                    models.CharField(
                        choices=[
                            ("%d/%m/%Y", "31/12/2026"),
                            ("%d/%m/%y", "31/12/26"),
                            ("%d-%m-%Y", "31-12-2026"),
                            ("%d.%m.%Y", "31.12.2026"),
                            ("%Y-%m-%d", "2026-12-31"),
                            ("%m/%d/%Y", "12/31/2026"),
                        ],
                        default="%d/%m/%Y",
                        max_length=10,
                    ),
                ),
                ("day_column", models.CharField(max_length=60)),
                ("amount_column", models.CharField(max_length=60)),
                ("out_column", models.CharField(blank=True, max_length=60)),
                ("text_column", models.CharField(blank=True, max_length=60)),
                ("name_column", models.CharField(blank=True, max_length=60)),
                ("account_column", models.CharField(blank=True, max_length=60)),
                ("reference_column", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
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
                            ("rate_gain", "Gains by exchange rates"),
                            ("rate_loss", "Losses by exchange rates"),
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
        migrations.CreateModel(
            name="ReminderStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("days_after", models.PositiveSmallIntegerField(unique=True)),
            ],
            options={
                "ordering": ["days_after"],
            },
        ),
        migrations.CreateModel(
            name="AgencySettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "environment",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("test", "the agency's test environment"),
                            ("production", "the agency's production environment"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_agency_settings")
                ],
            },
        ),
        migrations.CreateModel(
            name="BankFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("format", models.CharField(max_length=60)),
                ("filed_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.storedfile",
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("file", "format"), name="bank_file_once")],
            },
        ),
        migrations.CreateModel(
            name="BankEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.CharField(max_length=34)),
                ("identity", models.CharField(max_length=64)),
                ("booked_on", models.DateField()),
                ("value_on", models.DateField(blank=True, null=True)),
                ("amount", models.BigIntegerField()),
                ("currency", ecuanime.foundation.fields.CurrencyField(default="EUR", max_length=3)),
                ("text", models.CharField(blank=True, max_length=1000)),
                (
                    "reference",
                    models.CharField(blank=True, help_text="structured creditor reference", max_length=35),
                ),
                ("bank_reference", models.CharField(blank=True, max_length=80)),
                ("end_to_end", models.CharField(blank=True, max_length=35)),
                ("mandate", models.CharField(blank=True, max_length=35)),
                (
                    "batch",
                    models.CharField(
                        blank=True, help_text="PmtInfId of what was collected together", max_length=35
                    ),
                ),
                ("party_name", models.CharField(blank=True, max_length=140)),
                ("party_account", models.CharField(blank=True, max_length=34)),
                (
                    "return_code",
                    models.CharField(blank=True, help_text="why a direct debit came back", max_length=35),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("to_match", "to match"),
                            ("matched", "matched"),
                            ("set_aside", "set aside"),
                            ("out", "money out"),
                        ],
                        max_length=9,
                    ),
                ),
                ("matched", models.BigIntegerField(default=0)),
                ("set_aside_reason", models.CharField(blank=True, max_length=300)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("filed_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="billing.bankfile",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-booked_on", "-id"], name="bank_entry_by_day"),
                    models.Index(fields=["state", "-booked_on", "-id"], name="bank_entry_by_state"),
                    models.Index(
                        condition=models.Q(("party_account", ""), _negated=True),
                        fields=["party_account"],
                        name="bank_entry_payer",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "identity"), name="bank_entry_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("matched", 0),
                            models.Q(("matched__gt", 0), ("matched__lte", models.F("amount"))),
                            models.Q(("matched__gte", models.F("amount")), ("matched__lt", 0)),
                            _connector="OR",
                        ),
                        name="matched_no_more_than_came",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "matched"), _negated=True),
                            ("matched", models.F("amount")),
                            _connector="OR",
                        ),
                        name="matched_is_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("idempotency_key", models.CharField(max_length=100, unique=True)),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("up_to", models.DateField()),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("clients_total", models.PositiveIntegerField(default=0)),
                ("clients_done", models.PositiveIntegerField(default=0)),
                (
                    "started_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=10, verbose_name="code")),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("invoice", "invoices"),
                            ("credit_note", "credit notes"),
                            ("pro_forma", "pro-formas"),
                        ],
                        max_length=12,
                    ),
                ),
                ("next_number", models.PositiveIntegerField(default=1)),
                ("last_issued_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("code", "year"), name="series_once_a_year")],
            },
        ),
        migrations.CreateModel(
            name="TaxRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "surcharge_percent",
                    models.DecimalField(
                        decimal_places=3, default=0, max_digits=6, verbose_name="surcharge, percent"
                    ),
                ),
                (
                    "levy",
                    models.CharField(
                        blank=True, help_text="01 IVA, 02 IPSI, 03 IGIC, 05 other", max_length=2
                    ),
                ),
                ("regime", models.CharField(blank=True, help_text="ClaveRegimen", max_length=2)),
                (
                    "operation",
                    models.CharField(blank=True, help_text="S1 S2 N1 N2, or E1 to E8", max_length=2),
                ),
                ("code", models.SlugField(max_length=30, unique=True)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "category",
                    models.CharField(
                        default="S",
                        help_text="UNCL 5305: S standard, Z zero, E exempt, AE reverse",
                        max_length=2,
                    ),
                ),
                ("percent", models.DecimalField(decimal_places=3, max_digits=6, verbose_name="percent")),
                (
                    "reason",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="reason printed on the invoice"
                    ),
                ),
                ("is_default", models.BooleanField(default=False)),
                (
                    "source",
                    models.CharField(blank=True, help_text="where the rate is written", max_length=200),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="in force since")),
            ],
            options={
                "ordering": ["-is_default", "-percent", "code"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("is_default",),
                        name="one_default_tax",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invoice",
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
                            ("invoice", "Invoice"),
                            ("advance", "Advance invoice"),
                            ("credit_note", "Credit note"),
                            ("pro_forma", "Pro-forma"),
                            ("brought", "Invoice of a former program"),
                            ("replacement", "Invoice in place of simplified ones"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("issued", "issued")], default="draft", max_length=8
                    ),
                ),
                ("sequence", models.PositiveIntegerField(blank=True, null=True)),
                ("number", models.CharField(blank=True, max_length=40, null=True, unique=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "correction_type",
                    models.CharField(
                        blank=True,
                        help_text="of a correction: its kind by the country's law; empty: the usual one",
                        max_length=2,
                    ),
                ),
                (
                    "by_substitution",
                    models.BooleanField(
                        default=False,
                        help_text="a correction states what now stands, rather than the difference alone",
                    ),
                ),
                ("period_from", models.DateField(blank=True, null=True)),
                ("period_until", models.DateField(blank=True, null=True)),
                ("issued_on", models.DateField(blank=True, null=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("issued_at", models.DateTimeField(blank=True, null=True)),
                (
                    "dated_at",
                    models.DateTimeField(
                        help_text="when it was drafted, then when it was issued: the lists' order"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("es", "Español"), ("en", "English")], default="es", max_length=5
                    ),
                ),
                ("currency", ecuanime.foundation.fields.CurrencyField(default="EUR", max_length=3)),
                (
                    "exchange_rate",
                    models.DecimalField(
                        blank=True,
                        decimal_places=8,
                        help_text="units of the firm's currency for one of the document's, as it is booked",
                        max_digits=18,
                        null=True,
                    ),
                ),
                (
                    "discount_percent",
                    models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True),
                ),
                ("discount_amount", models.BigIntegerField(blank=True, null=True)),
                ("discount_reason", models.CharField(blank=True, max_length=120)),
                (
                    "tax_per_line",
                    models.BooleanField(
                        default=False,
                        help_text="whether the tax of each line is rounded, as the country's pack says",
                    ),
                ),
                ("net", models.BigIntegerField(default=0)),
                ("tax", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(default=0)),
                (
                    "withheld_percent",
                    models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True),
                ),
                ("withheld_name", models.CharField(blank=True, max_length=20)),
                (
                    "withheld_why",
                    models.CharField(blank=True, help_text="code of why: packs.reasons", max_length=24),
                ),
                ("withheld_base", models.BigIntegerField(default=0)),
                (
                    "withheld",
                    models.BigIntegerField(
                        default=0, help_text="income tax that the customer keeps back; never in `total`"
                    ),
                ),
                (
                    "withheld_parts",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="several taxes withheld at once: name, percent, amount of each",
                    ),
                ),
                (
                    "chosen_withholding",
                    models.CharField(
                        blank=True,
                        help_text="a code of the pack, `none`, or empty: what the pack says",
                        max_length=20,
                    ),
                ),
                ("paid", models.BigIntegerField(default=0)),
                (
                    "remind_on",
                    models.DateField(blank=True, help_text="when the next reminder is due", null=True),
                ),
                ("reminders_stopped_at", models.DateTimeField(blank=True, null=True)),
                (
                    "credited",
                    models.BigIntegerField(
                        default=0, help_text="taken off what is to be paid by issued corrections, positive"
                    ),
                ),
                (
                    "written_off",
                    models.BigIntegerField(
                        default=0,
                        help_text="given up as lost: owed no more, though neither paid nor credited",
                    ),
                ),
                (
                    "annulled_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="when it was taken back as one that should never have existed",
                        null=True,
                    ),
                ),
                (
                    "is_held",
                    models.BooleanField(
                        default=False,
                        help_text="issued, and no invoice yet for the client: the authority has not stamped it",
                    ),
                ),
                ("issuer", models.JSONField(blank=True, default=dict)),
                ("customer", models.JSONField(blank=True, default=dict)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("is_demo", models.BooleanField(default=False)),
                ("idempotency_key", models.CharField(blank=True, max_length=120, null=True, unique=True)),
                ("created_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoices",
                        to="clients.client",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="billing.invoice",
                    ),
                ),
                (
                    "mail",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoices",
                        to="delivery.outgoingmail",
                    ),
                ),
                (
                    "pdf",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="foundation.storedfile",
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="the full invoice that stands in place of this simplified one",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="billing.invoice",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoices",
                        to="billing.run",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoices",
                        to="billing.series",
                    ),
                ),
                (
                    "tax_rate",
                    models.ForeignKey(
                        blank=True,
                        help_text="what a person chose for this document; empty: what the country's pack says",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="billing.taxrate",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-dated_at", "-id"], name="billing_inv_dated_a_86c05e_idx"),
                    models.Index(
                        fields=["client", "-dated_at", "-id"], name="billing_inv_client__48cf9b_idx"
                    ),
                    models.Index(fields=["state", "-dated_at", "-id"], name="billing_inv_state_e20f8f_idx"),
                    models.Index(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            ("state", "issued"),
                            (
                                "total__gt",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("withheld"), "+", models.F("paid")
                                        ),
                                        "+",
                                        models.F("credited"),
                                    ),
                                    "+",
                                    models.F("written_off"),
                                ),
                            ),
                        ),
                        fields=["due_on"],
                        name="invoice_open",
                    ),
                    models.Index(
                        condition=models.Q(("remind_on__isnull", False)),
                        fields=["remind_on"],
                        name="invoice_to_remind",
                    ),
                    models.Index(
                        condition=models.Q(("pdf__isnull", True), ("state", "issued")),
                        fields=["issued_at"],
                        name="invoice_without_pdf",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("series", "sequence"), name="invoice_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("number__isnull", True), ("sequence__isnull", True), ("state", "draft")
                            ),
                            models.Q(
                                ("number__isnull", False),
                                ("sequence__isnull", False),
                                ("series__isnull", False),
                                ("state", "issued"),
                            ),
                            ("kind", "brought"),
                            _connector="OR",
                        ),
                        name="only_issued_have_numbers",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "brought"), _negated=True),
                            models.Q(
                                ("credited", 0),
                                ("mail__isnull", True),
                                ("number__isnull", False),
                                ("pdf__isnull", True),
                                ("sequence__isnull", True),
                                ("series__isnull", True),
                                ("state", "issued"),
                                ("total__gt", 0),
                            ),
                            _connector="OR",
                        ),
                        name="brought_is_never_ours",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("credited", 0),
                            models.Q(
                                ("credited__gt", 0),
                                (
                                    "credited__lte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("total"), "-", models.F("withheld")
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="credited_no_more_than_charged",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("written_off__gte", 0)), name="written_off_is_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", ecuanime.foundation.fields.CurrencyField(default="EUR", max_length=3)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("received", "received"),
                            ("returned", "given back"),
                            ("correction", "taken back"),
                            ("applied", "credit applied"),
                            ("chargeback", "disputed: money withdrawn"),
                            ("recovered", "dispute won: money back"),
                            ("brought", "paid before the invoice was brought over"),
                            ("write_off", "written off"),
                        ],
                        default="received",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("received_on", models.DateField(verbose_name="received on")),
                ("amount", models.BigIntegerField()),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("transfer", "bank transfer"),
                            ("card", "card"),
                            ("cash", "cash"),
                            ("direct_debit", "direct debit"),
                            ("other", "other"),
                        ],
                        default="transfer",
                        max_length=12,
                        verbose_name="method",
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=120, verbose_name="reference")),
                ("reference_key", models.CharField(blank=True, max_length=120, null=True)),
                (
                    "exchange_rate",
                    models.DecimalField(blank=True, decimal_places=8, max_digits=18, null=True),
                ),
                (
                    "home_value",
                    models.BigIntegerField(
                        blank=True, help_text="what it was worth in the firm's currency", null=True
                    ),
                ),
                (
                    "home_booked",
                    models.BigIntegerField(
                        blank=True,
                        help_text="what it takes off there, at the rate that was booked before",
                        null=True,
                    ),
                ),
                ("idempotency_key", models.CharField(max_length=120, unique=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "about",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="billing.payment",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="clients.client",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="billing.payment",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="billing.invoice",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["received_on", "id"],
                "indexes": [
                    models.Index(
                        fields=["invoice", "received_on", "id"], name="billing_pay_invoice_06f285_idx"
                    ),
                    models.Index(
                        fields=["client", "currency", "received_on", "id"],
                        name="billing_pay_client__05c053_idx",
                    ),
                    models.Index(
                        condition=models.Q(("invoice__isnull", True)),
                        fields=["client", "currency"],
                        name="money_held",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reference_key__isnull", False)),
                        fields=("client", "reference_key"),
                        name="reference_once_a_client",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CardCheckout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=60, unique=True)),
                ("amount", models.BigIntegerField()),
                ("currency", ecuanime.foundation.fields.CurrencyField(default="EUR", max_length=3)),
                ("is_live", models.BooleanField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("pending", "under way"),
                            ("paid", "paid"),
                            ("failed", "failed"),
                        ],
                        default="open",
                        max_length=7,
                    ),
                ),
                ("session", models.CharField(blank=True, max_length=200)),
                ("url", models.TextField(blank=True)),
                ("intent", models.CharField(blank=True, max_length=200)),
                ("refunded", models.BigIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.contact"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checkouts",
                        to="billing.invoice",
                    ),
                ),
                (
                    "payment",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checkout",
                        to="billing.payment",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["invoice", "-asked_at"], name="checkout_of_invoice")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gt", 0), ("refunded__gte", 0), ("refunded__lte", models.F("amount"))
                        ),
                        name="no_more_refunded_than_paid",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("intent", ""), _negated=True),
                        fields=("intent",),
                        name="card_intent_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CardEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event_id", models.CharField(max_length=200, unique=True)),
                ("kind", models.CharField(max_length=60)),
                ("occurred_at", models.DateTimeField()),
                ("is_live", models.BooleanField()),
                ("object_id", models.CharField(max_length=200)),
                ("intent", models.CharField(blank=True, max_length=200)),
                ("reference", models.CharField(blank=True, max_length=200)),
                ("amount", models.BigIntegerField()),
                ("currency", ecuanime.foundation.fields.CurrencyField(default="EUR", max_length=3)),
                ("status", models.CharField(blank=True, max_length=200)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "to be worked"),
                            ("noted", "noted"),
                            ("to_look_at", "to look at"),
                            ("elsewhere", "not of our invoices"),
                            ("test", "a test: nothing noted"),
                            ("settled", "looked at"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("trouble", models.CharField(blank=True, max_length=500)),
                ("received_at", models.DateTimeField()),
                ("worked_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "checkout",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="billing.cardcheckout",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-received_at", "-id"], name="card_event_newest"),
                    models.Index(fields=["state", "-received_at", "-id"], name="card_event_by_state"),
                    models.Index(
                        condition=models.Q(("state__in", ("received", "elsewhere"))),
                        fields=["intent"],
                        name="card_event_waiting",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CardSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_on", models.BooleanField(default=False)),
                ("is_live", models.BooleanField(default=False, help_text="whether the key moves money")),
                ("key_sealed", models.TextField(blank=True)),
                ("signing_sealed", models.TextField(blank=True)),
                ("trouble", models.CharField(blank=True, max_length=40)),
                ("trouble_words", models.CharField(blank=True, max_length=300)),
                ("trouble_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_card_settings"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_on", False),
                            models.Q(
                                models.Q(("key_sealed", ""), _negated=True),
                                models.Q(("signing_sealed", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="cards_on_with_keys",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MexicoSeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holder", models.CharField(max_length=200)),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField()),
                ("key_sealed", models.TextField(blank=True)),
                ("uploaded_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("number", models.CharField(max_length=20)),
                ("rfc", models.CharField(max_length=13)),
                ("certificate", models.TextField(help_text="DER in base64, which is public")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at__isnull", True)),
                        fields=("retired_at",),
                        name="one_seal_in_use",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retired_at__isnull", True), ("key_sealed", ""), _connector="OR"),
                        name="retired_seals_keep_no_key",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Cfdi",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("period_from", models.DateField(blank=True, null=True)),
                (
                    "period_until",
                    models.DateField(
                        blank=True, help_text="of a global invoice, both days inclusive", null=True
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                ("kind", models.CharField(help_text="I income, E credit, P payment", max_length=1)),
                (
                    "method",
                    models.CharField(blank=True, help_text="PPD paid later, PUE at once", max_length=3),
                ),
                (
                    "environment",
                    models.CharField(
                        choices=[
                            ("test", "the PAC's tests, without effects"),
                            ("production", "the PAC in earnest"),
                        ],
                        max_length=10,
                    ),
                ),
                ("sealed", models.TextField()),
                ("sealed_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("to_stamp", "to be stamped"),
                            ("stamped", "stamped"),
                            ("rejected", "rejected"),
                        ],
                        default="to_stamp",
                        max_length=10,
                    ),
                ),
                ("tries", models.PositiveIntegerField(default=0)),
                ("not_before", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("trouble", models.CharField(blank=True, max_length=40)),
                ("code", models.CharField(blank=True, max_length=20)),
                ("words", models.CharField(blank=True, max_length=1500)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("uuid", models.CharField(blank=True, max_length=36)),
                ("stamped", models.TextField(blank=True)),
                (
                    "cancelled_at",
                    models.DateTimeField(blank=True, help_text="when the SAT said that it is", null=True),
                ),
                (
                    "superseded_at",
                    models.DateTimeField(
                        blank=True, help_text="when the one that takes its place was stamped", null=True
                    ),
                ),
                (
                    "customer",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="of a replacement: whom it is for, as its paper shows them",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="who wanted another one replaced by it",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pdf",
                    models.ForeignKey(
                        blank=True,
                        help_text="of a complement or a replacement: its paper",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.storedfile",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replacements",
                        to="billing.cfdi",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        blank=True,
                        help_text="empty: a global invoice of what was sold to the public in general",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cfdis",
                        to="billing.invoice",
                    ),
                ),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.mexicoseal"
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        blank=True,
                        help_text="of a payment complement: what came on the invoice",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cfdis",
                        to="billing.payment",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-sealed_at", "-id"], name="cfdi_newest"),
                    models.Index(
                        condition=models.Q(("state", "to_stamp")), fields=["not_before"], name="cfdi_due"
                    ),
                    models.Index(
                        condition=models.Q(
                            ("pdf__isnull", True),
                            ("state", "stamped"),
                            models.Q(
                                ("payment__isnull", False), ("replaces__isnull", False), _connector="OR"
                            ),
                        ),
                        fields=["answered_at"],
                        name="cfdi_without_pdf",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("invoice", "payment", "attempt"),
                        name="cfdi_attempt_once",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "to_stamp")),
                        fields=("invoice", "payment"),
                        name="one_cfdi_to_stamp",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("payment__isnull", True), ("state", "stamped"), ("superseded_at__isnull", True)
                        ),
                        fields=("invoice",),
                        name="one_standing_cfdi",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("cancelled_at__isnull", True),
                            ("state", "stamped"),
                            ("superseded_at__isnull", True),
                        ),
                        fields=("payment",),
                        name="one_standing_complement",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("uuid", ""), _negated=True),
                        fields=("uuid",),
                        name="cfdi_uuid_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("invoice__isnull", False),
                                ("period_from__isnull", True),
                                ("period_until__isnull", True),
                            ),
                            models.Q(
                                ("invoice__isnull", True),
                                ("payment__isnull", True),
                                ("period_until__gte", models.F("period_from")),
                            ),
                            _connector="OR",
                        ),
                        name="of_a_document_or_of_a_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "stamped"),
                                models.Q(("uuid", ""), _negated=True),
                                models.Q(("stamped", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "stamped"), _negated=True), ("stamped", ""), ("uuid", "")
                            ),
                            _connector="OR",
                        ),
                        name="only_stamped_have_uuids",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CfdiCancellation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("01", "01: errors, and another CFDI takes its place"),
                            ("02", "02: errors, and no other CFDI takes its place"),
                            ("03", "03: the operation did not take place"),
                            ("04", "04: it was named in a global invoice"),
                        ],
                        max_length=2,
                    ),
                ),
                ("substitute", models.CharField(blank=True, max_length=36)),
                ("request", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("to_send", "to be asked for"),
                            ("waiting", "waits for the receiver"),
                            ("cancelled", "cancelled"),
                            ("refused", "refused"),
                        ],
                        default="to_send",
                        max_length=10,
                    ),
                ),
                ("tries", models.PositiveIntegerField(default=0)),
                ("not_before", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("trouble", models.CharField(blank=True, max_length=40)),
                ("code", models.CharField(blank=True, max_length=20)),
                ("words", models.CharField(blank=True, max_length=500)),
                ("requested_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cfdi",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cancellations",
                        to="billing.cfdi",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("to_send", "waiting"))),
                        fields=["not_before"],
                        name="cancellation_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "refused"), _negated=True),
                        fields=("cfdi",),
                        name="one_live_cancellation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", "01"), models.Q(("substitute", ""), _negated=True)),
                            models.Q(models.Q(("reason", "01"), _negated=True), ("substitute", "")),
                            _connector="OR",
                        ),
                        name="a_substitute_is_named_for_01",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Charge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("description", models.CharField(max_length=300)),
                ("minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("units", models.PositiveIntegerField(blank=True, null=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "until",
                    models.DateField(blank=True, help_text="the last day that a fee pays for", null=True),
                ),
                ("is_billed", models.BooleanField(default=True)),
                (
                    "price",
                    ecuanime.foundation.fields.RateField(
                        decimal_places=6,
                        help_text="per hour when minutes are set, else per unit",
                        max_digits=14,
                    ),
                ),
                ("currency", ecuanime.foundation.fields.CurrencyField(default="EUR", max_length=3)),
                ("idempotency_key", models.CharField(max_length=100, unique=True)),
                ("created_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charges",
                        to="clients.client",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charges",
                        to="contracts.contract",
                    ),
                ),
                (
                    "lot",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charge",
                        to="entitlements.lot",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["client", "created_at"], name="billing_cha_client__079f7d_idx"),
                    models.Index(
                        condition=models.Q(("cancelled_at__isnull", True), ("is_billed", False)),
                        fields=["due_on", "client"],
                        name="charge_to_bill",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Closing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("through", models.DateField(verbose_name="closed through")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="why")),
                ("closed_at", models.DateTimeField()),
                (
                    "closed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Collection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(help_text="MsgId of the file", max_length=35, unique=True)),
                ("collect_on", models.DateField()),
                ("idempotency_key", models.CharField(max_length=120, unique=True)),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.storedfile",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CreditorSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("creditor_id", models.CharField(help_text="SEPA creditor identifier, AT-02", max_length=35)),
                ("bic", models.CharField(blank=True, help_text="of the bank that collects", max_length=11)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_creditor_settings")
                ],
            },
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
        migrations.CreateModel(
            name="FiscalChain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nif", models.CharField(max_length=9)),
                ("system_code", models.CharField(max_length=2)),
                ("installation", models.CharField(max_length=100)),
                ("is_demo", models.BooleanField(default=False)),
                ("next_position", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("nif", "system_code", "installation"), name="one_chain_each"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgencyQueue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "environment",
                    models.CharField(
                        choices=[
                            ("test", "the agency's test environment"),
                            ("production", "the agency's production environment"),
                        ],
                        max_length=10,
                    ),
                ),
                ("sent_through", models.PositiveIntegerField(default=0)),
                ("most_records", models.PositiveSmallIntegerField(default=1000)),
                ("not_before", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failing_since", models.DateTimeField(blank=True, null=True)),
                ("trouble", models.CharField(blank=True, max_length=40)),
                (
                    "chain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="queues",
                        to="billing.fiscalchain",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("chain", "environment"), name="one_queue_each")
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("idempotency_key", models.CharField(max_length=100, unique=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="HandedOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="number")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="issued on")),
                ("total", models.BigIntegerField(blank=True, null=True)),
                ("noted_at", models.DateTimeField(blank=True, null=True)),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, help_text="why it was taken back", max_length=300)),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.storedfile",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hand_over",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="billing.handover",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handed_over",
                        to="billing.invoice",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at", None)),
                        fields=("invoice",),
                        name="handed_over_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at", None), models.Q(("number", ""), _negated=True)),
                        fields=("number",),
                        name="number_of_elsewhere_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("file", None),
                                ("issued_on", None),
                                ("noted_at", None),
                                ("number", ""),
                                ("total", None),
                            ),
                            models.Q(
                                models.Q(("number", ""), _negated=True),
                                ("issued_on__isnull", False),
                                ("total__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="noted_whole_or_not_at_all",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FiscalRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("alta", "registration"), ("anulacion", "cancellation")], max_length=9
                    ),
                ),
                ("type", models.CharField(blank=True, max_length=2)),
                ("quota_total", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(default=0)),
                ("is_amendment", models.BooleanField(default=False)),
                ("previous_rejection", models.CharField(blank=True, max_length=1)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("huella", models.CharField(max_length=64, unique=True)),
                ("xml", models.TextField()),
                ("generated_at", models.DateTimeField()),
                ("utc_offset_minutes", models.SmallIntegerField()),
                (
                    "chain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="billing.fiscalchain",
                    ),
                ),
                (
                    "previous",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="next",
                        to="billing.fiscalrecord",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fiscal_records",
                        to="billing.invoice",
                    ),
                ),
            ],
            options={
                "ordering": ["chain", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("chain", "position"), name="record_position_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("position", 1), ("previous__isnull", True)),
                            models.Q(("position__gt", 1), ("previous__isnull", False)),
                            _connector="OR",
                        ),
                        name="only_the_first_record_follows_none",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_amendment", False), ("kind", "alta")),
                        fields=("invoice",),
                        name="invoice_registered_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "anulacion"), ("previous_rejection", "")),
                        fields=("invoice",),
                        name="invoice_cancelled_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CoveredWork",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_live", models.BooleanField(default=True)),
                (
                    "rating",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shown_on",
                        to="worklog.ratedentry",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="covered",
                        to="billing.invoice",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_live", True)),
                        fields=("rating",),
                        name="covered_work_shown_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("issued", "issued"), ("refused", "refused")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=600)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="billing.batch"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="batch_items",
                        to="billing.invoice",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "invoice"), name="draft_once_a_batch")
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "surcharge_percent",
                    models.DecimalField(
                        decimal_places=3, default=0, max_digits=6, verbose_name="surcharge, percent"
                    ),
                ),
                (
                    "levy",
                    models.CharField(
                        blank=True, help_text="01 IVA, 02 IPSI, 03 IGIC, 05 other", max_length=2
                    ),
                ),
                ("regime", models.CharField(blank=True, help_text="ClaveRegimen", max_length=2)),
                (
                    "operation",
                    models.CharField(blank=True, help_text="S1 S2 N1 N2, or E1 to E8", max_length=2),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("work", "time"),
                            ("pack", "pack"),
                            ("fee", "fee"),
                            ("advance", "advance"),
                            ("deducted", "advance deducted"),
                            ("service", "service"),
                            ("goods", "goods"),
                            ("expense", "expense"),
                            ("discount", "discount"),
                        ],
                        default="service",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("description", models.CharField(max_length=300)),
                ("detail", models.CharField(blank=True, max_length=300)),
                (
                    "is_kept",
                    models.BooleanField(
                        default=False, help_text="an advance that counts toward nothing else: never deducted"
                    ),
                ),
                ("minutes_numerator", models.BigIntegerField(blank=True, null=True)),
                ("minutes_denominator", models.BigIntegerField(default=1)),
                ("units", models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True)),
                ("unit_name", models.CharField(blank=True, max_length=20, verbose_name="unit")),
                ("price", ecuanime.foundation.fields.RateField(decimal_places=6, max_digits=14)),
                (
                    "discount_percent",
                    models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True),
                ),
                ("discount", models.BigIntegerField(default=0)),
                ("tax_code", models.CharField(max_length=30)),
                ("tax_name", models.CharField(max_length=60)),
                ("tax_category", models.CharField(max_length=2)),
                ("tax_percent", models.DecimalField(decimal_places=3, max_digits=6)),
                ("tax_reason", models.CharField(blank=True, max_length=300)),
                (
                    "tax_why",
                    models.CharField(
                        blank=True, help_text="code of why this tax: packs.reasons", max_length=24
                    ),
                ),
                ("amount", models.BigIntegerField()),
                (
                    "charge",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="billing.charge",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="contracts.contract",
                    ),
                ),
                (
                    "credits",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credited_by",
                        to="billing.invoiceline",
                    ),
                ),
                (
                    "deducts",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deducted_by",
                        to="billing.invoiceline",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="billing.invoice",
                    ),
                ),
                (
                    "own_tax",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="billing.taxrate",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("invoice", "position"), name="line_position_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="IssuingSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "is_elsewhere",
                    models.BooleanField(default=False, verbose_name="invoices are issued in another program"),
                ),
                ("program", models.CharField(blank=True, max_length=80, verbose_name="which program")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_issuing_settings")
                ],
            },
        ),
        migrations.CreateModel(
            name="LineSegment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("minutes_numerator", models.BigIntegerField()),
                ("minutes_denominator", models.BigIntegerField(default=1)),
                ("amount", models.BigIntegerField()),
                ("is_live", models.BooleanField(default=True)),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="segments",
                        to="billing.invoiceline",
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoiced",
                        to="worklog.ratedsegment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_live", True)),
                        fields=("segment",),
                        name="segment_invoiced_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=35, unique=True)),
                (
                    "scheme",
                    models.CharField(
                        choices=[
                            ("CORE", "CORE: may be given back for eight weeks"),
                            ("B2B", "B2B: between businesses, the bank has it too"),
                        ],
                        default="CORE",
                        max_length=4,
                    ),
                ),
                ("is_once", models.BooleanField(default=False, help_text="it allows one collection alone")),
                ("signed_on", models.DateField()),
                ("holder", models.CharField(max_length=70)),
                ("iban", models.CharField(max_length=34)),
                ("bic", models.CharField(blank=True, max_length=11)),
                ("noted_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandates",
                        to="clients.client",
                    ),
                ),
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
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cancelled_at__isnull", True)),
                        fields=("client",),
                        name="one_mandate_a_client",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MexicoRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("on", models.DateField()),
                ("rate", models.DecimalField(decimal_places=6, max_digits=12)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("currency", "on"), name="one_rate_a_day"),
                    models.CheckConstraint(condition=models.Q(("rate__gt", 0)), name="rate_above_zero"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MexicoReceiver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=254)),
                ("postcode", models.CharField(max_length=5)),
                ("regime", models.CharField(max_length=3)),
                ("use", models.CharField(max_length=4)),
                ("method", models.CharField(default="PPD", max_length=3)),
                ("form", models.CharField(default="03", max_length=2)),
                (
                    "client",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mexico",
                        to="clients.client",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MexicoSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=254)),
                ("regime", models.CharField(blank=True, max_length=3)),
                ("service_key", models.CharField(default="81111811", max_length=8)),
                ("goods_key", models.CharField(default="43211500", max_length=8)),
                ("expense_key", models.CharField(default="81111811", max_length=8)),
                ("credit_form", models.CharField(default="17", max_length=2)),
                (
                    "pac",
                    models.CharField(
                        choices=[("finkok", "Finkok (Quadrum)")], default="finkok", max_length=10
                    ),
                ),
                (
                    "environment",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("test", "the PAC's tests, without effects"),
                            ("production", "the PAC in earnest"),
                        ],
                        max_length=10,
                    ),
                ),
                ("username", models.CharField(blank=True, max_length=120)),
                ("password_sealed", models.TextField(blank=True)),
                (
                    "public_period",
                    models.CharField(
                        blank=True,
                        help_text="c_Periodicidad of global invoices; empty: whoever has no RFC gets a CFDI of their own",
                        max_length=2,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_mexico_settings")
                ],
            },
        ),
        migrations.CreateModel(
            name="NextPack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("withdrawn", "its plan is no longer on sale"),
                            ("no_price", "its plan no longer sells a pack of that size"),
                            ("other_currency", "its plan is sold in another currency now"),
                            ("contract_ended", "the contract has ended"),
                            ("inactive_client", "the client is not active"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "charge",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.charge",
                    ),
                ),
                (
                    "lot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="next_pack",
                        to="entitlements.lot",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("charge__isnull", False), ("refusal", "")),
                            models.Q(("charge__isnull", True), models.Q(("refusal", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="next_pack_ordered_or_refused",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Numbering",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=6, unique=True, verbose_name="code")),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("invoice", "invoices"),
                            ("credit_note", "credit notes"),
                            ("pro_forma", "pro-formas"),
                        ],
                        max_length=12,
                        verbose_name="for",
                    ),
                ),
                (
                    "shape",
                    models.CharField(
                        choices=[
                            ("long", "F-2026-0188"),
                            ("short", "F26-0188"),
                            ("year_first", "2026-F-0188"),
                        ],
                        default="long",
                        max_length=10,
                        verbose_name="how a number reads",
                    ),
                ),
                ("digits", models.PositiveSmallIntegerField(default=4, verbose_name="digits")),
                (
                    "is_default",
                    models.BooleanField(default=False, verbose_name="used unless another is chosen"),
                ),
            ],
            options={
                "ordering": ["purpose", "code"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)), fields=("purpose",), name="one_usual_series"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("opened_on", models.DateField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("won", "won: the money came back"),
                            ("lost", "lost: it is owed again"),
                        ],
                        default="open",
                        max_length=4,
                    ),
                ),
                ("settled_on", models.DateField(blank=True, null=True)),
                (
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dispute",
                        to="billing.payment",
                    ),
                ),
                (
                    "recovered",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.payment",
                    ),
                ),
                (
                    "withdrawn",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.payment"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CollectedInvoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("end_to_end", models.CharField(max_length=35, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "under way"),
                            ("collected", "collected"),
                            ("returned", "returned"),
                            ("cancelled", "withdrawn"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(blank=True, help_text="why it came back", max_length=120)),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="billing.collection",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collected",
                        to="billing.invoice",
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collected",
                        to="billing.mandate",
                    ),
                ),
                (
                    "payment",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collected",
                        to="billing.payment",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["collection"], name="under_way"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("invoice",),
                        name="in_one_open_collection",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="something_is_collected"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankMatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matches",
                        to="billing.bankentry",
                    ),
                ),
                (
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_match",
                        to="billing.payment",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="PublicSale",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cfdi",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sales",
                        to="billing.cfdi",
                    ),
                ),
                (
                    "invoice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="public_sale",
                        to="billing.invoice",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReceivedInvoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("supplier_name", models.CharField(max_length=200, verbose_name="supplier")),
                ("supplier_tax_id", models.CharField(max_length=40, verbose_name="tax id")),
                ("number", models.CharField(max_length=60, verbose_name="number")),
                ("issued_on", models.DateField(verbose_name="issued on")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                ("currency", ecuanime.foundation.fields.CurrencyField(default="EUR", max_length=3)),
                ("net", models.BigIntegerField()),
                ("tax", models.BigIntegerField()),
                ("total", models.BigIntegerField()),
                ("withheld", models.BigIntegerField(default=0)),
                ("about", models.CharField(blank=True, max_length=300, verbose_name="about")),
                ("is_credit_note", models.BooleanField(default=False)),
                ("syntax", models.CharField(help_text="ubl, cii or facturae", max_length=10)),
                ("filed_at", models.DateTimeField()),
                (
                    "contract",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="received_invoices",
                        to="contracts.contract",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.storedfile",
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "line",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="received",
                        to="billing.invoiceline",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-issued_on", "-id"], name="received_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplier_tax_id", "number", "issued_on"), name="received_invoice_once"
                    ),
                    models.UniqueConstraint(fields=("file",), name="received_file_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceivedTax",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("category", models.CharField(max_length=2)),
                ("percent", models.DecimalField(decimal_places=3, max_digits=6)),
                ("base", models.BigIntegerField()),
                ("amount", models.BigIntegerField()),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taxes",
                        to="billing.receivedinvoice",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("days_after", models.PositiveSmallIntegerField()),
                ("sent_at", models.DateTimeField()),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="billing.invoice",
                    ),
                ),
                (
                    "mail",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="delivery.outgoingmail",
                    ),
                ),
            ],
            options={
                "ordering": ["days_after"],
                "constraints": [
                    models.UniqueConstraint(fields=("invoice", "days_after"), name="reminded_once_a_step")
                ],
            },
        ),
        migrations.CreateModel(
            name="SpainSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "producer_name",
                    models.CharField(blank=True, max_length=120, verbose_name="name of the producer"),
                ),
                (
                    "producer_nif",
                    models.CharField(blank=True, max_length=9, verbose_name="NIF of the producer"),
                ),
                (
                    "producer_address",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="postal address of the producer"
                    ),
                ),
                (
                    "producer_contact",
                    models.CharField(blank=True, max_length=200, verbose_name="how to reach the producer"),
                ),
                (
                    "declared_place",
                    models.CharField(blank=True, max_length=80, verbose_name="place of the declaration"),
                ),
                (
                    "declared_on",
                    models.DateField(blank=True, null=True, verbose_name="date of the declaration"),
                ),
                ("declared_version", models.CharField(blank=True, max_length=50)),
                (
                    "system_name",
                    models.CharField(default="Ecuánime", max_length=30, verbose_name="name of the program"),
                ),
                (
                    "system_code",
                    models.CharField(default="EC", max_length=2, verbose_name="code of the program"),
                ),
                ("installation", models.CharField(max_length=100)),
                (
                    "territory",
                    models.CharField(
                        choices=[
                            ("common", "mainland and Balearic Islands"),
                            ("canarias", "Canary Islands"),
                            ("foral", "Basque Country or Navarre"),
                        ],
                        default="common",
                        max_length=10,
                        verbose_name="territory",
                    ),
                ),
                (
                    "entity",
                    models.CharField(
                        choices=[
                            ("company", "company (Corporate Tax)"),
                            ("self_employed", "self-employed person or other"),
                        ],
                        default="company",
                        max_length=14,
                        verbose_name="kind of firm",
                    ),
                ),
                ("effective_on", models.DateField(verbose_name="compulsory from")),
                ("effective_source", models.CharField(max_length=200, verbose_name="where that is written")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_spain_settings")
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first", models.PositiveIntegerField()),
                ("last", models.PositiveIntegerField()),
                ("is_late", models.BooleanField(default=False, help_text="whether it declared an incident")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sending", "being sent"),
                            ("answered", "answered"),
                            ("faulted", "turned away as a whole"),
                            ("unanswered", "without an answer"),
                            ("not_sent", "did not leave"),
                        ],
                        default="sending",
                        max_length=10,
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("csv", models.CharField(blank=True, help_text="the agency's receipt", max_length=60)),
                ("accepted", models.PositiveSmallIntegerField(default=0)),
                ("with_errors", models.PositiveSmallIntegerField(default=0)),
                ("rejected", models.PositiveSmallIntegerField(default=0)),
                ("trouble", models.CharField(blank=True, max_length=40)),
                (
                    "words",
                    models.CharField(
                        blank=True, help_text="the agency's own, of a message turned away", max_length=500
                    ),
                ),
                ("answer", models.TextField(blank=True)),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="billing.agencyqueue",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-sent_at", "-id"], name="submission_newest"),
                    models.Index(
                        condition=models.Q(("state", "unanswered")),
                        fields=["queue", "last"],
                        name="submission_unanswered",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "sending")),
                        fields=("queue",),
                        name="one_message_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first__lte", models.F("last"))), name="submission_not_empty"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "surcharge_percent",
                    models.DecimalField(
                        decimal_places=3, default=0, max_digits=6, verbose_name="surcharge, percent"
                    ),
                ),
                (
                    "levy",
                    models.CharField(
                        blank=True, help_text="01 IVA, 02 IPSI, 03 IGIC, 05 other", max_length=2
                    ),
                ),
                ("regime", models.CharField(blank=True, help_text="ClaveRegimen", max_length=2)),
                (
                    "operation",
                    models.CharField(blank=True, help_text="S1 S2 N1 N2, or E1 to E8", max_length=2),
                ),
                ("tax_code", models.CharField(max_length=30)),
                ("name", models.CharField(max_length=60)),
                ("category", models.CharField(max_length=2)),
                ("percent", models.DecimalField(decimal_places=3, max_digits=6)),
                ("base", models.BigIntegerField()),
                ("amount", models.BigIntegerField()),
                ("surcharge", models.BigIntegerField(default=0)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taxes",
                        to="billing.invoice",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TimeDiscount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("surcharge", models.CharField(blank=True, max_length=12)),
                ("price", ecuanime.foundation.fields.RateField(decimal_places=6, max_digits=14)),
                ("is_by_piece", models.BooleanField(default=False)),
                ("percent", models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True)),
                ("amount", models.BigIntegerField(blank=True, null=True)),
                (
                    "contract",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="contracts.contract"),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="time_discounts",
                        to="billing.invoice",
                    ),
                ),
                (
                    "work_type",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="contracts.worktype"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("invoice", "contract", "work_type", "surcharge", "price", "is_by_piece"),
                        name="time_discounted_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("percent__isnull", False), ("amount__isnull", False), _connector="XOR"
                        ),
                        name="time_discount_one_way",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unreminded",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "client",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unreminded",
                        to="clients.client",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("accepted", "accepted"),
                            ("with_errors", "accepted with errors"),
                            ("rejected", "rejected"),
                        ],
                        max_length=12,
                    ),
                ),
                ("code", models.PositiveIntegerField(blank=True, null=True)),
                ("words", models.CharField(blank=True, max_length=1500)),
                (
                    "is_duplicate",
                    models.BooleanField(
                        default=False,
                        help_text="the agency had it already, from a message whose answer never came",
                    ),
                ),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "found",
                    models.CharField(
                        blank=True, help_text="the state in which the agency said it holds it", max_length=20
                    ),
                ),
                ("found_huella", models.CharField(blank=True, max_length=64)),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="billing.agencyqueue",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="billing.fiscalrecord",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="billing.submission",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "rejected")), fields=["queue"], name="verdict_rejected"
                    ),
                    models.Index(fields=["submission", "record"], name="verdict_of_submission"),
                ],
                "constraints": [models.UniqueConstraint(fields=("queue", "record"), name="one_verdict_each")],
            },
        ),
        migrations.CreateModel(
            name="AgencyCertificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holder", models.CharField(max_length=200)),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField()),
                ("key_sealed", models.TextField(blank=True)),
                ("uploaded_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "nif",
                    models.CharField(help_text="the issuer's, as the certificate names it", max_length=9),
                ),
                ("issued_by", models.CharField(max_length=200)),
                ("serial", models.CharField(max_length=60)),
                ("is_seal", models.BooleanField(default=False)),
                ("pem", models.TextField(help_text="the chain, which is public")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at__isnull", True)),
                        fields=("retired_at",),
                        name="one_certificate_in_use",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retired_at__isnull", True), ("key_sealed", ""), _connector="OR"),
                        name="retired_certificates_keep_no_key",
                    ),
                ],
            },
        ),
    ]
    operations = [CreateModels(*operations)]
