"""A ticket in a list. A page has fifty of them, so that each is put together here and not by a template."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.tickets.snippets import Piece
from ecuanime.web.components.deadlines import Clock
from ecuanime.web.components.ticket_rows import Chip, Row
from ecuanime.web.templatetags.ec_drawings import icon
from ecuanime.web.templatetags.ec_parts import channel_icon, clock, contract_tag, who

register = template.Library()

NOTHING = SafeString("")


@register.simple_tag
def ticket_row(row: Row, selectable: bool = False, pieces: Sequence[Piece] = ()) -> SafeString:
    """A row of the inbox or of what was found; `pieces` say why search found it, and take the excerpt's place.

    Equal rows are drawn once in each language: between two looks at a list few of its rows change.
    """
    return _drawn(row, selectable, tuple(pieces), get_language())


@lru_cache(maxsize=5_000)
def _drawn(row: Row, selectable: bool, pieces: Sequence[Piece], _language: str | None) -> SafeString:
    return format_html(
        '<li class="{}" id="t{}" data-row data-stamp="{}.{}"{}>{}<span class="ch">{}{}</span>'
        '<div class="su ec-cut"><a href="{}" data-open{}><span class="id">#{}</span> {}</a>{}</div>'
        '<span class="cl">{}</span><div class="mt ec-cut">{}{}{}</div>{}'
        '<span class="co">{}</span><span class="as">{}</span></li>\n',
        "ec-tk" + " new" * bool(row.unread) + " cur" * row.is_current,
        row.number,
        row.version,
        row.unread,
        _peeked(row),
        _chosen(row) if selectable else NOTHING,
        channel_icon(row.channel),
        _unread(row),
        row.url,
        SafeString(' aria-current="true"') if row.is_current else NOTHING,
        row.number,
        row.subject,
        _timed() if row.is_timed else NOTHING,
        _clock(row.clock) if row.clock else NOTHING,
        _asked_by(row),
        NOTHING if pieces or not row.excerpt else _excerpt(row),
        _chips(row.chips),
        format_html('<div class="fd">{}</div>', marked(pieces)) if pieces else NOTHING,
        _contract(row),
        NOTHING if row.hides_assignee else _assignee(row),
    )


@register.simple_tag
def marked(pieces: Iterable[Piece]) -> SafeString:
    """A piece of a text with the words that were looked for."""
    return format_html_join(
        "",
        "{}",
        ((format_html("<mark>{}</mark>", each.text) if each.is_hit else each.text,) for each in pieces),
    )


def _clock(of: Clock) -> SafeString:
    return clock(of.state, of.text, of.note, of.left, of.of, of.due_at, of.counting)


def _peeked(row: Row) -> SafeString:
    if not row.peek_url:
        return NOTHING
    return format_html(
        ' hx-get="{}" hx-target="#peek" hx-swap="innerHTML" hx-trigger="peek" hx-sync="#peek:replace"',
        row.peek_url,
    )


def _chosen(row: Row) -> SafeString:
    return format_html(
        '<input class="form-check-input" type="checkbox" name="ticket" value="{}" data-select aria-label="{}">',
        row.number,
        _("Select #%(number)s") % {"number": row.number},
    )


def _unread(row: Row) -> SafeString:
    if not row.unread:
        return NOTHING
    return format_html(
        '<span class="ec-nu"><span class="visually-hidden">{} </span>{}</span>', _("unread:"), row.unread
    )


def _timed() -> SafeString:
    return format_html(
        ' <span class="ec-tag acc"><span class="ec-dot rec" aria-hidden="true"></span>{}</span>',
        _("timer running"),
    )


def _asked_by(row: Row) -> SafeString:
    client = (
        format_html("<b>{}</b>", row.client_name)
        if row.client_name
        else format_html('<b class="ec-warn">{}</b>', _("Unknown sender"))
    )
    return format_html("{} · {}", client, row.contact_name) if row.contact_name else client


def _excerpt(row: Row) -> SafeString:
    return format_html('<span class="ec-3 ec-hide-sm"> — {}</span>', row.excerpt)


def _chips(chips: Iterable[Chip]) -> SafeString:
    return format_html_join(
        "", ' <span class="ec-tag">{}{}</span>', ((icon(chip.icon), chip.text) for chip in chips)
    )


def _contract(row: Row) -> SafeString:
    if not row.contract_kind:
        return NOTHING
    return contract_tag(row.contract_kind, row.contract_text, row.contract_left, row.contract_of)


def _assignee(row: Row) -> SafeString:
    if row.is_mine:
        return who(row.assignee_name, "me", label=_("Assigned to you"))
    return who(row.assignee_name, label=row.assignee_name or _("Not assigned"))
