"""Sending a chain to the agency: claim its queue, say what is next, write down what was answered.

Nobody else sends of a chain that is claimed, and no transaction is open while the agency is spoken to. What was being
sent when a worker died is taken for unanswered: it is sent again, and the duplicates count as sent.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from ecuanime.billing.models import AgencyQueue, FiscalChain, FiscalRecord, Submission
from ecuanime.billing.packs.es.agency.client import Credentials, NotReached, call
from ecuanime.billing.packs.es.agency.names import Unreadable
from ecuanime.billing.packs.es.agency.outcomes import note_answer, note_failure, note_fault
from ecuanime.billing.packs.es.agency.pacing import is_late
from ecuanime.billing.packs.es.agency.services import service_for
from ecuanime.billing.packs.es.agency.standing import certificate_in_use, due_queues, environment, obstacles
from ecuanime.billing.packs.es.agency.submissions import (
    Faulted,
    Issuer,
    matched,
    read_answer,
    record_id,
    submission,
)
from ecuanime.billing.packs.es.agency.telling import SENDING_PAGE
from ecuanime.foundation.crashpoints import crashpoint
from ecuanime.foundation.rounds import work_through
from ecuanime.foundation.secrets import Unsealable, unseal
from ecuanime.staff.queries import the_firm

CLAIM_LASTS = timedelta(minutes=5)
"""Longer than the agency may take to answer."""
Clock = Callable[[], datetime]
SENDING = gettext_noop("Sending invoice records to the tax agency")


def send_due(clock: Clock) -> int:
    """Send what is due of every chain, each failing alone; returns how many messages left. Nothing of a demo firm."""
    now = clock()
    if obstacles(now):
        return 0
    open_queues(now)
    sent = work_through(
        due_queues(now),
        lambda queue: send_next(queue, clock),
        work=SENDING,
        page=lambda _queue: SENDING_PAGE,
    )
    return sum(message is not None for message in sent)


def open_queues(now: datetime) -> None:
    """A queue to where records go for each chain that has none; chains of a demo have none."""
    wanted = environment()
    for chain in FiscalChain.objects.filter(is_demo=False).exclude(queues__environment=wanted):
        AgencyQueue.objects.get_or_create(chain=chain, environment=wanted, defaults={"not_before": now})


def send_next(queue: AgencyQueue, clock: Clock) -> Submission | None:
    """Send the next records of a queue in one message; None when nothing is due or somebody else is at it.

    `clock` is read again when the answer has come, since the wait it asks for begins there.
    """
    credentials = credentials_in_use()
    begun = _begin(queue.pk, clock()) if credentials else None
    if begun is None or credentials is None:
        return None
    message, records = begun
    crashpoint("agency.claimed")
    texts = [record.xml.encode() for record in records]
    written = submission(issuer_of(message.queue), texts, is_late=message.is_late)
    service = service_for(message.queue.environment, is_seal=credentials.is_seal)
    try:
        content = call(service, written, credentials)
    except NotReached as failure:
        state = Submission.State.UNANSWERED if failure.may_have_arrived else Submission.State.NOT_SENT
        return note_failure(message, clock(), state=state, trouble=failure.code)
    crashpoint("agency.answered")
    message.answer = content.decode("utf-8", "replace").replace("\0", "")
    try:
        answer = read_answer(content)
        lines = matched([record_id(text) for text in texts], answer.lines)
    except Faulted as fault:
        return note_fault(message, records, fault, clock())
    except Unreadable:
        return note_failure(message, clock(), state=Submission.State.UNANSWERED, trouble="unreadable")
    return note_answer(message, records, answer, lines, clock())


def issuer_of(queue: AgencyQueue) -> Issuer:
    """Who issues the invoices of a queue's chain."""
    return Issuer(the_firm().name, queue.chain.nif)


def credentials_in_use() -> Credentials | None:
    """The certificate in use with its opened key; None when there is none or this installation cannot open it."""
    found = certificate_in_use()
    try:
        return Credentials(found.pem, unseal(found.key_sealed), found.is_seal) if found else None
    except Unsealable:
        return None


@transaction.atomic
def _begin(queue_id: int, now: datetime) -> tuple[Submission, list[FiscalRecord]] | None:
    """Claim the queue and write down what is about to be sent; what a dead worker was sending is unanswered."""
    queue = (
        AgencyQueue.objects.select_for_update(of=("self",), no_key=True)
        .select_related("chain")
        .get(pk=queue_id)
    )
    if queue.not_before > now or (queue.claimed_until is not None and queue.claimed_until > now):
        return None
    left_behind = queue.submissions.filter(state=Submission.State.SENDING)
    if left_behind.update(state=Submission.State.UNANSWERED, trouble="interrupted"):
        queue.failures += 1
        queue.failing_since = queue.failing_since or now
    following = queue.chain.records.filter(position__gt=queue.sent_through).order_by("position")
    records = list(following[: queue.most_records])
    if not records:
        return None
    queue.claimed_until = now + CLAIM_LASTS
    queue.save(update_fields=["claimed_until", "failures", "failing_since"])
    late = is_late(oldest_at=records[0].generated_at, failures=queue.failures, now=now)
    first, last = records[0].position, records[-1].position
    message = Submission.objects.create(queue=queue, first=first, last=last, is_late=late, sent_at=now)
    return message, records
