"""Card payments by Stripe: the keys, the payment pages that were asked for, and what Stripe said came of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from ecuanime.billing.models.documents.invoices import Invoice
from ecuanime.billing.models.money.payments import Payment
from ecuanime.clients.models import Contact
from ecuanime.foundation.fields import CurrencyField, MinorUnitsField


class CardSettings(models.Model):
    """Whether clients may pay by card, and with which account of Stripe: one row. Both secrets are sealed.

    `trouble` is why Stripe did not do what was asked last, until it does.
    """

    is_on = models.BooleanField(default=False)
    is_live = models.BooleanField(default=False, help_text="whether the key moves money")
    key_sealed = models.TextField(blank=True)
    signing_sealed = models.TextField(blank=True)
    trouble = models.CharField(max_length=40, blank=True)
    trouble_words = models.CharField(max_length=300, blank=True)
    trouble_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="one_card_settings"),
            models.CheckConstraint(
                condition=Q(is_on=False) | ~Q(key_sealed="") & ~Q(signing_sealed=""),
                name="cards_on_with_keys",
            ),
        ]


class CardCheckout(models.Model):
    """A payment page that was asked for: what of an invoice it collects. `reference` is ours and told to Stripe.

    The row stands before Stripe is asked, so that a lost answer is asked for again and an event always finds it.
    `refunded` is what of its payment was given back so far, minor units.
    """

    class State(models.TextChoices):
        """How it stands."""

        OPEN = "open", pgettext_lazy("card payment", "open")
        PENDING = "pending", pgettext_lazy("card payment", "under way")
        PAID = "paid", pgettext_lazy("card payment", "paid")
        FAILED = "failed", pgettext_lazy("card payment", "failed")

    reference = models.CharField(max_length=60, unique=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="checkouts")
    amount = MinorUnitsField()
    currency = CurrencyField()
    is_live = models.BooleanField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    session = models.CharField(max_length=200, blank=True)
    url = models.TextField(blank=True)
    intent = models.CharField(max_length=200, blank=True)
    payment = models.OneToOneField(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="checkout"
    )
    refunded = MinorUnitsField(default=0)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, refunded__gte=0, refunded__lte=models.F("amount")),
                name="no_more_refunded_than_paid",
            ),
            models.UniqueConstraint(fields=["intent"], condition=~Q(intent=""), name="card_intent_once"),
        ]
        indexes = [models.Index(fields=["invoice", "-asked_at"], name="checkout_of_invoice")]


class CardEvent(models.Model):
    """What Stripe said, once: only what the books need of it. `amount` is in the units in which Stripe counts.

    It is kept before it is worked, so that nothing is lost. `trouble` is why a person has to look, as a code.
    """

    class State(models.TextChoices):
        """What came of it."""

        RECEIVED = "received", pgettext_lazy("card event", "to be worked")
        NOTED = "noted", pgettext_lazy("card event", "noted")
        TO_LOOK_AT = "to_look_at", pgettext_lazy("card event", "to look at")
        ELSEWHERE = "elsewhere", pgettext_lazy("card event", "not of our invoices")
        TEST = "test", pgettext_lazy("card event", "a test: nothing noted")
        SETTLED = "settled", pgettext_lazy("card event", "looked at")

    event_id = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    occurred_at = models.DateTimeField()
    is_live = models.BooleanField()
    object_id = models.CharField(max_length=200)
    intent = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    amount = models.BigIntegerField()
    currency = CurrencyField()
    status = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    checkout = models.ForeignKey(
        CardCheckout, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    trouble = models.CharField(max_length=500, blank=True)
    received_at = models.DateTimeField()
    worked_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="card_event_newest"),
            models.Index(fields=["state", "-received_at", "-id"], name="card_event_by_state"),
            models.Index(
                fields=["intent"], condition=Q(state__in=("received", "elsewhere")), name="card_event_waiting"
            ),
        ]
