"""Lines of the hours ledger and lots, as the contract's pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecuanime.entitlements.queries import Balance, LotBalance, Standing, StatementLine
from ecuanime.worklog.queries import entries_by_cause

# what a tag says, its icon and its tone
STANDINGS = {
    Standing.IN_USE: (gettext_lazy("in use"), "check", "ok"),
    Standing.WAITING: (gettext_lazy("waiting for payment"), "hourglass-low", "warn"),
    Standing.FUTURE: (gettext_lazy("not valid yet"), "calendar-time", "dash"),
    Standing.USED_UP: (gettext_lazy("used up"), "circle-check", "dash"),
    Standing.EXPIRED: (gettext_lazy("expired"), "calendar-off", "dash"),
    Standing.VOID: (gettext_lazy("void"), "ban", "dash"),
}
_ALIVE = {Standing.IN_USE, Standing.WAITING, Standing.FUTURE}


def ledger_rows(lines: Sequence[StatementLine]) -> list[dict[str, Any]]:
    """Movements as `components/ledger.html` shows them, each with the ticket its work was for."""
    entries = entries_by_cause([line.movement.cause for line in lines if line.movement.cause])
    rows = []
    for line in lines:
        entry = entries.get(line.movement.cause)
        subject = f"#{entry.ticket.number} {entry.ticket.subject}" if entry else ""
        rows.append(
            {
                "on": line.movement.at,
                "text": _text(line, subject),
                "url": reverse("ticket", args=[entry.ticket.number]) if entry else "",
                "lot": ", ".join(dict.fromkeys(lot.code for lot, _quantity in line.changes)),
                "hundredths": line.change,
                "balance_hundredths": line.balance,
            }
        )
    return rows


def _text(line: StatementLine, subject: str) -> str:
    """What happened, for which ticket and why: `Reversal: #4702 Printer (entered twice)`."""
    kind = str(line.movement.get_kind_display()).capitalize()
    text = _("%(kind)s: %(subject)s") % {"kind": kind, "subject": subject} if subject else kind
    return f"{text} ({line.movement.note})" if line.movement.note else text


def lot_rows(balance: Balance, pending: Mapping[int, int], *, may_void: bool) -> list[dict[str, Any]]:
    """Each lot with its bar: what is free, what waits for approval (hatched), and the rest spent.

    Those that hours can still come from stand first, in the order they are drawn.
    """
    rows = sorted(balance.lots, key=lambda row: row.standing not in _ALIVE)
    return [_lot_row(row, pending.get(row.lot.pk, 0), may_void) for row in rows]


def _lot_row(row: LotBalance, pending: int, may_void: bool) -> dict[str, Any]:
    lot = row.lot
    waiting = min(pending, lot.left)
    text, icon, tone = STANDINGS[row.standing]
    can_void = may_void and not lot.is_bonus and row.standing in _ALIVE and lot.left > 0
    return {
        "lot": lot,
        "expired": row.expired,
        "tag": {"text": text, "icon": icon, "tone": tone},
        "segments": [("spend", lot.left - waiting), ("hold", waiting)],
        "pending": waiting,
        "void_url": reverse("lot_void", args=[lot.code]) if can_void else "",
    }
