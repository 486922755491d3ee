"""What all pages of a client share: whose it is, and its tabs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from ecuanime.billing.access import may_bill
from ecuanime.clients.access import may_manage_clients, visible_clients
from ecuanime.clients.models import Client
from ecuanime.clients.queries import client_by_code
from ecuanime.web.guards import person_of


def client_of(request: HttpRequest, code: str) -> Client:
    """The client of this code, if the person may see it; else there is nothing here."""
    try:
        return client_by_code(code, visible_clients(person_of(request)))
    except Client.DoesNotExist:
        raise Http404 from None


def show(
    request: HttpRequest,
    client: Client,
    tab: str,
    context: dict[str, Any],
    *,
    template: str = "",
    status: int = 200,
) -> HttpResponse:
    """A page of the client under its tabs."""
    frame = {
        "client": client,
        "tabs": _tabs(client, tab, sees_account=may_bill(person_of(request))),
        "may_manage": may_manage_clients(person_of(request)),
    }
    return render(request, template or f"office/clients/{tab}.html", frame | context, status=status)


def _tabs(client: Client, current: str, *, sees_account: bool) -> list[dict[str, Any]]:
    account = [("account", "client_account", _("Account"))] if sees_account else []
    named = (
        ("summary", "client", _("Summary")),
        ("tickets", "client_tickets", _("Tickets")),
        ("ledger", "client_ledger", _("Hours ledger")),
        *account,
        ("compliance", "client_compliance", _("Compliance")),
        ("dossier", "client_dossier", _("Dossier")),
        ("people", "client_people", _("People and rights")),
        ("data", "client_data", _("Data")),
    )
    return [
        {"label": label, "url": reverse(url, args=[client.code]), "current": tab == current}
        for tab, url, label in named
    ]
