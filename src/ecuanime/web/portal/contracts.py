"""Contracts in the portal: what is offered, in full, with the client's yes or no; and what was accepted."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from ecuanime.contracts.access import may_answer, offers_seen_by
from ecuanime.contracts.actions import accept_quote, decline_quote, stop_next_packs, stop_renewal
from ecuanime.contracts.course import successor_of
from ecuanime.contracts.models import Contract
from ecuanime.contracts.offers import clauses_in, clauses_of, hash_of, text_of
from ecuanime.contracts.queries import contracts_in, offers_waiting, versions_of
from ecuanime.contracts.words import sentences_of
from ecuanime.foundation.addresses import client_address
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.formats import locale_for, long_date
from ecuanime.rules.calendars import local_date
from ecuanime.rules.contracts import State, is_open
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import PortalRequest, for_contacts
from ecuanime.web.portal.frame import in_their_zone, older_url

_State = Contract.State
RUNNING = (_State.ACTIVE, _State.ACCEPTED)
PAST = (_State.ENDED, _State.DECLINED, _State.WITHDRAWN, _State.LAPSED)


class AnswerForm(forms.Form):
    """Which text was read, and why it is declined if it is."""

    text_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why not, if you like to say so"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@for_contacts
@in_their_zone
@require_safe
def contracts(request: PortalRequest) -> HttpResponse:
    """What waits for an answer, what is in force, and what was."""
    if not request.contact.is_project_lead:
        raise Http404
    offers = offers_seen_by(request.contact)
    past = contracts_in(offers, PAST, after=request.GET.get("d", ""))
    context = {
        "waiting": offers_waiting(offers, now=read_clock()),
        "running": contracts_in(offers, RUNNING).rows,
        "past": past.rows,
        "is_first": "d" not in request.GET,
        "older_url": older_url(request, past.next),
    }
    return render(request, "portal/contracts/list.html", context)


@for_contacts
@in_their_zone
@require_safe
def contract(request: PortalRequest, number: str) -> HttpResponse:
    """The text, word by word: to be answered, or as it was answered."""
    return _page(request, _theirs(request, number))


@for_contacts
@in_their_zone
@require_POST
def accept(request: PortalRequest, number: str) -> HttpResponse:
    """Accept the text that was on the page."""
    kept = _theirs(request, number)
    try:
        accepted = accept_quote(
            quote=kept,
            contact=request.contact,
            text_sha256=request.POST.get("text_sha256", ""),
            address=client_address(request),
            now=read_clock(),
        )
    except Refused as refusal:
        return _page(request, _theirs(request, number), refusal=str(refusal))
    facts = {"number": number, "name": accepted.answer.name}
    if accepted.accepted_by == request.contact:
        say(request, _("You have accepted %(number)s. A copy is on its way to you.") % facts)
    else:
        say(request, _("%(name)s had accepted %(number)s before you.") % facts)
    return redirect("portal_contract", number)


@for_contacts
@in_their_zone
@require_POST
def decline(request: PortalRequest, number: str) -> HttpResponse:
    """Say no to the text that was on the page."""
    kept = _theirs(request, number)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, kept, form=form)
    try:
        declined = decline_quote(
            quote=kept,
            contact=request.contact,
            address=client_address(request),
            now=read_clock(),
            **form.cleaned_data,
        )
    except Refused as refusal:
        return _page(request, _theirs(request, number), refusal=str(refusal))
    facts = {"number": number, "name": declined.answer.name}
    if declined.answer.contact == request.contact:
        say(request, _("Noted: you have declined %(number)s.") % facts)
    else:
        say(request, _("%(name)s had declined %(number)s before you.") % facts)
    return redirect("portal_contract", number)


@for_contacts
@in_their_zone
@require_POST
def stop(request: PortalRequest, number: str) -> HttpResponse:
    """Say that it does not renew by itself."""
    kept = _theirs(request, number)
    try:
        stopped = stop_renewal(contract=kept, by=request.contact, now=read_clock())
    except Refused as refusal:
        return _page(request, kept, refusal=str(refusal))
    day = long_date(stopped.ends_on, locale_for(request.user.language)) if stopped.ends_on else ""
    say(request, _("Noted: %(number)s ends on %(day)s.") % {"number": number, "day": day})
    return redirect("portal_contract", number)


@for_contacts
@in_their_zone
@require_POST
def stop_packs(request: PortalRequest, number: str) -> HttpResponse:
    """Say that the next pack is not ordered by itself."""
    kept = _theirs(request, number)
    try:
        stop_next_packs(contract=kept, by=request.contact, now=read_clock())
    except Refused as refusal:
        return _page(request, kept, refusal=str(refusal))
    say(request, _("No further pack of %(number)s is ordered by itself.") % {"number": number})
    return redirect("portal_contract", number)


def _page(
    request: PortalRequest, kept: Contract, *, refusal: str = "", form: AnswerForm | None = None
) -> HttpResponse:
    answer = getattr(kept, "answer", None)
    clauses = clauses_in(answer.text) if answer else clauses_of(kept)
    today = local_date(read_clock(), kept.time_zone)
    is_waiting = is_open(State(kept.state), kept.valid_until, today)
    digest = "" if answer else hash_of(text_of(kept))
    context = {
        "contract": kept,
        "answer": answer,
        "clauses": clauses,
        "is_lapsed": kept.state == _State.QUOTED and not is_waiting,
        "may_answer": is_waiting and may_answer(request.contact, kept),
        "form": form or AnswerForm(initial={"text_sha256": digest}),
        "refusal": refusal,
        "renews_pack": kept.renews_pack and kept.is_binding and kept.state != _State.ENDED,
        **_renewal(kept),
    }
    is_refused = refusal or (form is not None and form.errors)
    return render(request, "portal/contracts/contract.html", context, status=422 if is_refused else 200)


def _renewal(kept: Contract) -> dict[str, object]:
    """When it renews by itself, and what holds from then on where that changes."""
    is_running = kept.is_binding and kept.state != _State.ENDED
    if not (is_running and kept.auto_renews and kept.is_renewable and kept.ends_on):
        return {}
    if successor_of(kept) is not None or (kept.noticed_on and kept.renewal_version is None):
        return {}
    found: dict[str, object] = {"renews_on": kept.ends_on + timedelta(days=1)}
    if kept.renewal_version is not None and kept.renewal_version_id != kept.version_id:
        version = versions_of(kept.version.plan).get(pk=kept.renewal_version.pk)
        found["next_sentences"] = sentences_of(version, kept)
    return found


def _theirs(request: PortalRequest, number: str) -> Contract:
    """What was offered to the contact's client under this number, if it is theirs to see."""
    found = offers_seen_by(request.contact).prefetch_related("areas").filter(number=number).first()
    if found is None:
        raise Http404
    return found
