"""Having CFDIs cancelled: hand the request over, ask how it stands until that is known, write down what came of it.

As in the outbox nobody else is at a request that is claimed, and no transaction is open while the PAC is spoken to.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from ecuanime.billing.models import Cfdi, CfdiCancellation
from ecuanime.billing.packs.mx.naming import question_of
from ecuanime.billing.packs.mx.pac.contract import UNKNOWN_YET, NotStamped, Rejected, Standing
from ecuanime.billing.packs.mx.pac.noting import lock_document
from ecuanime.billing.packs.mx.pac.outbox import (
    CLAIM_LASTS,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    MOST_AT_ONCE,
    Clock,
    account_in_use,
)
from ecuanime.billing.packs.mx.pac.reaching import reach
from ecuanime.billing.packs.mx.pac.services import PACS, SERVICES
from ecuanime.billing.packs.mx.pac.telling import STAMPING_PAGE, tell_cancellation
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.rounds import work_through
from ecuanime.staff.queries import current_firm

SOON, LATER = timedelta(minutes=2), timedelta(hours=1)
"""When the SAT is asked first how a request stands, and then: whoever received it has three working days."""
LONGEST_UNKNOWN = timedelta(hours=72)
"""So long after its stamp the SAT may not know a CFDI yet, or say that it cannot be cancelled."""
State = CfdiCancellation.State
CANCELLING = gettext_noop("Having CFDIs cancelled")


def due(now: datetime) -> QuerySet[CfdiCancellation]:
    """What is to be asked for or asked about, whose time has come and whom nobody is at."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    rows = CfdiCancellation.objects.filter(
        free, state__in=(State.TO_SEND, State.WAITING), not_before__lte=now
    )
    return rows.order_by("not_before", "pk")


def cancel_due(clock: Clock) -> int:
    """Do what is due, each failing alone; returns how many were done. Nothing of a demo firm."""
    firm = current_firm()
    if firm is None or firm.is_demo:
        return 0
    done = work_through(
        due(clock()).values_list("pk", flat=True)[:MOST_AT_ONCE],
        lambda pk: cancel_one(pk, clock),
        work=CANCELLING,
        page=lambda _pk: STAMPING_PAGE,
    )
    return sum(row is not None for row in done)


def cancel_one(pk: int, clock: Clock) -> CfdiCancellation | None:
    """Hand one request over, or ask how it stands; None when it is not due or somebody else is at it."""
    row = _claim(pk, clock())
    if row is None:
        return None
    try:
        if row.state == State.TO_SEND:
            words = _handed_over(row)
            return _note_wait(row, words, SOON, clock())
        standing = _asked(row)
    except Rejected as rejection:
        return _note_refusal(row, rejection.code, rejection.words, clock())
    except NotStamped as failure:
        if failure.code == UNKNOWN_YET and _is_settled(row.cfdi, clock()):
            return _note_refusal(row, UNKNOWN_YET, failure.words, clock())
        return _note_failure(row, failure, clock())
    if standing.is_cancelled:
        return _note_cancelled(row, standing, clock())
    if standing.is_refused:
        return _note_refusal(row, "", standing.cancellation, clock())
    if standing.cannot_be and _is_settled(row.cfdi, clock()):
        return _note_refusal(row, "no_cancelable", standing.cancelable, clock())
    return _note_wait(row, standing.cancellation or standing.cancelable, LATER, clock())


def _is_settled(cfdi: Cfdi, now: datetime) -> bool:
    """Whether the SAT has had the time that it takes to know a CFDI."""
    return cfdi.answered_at is None or now - cfdi.answered_at > LONGEST_UNKNOWN


def _handed_over(row: CfdiCancellation) -> str:
    pac, account = account_in_use()
    service = SERVICES[pac, row.cfdi.environment]
    return PACS[pac].cancel(row.request.encode(), row.cfdi.uuid, service, account, reach)


def _asked(row: CfdiCancellation) -> Standing:
    pac, account = account_in_use()
    service = SERVICES[pac, row.cfdi.environment]
    return PACS[pac].standing(question_of(row.cfdi), service, account, reach)


@transaction.atomic
def _claim(pk: int, now: datetime) -> CfdiCancellation | None:
    rows = due(now).select_related("cfdi").select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=pk).first()
    if row is None:
        return None
    row.claimed_until, row.tries = now + CLAIM_LASTS, row.tries + 1
    row.save(update_fields=["claimed_until", "tries"])
    return row


def _locked(row: CfdiCancellation) -> CfdiCancellation | None:
    """The row, locked after its invoice; None when somebody else went on with it meanwhile."""
    lock_document(row.cfdi)
    rows = CfdiCancellation.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("cfdi__invoice__client").get(pk=row.pk)
    return found if found.state == row.state else None


def _save(found: CfdiCancellation, **values: Any) -> CfdiCancellation:
    for name, value in ({"claimed_until": None, "trouble": ""} | values).items():
        setattr(found, name, value)
    found.save()
    return found


@transaction.atomic
def _note_wait(row: CfdiCancellation, words: str, pause: timedelta, now: datetime) -> CfdiCancellation:
    """It was asked for; the SAT is asked again after a while."""
    found = _locked(row)
    if found is None:
        return row
    return _save(found, state=State.WAITING, words=words[:500], not_before=now + pause)


@transaction.atomic
def _note_failure(row: CfdiCancellation, failure: NotStamped, now: datetime) -> CfdiCancellation:
    """It waits, longer each time, and the same is done again."""
    found = _locked(row)
    if found is None:
        return row
    pause = min(FIRST_PAUSE * (1 << min(found.tries - 1, 10)), LONGEST_PAUSE)
    if failure.code == UNKNOWN_YET:
        pause = LATER  # the PAC takes five requests about one CFDI and no more
    return _save(found, trouble=failure.code[:40], words=failure.words[:500], not_before=now + pause)


@transaction.atomic
def _note_refusal(row: CfdiCancellation, code: str, words: str, now: datetime) -> CfdiCancellation:
    """The CFDI stands."""
    found = _locked(row)
    if found is None:
        return row
    _save(found, state=State.REFUSED, code=code[:20], words=words[:500], answered_at=now)
    record("cfdi_cancellation_refused", found.cfdi, now=now, uuid=found.cfdi.uuid, code=found.code)
    tell_cancellation(found, now=now)
    return found


@transaction.atomic
def _note_cancelled(row: CfdiCancellation, standing: Standing, now: datetime) -> CfdiCancellation:
    """It is no invoice any more: the books follow, unless another one has taken its place."""
    found = _locked(row)
    if found is None:
        return row
    _save(found, state=State.CANCELLED, words=standing.cancellation[:500], answered_at=now)
    found.cfdi.cancelled_at = now
    found.cfdi.save(update_fields=["cancelled_at"])
    record("cfdi_cancelled", found.cfdi, now=now, uuid=found.cfdi.uuid, reason=found.reason)
    is_of_books = found.cfdi.invoice_id is not None and found.cfdi.payment_id is None
    if is_of_books and found.cfdi.superseded_at is None:
        _take_out(found, now)
    tell_cancellation(found, now=now)
    return found


def _take_out(found: CfdiCancellation, now: datetime) -> None:
    """The books follow, unless something happened on the invoice while the SAT was deciding."""
    # Imported here because actions stand above the packs.
    from ecuanime.billing.actions.credits.annulling import take_back

    try:
        with transaction.atomic():
            take_back(found.cfdi.document, found.get_reason_display(), now)
    except Refused as refusal:
        record("cfdi_cancelled_books_stay", found.cfdi, now=now, why=refusal.code)
