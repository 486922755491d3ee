"""What the frame around every screen shows: at most three queries of its own."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from ecuanime.accounts.models import Role, User
from ecuanime.clients.queries import contact_of
from ecuanime.tickets.access import works_at_desk
from ecuanime.tickets.queries import View, tickets_in
from ecuanime.worklog.models import Timer
from ecuanime.worklog.queries import running_timer

COUNTED_UP_TO = 99
BILLING_PATHS = ("/facturas/", "/contratos/", "/planes/", "/bonos/")


def shell(request: HttpRequest) -> dict[str, Any]:
    """The firm, the person's navigation, their running timer and their theme."""
    user = getattr(request, "user", None)
    firm = getattr(request, "firm", None)
    frame: dict[str, Any] = {"firm": firm, "theme": _theme(request), "nav_items": [], "timer": None}
    if isinstance(user, User) and user.is_of_firm:
        frame |= {"nav_items": _desk_items(user, request.path)} | _timer(request)
        frame["billing_tabs"] = _billing_tabs(user, request.path)
    elif isinstance(user, User):
        contact = getattr(request, "contact", None) or contact_of(user)
        frame |= {"contact": contact, "nav_items": _portal_items(request.path, contact)}
    return frame


def timer_of(request: HttpRequest) -> Timer | None:
    """The running timer of whoever asks, looked up once per request."""
    if not hasattr(request, "running_timer"):
        user = request.user
        found = running_timer(user) if isinstance(user, User) and works_at_desk(user) else None
        request.running_timer = found  # type: ignore[attr-defined]  # kept for the rest of this request
    return cast("Timer | None", getattr(request, "running_timer", None))


def _timer(request: HttpRequest) -> dict[str, Any]:
    timer = timer_of(request)
    if timer is None:
        return {"timer": None}
    url = reverse("ticket", args=[timer.ticket.number])
    return {"timer": timer, "timer_url": url, "timer_stop_url": reverse("timer_stop")}


def _theme(request: HttpRequest) -> str:
    chosen = request.COOKIES.get("ec_theme", "auto")
    return chosen if chosen in {"light", "dark"} else "auto"


def _item(path: str, url: str, icon: str, label: str, key: str = "") -> dict[str, Any]:
    return {"url": url, "icon": icon, "label": label, "key": key, "current": path.startswith(url)}


def _desk_items(user: User, path: str) -> list[dict[str, Any]]:
    items = [_inbox_item(user, path)]
    items.append(_item(path, "/clientes/", "building-store", _("Clients"), "c"))
    items.append(_hours_item(user, path))
    if user.has_role(Role.BILLING, Role.SUPERVISOR):
        invoices = _item(path, "/facturas/", "file-invoice", _("Invoices"), "f")
        items.append({**invoices, "current": path.startswith(BILLING_PATHS)})
    if user.has_role(Role.ADMINISTRATOR):
        items.append(_item(path, "/ajustes/", "settings", _("Settings"), "a"))
    return items


def _billing_tabs(user: User, path: str) -> list[dict[str, Any]]:
    """The sections around invoices, on their pages; only those the person may open."""
    if not path.startswith(BILLING_PATHS):
        return []
    tabs = [("/contratos/", _("Contracts")), ("/planes/", _("Plans"))]
    if user.has_role(Role.BILLING, Role.SUPERVISOR):
        tabs = [("/facturas/", _("Invoices")), *tabs, ("/facturas/exportar/", _("Export"))]
    # The longest address that fits is the one we are on.
    current = max((url for url, _label in tabs if path.startswith(url)), key=len, default="")
    return [{"url": url, "label": label, "current": url == current} for url, label in tabs]


def _hours_item(user: User, path: str) -> dict[str, Any]:
    """The daily cut for those who review it; for the others their own day."""
    item = _item(path, "/horas/", "clock-check", _("Hours"), "h")
    if not user.has_role(Role.SUPERVISOR, Role.BILLING):
        item["url"] = reverse("my_day")
    return item


def _inbox_item(user: User, path: str) -> dict[str, Any]:
    """The inbox with how many tickets are the person's own; the ticket pages belong to it."""
    item = _item(path, "/bandeja/", "inbox", _("Inbox"), "b")
    item["current"] = path.startswith(("/bandeja/", "/tickets/"))
    if works_at_desk(user):
        own = tickets_in(user, View.FOR_ME).values("pk")[: COUNTED_UP_TO + 1].count()
        item["count"] = f"{COUNTED_UP_TO}+" if own > COUNTED_UP_TO else own
        item["count_label"] = _("for you")
    return item


def _portal_items(path: str, contact: Any) -> list[dict[str, Any]]:
    items = [{**_item(path, "/portal/", "home", _("Home")), "current": path == "/portal/"}]
    items.append(_item(path, "/portal/peticiones/", "message-2", _("Requests")))
    items.append(_item(path, "/portal/horas/", "clock-check", _("Hours")))
    if contact is not None and (contact.sees_invoices or contact.is_project_lead):
        items.append(_item(path, "/portal/facturas/", "file-invoice", _("Invoices")))
    return items
