"""The parts screens are made of: tags, clocks, avatars, panels, the why, empty and error states, paging."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from secrets import randbelow, token_urlsafe
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ecuanime.foundation import formats
from ecuanime.web.components.geometry import Ratio
from ecuanime.web.components.toasts import toast_of
from ecuanime.web.templatetags.ec_drawings import KEPT, icon, mini_bar, ring
from ecuanime.web.templatetags.ec_formats import moment, when

register = template.Library()

_TOKEN, _QUERY = token_urlsafe(24), token_urlsafe(24)
_NUMBER, _VERSION = (10**17 + randbelow(9 * 10**17) for _place in range(2))
"""These stand in what is kept for what differs on each page; nobody can write them, since nobody knows them."""

# kind → icon, tone, name
CONTRACT_KINDS = {
    "hour_pack": ("ticket", "", gettext_lazy("Hour pack")),
    "incident_pack": ("ticket", "", gettext_lazy("Incident pack")),
    "monthly": ("calendar-repeat", "", gettext_lazy("Fixed monthly")),
    "included": ("certificate", "", gettext_lazy("Included period")),
    "plan": ("calendar-repeat", "", gettext_lazy("Plan")),
    "scheduled": ("calendar-check", "", gettext_lazy("Scheduled")),
    "flat": ("infinity", "", gettext_lazy("Flat fee")),
    "on_demand": ("coin-euro", "dash", gettext_lazy("On demand")),
    "none": ("file-unknown", "dash", gettext_lazy("No contract")),
    "express": ("bolt", "solid", gettext_lazy("Express")),
}
CONTRACT_STATES = {
    "draft": ("pencil", "dash", gettext_lazy("Draft")),
    "quoted": ("hourglass-high", "warn", gettext_lazy("Waits for an answer")),
    "accepted": ("calendar-time", "acc", gettext_lazy("Accepted, not begun")),
    "active": ("check", "ok", gettext_lazy("In force")),
    "ended": ("archive", "dash", gettext_lazy("Ended")),
    "declined": ("x", "bad", gettext_lazy("Declined")),
    "withdrawn": ("arrow-back-up", "dash", gettext_lazy("Withdrawn")),
    "lapsed": ("calendar-off", "dash", gettext_lazy("Not answered in time")),
}
INVOICE_STATES = {
    "draft": ("pencil", "dash", gettext_lazy("Draft")),
    "issued": ("file-check", "", gettext_lazy("Issued")),
    "held": ("hourglass-low", "warn", gettext_lazy("Waits for its stamp")),
    "sent": ("send", "", gettext_lazy("Sent")),
    "undelivered": ("mail-exclamation", "bad", gettext_lazy("Not delivered")),
    "partly_paid": ("circle-half-2", "warn", gettext_lazy("Partly paid")),
    "overdue": ("alert-triangle", "bad", gettext_lazy("Overdue")),
    "paid": ("check", "ok", gettext_lazy("Paid")),
    "credited": ("arrow-back-up", "", gettext_lazy("Credited")),
    "written_off": ("coin-off", "", gettext_lazy("Written off")),
    "annulled": ("ban", "", gettext_lazy("Annulled")),
    "credit_note": ("arrow-back-up", "", gettext_lazy("Credit note")),
    "replacement": ("versions", "", gettext_lazy("In place of simplified ones")),
    "void": ("ban", "dash", gettext_lazy("Void")),
}
CHANNELS = {
    "email": ("mail", gettext_lazy("E-mail")),
    "phone": ("phone", gettext_lazy("Call")),
    "portal": ("world-www", gettext_lazy("Portal")),
    "web": ("world-www", gettext_lazy("Web form")),
    "monitoring": ("activity", gettext_lazy("Monitoring")),
    "manual": ("pencil", gettext_lazy("Written by hand")),
    "api": ("plug-connected", gettext_lazy("By a program")),
}
CLOCK_ICONS = {
    "soon": "hourglass-low",
    "late": "alert-triangle",
    "paused": "player-pause",
    "waiting": "clock",
    "met": "circle-check",
}


@register.simple_tag
def fixed(template_name: str) -> SafeString:
    """A part that says the same to everybody and on every page: drawn once in each language."""
    return _fixed(template_name, get_language())


@cache
def _fixed(template_name: str, _language: str | None) -> SafeString:
    return render_to_string(template_name)


@register.simple_tag(takes_context=True)
def kept(context: template.Context, template_name: str, **values: Hashable) -> SafeString:
    """A part that is drawn from `values` alone, so that equal ones are drawn once in each language and zone.

    Its forms get the token of the page they stand on.
    """
    drawn = _kept(template_name, get_language(), get_current_timezone_name(), tuple(values.items()))
    return _filled(drawn, {_TOKEN: context.get("csrf_token", "")})


@register.simple_tag(takes_context=True)
def kept_of_ticket(context: template.Context, template_name: str, **values: Hashable) -> SafeString:
    """The same of a part of a ticket's page: its forms get besides the `number` and `version` of the ticket, and the
    `query` that leads back to the list it was opened from, so that equal menus of many tickets are drawn once.
    """
    known = (*values.items(), ("number", _NUMBER), ("version", _VERSION), ("query", _QUERY))
    drawn = _kept(template_name, get_language(), get_current_timezone_name(), known)
    ticket = context["ticket"]
    places = {str(_NUMBER): ticket.number, str(_VERSION): ticket.version, _QUERY: context["query"]}
    return _filled(drawn, {_TOKEN: context["csrf_token"], **places})


def _filled(drawn: str, places: Mapping[str, Any]) -> SafeString:
    """What is kept, with that of this page in its places."""
    for place, value in places.items():
        drawn = drawn.replace(place, conditional_escape(value))
    return mark_safe(drawn)  # noqa: S308  # markup with values that are escaped


@lru_cache(maxsize=KEPT)
def _kept(
    template_name: str, _language: str | None, _zone: str, values: tuple[tuple[str, Hashable], ...]
) -> SafeString:
    return render_to_string(template_name, {**dict(values), "csrf_token": _TOKEN})


@register.simple_tag
def tag(
    text: str, icon_name: str = "", tone: str = "", left: Ratio | None = None, of: Ratio = 1
) -> SafeString:
    """A tag. Tones: ok, warn, bad, acc, dash, solid. A colour never stands alone: it comes with words."""
    drawing = icon(icon_name) if icon_name else ""
    # A row without a balance has no `left`, which a template passes on as an empty string.
    bar = "" if left is None or left == "" else mini_bar(left, of)
    return format_html(
        '<span class="{}">{}<span class="ec-cut">{}</span>{}</span>', _css("ec-tag", tone), drawing, text, bar
    )


@register.simple_tag
def contract_tag(kind: str, text: str = "", left: Ratio | None = None, of: Ratio = 1) -> SafeString:
    """The badge of a contract's kind; `text` says more (`Bono · 11 h 45`), `left` of `of` draws the small bar."""
    icon_name, tone, name = CONTRACT_KINDS.get(kind, CONTRACT_KINDS["none"])
    return tag(text or str(name), icon_name, tone, left, of)


@register.simple_tag
def contract_state(state: str, text: str = "") -> SafeString:
    """The badge of where a contract stands; `text` replaces its name."""
    icon_name, tone, name = CONTRACT_STATES[state]
    return tag(text or str(name), icon_name, tone)


@register.simple_tag
def invoice_tag(state: str, text: str = "") -> SafeString:
    """The badge of an invoice's state; `text` replaces its name (`Pagada el 5 nov`)."""
    icon_name, tone, name = INVOICE_STATES[state]
    return tag(text or str(name), icon_name, tone)


@register.simple_tag
def channel_icon(channel: str) -> SafeString:
    """How a ticket came in, as an icon that says it."""
    icon_name, name = CHANNELS.get(channel, CHANNELS["manual"])
    return icon(icon_name, str(name))


@register.simple_tag
def clock(
    state: str,
    text: str,
    note: str = "",
    left: Ratio = 1,
    of: Ratio = 1,
    due_at: datetime | None = None,
    counting: bool = False,
) -> SafeString:
    """A deadline's clock: running (ring), soon, late, paused or met; `text` is what is left or what happened.

    Where there is no deadline, `waiting` says only for how long.

    With `due_at` and `counting` (inside service hours now) the browser counts the text down; it never turns one
    state into another, which only the server does.
    """
    sign = icon(CLOCK_ICONS[state]) if state in CLOCK_ICONS else ring(left, of)
    live = ""
    if due_at is not None and counting and state in ("running", "soon"):
        live = format_html(' role="timer" aria-live="off" data-due="{}"', due_at.isoformat())
    small = format_html(' <span class="k">{}</span>', note) if note else ""
    return format_html(
        '<span class="{}"{}>{}<span data-clock-text>{}</span>{}</span>',
        _css("ec-clock", "" if state == "running" else state),
        live,
        sign,
        text,
        small,
    )


@register.filter
def time_left(seconds: int | None) -> str:
    """What is left of a deadline in seconds: `38 min`, `2 h 56`."""
    return "" if seconds is None else formats.time_left(seconds)


@register.simple_tag
def who(name: str | None, kind: str = "", size: str = "", label: str = "") -> SafeString:
    """An avatar with initials. Kinds: me, cli (client's person), none; sizes: s, l. The name is what is read out."""
    return _who(name or "", kind, size, str(label or name or _("nobody")))


@lru_cache(maxsize=KEPT)
def _who(name: str, kind: str, size: str, spoken: str) -> SafeString:
    kinds = _css("ec-who", kind if name else "none", size)
    return format_html(
        '<span class="{}" title="{}" role="img" aria-label="{}">{}</span>',
        kinds,
        spoken,
        spoken,
        formats.initials(name),
    )


@register.simple_block_tag
def panel(
    content: str,
    title: str,
    note: str = "",
    link_text: str = "",
    link_url: str = "",
    tone: str = "",
    ident: str = "",
) -> SafeString:
    """A section with its heading. Tones: mine (waits for the reader), bad. `ident` is the heading's id."""
    ident = ident or f"h-{slugify(title)}"
    aside = format_html('<span class="ec-s ec-2">{}</span>', note) if note else ""
    link = (
        format_html('<a class="ec-push ec-s ec-u" href="{}">{}</a>', link_url, link_text) if link_url else ""
    )
    return format_html(
        '<section class="{}" aria-labelledby="{}"><header><h2 id="{}">{}</h2>{}{}</header>{}</section>',
        _css("ec-panel", tone),
        ident,
        ident,
        title,
        aside,
        link,
        content,
    )


@register.inclusion_tag("components/facts.html")
def facts(items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A strip of three to six figures: dicts with label, value and, if need be, note and tone (bad, warn, ok)."""
    return {"items": items}


@register.simple_block_tag
def why(content: str, label: str = "", opened: bool = False) -> SafeString:
    """The trace behind a number: a disclosure that works without a script. Inside goes a `{% tape %}`."""
    return format_html(
        '<details class="ec-trace"{}><summary class="ec-why">{}{}</summary>{}</details>',
        SafeString(" open" if opened else ""),
        icon("help-circle"),
        label or _("Why?"),
        content,
    )


@register.inclusion_tag("components/tape.html")
def tape(steps: Sequence[Any], plain: bool = False) -> dict[str, Any]:
    """Numbered steps: each with `text`, `value` and, if need be, `note` (rule, clause, date) and `is_sum`."""
    return {"steps": steps, "plain": plain}


@register.simple_block_tag
def empty(content: str, icon_name: str, title: str) -> SafeString:
    """What is true when there is nothing; the content says the useful next step."""
    return format_html('<div class="ec-empty">{}<b>{}</b>{}</div>', icon(icon_name), title, content)


@register.simple_block_tag
def problem(
    content: str, title: str, icon_name: str = "alert-circle", tone: str = "", alert: bool = False
) -> SafeString:
    """What happened, what it means and what to do. Tone warn for a warning; `alert` when it stops the reader."""
    role = SafeString(' role="alert"' if alert else "")
    return format_html(
        '<div class="{}"{}>{}<b>{}</b>{}</div>', _css("ec-err", tone), role, icon(icon_name), title, content
    )


@register.simple_block_tag
def message(
    content: str,
    author: str,
    at: datetime,
    kind: str = "client",
    details: str = "",
    avatar: str = "",
    is_new: bool = False,
) -> SafeString:
    """A message of the thread. Kinds: client, out (sent by us), note (internal); `details` stand after the name."""
    css = {"client": "", "out": "out", "note": "note"}[kind]
    mark = tag(_("Internal note, team only"), "lock", "warn") if kind == "note" else ""
    mark = tag(_("New"), tone="acc") if is_new else mark
    label = {
        "client": _("Message from %(author)s, %(at)s"),
        "out": _("Our reply by %(author)s, %(at)s"),
        "note": _("Internal note by %(author)s, %(at)s"),
    }[kind]
    return format_html(
        '<article class="{}" aria-label="{}">{}<div class="ec-msg-h"><b>{}</b>{}{}{}</div>'
        '<div class="ec-msg-body">{}</div></article>',
        _css("ec-msg", css),
        label % {"author": author, "at": moment(at)},
        who(author, avatar or ("cli" if kind == "client" else ""), "l"),
        author,
        mark,
        format_html('<span class="ec-2">{}</span>', details) if details else "",
        when(at, "ec-3 ec-s ec-push"),
        content,
    )


@register.simple_tag
def event_line(text: str, icon_name: str) -> SafeString:
    """A line between messages: a pause of the clock, a change of hands."""
    return format_html('<div class="ec-ev">{}<span>{}</span></div>', icon(icon_name), text)


@register.inclusion_tag("components/pager.html")
def pager(previous_url: str = "", next_url: str = "", text: str = "") -> dict[str, str]:
    """Keyset paging: previous and next, and what is shown (`10 de 214`)."""
    return {"previous_url": previous_url, "next_url": next_url, "text": text}


@register.inclusion_tag("components/toasts.html", takes_context=True)
def toasts(context: template.Context) -> dict[str, Any]:
    """What the last action said, each with its way back if it has one."""
    return {
        "toasts": [toast_of(said) for said in context.get("messages") or []],
        "csrf_token": context.get("csrf_token", ""),
    }


@register.simple_tag
def keys(*names: str) -> SafeString:
    """Keys as they are pressed, one after the other."""
    return format_html_join(" ", "<kbd>{}</kbd>", ((name,) for name in names))


def _css(*words: str) -> str:
    return " ".join(word for word in words if word)
