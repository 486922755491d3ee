"""What the frame around every screen shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from ecuanime.accounts.models import Role, User
from ecuanime.clients.queries import contact_of
from ecuanime.staff.queries import current_firm
from ecuanime.worklog.queries import running_timer


def shell(request: HttpRequest) -> dict[str, Any]:
    """The firm, the person's navigation, their running timer and their theme."""
    user = getattr(request, "user", None)
    frame: dict[str, Any] = {"firm": current_firm(), "theme": _theme(request), "nav_items": [], "timer": None}
    if isinstance(user, User) and user.is_of_firm:
        frame |= {"nav_items": _desk_items(user, request.path), "timer": running_timer(user)}
    elif isinstance(user, User):
        contact = getattr(request, "contact", None) or contact_of(user)
        frame |= {"contact": contact, "nav_items": _portal_items(request.path, contact)}
    return frame


def _theme(request: HttpRequest) -> str:
    chosen = request.COOKIES.get("ec_theme", "auto")
    return chosen if chosen in {"light", "dark"} else "auto"


def _item(path: str, url: str, icon: str, label: str, key: str = "") -> dict[str, Any]:
    return {"url": url, "icon": icon, "label": label, "key": key, "current": path.startswith(url)}


def _desk_items(user: User, path: str) -> list[dict[str, Any]]:
    items = [_item(path, "/bandeja/", "inbox", _("Inbox"), "b")]
    items.append(_item(path, "/clientes/", "building-store", _("Clients"), "c"))
    items.append(_item(path, "/horas/", "clock-check", _("Hours"), "h"))
    if user.has_role(Role.BILLING, Role.SUPERVISOR):
        items.append(_item(path, "/facturas/", "file-invoice", _("Invoices"), "f"))
    if user.has_role(Role.ADMINISTRATOR):
        items.append(_item(path, "/ajustes/", "settings", _("Settings"), "a"))
    return items


def _portal_items(path: str, contact: Any) -> list[dict[str, Any]]:
    items = [{**_item(path, "/portal/", "home", _("Home")), "current": path == "/portal/"}]
    items.append(_item(path, "/portal/peticiones/", "message-2", _("Requests")))
    items.append(_item(path, "/portal/horas/", "clock-check", _("Hours")))
    if contact is not None and (contact.sees_invoices or contact.is_project_lead):
        items.append(_item(path, "/portal/facturas/", "file-invoice", _("Invoices")))
    return items
