"""How a contract ends on screen: its last day, what it leaves behind, and what becomes of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.accounts.models import Role
from ecuanime.billing.access import may_bill
from ecuanime.billing.actions import settle_contract
from ecuanime.billing.queries import key_of, left_of
from ecuanime.contracts.actions import stop_next_packs, stop_renewal
from ecuanime.entitlements.access import may_void_lots
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.rules.calendars import local_date
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.guards import for_staff, person_of
from ecuanime.web.office.contracts.common import contract_of
from ecuanime.web.office.contracts.forms import EndForm, SettleForm
from ecuanime.worklog.actions import end_contract, move_open_time

writers = for_staff(Role.SUPERVISOR)


@writers
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, number: str) -> HttpResponse:
    """Give a contract its last day; what it would leave behind is shown before."""
    kept, now = contract_of(request, number), read_clock()
    form = EndForm(request.POST or None, initial={"ends_on": local_date(now, kept.time_zone)})
    said = _("%(number)s has its last day. Work done until then is still billed by it.") % {"number": number}
    if done(request, form, lambda: end_contract(contract=kept, now=now, **form.cleaned_data), said):
        return redirect("contract_settle", number)
    context = {"contract": kept, "form": form, "left": left_of(kept, now=now)}
    return render(request, "office/contracts/end.html", context, status=status_of(form))


@writers
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, number: str) -> HttpResponse:
    """What the contract leaves, the ways on for each part of it, and the note that closes it."""
    kept, now, user = contract_of(request, number), read_clock(), person_of(request)
    form = SettleForm(request.POST or None)
    said = _("%(number)s is settled.") % {"number": number}
    if done(
        request, form, lambda: settle_contract(contract=kept, by=user, now=now, **form.cleaned_data), said
    ):
        return redirect("contract", number)
    left = left_of(kept, now=now)
    context = {
        "contract": kept,
        "form": form,
        "left": left,
        "lots": [row.lot for row in left.balance.lots if row.lot.left and not row.lot.is_bonus],
        "draft_keys": [key_of(draft) for draft in left.drafts],
        "may_void": may_void_lots(user),
        "may_bill": may_bill(user),
    }
    return render(request, "office/contracts/settle.html", context, status=status_of(form))


@writers
@require_POST
def stop(request: HttpRequest, number: str) -> HttpResponse:
    """Note that the client does not want it renewed."""
    kept, by, now = contract_of(request, number), person_of(request), read_clock()
    said = _("%(number)s is not renewed any more.") % {"number": number}
    attempt(request, lambda: stop_renewal(contract=kept, by=by, now=now), said)
    return redirect("contract", number)


@writers
@require_POST
def stop_packs(request: HttpRequest, number: str) -> HttpResponse:
    """Note that the client does not want the next pack ordered by itself."""
    kept, by, now = contract_of(request, number), person_of(request), read_clock()
    said = _("No further pack of %(number)s is ordered by itself.") % {"number": number}
    attempt(request, lambda: stop_next_packs(contract=kept, by=by, now=now), said)
    return redirect("contract", number)


@writers
@require_POST
def follow(request: HttpRequest, number: str) -> HttpResponse:
    """Give work done after the contract's last day to the one that has taken its place."""
    kept = contract_of(request, number)
    try:
        moved = move_open_time(contract=kept, by=person_of(request), now=read_clock())
    except Refused as refusal:
        say_refused(request, str(refusal))
    else:
        text = ngettext("%(count)d entry was moved.", "%(count)d entries were moved.", len(moved))
        say(request, text % {"count": len(moved)})
    return redirect("contract", number)
