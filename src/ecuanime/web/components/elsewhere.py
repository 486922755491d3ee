"""The PDF of an invoice that another program issued, for the office and the portal."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from ecuanime.billing.models import HandedOver
from ecuanime.web.downloads import PDF, kept_download


def file_of(item: HandedOver) -> HttpResponse:
    """The PDF that was noted, as a download; 404 without one."""
    if item.file is None:
        raise Http404
    return kept_download(item.file.sha256, f"{item.number.replace('/', '-')}.pdf", PDF)
