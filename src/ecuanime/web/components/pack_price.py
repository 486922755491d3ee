"""A pack that is bought or sold: how many, what it grants and what it costs while that is typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.contracts.models import Contract, Unit
from ecuanime.entitlements.actions import quote_pack
from ecuanime.entitlements.words import quantity_words
from ecuanime.foundation import formats
from ecuanime.foundation.errors import Refused
from ecuanime.rules.packs import Purchase
from ecuanime.web.components.fields import (
    KeyField,
)


class AskForPackForm(forms.Form):
    """How many hours or incidents are bought; their price follows what is typed."""

    MOST = 10_000

    quantity = forms.IntegerField(min_value=1, max_value=MOST)
    idempotency_key = KeyField()

    def __init__(self, data: Any = None, *, initial: dict[str, Any], unit: str, price_url: str) -> None:
        super().__init__(data, initial=initial)
        self.fields["quantity"].label = _("Incidents") if unit == Unit.INCIDENTS else _("Hours")
        self.fields["quantity"].widget.attrs |= {
            "hx-get": price_url,
            "hx-trigger": "input changed delay:400ms",
            "hx-target": "#pack-price",
            "hx-sync": "this:replace",
        }


def quote_of(contract: Contract, typed: str) -> dict[str, Any]:
    """What it comes to, or why there is no price."""
    plain = typed.strip()
    quantity = int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 7 else 0
    if not 0 < quantity <= AskForPackForm.MOST:
        return {"why_not": _("Type how many, from 1 to 10,000.")}
    try:
        bought = quote_pack(contract=contract, quantity=quantity)
    except Refused as refusal:
        return {"why_not": str(refusal)}
    unit = contract.version.grants.get().unit
    return {"quantity": quantity, "bought": bought, **_words(bought, unit, contract.version.currency)}


def _words(bought: Purchase, unit: str, currency: str) -> dict[str, str]:
    locale = formats.locale_for(get_language(), currency)
    return {
        "granted": quantity_words(bought.paid, unit),
        "unit": unit,
        "price": formats.price(bought.unit_price, currency, locale),
        "amount": formats.money(bought.amount, currency, locale),
        "bonus": quantity_words(bought.bonus, unit) if bought.bonus else "",
    }
