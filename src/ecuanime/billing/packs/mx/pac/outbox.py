"""Having what is due stamped: claim a document, send its bytes, write down what was answered.

Nobody else sends a document that is claimed, and no transaction is open while the PAC is spoken to. Whether a lost
answer was a stamp is the PAC's to say: the same bytes are sent again, and it knows them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from ecuanime.billing.books.closed import ladder, reminder_day
from ecuanime.billing.models import Cfdi, CfdiCancellation, Invoice
from ecuanime.billing.packs.mx.asking import ask_to_cancel
from ecuanime.billing.packs.mx.cfdi import Stamp, Unreadable, read_stamp, same_document
from ecuanime.billing.packs.mx.declared import mexico_settings
from ecuanime.billing.packs.mx.pac.checking import check_unsent
from ecuanime.billing.packs.mx.pac.contract import Account, NotStamped, Rejected
from ecuanime.billing.packs.mx.pac.noting import reject, waiting
from ecuanime.billing.packs.mx.pac.reaching import reach
from ecuanime.billing.packs.mx.pac.services import PACS, SERVICES
from ecuanime.billing.packs.mx.pac.telling import STAMPING_PAGE
from ecuanime.foundation.audit import record
from ecuanime.foundation.crashpoints import crashpoint
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.rounds import work_through
from ecuanime.foundation.secrets import Unsealable, unseal
from ecuanime.staff.queries import current_firm

CLAIM_LASTS = timedelta(minutes=3)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=30)
"""Between tries of a document, doubled each time: it must be stamped within 72 hours of its date."""
MOST_AT_ONCE = 50
Clock = Callable[[], datetime]
STAMPING = gettext_noop("Having CFDIs stamped")


def due(now: datetime) -> QuerySet[Cfdi]:
    """What waits for a stamp, whose time has come and whom nobody is at, the oldest first."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    return Cfdi.objects.filter(free, state=Cfdi.State.TO_STAMP, not_before__lte=now).order_by(
        "not_before", "pk"
    )


def stamp_due(clock: Clock) -> int:
    """Have what is due stamped, each failing alone; returns how many were. Nothing of a demo firm ever is.

    What was never sent is first held against the SAT's own files, where these are at hand.
    """
    firm = current_firm()
    if firm is None or firm.is_demo:
        return 0
    ids = list(due(clock()).values_list("pk", flat=True)[:MOST_AT_ONCE])
    check_unsent(ids, clock())
    tried = work_through(ids, lambda pk: stamp_one(pk, clock), work=STAMPING, page=lambda _pk: STAMPING_PAGE)
    return sum(row is not None and row.state == Cfdi.State.STAMPED for row in tried)


def stamp_one(pk: int, clock: Clock) -> Cfdi | None:
    """Send a document once; None when it is not due, somebody else is at it, or there is no account to speak with."""
    row = _claim(pk, clock())
    if row is None:
        return None
    crashpoint("billing.cfdi_claimed")
    sent = row.sealed.encode()
    try:
        content = _stamped(row, sent)
        stamp = read_stamp(content)
        if not same_document(sent, content):
            raise NotStamped("other_document")
    except Rejected as rejection:
        return _note_rejection(row, rejection, clock())
    except NotStamped as failure:
        return _note_failure(row, failure, clock())
    except Unreadable:
        return _note_failure(row, NotStamped("unreadable"), clock())
    crashpoint("billing.cfdi_answered")
    return _note_stamp(row, content, stamp, clock())


def _stamped(row: Cfdi, sent: bytes) -> bytes:
    pac, account = account_in_use()
    return PACS[pac].stamp(sent, SERVICES[pac, row.environment], account, reach)


def account_in_use() -> tuple[str, Account]:
    """The PAC by its key, and the firm's account with it. Raises `NotStamped`: `no_account`."""
    settings = mexico_settings()
    if settings is None or not settings.password_sealed:
        raise NotStamped("no_account")
    try:
        return settings.pac, Account(settings.username, unseal(settings.password_sealed))
    except Unsealable as error:
        raise NotStamped("no_account") from error


@transaction.atomic
def _claim(pk: int, now: datetime) -> Cfdi | None:
    row = due(now).select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    if row is None:
        return None
    row.claimed_until, row.tries = now + CLAIM_LASTS, row.tries + 1
    row.save(update_fields=["claimed_until", "tries"])
    return row


@transaction.atomic
def _note_failure(row: Cfdi, failure: NotStamped, now: datetime) -> Cfdi:
    """It waits, longer each time; the same bytes go again."""
    found = waiting(row)
    if found is None:
        return row
    found.trouble, found.words, found.claimed_until = failure.code[:40], failure.words[:1500], None
    found.not_before = now + min(FIRST_PAUSE * (1 << min(found.tries - 1, 10)), LONGEST_PAUSE)
    found.save()
    return found


@transaction.atomic
def _note_rejection(row: Cfdi, rejection: Rejected, now: datetime) -> Cfdi:
    """The PAC says no."""
    found = waiting(row)
    if found is None:
        return row
    reject(found, rejection.code, rejection.words, now)
    return found


@transaction.atomic
def _note_stamp(row: Cfdi, content: bytes, stamp: Stamp, now: datetime) -> Cfdi:
    """It is an invoice now: the client may see it, and its PDF and mail follow. What tests stamped stays here.

    A payment complement goes to the client by itself, and so does what takes the place of another.
    """
    found = waiting(row)
    if found is None:
        return row
    if found.replaces is not None:
        found.replaces.superseded_at = now
        found.replaces.save(update_fields=["superseded_at"])
    found.state, found.uuid, found.stamped = Cfdi.State.STAMPED, stamp.uuid, content.decode()
    found.trouble, found.words, found.claimed_until, found.answered_at = "", "", None, now
    found.save()
    record("cfdi_stamped", found, now=now, number=found.name, uuid=found.uuid)
    if found.replaces is not None:
        _cancel_replaced(found, found.replaces, now)
    if found.is_test:
        return found
    if found.has_own_paper:
        # Imported here because the job, a door to the room, stands above the packs.
        from ecuanime.billing.jobs import send_cfdi

        send_cfdi.defer(cfdi_id=found.pk)
    else:
        _release(found.document)
    return found


def _cancel_replaced(row: Cfdi, replaced: Cfdi, now: datetime) -> None:
    """Ask the SAT to cancel the one whose place it takes; what cannot be asked for now is asked for by a person."""
    if row.asked_by is None:
        return
    try:
        ask_to_cancel(replaced, CfdiCancellation.Reason.WITH_SUBSTITUTE, row.uuid, row.asked_by, now)
    except Refused as refusal:
        record("cfdi_replaced_not_cancelled", replaced, now=now, uuid=replaced.uuid, why=refusal.code)


def _release(invoice: Invoice) -> None:
    invoice.is_held = False
    invoice.remind_on = reminder_day(invoice, ladder())
    invoice.save(update_fields=["is_held", "remind_on"])
    # Imported here because the job, a door to the room, stands above the packs.
    from ecuanime.billing.jobs import send_issued

    send_issued.defer(invoice_id=invoice.pk)
