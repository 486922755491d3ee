"""Whether the product is well, for a probe: five words with their reasons, without secrets and without sign-in."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from ecuanime.billing.packs.es.agency.standing import waiting
from ecuanime.channels.models import ImapSource
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import oldest_waiting_job, worker_seen_at
from ecuanime.web.guards import public

WORKER_SILENT = timedelta(minutes=2)
JOB_WAITING = timedelta(minutes=10)
MAIL_LATE = timedelta(minutes=20)
RECORDS_LATE = timedelta(days=1)
logger = logging.getLogger(__name__)


@public
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """JSON with `web`, `database`, `worker`, `mail` and `agency`, each `ok` or why not; 503 when one is not well."""
    now = read_clock()
    parts = {"web": "", "database": _database()}
    if parts["database"]:
        parts |= dict.fromkeys(("worker", "mail", "agency"), "unknown without the database")
    else:
        parts |= {"worker": _worker(now), "mail": _mail(now), "agency": _agency(now)}
    well = not any(parts.values())
    report = {
        name: {"ok": not reason, **({"reason": reason} if reason else {})} for name, reason in parts.items()
    }
    return JsonResponse({"ok": well, **report}, status=200 if well else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        logger.warning("healthz: the database does not answer: %s", error)
        return "does not answer"
    return ""


def _worker(now: datetime) -> str:
    seen = worker_seen_at()
    if seen is None:
        return "not running"
    if now - seen > WORKER_SILENT:
        return "silent for more than 2 minutes"
    waiting = oldest_waiting_job(now)
    if waiting is not None and now - waiting > JOB_WAITING:
        return "a job has waited for more than 10 minutes"
    return ""


def _agency(now: datetime) -> str:
    since = waiting().since
    late = since is not None and now - since > RECORDS_LATE
    return "invoice records have waited for more than a day to reach the tax agency" if late else ""


def _mail(now: datetime) -> str:
    late = now - MAIL_LATE
    sources = ImapSource.objects.filter(is_active=True, mailbox__is_active=True)
    if any(seen is not None and seen < late for seen in sources.values_list("last_success_at", flat=True)):
        return "no mail could be fetched for more than 20 minutes"
    if sources.filter(last_success_at=None, failures__gt=0).exists():
        return "mail has never been fetched"
    waiting = OutgoingMail.objects.filter(
        state__in=("queued", "sending"), created_at__lt=late, attempts__gt=0
    )
    if waiting.filter(next_due_at__isnull=False).exists():
        return "mail has waited for more than 20 minutes to leave"
    return ""
