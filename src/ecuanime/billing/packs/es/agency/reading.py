"""Lists of what was sent to the agency, a page at a time."""

from __future__ import annotations

from ecuanime.billing.models import Submission, Verdict
from ecuanime.foundation.paging import Page, page_of

NEWEST_FIRST = ("-sent_at", "-id")


def submission_page(*, after: str = "", size: int = 50) -> Page[Submission]:
    """Messages, the newest first."""
    rows = Submission.objects.select_related("queue").defer("answer")
    return page_of(rows, order=NEWEST_FIRST, after=after, size=size)


def verdict_page(message: Submission, *, after: str = "", size: int = 100) -> Page[Verdict]:
    """The verdicts of a message in the order of its records, each with its record and invoice."""
    rows = message.verdicts.select_related("record__invoice").defer("record__xml")
    return page_of(rows, order=("record_id",), after=after, size=size)
