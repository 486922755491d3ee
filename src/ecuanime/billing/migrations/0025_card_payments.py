"""Card payments: Stripe's keys, the payment pages that were asked for, and what it said came of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ecuanime.foundation.fields


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0024_kept_guarantees"),
        ("clients", "0007_offices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
        migrations.AddIndex(
            model_name="cardcheckout",
            index=models.Index(fields=["invoice", "-asked_at"], name="checkout_of_invoice"),
        ),
        migrations.AddConstraint(
            model_name="cardcheckout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gt", 0), ("refunded__gte", 0), ("refunded__lte", models.F("amount"))
                ),
                name="no_more_refunded_than_paid",
            ),
        ),
        migrations.AddConstraint(
            model_name="cardcheckout",
            constraint=models.UniqueConstraint(
                condition=models.Q(("intent", ""), _negated=True), fields=("intent",), name="card_intent_once"
            ),
        ),
        migrations.AddIndex(
            model_name="cardevent",
            index=models.Index(fields=["-received_at", "-id"], name="card_event_newest"),
        ),
        migrations.AddIndex(
            model_name="cardevent",
            index=models.Index(fields=["state", "-received_at", "-id"], name="card_event_by_state"),
        ),
        migrations.AddIndex(
            model_name="cardevent",
            index=models.Index(
                condition=models.Q(("state__in", ("received", "elsewhere"))),
                fields=["intent"],
                name="card_event_waiting",
            ),
        ),
    ]
