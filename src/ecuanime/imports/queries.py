"""Shared reads about files that were brought."""

from __future__ import annotations

from django.db.models import QuerySet

from ecuanime.foundation.paging import Page, page_of
from ecuanime.imports.models import Import, ImportRow

PAGE = 100


def import_page(*, after: str = "") -> Page[Import]:
    """The files, the newest first."""
    files = Import.objects.select_related("stored_by")
    return page_of(files, order=("-stored_at", "-id"), after=after, size=20)


def rows_of(file: Import, outcome: str = "") -> QuerySet[ImportRow]:
    """The rows of a file in their order, all or those with one outcome."""
    rows = ImportRow.objects.filter(file=file)
    return (rows.filter(outcome=outcome) if outcome else rows).order_by("number")


def row_page(file: Import, *, outcome: str = "", after: str = "") -> Page[ImportRow]:
    """The same, page by page."""
    return page_of(rows_of(file, outcome), order=("number",), after=after, size=PAGE)
