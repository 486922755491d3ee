"""What the frame around every screen shows: at most four queries of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from ecuanime.accounts.models import Role, User
from ecuanime.clients.queries import contact_of
from ecuanime.demo.queries import PASSWORD, demo_accounts
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.keeping import Kept
from ecuanime.notices.queries import COUNTED_UP_TO as NOTICES_COUNTED
from ecuanime.notices.queries import unread_count
from ecuanime.tickets.access import works_at_desk
from ecuanime.tickets.queries import Versions, View, counts_of, versions
from ecuanime.web.components.navigation import NavItem, TabBar
from ecuanime.worklog.models import Timer
from ecuanime.worklog.queries import running_timer

COUNTED_UP_TO = 99
MOST_TABS = 5  # a phone's bar stands in one row
_own: Kept[int] = Kept(500)
BILLING_PATHS = ("/facturas/", "/contratos/", "/planes/", "/bonos/")


def shell(request: HttpRequest) -> dict[str, Any]:
    """The firm, the person's navigation, their running timer and their theme: the same for all parts of a page."""
    if not hasattr(request, "shell"):
        request.shell = _shell(request)  # type: ignore[attr-defined]  # kept for the rest of this request
    return cast("dict[str, Any]", getattr(request, "shell", None))


def _shell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    firm = getattr(request, "firm", None)
    frame: dict[str, Any] = {"firm": firm, "theme": _theme(request), "nav_items": (), "timer": None}
    match = request.resolver_match
    frame["looked_for"] = request.GET.get("q", "") if match and match.url_name == "search" else ""
    frame["sign_in_providers"] = settings.ECUANIME_OIDC_PROVIDERS
    if firm is not None and firm.is_demo:
        frame["demo"] = _demo(user)
    if isinstance(user, User) and user.is_of_firm:
        rail = _desk_items(request, user)
        frame |= {"nav_items": rail, "tab_bar": _tab_bar(rail)} | _timer(request)
        frame["unread_notices"] = unread_of(request)
        frame["billing_tabs"] = _billing_tabs(user, request.path, getattr(firm, "country", ""))
    elif isinstance(user, User):
        contact = getattr(request, "contact", None) or contact_of(user)
        items = _portal_items(request.path, contact)
        frame |= {"contact": contact, "nav_items": items, "tab_bar": _tab_bar(items)}
    return frame


def _demo(user: object) -> dict[str, Any]:
    """What the strip of a demo firm shows: whom one can be, and whether this person may remove it."""
    is_administrator = isinstance(user, User) and user.has_role(Role.ADMINISTRATOR)
    return {"accounts": demo_accounts(), "password": PASSWORD, "may_remove": is_administrator}


def timer_of(request: HttpRequest) -> Timer | None:
    """The running timer of whoever asks, looked up once per request."""
    if not hasattr(request, "running_timer"):
        user = request.user
        found = running_timer(user) if isinstance(user, User) and works_at_desk(user) else None
        request.running_timer = found  # type: ignore[attr-defined]  # kept for the rest of this request
    return cast("Timer | None", getattr(request, "running_timer", None))


def unread_of(request: HttpRequest) -> str:
    """How many notices the person has not seen, as the bell shows it; looked up once per request."""
    if not hasattr(request, "unread_notices"):
        count = unread_count(cast(User, request.user))
        shown = f"{NOTICES_COUNTED}+" if count > NOTICES_COUNTED else str(count or "")
        request.unread_notices = shown  # type: ignore[attr-defined]  # kept for the rest of this request
    return cast("str", getattr(request, "unread_notices", ""))


def _timer(request: HttpRequest) -> dict[str, Any]:
    timer = timer_of(request)
    if timer is None:
        return {"timer": None}
    url = reverse("ticket", args=[timer.ticket.number])
    return {"timer": timer, "timer_url": url, "timer_stop_url": reverse("timer_stop")}


def _theme(request: HttpRequest) -> str:
    chosen = request.COOKIES.get("ec_theme", "auto")
    return chosen if chosen in {"light", "dark"} else "auto"


def _item(path: str, url: str, icon: str, label: str, key: str = "") -> NavItem:
    return NavItem(url, icon, label, key, current=path.startswith(url))


def _desk_items(request: HttpRequest, user: User) -> tuple[NavItem, ...]:
    path = request.path
    items = [_inbox_item(request, user)]
    items.append(_item(path, "/clientes/", "building-store", _("Clients"), "c"))
    items.append(_hours_item(user, path))
    items.append(_item(path, "/emergencias/", "bolt", _("Express")))
    if user.has_role(Role.BILLING, Role.SUPERVISOR):
        invoices = _item(path, "/facturas/", "file-invoice", _("Invoices"), "f")
        items.append(replace(invoices, current=path.startswith(BILLING_PATHS)))
    if user.has_role(Role.ADMINISTRATOR):
        items.append(_item(path, "/ajustes/", "settings", _("Settings"), "a"))
    return tuple(items)


def _billing_tabs(user: User, path: str, country: str) -> list[dict[str, Any]]:
    """The sections around invoices, on their pages; only those the person may open."""
    if not path.startswith(BILLING_PATHS):
        return []
    tabs = [("/contratos/", _("Contracts")), ("/planes/", _("Plans"))]
    if user.has_role(Role.BILLING, Role.SUPERVISOR):
        tabs = [
            ("/facturas/", _("Invoices")),
            *tabs,
            ("/facturas/banco/", _("Bank")),
            ("/facturas/recibidas/", _("Received")),
            ("/facturas/exportar/", _("Export")),
        ]
        if country == "ES":
            tabs.append(("/facturas/libros/impuestos/", _("Tax books")))
            tabs.append(("/facturas/registro/", _("Fiscal register")))
        if country == "MX":
            tabs.append(("/facturas/timbrado/", _("Stamping")))
    if user.has_role(Role.BILLING):
        tabs.append(("/facturas/libros/", _("Books")))
    if user.has_role(Role.BILLING, Role.SUPERVISOR) and country == "ES":
        tabs.append(("/facturas/fiscal/envios/", _("Tax agency")))
    # The longest address that fits is the one we are on.
    current = max((url for url, _label in tabs if path.startswith(url)), key=len, default="")
    return [{"url": url, "label": label, "current": url == current} for url, label in tabs]


def _hours_item(user: User, path: str) -> NavItem:
    """The daily cut for those who review it; for the others their own day."""
    item = _item(path, "/horas/", "clock-check", _("Hours"), "h")
    if not user.has_role(Role.SUPERVISOR, Role.BILLING):
        return replace(item, url=reverse("my_day"))
    return item


def _inbox_item(request: HttpRequest, user: User) -> NavItem:
    """The inbox with how many tickets are the person's own; the ticket pages belong to it."""
    item = _item(request.path, "/bandeja/", "inbox", _("Inbox"), "b")
    item = replace(item, current=request.path.startswith(("/bandeja/", "/tickets/")))
    if not works_at_desk(user):
        return item
    return replace(item, count=_own_tickets(request, user), count_label=_("for you"))


def versions_seen(request: HttpRequest) -> Versions:
    """The versions of what lists show, looked up once per request."""
    if not hasattr(request, "versions_seen"):
        request.versions_seen = versions()  # type: ignore[attr-defined]  # kept for the rest of this request
    return cast(Versions, getattr(request, "versions_seen", None))


def _own_tickets(request: HttpRequest, user: User) -> str:
    """How many tickets are the person's own, as its pip shows it; the inbox has counted them for its views."""
    counted: dict[str, str] | None = getattr(request, "inbox_counts", None)
    if counted is not None:
        own = _number_of(counted[View.FOR_ME.value])
    else:
        own = _own.ask(partial(_count_own, user), user.pk, version=versions_seen(request).of_all)
    return f"{COUNTED_UP_TO}+" if own > COUNTED_UP_TO else str(own or "")


def _count_own(user: User) -> int:
    return _number_of(counts_of(user, [View.FOR_ME], now=read_clock())[0])


def _number_of(count: str) -> int:
    """A counter's number: `999` of `999+`."""
    return int(count.rstrip("+"))


def _portal_items(path: str, contact: Any) -> list[NavItem]:
    items = [replace(_item(path, "/portal/", "home", _("Home")), current=path == "/portal/")]
    items.append(_item(path, "/portal/peticiones/", "message-2", _("Requests")))
    items.append(_item(path, "/portal/horas/", "clock-check", _("Hours")))
    if contact is not None and (contact.sees_invoices or contact.is_project_lead):
        items.append(_item(path, "/portal/facturas/", "file-invoice", _("Invoices")))
    if contact is not None and contact.is_project_lead:
        items.append(_item(path, "/portal/contratos/", "file-certificate", _("Contracts")))
    if contact is not None and contact.sees_dossier:
        items.append(_item(path, "/portal/memoria/", "book", _("Dossier")))
    if contact is not None and contact.manages_people:
        items.append(_item(path, "/portal/personas/", "users", _("People")))
    return items


def _tab_bar(items: Sequence[NavItem]) -> TabBar:
    """The sections in the bar of a phone."""
    shown = len(items) if len(items) <= MOST_TABS else MOST_TABS - 1
    return TabBar(tuple(items[:shown]), tuple(items[shown:]))
