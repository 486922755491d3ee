"""Every document, the newest first, with what is owed both ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ecuanime.billing.queries import (
    InvoiceFilter,
    InvoiceRow,
    Receivables,
    counts_by_filter,
    invoices_in,
    key_of,
    receivables,
)
from ecuanime.clients.models import Client
from ecuanime.entitlements.queries import UnusedHours, unused_hours
from ecuanime.foundation import formats
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.invoices.common import billers, firm_today
from ecuanime.web.office.invoices.page import state_of

TABS = {
    "todas": InvoiceFilter.ALL,
    "borradores": InvoiceFilter.DRAFTS,
    "por-cobrar": InvoiceFilter.UNPAID,
    "vencidas": InvoiceFilter.OVERDUE,
    "sin-entregar": InvoiceFilter.UNDELIVERED,
    "pagadas": InvoiceFilter.PAID,
    "incobrables": InvoiceFilter.WRITTEN_OFF,
    "rectificativas": InvoiceFilter.CORRECTIONS,
}
PAGE = 50


@billers
@require_safe
def invoices(request: StaffRequest) -> HttpResponse:
    """Every document, the newest first, with what clients owe us and what work we owe them."""
    today, chosen = firm_today(), request.GET.get("ver", "todas")
    which = TABS.get(chosen, InvoiceFilter.ALL)
    code, text = request.GET.get("cliente", ""), request.GET.get("buscar", "").replace("\0", "").strip()[:100]
    client = get_object_or_404(Client, code=code) if code.isprintable() and code else None
    page = invoices_in(
        which, today=today, client=client, text=text, after=request.GET.get("d", ""), size=PAGE
    )
    counts = counts_by_filter(today=today, client=client)
    context = {
        "rows": [document_row(row) for row in page.rows],
        "tabs": _tabs(request, counts, which),
        "which": which,
        "client": client,
        "search": text,
        "kept": [
            (name, value)
            for name, value in (("ver", chosen), ("cliente", code))
            if value and value != "todas"
        ],
        "is_filtered": bool(text or client or which != InvoiceFilter.ALL),
        "facts": _facts(receivables(today=today), unused_hours(), today),
        "shown": "" if text else _shown(len(page.rows), counts[which]),
        "first_url": _query(request, d="") if "d" in request.GET else "",
        "next_url": _query(request, d=page.next) if page.next else "",
        "clear_url": reverse("invoices"),
    }
    return render(request, "office/invoices/list.html", context)


def document_row(row: InvoiceRow) -> dict[str, Any]:
    """A document as lists show it."""
    invoice, about = row.invoice, row.about
    if invoice.corrects:
        about = _("Corrects %(number)s: %(reason)s") % {
            "number": invoice.corrects.number,
            "reason": invoice.reason,
        }
    elif row.line_count > 1:
        more = ngettext("%(about)s and %(count)s more", "%(about)s and %(count)s more", row.line_count - 1)
        about = more % {"about": about, "count": row.line_count - 1}
    return {"invoice": invoice, "key": key_of(invoice), "state": state_of(row.tag), "about": about}


def _tabs(request: StaffRequest, counts: dict[str, int], which: str) -> list[dict[str, Any]]:
    labels = {
        InvoiceFilter.ALL: pgettext("documents", "All"),
        InvoiceFilter.DRAFTS: _("Drafts"),
        InvoiceFilter.UNPAID: _("Unpaid"),
        InvoiceFilter.OVERDUE: pgettext("documents", "Overdue"),
        InvoiceFilter.UNDELIVERED: _("Not delivered"),
        InvoiceFilter.PAID: pgettext("documents", "Paid"),
        InvoiceFilter.WRITTEN_OFF: pgettext("documents", "Written off"),
        InvoiceFilter.CORRECTIONS: _("Credit notes"),
    }
    return [
        {
            "label": labels[name],
            "count": counts[name],
            "url": _query(request, ver=slug, d=""),
            "current": name == which,
        }
        for slug, name in TABS.items()
    ]


def _query(request: StaffRequest, **changes: str) -> str:
    """The address of this list with some of its filters changed."""
    query = {**request.GET.dict(), **changes}
    kept = {name: value for name, value in query.items() if value and (name, value) != ("ver", "todas")}
    return f"{reverse('invoices')}?{urlencode(kept)}" if kept else reverse("invoices")


def _shown(rows: int, total: int) -> str:
    return _("%(rows)s of %(total)s") % {"rows": rows, "total": total}


def _facts(owed: Sequence[Receivables], unused: Sequence[UnusedHours], today: date) -> list[dict[str, Any]]:
    """What clients owe, what is late, what is still to be invoiced, and the work that we owe."""

    def each(amount_of: Callable[[Receivables], int]) -> str:
        known = [(amount_of(row), row.currency) for row in owed]
        return _sums([pair for pair in known if pair[0]] or known[:1])

    count = sum(row.owed_count for row in owed)
    found: list[dict[str, Any]] = [
        {
            "label": _("Owed to us"),
            "value": each(lambda row: row.owed),
            "note": ngettext("%(count)s document", "%(count)s documents", count) % {"count": count},
        },
        {
            "label": pgettext("an amount", "Overdue"),
            "value": each(lambda row: row.overdue),
            **_lateness(owed, today),
        },
        {
            "label": _("Approved, to invoice"),
            "value": each(lambda row: row.unbilled),
            "note": _clients(sum(row.unbilled_clients for row in owed)),
        },
        {
            "label": _("In drafts"),
            "value": each(lambda row: row.drafts),
            "note": _drafts(sum(row.draft_count for row in owed)),
        },
    ]
    if any(row.to_give_back for row in owed):
        note = _("clients paid more than they owe")
        found.append({"label": _("To give back"), "value": each(lambda row: row.to_give_back), "note": note})
    if unused:
        hours = formats.hours_of_hundredths(
            sum(row.hundredths for row in unused), formats.locale_for(get_language())
        )
        found.append(
            {
                "label": _("In packs, unused"),
                "value": _sums([(row.value, row.currency) for row in unused]),
                "note": _("%(hours)s that we owe in work") % {"hours": hours},
            }
        )
    return found


def _sums(amounts: Sequence[tuple[int, str]]) -> str:
    language = get_language()
    return " + ".join(
        formats.money(amount, currency, formats.locale_for(language, currency))
        for amount, currency in amounts
    )


def _lateness(owed: Sequence[Receivables], today: date) -> dict[str, str]:
    count = sum(row.overdue_count for row in owed)
    oldest = min((row.oldest_due_on for row in owed if row.oldest_due_on), default=None)
    if oldest is None:
        return {"note": _("nothing is late")}
    documents = ngettext("%(count)s document", "%(count)s documents", count) % {"count": count}
    days = (today - oldest).days
    late = ngettext("%(days)s day at most", "%(days)s days at most", days) % {"days": days}
    return {"note": f"{documents}, {late}", "tone": "bad"}


def _clients(count: int) -> str:
    return ngettext("%(count)s client, before tax", "%(count)s clients, before tax", count) % {"count": count}


def _drafts(count: int) -> str:
    return ngettext("%(count)s draft, with tax", "%(count)s drafts, with tax", count) % {"count": count}
