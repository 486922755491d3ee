"""The technical report: made from what was recorded, edited version by version, and sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.accounts.models import User
from ecuanime.delivery.text import keepable
from ecuanime.emergencies.access import may_send_report, may_write_report
from ecuanime.emergencies.actions.common import lock
from ecuanime.emergencies.models import Emergency, Report, Section
from ecuanime.emergencies.queries import newest_report
from ecuanime.emergencies.recorded import GENERATED, LONGEST, recorded_texts
from ecuanime.emergencies.report import pdf_of_report
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import store
from ecuanime.rules.express import Merged, merge
from ecuanime.tickets.actions import FileGiven, add_note, reply


@transaction.atomic
def make_report(*, emergency: Emergency, by: User | None, now: datetime) -> Report:
    """The first version, from what was recorded, in the client's language; one made already is given back.

    Refused: `not_allowed`, `not_now` (no work has begun).
    """
    emergency = lock(emergency)
    _refuse_early(emergency)
    if by is not None:
        _refuse_writing(by)
    newest = newest_report(emergency)
    if newest is not None:
        return newest
    language = emergency.contact.spoken
    return _keep(emergency, 1, language, recorded_texts(emergency, language), by, now)


@transaction.atomic
def keep_report(
    *,
    emergency: Emergency,
    seen: int,
    texts: Mapping[str, str],
    by: User,
    now: datetime,
    anew: Collection[str] = (),
) -> Report:
    """Keep what somebody changed of the version they had `seen`, as a new version; none that was kept goes.

    What others changed meanwhile in other sections stays. The sections in `anew` are made again from what was recorded.
    Where nothing changes, the newest version is given back.
    Refused: `not_allowed`, `not_now` (there is none yet), `too_long`, `stale` (both changed a section).
    """
    emergency = lock(emergency)
    _refuse_writing(by)
    newest = newest_report(emergency)
    before = Report.objects.filter(emergency=emergency, number=seen).first()
    if newest is None or before is None:
        raise Refused("not_now", _("There is no report of this case yet."))
    merged = merged_texts(before, newest, texts)
    if merged.conflicts:
        names = ", ".join(str(Section(name).label) for name in merged.conflicts)
        raise Refused(
            "stale",
            _("Somebody has changed it meanwhile: %(sections)s. Nothing was kept.") % {"sections": names},
        )
    found = dict(merged.texts)
    if anew:
        recorded = recorded_texts(emergency, newest.language)
        found |= {name: recorded[name] for name in anew if name in GENERATED}
    if any(len(text) > LONGEST for text in found.values()):
        raise Refused("too_long", _("A section holds 20,000 characters at most."))
    if found == newest.texts:
        return newest
    return _keep(emergency, newest.number + 1, newest.language, found, by, now)


@transaction.atomic
def send_report(*, report: Report, by: User, now: datetime) -> Report:
    """Send the newest version to the client as a PDF, which from now on stands in the portal and never changes.

    One sent already is given back as it is. Refused: `not_allowed`, `stale` (there is a newer version).
    """
    emergency = lock(report.emergency)
    if not may_send_report(by, emergency):
        raise Refused("not_allowed", _("Whoever leads the case sends its report, or a supervisor."))
    report = Report.objects.select_related("emergency").get(pk=report.pk)
    if report.sent_at is not None:
        return report
    newest = newest_report(emergency)
    if newest is None or newest.pk != report.pk:
        raise Refused("stale", _("There is a newer version. Read it before you send it."))
    report.emergency = emergency
    report.pdf = store(pdf_of_report(report, now=now))
    report.sent_at, report.sent_by = now, by
    report.save(update_fields=["pdf", "sent_at", "sent_by"])
    audit.record(
        "report_sent",
        emergency,
        now=now,
        number=emergency.number,
        version=report.number,
        sha256=report.pdf_id,
    )
    _write(emergency, report, by, now)
    return report


def merged_texts(seen: Report, newest: Report, texts: Mapping[str, str]) -> Merged:
    """What a change comes to, and the sections that both have changed."""
    mine = {name: tidy(text) for name, text in texts.items() if name in Section.values}
    return merge(seen.texts, newest.texts, mine)


def tidy(text: str) -> str:
    """A section as it is kept: plain line ends, nothing after the last word of a line."""
    return "\n".join(line.rstrip() for line in keepable(text).splitlines()).strip()


def _keep(
    emergency: Emergency, number: int, language: str, texts: dict[str, str], by: User | None, now: datetime
) -> Report:
    kept = Report.objects.create(
        emergency=emergency, number=number, language=language, texts=texts, made_at=now, made_by=by
    )
    audit.record("report_kept", emergency, now=now, number=emergency.number, version=number)
    return kept


def _write(emergency: Emergency, report: Report, by: User, now: datetime) -> None:
    """Send it on the ticket; where nothing can be sent it is noted there."""
    assert report.pdf is not None
    file = FileGiven(report.pdf, f"{emergency.number}-v{report.number}.pdf", "application/pdf")
    with override(emergency.contact.spoken):
        text = _("Here is the technical report of emergency %(number)s. It stands in the portal too.") % {
            "number": emergency.number
        }
    try:
        with transaction.atomic():
            reply(ticket=emergency.ticket, author=by, text=text, files=[file], now=now)
    except Refused:
        add_note(ticket=emergency.ticket, author=by, text=text, files=[file], now=now)


def _refuse_early(emergency: Emergency) -> None:
    if emergency.opened_at is None:
        raise Refused("not_now", _("There is a report once work on the case has begun."))


def _refuse_writing(by: User) -> None:
    if not may_write_report(by):
        raise Refused("not_allowed", _("Only people who work on tickets do that."))
