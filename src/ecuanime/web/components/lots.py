"""Lots as rows with their bars: how each came to be, what is left of it, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.access import may_bill
from ecuanime.entitlements.access import may_void_lots
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import Balance, LotBalance, Standing
from ecuanime.entitlements.words import price_words, quantity_words
from ecuanime.foundation import formats

# what a tag says, its icon and its tone
STANDINGS = {
    Standing.IN_USE: (gettext_lazy("in use"), "check", "ok"),
    Standing.WAITING: (gettext_lazy("waiting for payment"), "hourglass-low", "warn"),
    Standing.FUTURE: (gettext_lazy("not valid yet"), "calendar-time", "dash"),
    Standing.USED_UP: (gettext_lazy("used up"), "circle-check", "dash"),
    Standing.EXPIRED: (gettext_lazy("expired"), "calendar-off", "dash"),
    Standing.VOID: (gettext_lazy("void"), "ban", "dash"),
}
_ORIGINS = {
    Lot.Source.PURCHASE: gettext_lazy("%(hours)s bought on %(day)s at %(price)s"),
    Lot.Source.BONUS: gettext_lazy("%(hours)s of bonus"),
    Lot.Source.REVALUATION: gettext_lazy("%(hours)s of %(code)s revalued on %(day)s, %(price)s"),
    Lot.Source.REPLACEMENT: gettext_lazy("%(hours)s of %(code)s replaced on %(day)s, %(price)s"),
    Lot.Source.TRANSFER: gettext_lazy("%(hours)s moved from %(code)s on %(day)s, %(price)s"),
    Lot.Source.ALLOWANCE: gettext_lazy("%(hours)s included from %(first)s"),
    Lot.Source.ROLLOVER: gettext_lazy("%(hours)s of %(code)s rolled over on %(day)s"),
    Lot.Source.CREDIT: gettext_lazy("%(hours)s given on %(day)s for promises not kept"),
    Lot.Source.OPENING: gettext_lazy("%(hours)s brought from before on %(day)s, %(price)s"),
}
_ALIVE = {Standing.IN_USE, Standing.WAITING, Standing.FUTURE}


def lot_rows(
    balance: Balance, pending: Mapping[int, int], user: User | None = None, *, has_uncovered: bool = False
) -> list[dict[str, Any]]:
    """Each lot with its bar: what is free, what waits for approval (hatched), and the rest spent.

    Those that hours can still come from stand first, in the order they are drawn. `user` is whose doors are shown;
    that of a pack to earlier work only where something is uncovered.
    """
    rows = sorted(balance.lots, key=lambda row: row.standing not in _ALIVE)
    return [_lot_row(row, pending.get(row.lot.pk, 0), user, has_uncovered) for row in rows]


def _lot_row(row: LotBalance, pending: int, user: User | None, has_uncovered: bool) -> dict[str, Any]:
    lot = row.lot
    waiting = min(pending, lot.left)
    text, icon, tone = STANDINGS[row.standing]
    return {
        "lot": lot,
        "origin": _origin(lot),
        "expired": row.expired,
        "sites": ", ".join(sorted(row.sites.values())),
        "tag": {"text": text, "icon": icon, "tone": tone},
        "segments": [("spend", lot.left - waiting), ("hold", waiting)],
        "pending": waiting,
        "doors": list(_doors(row, user, has_uncovered)) if user else [],
    }


def _origin(lot: Lot) -> str:
    """How a lot came to be, and at what price."""
    locale = formats.locale_for(get_language(), lot.currency)
    facts = {
        "hours": quantity_words(lot.granted, lot.unit),
        "first": formats.day_year(lot.valid_from, locale),
        "day": formats.day_year(timezone.localtime(lot.bought_at).date(), locale),
        "price": price_words(lot.unit_price_paid, lot.unit, lot.currency),
        "code": lot.belongs_to.code if lot.belongs_to else "",
    }
    return str(_ORIGINS[Lot.Source(lot.source)]) % facts


def _doors(row: LotBalance, user: User, has_uncovered: bool) -> Iterator[dict[str, str]]:
    """What this person may do with a lot now: the words and the page that asks first."""
    lot, code = row.lot, {"code": row.lot.code}
    is_bought = not lot.is_bonus and not lot.is_allowance
    if row.expired and is_bought and lot.usable_from and may_bill(user):
        yield _door(_("Revalue what has expired of %(code)s") % code, "lot_revalue", lot)
    if not may_void_lots(user):
        return
    if row.expired and lot.usable_from:
        yield _door(_("Replace what has expired of %(code)s") % code, "lot_replace", lot)
    if row.standing in _ALIVE and lot.left and is_bought:
        if has_uncovered:
            yield _door(_("Cover earlier work with %(code)s") % code, "lot_cover", lot)
        if lot.usable_from:
            yield _door(_("Move what is left of %(code)s to another contract") % code, "lot_transfer", lot)
        yield _door(_("Void what is unused of %(code)s") % code, "lot_void", lot)


def _door(text: str, name: str, lot: Lot) -> dict[str, str]:
    return {"text": text, "url": reverse(name, args=[lot.code])}
