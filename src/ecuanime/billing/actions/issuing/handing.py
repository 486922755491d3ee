"""Issuing in another program: what is handed over to it, and what it issued."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.access import may_administer
from ecuanime.billing.actions.common import require, require_biller, require_reason
from ecuanime.billing.books.handing import read_noted
from ecuanime.billing.models import HandedOver, HandOver, Invoice, IssuingSettings
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import store
from ecuanime.rules.money import to_minor
from ecuanime.staff.queries import today_at_firm

LARGEST_FILE = 10_000_000
PDF_BEGINS = b"%PDF-"


@dataclass(frozen=True)
class NotedFile:
    """What became of the rows of a file: how many were noted, and each that was not with why."""

    noted: int
    refused: tuple[tuple[int, str], ...]


@transaction.atomic
def save_issuing(*, is_elsewhere: bool, program: str, by: User, now: datetime) -> IssuingSettings:
    """Say whether invoices are issued here or in another program. Drafts stay what they are. Refused: `not_allowed`."""
    require(may_administer(by), _("Only administrators decide where invoices are issued. Ask one of them."))
    values = {"is_elsewhere": is_elsewhere, "program": " ".join(program.split())[:80]}
    saved, _is_new = IssuingSettings.objects.update_or_create(id=1, defaults=values)
    record("issuing_decided", saved, now=now, **values)
    return saved


@transaction.atomic
def hand_over(*, invoices: Sequence[Invoice], by: User, now: datetime, idempotency_key: str) -> HandOver:
    """Hand issued pro-formas over to the other program, each once. The same key again gives the first hand-over back.

    Refused: `not_allowed`, `nothing_chosen`, `not_pro_forma` (a draft, or an invoice of ours), `handed_over`.
    """
    require_biller(by)
    known = HandOver.objects.filter(idempotency_key=idempotency_key).first()
    if known is not None:
        return known
    ids = [each.pk for each in invoices]
    rows = list(Invoice.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    if not rows:
        raise Refused("nothing_chosen", _("Choose at least one pro-forma."))
    for row in rows:
        if row.is_draft or not row.is_pro_forma:
            raise Refused("not_pro_forma", _("Only pro-formas that are issued are handed over."))
        if row.handed_over.filter(taken_back_at=None).exists():
            raise Refused("handed_over", _("%(number)s is handed over already.") % {"number": row.number})
    made = HandOver.objects.create(made_at=now, made_by=by, idempotency_key=idempotency_key)
    HandedOver.objects.bulk_create(HandedOver(hand_over=made, invoice=row) for row in rows)
    record("handed_over", made, now=now, numbers=[row.number for row in rows])
    return made


@transaction.atomic
def note_elsewhere(
    *,
    item: HandedOver,
    number: str,
    issued_on: date,
    total: int,
    by: User,
    now: datetime,
    content: bytes | None = None,
) -> HandedOver:
    """Note which invoice the other program issued: its number, day and total in minor units, and its PDF if at hand.

    The client sees it as their invoice. Again with the same is a no-op, or adds the PDF. Refused: `not_allowed`,
    `taken_back`, `no_number`, `future`, `noted` (in another way: forget that first), `number_used`, `no_pdf`.
    """
    require_biller(by)
    found, plain = _locked(item), " ".join(number.split())[:60]
    if not plain:
        raise Refused(
            "no_number", _("An invoice has a number. Write the one that the other program gave it.")
        )
    if issued_on > today_at_firm(now):
        raise Refused("future", _("It cannot be dated on a day that has not come yet."))
    said = (plain, issued_on, total)
    if found.is_noted and (found.number, found.issued_on, found.total) != said:
        raise Refused(
            "noted",
            _("%(number)s is noted for it already. Forget that first, if it is wrong.")
            % {"number": found.number},
        )
    if content is not None and not (content.startswith(PDF_BEGINS) and len(content) <= LARGEST_FILE):
        raise Refused("no_pdf", _("That is no PDF, or one of more than 10 MB."))
    if not found.is_noted:
        found.number, found.issued_on, found.total = said
        found.noted_at, found.noted_by = now, by
    if content is not None:
        found.file = store(content)
    _save(found)
    record(
        "issued_elsewhere_noted",
        found.invoice,
        now=now,
        number=found.invoice.number,
        theirs=plain,
        total=total,
        has_file=found.file_id is not None,
    )
    return found


def note_elsewhere_from_csv(*, content: bytes, by: User, now: datetime) -> NotedFile:
    """Note what a CSV says of handed-over pro-formas, each row alone: one that is refused does not stop the others.

    Refused: `not_allowed`, `unreadable` (no such columns, too large, or a row that cannot be read: nothing is noted).
    """
    require_biller(by)
    try:
        rows = list(read_noted(content))
    except ValueError as error:
        raise Refused("unreadable", _unreadable(str(error))) from error
    noted, refused = 0, []
    standing = HandedOver.objects.filter(taken_back_at=None).select_related("invoice")
    items = {
        item.invoice.number: item for item in standing.filter(invoice__number__in=[r.document for r in rows])
    }
    for row in rows:
        item = items.get(row.document)
        if item is None:
            refused.append((row.line, _("%(number)s is not handed over.") % {"number": row.document}))
            continue
        exact = to_minor(row.total, item.invoice.currency)
        if exact.denominator != 1:
            refused.append((row.line, _("The total has more decimals than its currency.")))
            continue
        try:
            note_elsewhere(
                item=item, number=row.number, issued_on=row.issued_on, total=int(exact), by=by, now=now
            )
        except Refused as refusal:
            refused.append((row.line, str(refusal)))
        else:
            noted += 1
    return NotedFile(noted, tuple(refused))


@transaction.atomic
def forget_elsewhere(*, item: HandedOver, reason: str, by: User, now: datetime) -> HandedOver:
    """Forget which invoice was noted, because it was wrong; the pro-forma stays handed over.

    Refused: `not_allowed`, `no_reason`, `taken_back`.
    """
    require_biller(by)
    why, found = require_reason(reason), _locked(item)
    before = found.number
    found.number, found.issued_on, found.total = "", None, None
    found.file, found.noted_at, found.noted_by = None, None, None
    _save(found)
    record("issued_elsewhere_forgotten", found.invoice, now=now, number=before, reason=why)
    return found


@transaction.atomic
def take_hand_over_back(*, item: HandedOver, reason: str, by: User, now: datetime) -> HandedOver:
    """Say that the other program will not issue it, so that it can be handed over again. Again is a no-op.

    Refused: `not_allowed`, `no_reason`, `noted` (an invoice of it is noted: forget that first).
    """
    require_biller(by)
    why = require_reason(reason)
    found = (
        HandedOver.objects.select_for_update(no_key=True, of=("self",))
        .select_related("invoice")
        .get(pk=item.pk)
    )
    if found.taken_back_at is not None:
        return found
    if found.is_noted:
        raise Refused(
            "noted",
            _("The other program issued %(number)s of it. Forget that first.") % {"number": found.number},
        )
    found.taken_back_at, found.reason = now, why
    _save(found)
    record("hand_over_taken_back", found.invoice, now=now, number=found.invoice.number, reason=why)
    return found


def _locked(item: HandedOver) -> HandedOver:
    rows = HandedOver.objects.select_for_update(no_key=True, of=("self",)).select_related("invoice")
    found = rows.get(pk=item.pk)
    if found.taken_back_at is not None:
        raise Refused("taken_back", _("It was taken back. Hand it over again first."))
    return found


def _save(item: HandedOver) -> None:
    """Refused: `number_used`."""
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as error:
        if "number_of_elsewhere_once" not in str(error):
            raise
        raise Refused(
            "number_used", _("%(number)s is noted for another pro-forma.") % {"number": item.number}
        ) from error


def _unreadable(code: str) -> str:
    if code == "no_header":
        return _("The first row names the columns: document, number, issued_on and total.")
    if code == "too_large":
        return _("The file is too large. Divide it.")
    return _("Row %(row)s cannot be read: days are like 2027-01-31, and totals are plain numbers.") % {
        "row": code.removeprefix("row ")
    }
