"""Contracts: the list, the page with lots and ledger, opening one for a client, ending one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from ecuanime.accounts.models import Role, User
from ecuanime.billing.access import may_bill
from ecuanime.billing.queries import latest_next_pack, uncovered_work
from ecuanime.clients.access import visible_clients
from ecuanime.contracts.access import may_change_contracts
from ecuanime.contracts.actions import open_contract
from ecuanime.contracts.course import successor_of
from ecuanime.contracts.models import Contract, PlanKind
from ecuanime.contracts.queries import contract_counts, contract_page, with_rows
from ecuanime.contracts.words import sentences_of
from ecuanime.entitlements.queries import Balance, balances_for, statement
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.rules.calendars import local_date
from ecuanime.web.acting import status_of
from ecuanime.web.components.lots import lot_rows
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import for_staff, person_of
from ecuanime.web.office.clients.common import client_of
from ecuanime.web.office.contracts.common import contract_of
from ecuanime.web.office.contracts.forms import ContractForm
from ecuanime.web.office.contracts.ledger import ledger_rows
from ecuanime.web.office.contracts.quotes import quote_page
from ecuanime.web.refusals import tell
from ecuanime.worklog.access import may_review_time
from ecuanime.worklog.pending import Pending, hours_of
from ecuanime.worklog.queries.contracts import time_after

everybody = for_staff()
writers = for_staff(Role.SUPERVISOR)

FEW = 7
ACTIVE = "activos"
_State = Contract.State
SHELVES: dict[str, tuple[str, ...]] = {
    ACTIVE: (_State.ACTIVE,),
    "ofertas": (_State.QUOTED, _State.DRAFT),
    "por-empezar": (_State.ACCEPTED,),
    "terminados": (_State.ENDED,),
    "no-aceptados": (_State.DECLINED, _State.WITHDRAWN, _State.LAPSED),
}
"""The parts of the list by the word in their address, and the states that stand on each."""


@everybody
def contracts(request: HttpRequest) -> HttpResponse:
    """Every contract, the newest first, with the hours it has left."""
    shelf = request.GET.get("ver", "")
    shelf = shelf if shelf in SHELVES else ACTIVE
    clients: QuerySet[Any] = visible_clients(person_of(request))
    page = contract_page(clients, states=SHELVES[shelf], after=request.GET.get("d", ""))
    balances = balances_for(page.rows, now=read_clock())
    query = request.GET.copy()
    query["d"] = page.next
    context = {
        "rows": [{"contract": contract, "balance": balances[contract.pk]} for contract in page.rows],
        "shelf": shelf,
        "tabs": _tabs(shelf, contract_counts(clients)),
        "next_url": f"?{query.urlencode()}" if page.next else "",
    }
    return render(request, "office/contracts/list.html", context)


def _tabs(shelf: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    names = {
        ACTIVE: _("Active"),
        "ofertas": _("Offers"),
        "por-empezar": _("To begin"),
        "terminados": pgettext("list", "Ended"),
        "no-aceptados": _("Not accepted"),
    }
    return [
        {
            "label": names[key],
            "url": f"?ver={key}",
            "count": sum(counts.get(state, 0) for state in states),
            "current": key == shelf,
        }
        for key, states in SHELVES.items()
    ]


@everybody
def contract(request: HttpRequest, number: str) -> HttpResponse:
    """What was contracted, the lots with what is left, the last movements."""
    kept, now, user = contract_of(request, number), read_clock(), person_of(request)
    if not kept.is_binding:
        return quote_page(request, kept)
    balance, pending = hours_of(kept, now=now)
    context = {
        "contract": kept,
        "has_hours": kept.version.plan.kind == PlanKind.HOUR_PACK or balance.has_lots,
        "balance": balance,
        "figures": _figures(kept, balance, pending),
        "lots": lot_rows(balance, pending.by_lot, user, has_uncovered=_has_uncovered(kept, user)),
        "movements": ledger_rows(statement(kept, size=FEW).lines),
        "sentences": sentences_of(with_rows(kept), kept),
        "areas": list(kept.areas.all()),
        "sites": list(kept.sites.all()),
        "answer": getattr(kept, "answer", None),
        "successor": successor_of(kept),
        "next_pack": latest_next_pack(kept) if kept.renews_pack else None,
        "late_count": time_after(kept).count(),
        "may_change": may_change_contracts(user),
        "may_sell": may_bill(user),
    }
    return render(request, "office/contracts/detail.html", context)


def _has_uncovered(kept: Contract, user: User) -> bool:
    return may_review_time(user) and uncovered_work(kept) > 0


def _figures(kept: Contract, balance: Balance, pending: Pending) -> dict[str, Any]:
    """Hundredths of a minute: left, pending, left if all of it is approved, and pending that no lot covers."""
    return {
        "left": balance.left,
        "granted": balance.granted,
        "pending": pending.weighted,
        "after": balance.less(pending.by_lot),
        "uncovered": pending.uncovered,
    }


@writers
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Record that a client has accepted a plan."""
    client, now = client_of(request, code), read_clock()
    form = ContractForm(request.POST or None, client=client, today=local_date(now, client.time_zone))
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_contract(
                client=client, now=now, recorded_by=person_of(request), **form.cleaned_data
            )
        except Refused as refusal:
            tell(form, refusal)
        else:
            said = _("%(number)s is in force. Hours are bought on it as packs.")
            say(request, said % {"number": opened.number})
            return redirect("contract", opened.number)
    context = {"client": client, "form": form, "has_plans": bool(form["version"].subwidgets)}
    return render(request, "office/contracts/new.html", context, status=status_of(form))
