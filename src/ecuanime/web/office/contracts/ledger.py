"""Lines of the hours ledger and lots, as the contract's pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ecuanime.entitlements.queries import StatementLine
from ecuanime.web.components.movements import lots_of_line
from ecuanime.worklog.queries import entries_by_cause


def ledger_rows(lines: Sequence[StatementLine], *, names_contract: bool = False) -> list[dict[str, Any]]:
    """Movements as `components/ledger.html` shows them, each with the ticket its work was for.

    Of several contracts each line names its own.
    """
    entries = entries_by_cause([line.movement.cause for line in lines if line.movement.cause])
    rows = []
    for line in lines:
        entry = entries.get(line.movement.cause)
        subject = f"#{entry.ticket.number} {entry.ticket.subject}" if entry else ""
        lots = lots_of_line(line)
        rows.append(
            {
                "on": line.movement.at,
                "text": _text(line, subject),
                "url": reverse("ticket", args=[entry.ticket.number]) if entry else "",
                "lot": f"{line.movement.contract.number} · {lots}" if names_contract else lots,
                "hundredths": line.change,
                "balance_hundredths": line.balance,
                "unit": line.unit,
            }
        )
    return rows


def _text(line: StatementLine, subject: str) -> str:
    """What happened, for which ticket and why: `Reversal: #4702 Printer (entered twice)`."""
    kind = str(line.movement.get_kind_display()).capitalize()
    text = _("%(kind)s: %(subject)s") % {"kind": kind, "subject": subject} if subject else kind
    return f"{text} ({line.movement.note})" if line.movement.note else text
