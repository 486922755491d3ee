"""Conditions on the firm's own fields: `field.serial_number:AB12`, `field.people:>=5`, `field.warranty:2026-12`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from ecuanime.foundation.words import folded, plain_words
from ecuanime.tickets.filters import keys
from ecuanime.tickets.filters.asking import Asker, dates, plain
from ecuanime.tickets.filters.language import Term, Unreadable, Value
from ecuanime.tickets.filters.words import words_of
from ecuanime.tickets.models import FieldKind, FieldValue, TicketField

COMPARED = {"": "exact", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
_NUMBER = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,4})?")


def own_field(value: Value, asker: Asker, term: Term) -> Q:
    """Tickets that say so in a field; `none` for those that say nothing there.

    A text or choice is meant whole, or by its beginning with `*`, whatever its case and accents; a number or day may
    be compared. Raises `Unreadable` for a field or a choice that there is not.
    """
    field = _named(asker, term)
    said = FieldValue.objects.filter(ticket=OuterRef("pk"), field=field.pk)
    if not value.op and value.low.lower() in keys.NOBODY and not _choices(field, value.low):
        return ~Q(Exists(said))
    if field.kind == FieldKind.NUMBER:
        return Q(Exists(said.filter(**_numbers(value))))
    if field.kind == FieldKind.DATE:
        return Q(Exists(said.filter(**_dates(value, asker))))
    return Q(Exists(said.alias(plain=folded("text")).filter(**_text(field, value))))


def _named(asker: Asker, term: Term) -> TicketField:
    typed = plain_words(term.key.partition(".")[2]).replace(" ", "_")
    if typed in asker.fields:
        return asker.fields[typed]
    known = ", ".join(f"{keys.FIELD}.{key}" for key, field in asker.fields.items() if field.is_active)
    if known:
        text = _("The firm has no field “%(key)s”. Its own are: %(keys)s.") % {"key": typed, "keys": known}
    else:
        text = _("The firm has no fields of its own yet.")
    raise Unreadable(text, term.at + term.is_negated, len(term.key) + 1)


def _numbers(value: Value) -> dict[str, Any]:
    low = _number(value, value.low)
    if value.op == "..":
        return {"number__range": (low, _number(value, value.high))}
    return {f"number__{COMPARED[value.op]}": low}


def _number(value: Value, text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise Unreadable(_("“%(text)s” is no number.") % {"text": text[:40]}, value.at, value.length)
    return Decimal(text)


def _dates(value: Value, asker: Asker) -> dict[str, Any]:
    """Whole days and months: "until" takes the last of them in, "after" begins where it ends."""
    first, following = dates(value, value.low, asker)
    if value.op == "..":
        following = dates(value, value.high, asker)[1]
    if value.op in ("", ".."):
        return {"on__gte": first, "on__lt": following}
    edge = following if value.op in ("<=", ">") else first
    return {f"on__{'lt' if value.op in ('<', '<=') else 'gte'}": edge}


def _text(field: TicketField, value: Value) -> dict[str, Any]:
    said = plain(value)
    if field.kind == FieldKind.CHOICE and not _choices(field, said):
        text = _("“%(text)s” is none of the choices of “%(name)s”. Use one of: %(words)s.")
        names = {"text": said[:40], "name": field.name, "words": ", ".join(field.choices)}
        raise Unreadable(text % names, value.at, value.length)
    if said.endswith("*"):
        return {"plain__startswith": words_of(said.rstrip("*"))}
    return {"plain": words_of(said)}


def _choices(field: TicketField, said: str) -> list[str]:
    """The choices that are meant, none for a field that has no list."""
    wanted = words_of(said.rstrip("*"))
    is_beginning = said.endswith("*")
    return [
        each
        for each in field.choices
        if words_of(each) == wanted or (is_beginning and words_of(each).startswith(wanted))
    ]
