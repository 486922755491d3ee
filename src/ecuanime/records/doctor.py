"""The doctor: looks at what an installation needs and says in words what is well and what to do. Changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.db import connection

from ecuanime.billing.packs.es.agency.standing import (
    certificate_in_use,
    obstacles,
    queues,
    waiting,
)
from ecuanime.billing.packs.es.agency.words import trouble_words
from ecuanime.channels.email.imap import check_imap
from ecuanime.channels.models import ImapSource, IncomingMail
from ecuanime.channels.queries import intake_health
from ecuanime.delivery.checks import CheckLine, check_smtp
from ecuanime.delivery.models import Mailbox
from ecuanime.delivery.queries import outbox_health
from ecuanime.entitlements.models import Lot
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import oldest_waiting_job, worker_seen_at
from ecuanime.foundation.secrets import Unsealable, unseal
from ecuanime.staff.queries import current_firm

LEAST_FREE_BYTES = 2 * 1024**3
WORKER_SILENT = timedelta(minutes=2)
JOB_WAITING = timedelta(minutes=10)
RECORDS_LATE = timedelta(days=1)
CLOCKS_APART = timedelta(seconds=5)
OLDEST_POSTGRESQL = 150000


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is well, and what there is to say about it."""

    well: bool
    text: str


def examine(now: datetime) -> Iterator[tuple[str, Finding]]:
    """Every finding under the heading it belongs to, in the order a person would look."""
    for heading, look in LOOKS:
        for finding in look(now):
            yield heading, finding


def _settings(_now: datetime) -> Iterator[Finding]:
    firm = current_firm()
    yield Finding(
        firm is not None, f"The firm is {firm.name}." if firm else "No firm yet: open the set-up link."
    )
    yield Finding(True, f"People open {settings.ECUANIME_URL}; the data folder is {settings.ECUANIME_DATA}.")
    if not settings.SECURE:
        local = "localhost" in settings.ECUANIME_URL or "127.0.0.1" in settings.ECUANIME_URL
        yield Finding(
            local,
            "It is served without HTTPS"
            + (" on this machine alone." if local else ": put a proxy in front."),
        )
    if settings.DEBUG:
        yield Finding(False, "ECUANIME_DEBUG is on: errors show their insides to visitors. Unset it.")
    for message in run_checks(include_deployment_checks=settings.SECURE):
        if message.level >= WARNING and not message.is_silenced():
            yield Finding(False, f"{message.id}: {message.msg}")


def _database(_now: datetime) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_setting('server_version_num')::int, "
            "pg_size_pretty(pg_database_size(current_database())), current_setting('fsync')"
        )
        version, number, size, fsync = cursor.fetchone() or ("", 0, "", "")
        asked_at = read_clock()
        cursor.execute("SELECT clock_timestamp()")
        (told,) = cursor.fetchone() or (asked_at,)
        answered_at = read_clock()
    yield Finding(number >= OLDEST_POSTGRESQL, f"PostgreSQL {version}, {size}.")
    if apart := least_apart(told, asked_at, answered_at):
        seconds = f"{apart.total_seconds():.1f} s"
        yield Finding(apart < CLOCKS_APART, f"Its clock and this machine's are at least {seconds} apart.")
    if fsync != "on":
        yield Finding(False, "fsync is off: a power cut can lose what was committed. Turn it on.")


def least_apart(told: datetime, asked_at: datetime, answered_at: datetime) -> timedelta:
    """How far another clock is from ours at the least, when it told its time between these two moments of ours."""
    return max(asked_at - told, told - answered_at, timedelta())


def _disk(_now: datetime) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.ECUANIME_DATA).free
    remedy = "" if free >= LEAST_FREE_BYTES else ": free some, or intake will stop"
    yield Finding(free >= LEAST_FREE_BYTES, f"{free / 1024**3:.1f} GiB are free where the data lies{remedy}.")


def _work(now: datetime) -> Iterator[Finding]:
    seen = worker_seen_at()
    if seen is None or now - seen > WORKER_SILENT:
        yield Finding(False, "No worker is running: start `ecuanime run`, or `ecuanime worker`.")
    else:
        yield Finding(True, "The worker is running.")
    waiting = oldest_waiting_job(now)
    if waiting is not None and now - waiting > JOB_WAITING:
        yield Finding(False, f"A job has waited since {waiting:%Y-%m-%d %H:%M} UTC.")
    late = Lot.objects.filter(next_due_at__lt=now - timedelta(days=1)).count()
    if late:
        yield Finding(False, f"{late} expired lots have not been booked for a day.")


def _mail_in(now: datetime) -> Iterator[Finding]:
    health = intake_health(now)
    stored = IncomingMail.objects.filter(state=IncomingMail.State.STORED).count()
    yield Finding(not health.unread, f"{stored} mails wait to be read.")
    yield Finding(not health.quarantined, f"{health.quarantined} mails stand in quarantine.")
    for address, count in health.left_behind:
        yield Finding(
            False,
            f"{address}: {count} mails at the server are too large to take in. Save and delete them there.",
        )
    for source in ImapSource.objects.select_related("mailbox").filter(is_active=True):
        try:
            password = unseal(source.password_sealed)
        except Unsealable:
            yield Finding(
                False, f"{source.mailbox.address}: its password was sealed with another key. Type it again."
            )
            continue
        lines = check_imap(
            host=source.host,
            port=source.port,
            security=source.security,
            username=source.username,
            password=password,
            folder=source.folder,
        )
        yield _last(source.mailbox.address, lines)


def _mail_out(now: datetime) -> Iterator[Finding]:
    health = outbox_health(now=now)
    yield Finding(
        health.is_well, f"{health.waiting} mails wait to leave, {health.failed_last_week} failed last week."
    )
    for box in Mailbox.objects.filter(is_active=True):
        if box.captures:
            yield Finding(True, f"{box.address} captures its mail: nothing leaves.")
        elif not box.smtp_host:
            yield Finding(False, f"{box.address} has no outgoing server: add it under Settings.")
        else:
            yield _smtp(box)


def _smtp(box: Mailbox) -> Finding:
    try:
        password = unseal(box.smtp_password_sealed)
    except Unsealable:
        return Finding(False, f"{box.address}: its password was sealed with another key. Type it again.")
    lines = check_smtp(
        host=box.smtp_host,
        port=box.smtp_port,
        security=box.smtp_security,
        username=box.smtp_username,
        password=password,
        sender=box.address,
    )
    return _last(box.address, lines)


def _last(address: str, lines: list[CheckLine]) -> Finding:
    line = lines[-1]
    return Finding(line.ok, f"{address}: {line.text}{f' ({line.detail})' if line.detail else ''}")


def _agency(now: datetime) -> Iterator[Finding]:
    """What waits for Spain's tax agency, and why; nothing where no records are written."""
    found = waiting()
    if not found.count and certificate_in_use() is None:
        return
    late = found.since is not None and now - found.since > RECORDS_LATE
    yield Finding(not late, f"{found.count} invoice records wait to be sent to the tax agency.")
    for obstacle in obstacles(now):
        yield Finding(obstacle.code == "demo", obstacle.text)
    for queue in queues().filter(failures__gt=0):
        yield Finding(
            False, f"{queue.failures} tries to reach it have failed: {trouble_words(queue.trouble)}"
        )


LOOKS: tuple[tuple[str, Callable[[datetime], Iterator[Finding]]], ...] = (
    ("Settings", _settings),
    ("Database", _database),
    ("Disk", _disk),
    ("Work", _work),
    ("Mail in", _mail_in),
    ("Mail out", _mail_out),
    ("Tax agency", _agency),
)
