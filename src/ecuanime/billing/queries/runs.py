"""What is still to be billed, and the runs that billed."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from ecuanime.billing.models import Run
from ecuanime.worklog.models import RatedSegment


def unbilled_segments(up_to: date) -> QuerySet[RatedSegment]:
    """Priced segments in force of approved work done up to a day that stand on no live line, in the order of the work.

    An entry of which a part waits for a person waits whole.
    """
    raise NotImplementedError


def latest_runs(*, limit: int = 10) -> list[Run]:
    """The newest runs, with who started them."""
    raise NotImplementedError
