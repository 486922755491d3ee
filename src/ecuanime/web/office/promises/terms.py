"""Saying what is promised about time: to everybody, to a client, by a contract, in a queue."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecuanime.accounts.models import Role
from ecuanime.clients.models import Client
from ecuanime.contracts.actions import drop_service_level, set_service_level
from ecuanime.contracts.models import Contract
from ecuanime.contracts.service_levels import level_for, own_level
from ecuanime.foundation.clock import read_clock
from ecuanime.tickets.actions import promise_in_queue
from ecuanime.tickets.models import Queue
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.guards import for_staff
from ecuanime.web.office.clients.common import client_of
from ecuanime.web.office.contracts.common import contract_of
from ecuanime.web.office.promises.forms import LevelForm

writers = for_staff(Role.SUPERVISOR)


@writers
@require_http_methods(["GET", "POST"])
def of_firm(request: HttpRequest) -> HttpResponse:
    """What everybody is promised who has no terms of their own."""
    return _page(request, "service_terms")


@writers
@require_http_methods(["GET", "POST"])
def of_client(request: HttpRequest, code: str) -> HttpResponse:
    """What a client is promised wherever its contract says nothing."""
    return _page(request, "client_terms", code, client=client_of(request, code))


@writers
@require_http_methods(["GET", "POST"])
def of_contract(request: HttpRequest, number: str) -> HttpResponse:
    """What a contract promises."""
    return _page(request, "contract_terms", number, contract=contract_of(request, number))


@writers
@require_http_methods(["GET", "POST"])
def of_queue(request: HttpRequest, pk: int) -> HttpResponse:
    """What is promised in a queue to whoever has no terms of their own."""
    queue = get_object_or_404(Queue.objects.select_related("service_level"), pk=pk)
    return _page(request, "queue_terms", pk, queue=queue)


def _page(
    request: HttpRequest,
    address: str,
    *names: str | int,
    contract: Contract | None = None,
    client: Client | None = None,
    queue: Queue | None = None,
) -> HttpResponse:
    """The terms of one owner; until there are any, the form begins with those that count instead."""
    level = queue.service_level if queue else own_level(contract=contract, client=client)
    if level is not None and "drop" in request.POST:
        said = _("These terms were taken away. The wider ones count from now on.")
        attempt(request, lambda: drop_service_level(level=level, now=read_clock()), said)
        return redirect(address, *names)
    shown = level or level_for(contract, client or (contract.client if contract else None))
    form = LevelForm(request.POST or None, shown)
    said = _("Saved. It counts for open tickets from now on.")

    def act() -> object:
        if queue is not None:
            return promise_in_queue(queue=queue, now=read_clock(), **form.values())
        return set_service_level(contract=contract, client=client, now=read_clock(), **form.values())

    if done(request, form, act, said):
        return redirect(address, *names)
    context: dict[str, Any] = {
        "contract": contract,
        "client": client or (contract.client if contract else None),
        "queue": queue,
        "queues": [] if names else Queue.objects.select_related("team"),
        "level": level,
        "wider": shown if level is None else None,
        "form": form,
    }
    return render(request, "office/promises/terms.html", context, status=status_of(form))
