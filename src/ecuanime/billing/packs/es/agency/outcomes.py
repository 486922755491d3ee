"""What came of a message to the agency, written down: whoever has lost its claim meanwhile writes nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ecuanime.billing.models import AgencyQueue, FiscalRecord, Submission, Verdict
from ecuanime.billing.packs.es.agency.pacing import FIRST_WAIT, pause_after, smaller, wait_after
from ecuanime.billing.packs.es.agency.submissions import (
    MOST_RECORDS,
    Answer,
    Faulted,
    Line,
    State,
    record_id,
)
from ecuanime.billing.packs.es.agency.telling import tell_rejected

NOT_READ = (4102, 4103)
"""Faults that say that the XML of some record cannot be read: the message is made smaller until it is alone."""
_CODE = re.compile(r"Codigo\[(\d+)\]")
_VERDICTS = {
    State.ACCEPTED: Verdict.State.ACCEPTED,
    State.WITH_ERRORS: Verdict.State.WITH_ERRORS,
    State.REJECTED: Verdict.State.REJECTED,
}


def _still_ours(message: Submission) -> AgencyQueue | None:
    """The queue, locked; None when the claim ran out and somebody else has taken over."""
    queue = AgencyQueue.objects.select_for_update(no_key=True).get(pk=message.queue_id)
    is_open = Submission.objects.filter(pk=message.pk, state=Submission.State.SENDING).exists()
    return queue if is_open else None


@transaction.atomic
def note_failure(
    message: Submission, now: datetime, *, state: str, trouble: str, words: str = ""
) -> Submission:
    """Write down that a message was not answered; the same records go again after a pause that grows."""
    queue = _still_ours(message)
    if queue is None:
        return message
    message.state, message.trouble, message.words, message.answered_at = state, trouble, words[:500], now
    message.save()
    queue.failures += 1
    queue.failing_since = queue.failing_since or message.sent_at
    queue.trouble, queue.claimed_until = trouble, None
    queue.not_before = now + pause_after(queue.failures)
    queue.save()
    return message


@transaction.atomic
def note_fault(
    message: Submission, records: Sequence[FiscalRecord], fault: Faulted, now: datetime
) -> Submission:
    """Nothing of it was taken: it waits like any failure, unless some record is at fault, which is then looked for."""
    found = _CODE.search(fault.words)
    code = int(found[1]) if found else None
    if not fault.is_ours or code not in NOT_READ:
        trouble = "fault" if fault.is_ours else "server_fault"
        return note_failure(message, now, state=Submission.State.FAULTED, trouble=trouble, words=fault.words)
    queue = _still_ours(message)
    if queue is None:
        return message
    message.state, message.trouble, message.words = Submission.State.FAULTED, "not_read", fault.words[:500]
    message.answered_at = now
    message.save()
    if len(records) == 1:
        line = Line(record_id(records[0].xml.encode()), State.REJECTED, code, fault.words)
        _advance(message, queue, records, [line], now)
    queue.most_records = smaller(len(records)) if len(records) > 1 else MOST_RECORDS
    queue.claimed_until, queue.not_before = None, now + FIRST_WAIT
    queue.save()
    return message


@transaction.atomic
def note_answer(
    message: Submission,
    records: Sequence[FiscalRecord],
    answer: Answer,
    lines: Sequence[Line],
    now: datetime,
) -> Submission:
    """Write down what was answered for each record, and when the agency may be spoken to again."""
    queue = _still_ours(message)
    if queue is None:
        return message
    message.state, message.csv, message.answered_at = Submission.State.ANSWERED, answer.csv[:60], now
    _advance(message, queue, records, lines, now)
    queue.failures, queue.failing_since, queue.trouble = 0, None, ""
    queue.most_records = min(queue.most_records * 2, MOST_RECORDS)
    queue.claimed_until, queue.not_before = None, now + wait_after(answer.wait_seconds)
    queue.save()
    return message


def _advance(
    message: Submission,
    queue: AgencyQueue,
    records: Sequence[FiscalRecord],
    lines: Sequence[Line],
    now: datetime,
) -> None:
    """Keep the verdict of each record, count them on the message, and let the queue go on after the last."""
    before = _unanswered_spans(queue, message)
    verdicts = [_verdict(message, record, line, before) for record, line in zip(records, lines, strict=True)]
    Verdict.objects.bulk_create(verdicts)
    states = [verdict.state for verdict in verdicts]
    message.accepted = states.count(Verdict.State.ACCEPTED)
    message.with_errors = states.count(Verdict.State.WITH_ERRORS)
    message.rejected = states.count(Verdict.State.REJECTED)
    message.save()
    queue.sent_through = message.last
    if message.rejected:
        tell_rejected(message, now=now)


def _unanswered_spans(queue: AgencyQueue, message: Submission) -> list[tuple[int, int]]:
    """Which records may have arrived by an earlier message whose answer never came."""
    earlier = queue.submissions.filter(state=Submission.State.UNANSWERED, last__gte=message.first)
    return list(earlier.values_list("first", "last").distinct())


def _verdict(
    message: Submission, record: FiscalRecord, line: Line, before: Sequence[tuple[int, int]]
) -> Verdict:
    """A duplicate counts as taken when it may have arrived before; else the agency holds something else."""
    state, is_ours = _VERDICTS[line.state], any(first <= record.position <= last for first, last in before)
    is_duplicate = line.is_duplicate and is_ours
    if is_duplicate:
        with_errors = line.holds == "AceptadaConErrores"
        state = Verdict.State.WITH_ERRORS if with_errors else Verdict.State.ACCEPTED
    return Verdict(
        queue=message.queue,
        record=record,
        submission=message,
        state=state,
        code=line.code,
        words=line.words[:1500],
        is_duplicate=is_duplicate,
    )
