"""Every write of moving in: a file is stored, read, its columns chosen, and brought in whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.accounts.models import User
from ecuanime.foundation import files
from ecuanime.foundation.audit import Actor, acting_as, record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.jobs import held_back
from ecuanime.imports.access import may_import
from ecuanime.imports.columns import missing, recognised
from ecuanime.imports.kinds import KINDS
from ecuanime.imports.models import Import, ImportRow
from ecuanime.imports.reading import MOST_BYTES, Sheet, read_sheet
from ecuanime.imports.running import Outcome, Result, Spoilt, rehearse, write_all

State = Import.State


@transaction.atomic
def store_file(*, kind: str, content: bytes, name: str, by: User, now: datetime) -> Import:
    """Keep a file and have a job read it; nothing of it is written yet.

    Refused: `not_allowed`, `unknown_kind`, `too_large`, `empty_file`.
    """
    if not may_import(by):
        raise Refused("not_allowed", _("Only administrators bring data in. Ask one of them."))
    if kind not in KINDS:
        raise Refused("unknown_kind", _("Choose what the file holds."))
    if len(content) > MOST_BYTES:
        raise Refused("too_large", _("The file is larger than 10 MB. Divide it into several files."))
    if not content:
        raise Refused("empty_file", _("The file is empty. Choose another one."))
    kept = Import.objects.create(
        kind=kind, file=files.store(content), file_name=name[-150:], stored_by=by, stored_at=now
    )
    record("import_stored", kept, now=now, kind=kind, name=kept.file_name)
    _at_work(kept)
    return kept


@transaction.atomic
def bring_now(
    *, kind: str, content: bytes, name: str, by: User, now: datetime, is_rehearsal: bool = False
) -> Import:
    """Store a file, foresee it and, unless it is a rehearsal, write it, without waiting for a job.

    With nothing new or a row wrong nothing is written; the result says which. No job would take up what is broken off
    half-way, so all of it is one transaction, which leaves nothing then. Refused: as `store_file`.
    """
    with held_back():
        kept = read_file(file=store_file(kind=kind, content=content, name=name, by=by, now=now), now=now)
        if is_rehearsal or kept.state != State.READ or kept.wrong or not kept.new:
            return kept
        kept = confirm_import(file=kept, now=now)
    return bring_file(file=kept, now=now)


@transaction.atomic
def assign_columns(*, file: Import, columns: Mapping[str, int], now: datetime) -> Import:
    """Say which column (0 is the first) holds which field, and have the file read anew.

    Refused: `already_brought`, `at_work`, `unknown_column`, `column_twice`.
    """
    kept = _locked(file)
    _refuse_finished(kept)
    names = {field.name for field in KINDS[kept.kind].fields}
    if set(columns) - names or not all(0 <= place < len(kept.headers) for place in columns.values()):
        raise Refused("unknown_column", _("The file has no such column. Reload the page and choose again."))
    if len(set(columns.values())) < len(columns):
        raise Refused("column_twice", _("One column cannot hold two things. Choose each column once."))
    kept.columns, kept.state = dict(columns), State.STORED
    kept.save(update_fields=["columns", "state"])
    record("import_columns_assigned", kept, now=now, columns=kept.columns)
    _at_work(kept)
    return kept


@transaction.atomic
def confirm_import(*, file: Import, now: datetime) -> Import:
    """Have all rows of a file written by a job, in one transaction; asked again it changes nothing.

    Refused: `has_faults` while a row is wrong, `nothing_new`, `at_work`, `not_readable`.
    """
    kept = _locked(file)
    if kept.state in {State.ASKED, State.BROUGHT}:
        return kept
    _refuse_unread(kept)
    if kept.wrong:
        raise Refused(
            "has_faults",
            _("Some rows are wrong, so nothing was brought in. Correct the file and bring it again."),
        )
    if not kept.new:
        raise Refused("nothing_new", _("All of this is here already, so there is nothing to bring in."))
    kept.state = State.ASKED
    kept.save(update_fields=["state"])
    record("import_confirmed", kept, now=now, kind=kept.kind, rows=kept.new)
    _at_work(kept)
    return kept


@transaction.atomic
def drop_import(*, file: Import, now: datetime) -> None:
    """Forget a file that was not brought in, with its rows and its bytes. Refused: `already_brought`, `at_work`."""
    kept = _locked(file)
    _refuse_finished(kept)
    record("import_dropped", kept, now=now, kind=kept.kind, name=kept.file_name)
    kept.delete()
    files.forget(kept.file)


def read_file(*, file: Import, now: datetime) -> Import:
    """Read a stored file and say, row by row, what it would do, in the language of whoever brought it.

    A file that waits for nothing is left alone, so that a repeat changes nothing.
    """
    kept = Import.objects.select_related("stored_by").get(pk=file.pk)
    if kept.state != State.STORED:
        return kept
    with _as_whoever_brought(kept), override(kept.stored_by.language):
        try:
            sheet = read_sheet(files.read(kept.file_id))
            kept.headers = list(sheet.headers)
            kept.columns = kept.columns or recognised(KINDS[kept.kind].fields, sheet.headers)
            results = _foreseen(kept, sheet, now)
        except Refused as refusal:
            return _unreadable(kept, str(refusal))
    return _note_results(kept, results, before=State.STORED, after=State.READ)


def bring_file(*, file: Import, now: datetime) -> Import:
    """Write every row of a confirmed file, or none when one of them can no longer be written; then it says which.

    A file that was brought in already is left alone, so that a repeat changes nothing.
    """
    kept = Import.objects.select_related("stored_by").get(pk=file.pk)
    with _as_whoever_brought(kept), override(kept.stored_by.language):
        try:
            return _bring(kept, now)
        except Spoilt as spoilt:
            return _note_results(kept, spoilt.results, before=State.ASKED, after=State.READ)


@transaction.atomic
def _bring(file: Import, now: datetime) -> Import:
    kept = _locked(file)
    if kept.state != State.ASKED:
        return kept
    sheet = read_sheet(files.read(kept.file_id))
    results = write_all(kept, sheet.rows, now=now)
    kept.brought_at = now
    record("import_brought", kept, now=now, kind=kept.kind, name=kept.file_name)
    return _note_results(kept, results, before=State.ASKED, after=State.BROUGHT)


def give_up(*, file: Import) -> None:
    """Note that a file could not be dealt with for a fault of ours; what it had written was taken back."""
    with override(file.stored_by.language):
        text = _("Something went wrong here, so nothing was brought in; it was noted. Bring it again later.")
    _unreadable(file, text)


def _foreseen(file: Import, sheet: Sheet, now: datetime) -> list[Result]:
    """What each row would do; with a column missing, every row waits for it and none is tried."""
    if lacking := missing(KINDS[file.kind].fields, file.columns):
        text = _("Say which column holds: %(columns)s.") % {"columns": ", ".join(lacking)}
        return [Result(row, Outcome.WRONG, text, "no_column") for row in sheet.rows]
    return rehearse(file, sheet.rows, now=now)


@transaction.atomic
def _note_results(file: Import, results: Sequence[Result], *, before: State, after: State) -> Import:
    """Keep what came of each row, unless the file has moved on from `before` meanwhile."""
    kept = _locked(file)
    if kept.state != before:
        return kept
    counted = Counter(result.outcome for result in results)
    kept.new, kept.known, kept.wrong = (counted[each] for each in (Outcome.NEW, Outcome.KNOWN, Outcome.WRONG))
    kept.state, kept.fault = after, ""
    kept.headers, kept.columns, kept.brought_at = file.headers, file.columns, file.brought_at
    kept.save()
    kept.rows.all().delete()
    ImportRow.objects.bulk_create(
        ImportRow(
            file=kept,
            number=result.row.number,
            cells=list(result.row.cells),
            outcome=result.outcome,
            code=result.code,
            words=result.words,
        )
        for result in results
    )
    return kept


@transaction.atomic
def _unreadable(file: Import, why: str) -> Import:
    kept = _locked(file)
    if not kept.is_at_work:
        return kept
    kept.state, kept.fault = State.UNREADABLE, why[:600]
    kept.save(update_fields=["state", "fault"])
    kept.rows.all().delete()
    return kept


def _locked(file: Import) -> Import:
    return Import.objects.select_for_update(of=("self",)).select_related("stored_by").get(pk=file.pk)


def _as_whoever_brought(file: Import) -> AbstractContextManager[None]:
    return acting_as(Actor(id=file.stored_by_id, name=str(file.stored_by)))


def _at_work(file: Import) -> None:
    # Imported here because the jobs, a door to the room, stand above the actions.
    from ecuanime.imports.jobs import bring, read

    (bring if file.state == State.ASKED else read).defer(import_id=file.pk)


def _refuse_finished(file: Import) -> None:
    if file.state == State.BROUGHT:
        raise Refused("already_brought", _("This file was brought in already. Nothing was changed."))
    if file.is_at_work:
        raise Refused("at_work", _("This file is being worked on. Wait until that is done."))


def _refuse_unread(file: Import) -> None:
    _refuse_finished(file)
    if file.state == State.UNREADABLE:
        raise Refused("not_readable", _("This file could not be read, so there is nothing to bring in."))
