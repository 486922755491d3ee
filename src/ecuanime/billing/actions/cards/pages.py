"""Setting up payment by card, and asking Stripe for the page on which a client pays an invoice."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecuanime.accounts.models import User
from ecuanime.billing.access import visible_to_contact
from ecuanime.billing.actions.common import locked_issued, require_administrator
from ecuanime.billing.cards import stripe
from ecuanime.billing.cards.amounts import to_stripe
from ecuanime.billing.models import CardCheckout, CardSettings, Invoice
from ecuanime.billing.queries.cards import LIVES, card_settings, may_be_paid_by_card
from ecuanime.clients.models import Contact
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.secrets import Unsealable, new_token, seal, unseal
from ecuanime.staff.queries import the_firm

_KEY = re.compile(r"(?:sk|rk)_(test|live)_[A-Za-z0-9]{8,250}")
_SIGNING = re.compile(r"whsec_[A-Za-z0-9+/=_-]{8,250}")
TROUBLE = {
    "key": gettext_lazy("Stripe does not know this key. Copy it again, or make a new one there."),
    "permission": gettext_lazy("This key may not make payment pages: give it writing on Checkout Sessions."),
    "refused": gettext_lazy("Stripe did not accept what was asked."),
    "no_answer": gettext_lazy("Stripe did not answer. Try again in a moment."),
    "busy": gettext_lazy("Stripe could not do it just now. Try again in a moment."),
    "unreadable": gettext_lazy("What Stripe answered was not understood. Try again in a moment."),
    "unsealable": gettext_lazy("The kept key cannot be opened on this installation. Write it again."),
}
"""By code of `stripe.NotDone`: what it means to who set it up."""


@dataclass(frozen=True)
class CardChanges:
    """What an administrator sets. An empty secret leaves the one that is kept."""

    is_on: bool = False
    key: str = ""
    signing_secret: str = ""


def save_card_settings(*, changes: CardChanges, by: User, clock: Callable[[], datetime]) -> CardSettings:
    """Keep whether clients pay by card, and the secrets, sealed. No transaction is open while Stripe is asked of a key.

    Refused: `not_allowed`, `demo`, `publishable_key`, `bad_key`, `bad_signing_secret`, `no_key`, `no_signing_secret`,
    and the codes of `TROUBLE` for a new key that does not work.
    """
    require_administrator(by)
    key, signing = changes.key.strip(), changes.signing_secret.strip()
    _refuse_unfit(key, signing)
    if key:
        _try(key)
    with transaction.atomic():
        CardSettings.objects.get_or_create(pk=1)
        kept = CardSettings.objects.select_for_update().get(pk=1)
        if key:
            kept.key_sealed, kept.is_live = seal(key), "_live_" in key[:8]
            kept.trouble, kept.trouble_words, kept.trouble_at = "", "", None
        kept.signing_sealed = seal(signing) if signing else kept.signing_sealed
        kept.is_on = changes.is_on
        _refuse_incomplete(kept)
        kept.save()
        facts = {"is_on": kept.is_on, "is_live": kept.is_live}
        record(
            "card_payments_set_up", kept, now=clock(), new_key=bool(key), new_secret=bool(signing), **facts
        )
    return kept


@transaction.atomic
def forget_card_keys(*, by: User, now: datetime) -> None:
    """Turn card payments off and forget both secrets: what Stripe says from then on is not heard.

    Refused: `not_allowed`.
    """
    require_administrator(by)
    kept = CardSettings.objects.select_for_update().filter(pk=1).first()
    if kept is not None and (kept.key_sealed or kept.signing_sealed):
        CardSettings.objects.filter(pk=1).update(
            is_on=False, key_sealed="", signing_sealed="", trouble="", trouble_words="", trouble_at=None
        )
        record("card_keys_forgotten", kept, now=now)


def start_checkout(
    *, invoice: Invoice, contact: Contact, paid_url: str, back_url: str, language: str, now: datetime
) -> str:
    """The address of Stripe's page on which what is owed of an invoice is paid; asked again it is the same page.

    Nothing is noted as paid here: only Stripe's event does that. No transaction is open while Stripe is asked.
    Refused: `not_allowed`, `no_cards`, `not_payable`, `no_card_page` (Stripe did not make one; the office sees why).
    """
    kept, checkout = _checkout(invoice, contact, now)
    if checkout.url:
        return checkout.url
    try:
        session = stripe.open_session(
            stripe.Order(
                reference=checkout.reference,
                amount=to_stripe(checkout.amount, checkout.currency) or 0,
                currency=checkout.currency,
                title=f"{the_firm().name} · {invoice.number}",
                language=language,
                success_url=paid_url,
                cancel_url=back_url,
                key=unseal(kept.key_sealed),
            )
        )
    except (stripe.NotDone, Unsealable) as error:
        _note_trouble(checkout, error, now)
        raise Refused(
            "no_card_page",
            _(
                "Payment by card does not work at the moment. Nothing was charged: try again, or pay by transfer."
            ),
        ) from error
    CardCheckout.objects.filter(pk=checkout.pk).update(session=session.id, url=session.url)
    CardSettings.objects.exclude(trouble="").update(trouble="", trouble_words="", trouble_at=None)
    return session.url


@transaction.atomic
def _checkout(invoice: Invoice, contact: Contact, now: datetime) -> tuple[CardSettings, CardCheckout]:
    """The page asked for before, if it still collects just what is owed; else a new one."""
    if not visible_to_contact(contact).filter(pk=invoice.pk).exists():
        raise Refused("not_allowed", _("This invoice is not yours to pay."))
    kept = card_settings()
    if kept is None or not kept.is_on:
        raise Refused("no_cards", _("Payment by card is not offered."))
    issued = locked_issued(invoice)
    if not may_be_paid_by_card(issued):
        raise Refused("not_payable", _("Nothing of this invoice is to be paid by card."))
    before = CardCheckout.objects.filter(
        invoice=issued,
        state=CardCheckout.State.OPEN,
        amount=issued.owed,
        is_live=kept.is_live,
        asked_at__gt=now - LIVES,
    )
    found = before.order_by("-asked_at", "-pk").first()
    if found is None:
        found = CardCheckout.objects.create(
            reference=new_token(),
            invoice=issued,
            amount=issued.owed,
            currency=issued.currency,
            is_live=kept.is_live,
            asked_at=now,
            asked_by=contact,
        )
        record("card_page_asked", issued, now=now, number=issued.number, amount=found.amount)
    return kept, found


def _note_trouble(checkout: CardCheckout, error: Exception, now: datetime) -> None:
    """Let the office see why. What Stripe answered with a no it answers again: the next try is another page."""
    code = error.code if isinstance(error, stripe.NotDone) else "unsealable"
    words = error.words if isinstance(error, stripe.NotDone) else ""
    if code != "no_answer":
        CardCheckout.objects.filter(pk=checkout.pk).update(state=CardCheckout.State.FAILED)
    CardSettings.objects.update(trouble=code, trouble_words=words, trouble_at=now)


def _refuse_unfit(key: str, signing: str) -> None:
    if the_firm().is_demo:
        raise Refused("demo", _("A demo never speaks to Stripe. Set it up with your own firm's data."))
    if key.startswith("pk_"):
        raise Refused(
            "publishable_key",
            _("This is the publishable key. Copy the secret one, which begins with sk_ or rk_."),
        )
    if key and not _KEY.fullmatch(key):
        raise Refused(
            "bad_key",
            _("This is no secret key of Stripe: it begins with sk_live_, sk_test_, rk_live_ or rk_test_."),
        )
    if signing and not _SIGNING.fullmatch(signing):
        raise Refused(
            "bad_signing_secret", _("This is no signing secret of Stripe's events: it begins with whsec_.")
        )


def _try(key: str) -> None:
    try:
        stripe.try_key(key)
    except stripe.NotDone as error:
        raise Refused(error.code, TROUBLE[error.code]) from error


def _refuse_incomplete(kept: CardSettings) -> None:
    if kept.is_on and not kept.key_sealed:
        raise Refused("no_key", _("Write Stripe's secret key before you turn card payments on."))
    if kept.is_on and not kept.signing_sealed:
        raise Refused(
            "no_signing_secret",
            _("Write the signing secret too: without it no payment would ever be noted."),
        )
