"""What the screens of documents share: who may see them, the firm's day, and a document by its key."""

from __future__ import annotations

import logging
from datetime import date
from typing import cast

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404

from ecuanime.accounts.models import Role
from ecuanime.billing.models import DRAFT_KEY, Invoice
from ecuanime.billing.queries import find_invoice
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.files import path_of
from ecuanime.foundation.models import StoredFile
from ecuanime.rules.calendars import local_date
from ecuanime.staff.queries import the_firm
from ecuanime.web.guards import for_staff

billers = for_staff(Role.BILLING, Role.SUPERVISOR)
logger = logging.getLogger(__name__)


def firm_today() -> date:
    """The firm's date now."""
    return local_date(read_clock(), the_firm().time_zone)


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


def pdf_response(kept: StoredFile, name: str) -> HttpResponse:
    """A PDF of ours, as a download; 404 when its file is gone."""
    try:
        stream = path_of(kept.sha256).open("rb")
    except FileNotFoundError as error:
        logger.error("the PDF %s is gone", name)
        raise Http404 from error
    response = FileResponse(stream, as_attachment=True, filename=name, content_type="application/pdf")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    # Django's streams are no HttpResponse by type; guards and middleware treat both alike.
    return cast(HttpResponse, response)


keepers = for_staff(Role.BILLING)
