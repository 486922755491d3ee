"""Files that a person takes along: a browser never opens them by itself, and nothing on the way keeps them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import cast

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from ecuanime.foundation.files import path_of
from ecuanime.foundation.tables import Table, as_csv, as_xlsx

INERT = "default-src 'none'; sandbox; frame-ancestors 'none'"
CSV, PDF, XML = "text/csv; charset=utf-8", "application/pdf", "application/xml"
BYTES = "application/octet-stream"
TABLES = {"csv": CSV, "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

logger = logging.getLogger(__name__)


def download(
    content: bytes | str | Iterable[bytes] | Iterable[str], name: str, media_type: str
) -> HttpResponse:
    """What was made for this person, as a file; what is made piece by piece leaves so."""
    made = HttpResponse if isinstance(content, bytes | str) else StreamingHttpResponse
    response = made(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return _private(response)


def table_download(tables: Sequence[Table], name: str, ending: str) -> HttpResponse:
    """Tables as a workbook, or the first of them as CSV; 404 for another ending."""
    if ending not in TABLES:
        raise Http404
    content = as_csv(tables[0]) if ending == "csv" else iter([as_xlsx(tables)])
    return download(content, f"{name}.{ending}", TABLES[ending])


def kept_download(digest: str, name: str, media_type: str = BYTES) -> HttpResponse:
    """A file that we keep, by its hash; 404 when its bytes are gone."""
    try:
        stream = path_of(digest).open("rb")
    except FileNotFoundError as error:
        logger.error("the bytes of %s are gone", name)
        raise Http404 from error
    return _private(FileResponse(stream, as_attachment=True, filename=name, content_type=media_type))


def inert(response: HttpResponseBase) -> HttpResponse:
    """Bytes that are not ours: whatever they are, the browser runs nothing of them."""
    response.headers["Content-Security-Policy"] = INERT
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Django's streams are no HttpResponse by type; guards and middleware treat both alike.
    return cast(HttpResponse, response)


def _private(response: HttpResponseBase) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    return inert(response)
