"""Icons and drawings whose size is data: SVG with attributes, since the policy forbids inline style."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ecuanime.web.components.geometry import Ratio, clamp, percentage, share, slices
from ecuanime.web.components.icons import icon_names

register = template.Library()

KEPT = 2_000
"""How many drawings of a kind are kept: a page has hundreds of them, most of them alike."""


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite. Without a label it is decoration; with one it is an image that says it."""
    return _icon(name, str(label), css)


@lru_cache(maxsize=KEPT)
def _icon(name: str, label: str, css: str) -> SafeString:
    if name not in icon_names():
        raise ValueError(f"the sprite has no icon called {name}; add it to tools/icons.py")
    classes = f"ti ti-{name} {css}".rstrip()
    address = f"{static('ecuanime/icons.svg')}#{name}"
    return format_html('<svg class="{}" {}><use href="{}"/></svg>', classes, _spoken(label), address)


@register.simple_tag
def ring(left: Ratio, of: Ratio = 1) -> SafeString:
    """The deadline ring: how much of the time is left (a fraction, or seconds `of` seconds). Beside its words."""
    return _ring(percentage(share(left, of)))


@lru_cache(maxsize=KEPT)
def _ring(length: str) -> SafeString:
    return format_html(
        '<svg class="ec-ring" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6"/>'
        '<circle class="left" cx="8" cy="8" r="6" pathLength="100" stroke-dasharray="{} 100" '
        'transform="rotate(-90 8 8)"/></svg>',
        length,
    )


@register.simple_tag
def mini_bar(left: Ratio, of: Ratio = 1) -> SafeString:
    """The small bar inside a tag: how much is left (a fraction, or minutes `of` minutes). Beside its words."""
    return format_html(
        '<svg class="ec-mini" aria-hidden="true"><rect class="spend" width="{}%" height="100%"/></svg>',
        percentage(share(left, of)),
    )


@register.simple_tag
def hours_bar(
    segments: Sequence[tuple[str, Ratio]], total: Ratio | None = None, label: str = "", small: bool = False
) -> SafeString:
    """A bar of lots in spending order: (kind, amount) pairs of `total`; the rest is what was spent.

    Kinds: spend (the lot that goes first), other (the next), hold (waits for approval, hatched), spent, used, ok,
    warn, bad. The numbers stand in text beside it; `label` says them where they do not.
    """
    placed = slices(segments, total)
    rects = format_html_join(
        "",
        '<rect class="{}"{} x="{}%" width="{}%" height="100%"/>',
        ((piece.kind, _fill(piece.kind), piece.x, piece.width) for piece in placed),
    )
    gaps = format_html_join(
        "", '<rect class="gap" x="{}%" width="2" height="100%"/>', ((s.x,) for s in placed[1:])
    )
    return format_html(
        '<svg class="{}" {}>{}{}</svg>', "ec-bar s" if small else "ec-bar", _spoken(label), rects, gaps
    )


def _fill(kind: str) -> SafeString:
    return SafeString(' fill="url(#ec-hatch)"' if kind == "hold" else "")


def _spoken(label: str) -> SafeString:
    return format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')


@register.simple_tag
def swatch(kind: str) -> SafeString:
    """The key of a bar's segment, before the words that explain it."""
    return format_html(
        '<svg class="ec-sw" aria-hidden="true"><rect class="{}"{} width="100%" height="100%"/></svg>',
        kind,
        _fill(kind),
    )


@register.simple_tag
def balance_bar(value: Ratio, label: str) -> SafeString:
    """The balance bar: from -1 (receives more) to 1 (gives more); the pointer is the fair share."""
    kept = clamp(value, -1)
    half = percentage(abs(kept) / 2)
    if kept < 0:
        bar = format_html(
            '<rect class="takes" fill="url(#ec-hatch-warn)" x="{}%" y="3" width="{}%" height="10" rx="2"/>',
            percentage((1 + kept) / 2),
            half,
        )
    else:
        bar = format_html('<rect class="gives" x="50%" y="3" width="{}%" height="10" rx="2"/>', half)
    return format_html(
        '<svg class="ec-bal" role="img" aria-label="{}"><rect class="axis" y="7" width="100%" height="2"/>{}'
        '<svg x="50%" overflow="visible"><rect class="share" x="-1" width="2" height="16"/></svg></svg>',
        label,
        bar,
    )
