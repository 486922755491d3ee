"""What the screens of documents share: who may see them, the firm's day, and a document by its key."""

from __future__ import annotations

from datetime import date

from django.http import Http404
from django.shortcuts import get_object_or_404

from ecuanime.accounts.models import Role
from ecuanime.billing.models import DRAFT_KEY, Invoice
from ecuanime.billing.queries import find_invoice
from ecuanime.foundation.clock import read_clock
from ecuanime.staff.queries import today_at_firm
from ecuanime.web.guards import for_staff

billers = for_staff(Role.BILLING, Role.SUPERVISOR)


def firm_today() -> date:
    """The firm's date now."""
    return today_at_firm(read_clock())


def issued_from(key: str) -> str:
    """The number that the draft of this key got; 404 when there is none."""
    draft = key.removeprefix(DRAFT_KEY)
    if draft == key or not (draft.isascii() and draft.isdigit()) or len(draft) > 17:
        raise Http404
    return get_object_or_404(Invoice, pk=int(draft), state=Invoice.State.ISSUED).number or ""


def invoice_of(key: str) -> Invoice:
    """The document of this key, or 404."""
    found = find_invoice(key)
    if found is None:
        raise Http404
    return found


def draft_of(key: str) -> Invoice:
    """The draft of this key, or 404; an issued document never changes."""
    found = invoice_of(key)
    if not found.is_draft:
        raise Http404
    return found


def issued_of(key: str) -> Invoice:
    """The issued document of this key, or 404."""
    found = invoice_of(key)
    if found.is_draft:
        raise Http404
    return found


keepers = for_staff(Role.BILLING)
