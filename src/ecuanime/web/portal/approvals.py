"""Approving time in the portal: what waits day by day, not recognising a line, letting overage be charged."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.clients.models import Contact
from ecuanime.clients.queries import project_leads, stands_in_for
from ecuanime.foundation import formats
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.web.acting import attempt
from ecuanime.web.components.batches import batches_of
from ecuanime.web.components.fields import CommentForm
from ecuanime.web.components.hours import limits_of
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import PortalRequest, for_contacts
from ecuanime.web.portal.frame import in_their_zone, today_of
from ecuanime.web.portal.hours import entry_page
from ecuanime.web.portal.lines import WorkLine, days_of, work_lines
from ecuanime.web.refusals import tell
from ecuanime.web.seen import seen_in
from ecuanime.worklog.access import may_approve_time, visible_to_contact
from ecuanime.worklog.actions import approve_entries, comment_as_client, consent_to_overage, dispute_entry
from ecuanime.worklog.figures import CONSENTABLE
from ecuanime.worklog.models import EntryState, TimeEntry
from ecuanime.worklog.queries import entries_awaiting, lines_of, totals_of_lines
from ecuanime.worklog.rating import with_relations


class DisputeForm(forms.Form):
    """What is not recognised, and which version of the entry was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    comment = forms.CharField(
        label=gettext_lazy("What does not add up?"), max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )


@for_contacts
@in_their_zone
@require_http_methods(["GET", "HEAD", "POST"])
def approvals(request: PortalRequest) -> HttpResponse:
    """What waits for a project lead; posted, it approves the versions that were on the page, all or none."""
    if request.method != "POST":
        return _page(request)
    seen = seen_in(request.POST)
    if not seen:
        return _page(request, _("No line was ticked, so nothing was approved. Tick those that are right."))
    _require_theirs(request.contact, seen)
    try:
        entries = approve_entries(contact=request.contact, seen=seen, now=read_clock())
    except Refused as refusal:
        return _page(request, str(refusal))
    say(request, _approved(entries))
    rest = visible_to_contact(request.contact).filter(state=EntryState.REVIEWED).exists()
    return redirect("portal_approvals" if rest else "portal")


@for_contacts
@in_their_zone
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: PortalRequest, pk: int) -> HttpResponse:
    """Say that a line is not recognised, and why; it alone is held until it is answered."""
    entry = _entry_or_404(request.contact, pk)
    form = DisputeForm(request.POST or None, initial={"version": entry.version}, auto_id="dispute_%s")
    if request.method == "POST" and form.is_valid():
        try:
            dispute_entry(contact=request.contact, entry=entry, now=read_clock(), **form.cleaned_data)
        except Refused as refusal:
            tell(form, refusal)
        else:
            say(request, _("Noted. This line waits for our answer; the others go on."))
            return redirect("portal_approvals")
    [line] = work_lines(request.contact, lines_of([entry]))
    context = {"form": form, "work": line, "may_approve": may_approve_time(request.contact, now=read_clock())}
    return render(request, "portal/hours/dispute.html", context, status=422 if form.is_bound else 200)


@for_contacts
@in_their_zone
@require_POST
def comment(request: PortalRequest, pk: int) -> HttpResponse:
    """Write to the firm about a line that is not recognised; it stays held."""
    entry, form = _entry_or_404(request.contact, pk), CommentForm(request.POST)
    if form.is_valid():
        try:
            text = form.cleaned_data["comment"]
            comment_as_client(entry=entry, contact=request.contact, text=text, now=read_clock())
        except Refused as refusal:
            tell(form, refusal)
        else:
            say(request, _("Sent. The line stays held until it is settled."))
            return redirect("portal_entry", pk)
    return entry_page(request, pk, form, status=422)


@for_contacts
@in_their_zone
@require_POST
def consent(request: PortalRequest, pk: int) -> HttpResponse:
    """Let the part of an approved entry that no pack covers be charged."""
    entry = _entry_or_404(request.contact, pk)
    attempt(
        request,
        lambda: consent_to_overage(contact=request.contact, entry=entry, now=read_clock()),
        _("Noted. What your pack did not cover is charged at your contract's rate."),
    )
    return redirect("portal_entry", pk)


def held_lines(contact: Contact) -> list[WorkLine]:
    """Approved work of which a part waits for a project lead's consent, the earliest first; nothing for others."""
    if not may_approve_time(contact, now=read_clock()):
        return []
    held = visible_to_contact(contact).filter(
        state=EntryState.APPROVED,
        ratings__superseded_at=None,
        ratings__segments__held_reason__in=CONSENTABLE,
    )
    entries = with_relations(TimeEntry.objects.filter(pk__in=held.values("pk"))).select_related("cut")
    return work_lines(contact, lines_of(list(entries.order_by("work_on", "id")[:50])))


def _page(request: PortalRequest, refusal: str = "") -> HttpResponse:
    contact, now = request.contact, read_clock()
    stands_for = stands_in_for(contact, now=now)
    days = days_of(contact, entries_awaiting(contact, now=now), today_of(request, now))
    waiting = [work for day in days for work in day.lines if work.waits]
    context = {
        "days": days,
        "batches": batches_of((work.line, work.seen) for work in waiting),
        "is_lead": contact.is_project_lead,
        "held": held_lines(contact),
        "may_approve": may_approve_time(contact, now=now),
        "stands_for": stands_for,
        "leads": [lead.name for lead in project_leads(contact.client)],
        "limits": limits_of(stands_for or contact, contact.client.currency),
        "refusal": refusal,
    }
    return render(request, "portal/hours/approvals.html", context, status=422 if refusal else 200)


def _approved(entries: list[TimeEntry]) -> str:
    """`2 lines are approved: 2 h 45.`"""
    totals = totals_of_lines(lines_of(entries))
    hours = formats.hours_of_minutes(totals.rounded_minutes, formats.locale_for(get_language()))
    text = ngettext(
        "%(count)s line is approved: %(hours)s.", "%(count)s lines are approved: %(hours)s.", len(entries)
    )
    return text % {"count": len(entries), "hours": hours}


def _require_theirs(contact: Contact, seen: dict[int, int]) -> None:
    """What is not theirs does not exist for them."""
    if visible_to_contact(contact).filter(pk__in=seen).count() != len(seen):
        raise Http404


def _entry_or_404(contact: Contact, pk: int) -> TimeEntry:
    found = with_relations(visible_to_contact(contact).filter(pk=pk)).first()
    if found is None:
        raise Http404
    return found
