"""The firm's own fields of tickets: defining them, and filling them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.delivery.text import one_line
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.actions.common import leave_line, lock, refuse_closed, save
from ecuanime.tickets.models import FieldKind, FieldValue, Ticket, TicketField

MOST_FIELDS = 40
MOST_CHOICES = 100
LARGEST = Decimal(10) ** 13


@transaction.atomic
def define_field(
    *, name: str, kind: str, now: datetime, choices: Sequence[str] = (), field: TicketField | None = None
) -> TicketField:
    """Add a field, or change the name and choices of one; its kind stays, since its values are of it.

    Refuses `no_name`, `name_taken`, `bad_kind`, `no_choices`, `too_many` and `kind_stays`.
    """
    plain = one_line(name, 60)
    options = list(dict.fromkeys(filter(None, (one_line(each, 80) for each in choices))))
    _refuse_definition(plain, kind, options, field)
    written = field or TicketField(position=TicketField.objects.count())
    written.name, written.kind, written.is_active = plain, kind, True
    written.choices = options if kind == FieldKind.CHOICE else []
    written.save()
    audit.record("ticket_field_defined", written, now=now, name=plain, kind=kind)
    return written


@transaction.atomic
def retire_field(*, field: TicketField, now: datetime) -> None:
    """Ask for it no more; what tickets say in it stays. Again it changes nothing."""
    if TicketField.objects.filter(pk=field.pk, is_active=True).update(is_active=False):
        audit.record("ticket_field_retired", field, now=now, name=field.name)


@transaction.atomic
def fill_fields(
    *,
    ticket: Ticket,
    values: Mapping[int, str],
    by: User,
    now: datetime,
    expected_version: int | None = None,
) -> Ticket:
    """Say what the ticket has in these fields (by id, as typed); an empty text takes the value away.

    Fields that are not named stay. Refuses `stale`, `closed`, `bad_number`, `bad_date` and `bad_choice`; then none is
    filled in.
    """
    ticket = lock(ticket, expected_version)
    refuse_closed(ticket)
    before = {value.field_id: value for value in ticket.field_values.all()}
    changed = False
    for field in TicketField.objects.filter(pk__in=values, is_active=True):
        old = before[field.pk].said if field.pk in before else ""
        value = _read(field, one_line(values[field.pk], 300))
        new = value.said if value else ""
        if new != old:
            _put(ticket, field, value)
            leave_line(ticket, "field", f"{field.name}: {old}", f"{field.name}: {new}", by=by, now=now)
            changed = True
    if changed:
        save(ticket)
    return ticket


def _refuse_definition(name: str, kind: str, options: Sequence[str], field: TicketField | None) -> None:
    others = TicketField.objects.exclude(pk=field.pk) if field else TicketField.objects.all()
    key = TicketField(name=name).key
    if not key:
        raise Refused("no_name", _("Give the field a name."))
    if key in {each.key for each in others}:
        raise Refused("name_taken", _("Another field is called so already. Choose another name."))
    if kind not in FieldKind.values:
        raise Refused("bad_kind", _("There is no such kind of field. Choose one from the list."))
    if field is not None and field.kind != kind:
        raise Refused("kind_stays", _("What a field holds stays as it is. Remove it and add another one."))
    if kind == FieldKind.CHOICE and not options:
        raise Refused("no_choices", _("Write what can be chosen, one on each line."))
    if len(options) > MOST_CHOICES or (
        field is None and others.filter(is_active=True).count() >= MOST_FIELDS
    ):
        raise Refused("too_many", _("That is too many: people would not fill them in."))


def _read(field: TicketField, typed: str) -> FieldValue | None:
    """The value that was typed; None for nothing."""
    if not typed:
        return None
    if field.kind == FieldKind.NUMBER:
        return FieldValue(number=_number(field, typed))
    if field.kind == FieldKind.DATE:
        return FieldValue(on=_day(field, typed))
    if field.kind == FieldKind.CHOICE and typed not in field.choices:
        text = _("“%(value)s” is none of the choices of “%(name)s”.")
        raise Refused("bad_choice", text % {"value": typed, "name": field.name})
    return FieldValue(text=typed)


def _number(field: TicketField, typed: str) -> Decimal:
    try:
        number = Decimal(typed.replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= LARGEST:
        text = _("“%(value)s” is not a number for “%(name)s”.")
        raise Refused("bad_number", text % {"value": typed, "name": field.name})
    return number.quantize(Decimal("0.0001"))


def _day(field: TicketField, typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        text = _("“%(value)s” is not a day for “%(name)s”. Write it as 2026-11-30.")
        raise Refused("bad_date", text % {"value": typed, "name": field.name}) from None


def _put(ticket: Ticket, field: TicketField, value: FieldValue | None) -> None:
    kept = FieldValue.objects.filter(ticket=ticket, field=field)
    if value is None:
        kept.delete()
        return
    columns: dict[str, Any] = {"text": value.text, "number": value.number, "on": value.on}
    if not kept.update(**columns):
        FieldValue.objects.create(ticket=ticket, field=field, **columns)
