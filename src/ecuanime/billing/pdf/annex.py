"""The annex of the sheet: every entry, what it took from which lot, and the cents it adds to which line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecuanime.billing.pdf.document import Annex, Entry, InvoiceDocument, Line, LotSummary, TicketTime
from ecuanime.billing.pdf.figures import Figures

Sheet = dict[str, Any]
NOTHING = "–"
LONGEST_NAME = 240


def annex_sheet(document: InvoiceDocument, figures: Figures) -> Sheet:
    """The annex as text. The language in force must already be the document's."""
    annex = document.annex or Annex()
    entries = [entry for ticket in annex.tickets for entry in ticket.entries]
    return {
        "title": _("Every minute, explained"),
        "lead": _lead(entries, figures),
        "labels": [
            _("Date"),
            _("Time"),
            _("Who"),
            _("Worked"),
            _("Rounded"),
            _("Weighted"),
            _("From lots"),
            _("Charged"),
            _("Amount"),
        ],
        "tickets": [_ticket(ticket, document, figures) for ticket in annex.tickets],
        "total": {"label": _("Total of the annex"), "cells": _sums(entries, figures)},
        "none": _("No time entries are behind this document."),
        "key": _key(),
        "lines": _line_proofs(document, entries, figures),
        "lots": _lots(annex.lots, figures),
    }


def _lead(entries: list[Entry], figures: Figures) -> str:
    worked, _rounded, _weighted, drawn, charged, amount = _sums(entries, figures)
    count = ngettext("%(count)s time entry", "%(count)s time entries", len(entries)) % {"count": len(entries)}
    return _(
        "%(entries)s, %(worked)s worked: %(drawn)s drawn from hours already contracted and %(charged)s "
        "charged, %(amount)s before tax."
    ) % {"entries": count, "worked": worked, "drawn": drawn, "charged": charged, "amount": amount}


def _key() -> str:
    return _(
        "Worked: measured, in hours, minutes and seconds. Rounded: by the contract, once. Weighted: rounded time "
        "with its work type, level and surcharge, which is what a lot gives. Amount: the entry's share of the "
        "cents of its line."
    )


def _ticket(ticket: TicketTime, document: InvoiceDocument, figures: Figures) -> Sheet:
    return {
        "number": f"#{ticket.number}",
        "subject": _shorten(ticket.subject),
        "entries": [_entry(entry, document, figures) for entry in ticket.entries],
        "subtotal": {
            "label": _("Total of #%(number)s") % {"number": ticket.number},
            "cells": _sums(list(ticket.entries), figures),
        },
    }


def _entry(entry: Entry, document: InvoiceDocument, figures: Figures) -> Sheet:
    return {
        "date": figures.short_date(entry.worked_on, document.issued_on.year),
        "span": _span(entry, figures),
        "person": entry.person,
        "cells": _cells(entry, figures),
        "reasons": [
            reason
            for reason in (entry.work_type, *entry.reasons, *_outcome(entry, document.lines, figures))
            if reason
        ],
    }


def _cells(entry: Entry, figures: Figures) -> list[str]:
    """Like `_sums`, with a dash where nothing was drawn or charged."""
    worked, rounded, weighted, drawn, charged, amount = _sums([entry], figures)
    return [
        worked,
        rounded,
        weighted,
        drawn if entry.draws else NOTHING,
        charged if entry.charges else NOTHING,
        amount if entry.charges else NOTHING,
    ]


def _shorten(text: str) -> str:
    """A subject or description where it only names what is printed whole elsewhere."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= LONGEST_NAME else one_line[: LONGEST_NAME - 1] + "…"


def _span(entry: Entry, figures: Figures) -> str:
    if entry.started is None or entry.ended is None:
        return NOTHING
    return f"{figures.clock(entry.started)}–{figures.clock(entry.ended)}"


def _outcome(entry: Entry, lines: tuple[Line, ...], figures: Figures) -> list[str]:
    """Where the minutes went, in words: `0 h 12 from BN-0187`, `0 h 08 at 30,00 €/h, line 2`."""
    words = [
        _("%(time)s from %(lot)s") % {"time": figures.duration(draw.minutes), "lot": draw.lot}
        for draw in entry.draws
    ]
    for charge in entry.charges:
        line = lines[charge.line - 1]
        if line.minutes is None or line.price is None:
            words.append(_("line %(line)s") % {"line": charge.line})
            continue
        words.append(
            _("%(time)s at %(price)s/h, line %(line)s")
            % {
                "time": figures.duration(charge.minutes),
                "price": figures.price(line.price),
                "line": charge.line,
            }
        )
    return words


def _sums(entries: list[Entry], figures: Figures) -> list[str]:
    """Worked, rounded, weighted, from lots, charged, amount."""
    drawn = sum((Decimal(draw.minutes) for entry in entries for draw in entry.draws), Decimal(0))
    charges = [charge for entry in entries for charge in entry.charges]
    return [
        figures.worked(sum(entry.worked_seconds for entry in entries)),
        figures.duration(sum((Decimal(entry.rounded_minutes) for entry in entries), Decimal(0))),
        figures.duration(sum((Decimal(entry.weighted_minutes) for entry in entries), Decimal(0))),
        figures.duration(drawn),
        figures.duration(sum((Decimal(charge.minutes) for charge in charges), Decimal(0))),
        figures.money(sum(charge.amount_minor for charge in charges)),
    ]


def _line_proofs(document: InvoiceDocument, entries: list[Entry], figures: Figures) -> Sheet:
    """For each line that the annex explains: minutes x price = amount."""
    used = sorted({charge.line for entry in entries for charge in entry.charges})
    return {
        "title": _("From the annex to the invoice"),
        "labels": [_("Line"), _("Description"), _("Entries"), _("Charged"), _("Price"), _("Amount")],
        "rows": [_line_proof(number, document.lines[number - 1], entries, figures) for number in used],
    }


def _line_proof(number: int, line: Line, entries: list[Entry], figures: Figures) -> list[str]:
    count = sum(any(charge.line == number for charge in entry.charges) for entry in entries)
    timed = line.minutes is not None and line.price is not None
    return [
        str(number),
        _shorten(line.description),
        str(count),
        figures.duration(line.minutes) if line.minutes is not None else "",
        f"× {figures.price(line.price)}/h" if timed and line.price is not None else "",
        figures.money(line.amount_minor),
    ]


def _lots(lots: tuple[LotSummary, ...], figures: Figures) -> Sheet:
    return {
        "title": _("Contracted hours"),
        "labels": [
            _("Lot"),
            _("Opening"),
            _("Other movements"),
            _("Drawn here"),
            _("Closing"),
            _("Expires on"),
        ],
        "rows": [
            {
                "code": lot.code,
                "name": lot.name,
                "cells": [
                    figures.duration(lot.opening_minutes),
                    figures.duration(lot.other_minutes),
                    figures.duration(-Decimal(lot.drawn_minutes)),
                    figures.duration(lot.closing_minutes),
                    figures.medium_date(lot.expires_on) if lot.expires_on else _("never"),
                ],
            }
            for lot in lots
        ],
    }
