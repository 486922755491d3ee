"""The PDF of an invoice that another program issued, for the office and the portal."""

from __future__ import annotations

from typing import cast

from django.http import FileResponse, Http404, HttpResponse

from ecuanime.billing.models import HandedOver
from ecuanime.foundation.files import path_of


def file_of(item: HandedOver) -> HttpResponse:
    """The PDF that was noted, as a download; 404 without one."""
    if item.file is None:
        raise Http404
    response = FileResponse(
        path_of(item.file.sha256).open("rb"),
        as_attachment=True,
        filename=f"{item.number.replace('/', '-')}.pdf",
        content_type="application/pdf",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    # Django's streams are no HttpResponse by type; guards and middleware treat both alike.
    return cast(HttpResponse, response)
