"""Requests in the portal: the list, one with its thread, writing on it, and asking for help."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ecuanime.clients.models import Client, Site
from ecuanime.clients.queries import sites_of
from ecuanime.emergencies.queries import is_offered
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.paging import Page
from ecuanime.staff.models import ProductArea
from ecuanime.staff.queries import product_areas
from ecuanime.tickets.access import tickets_of_contact
from ecuanime.tickets.actions import (
    FileGiven,
    MessageGiven,
    add_inbound_message,
    open_follow_up,
    open_ticket,
)
from ecuanime.tickets.models import Channel, State, Ticket
from ecuanime.tickets.queries import (
    TicketPage,
    follow_ups_of,
    outage_lines,
    portal_tickets,
    portal_tickets_among,
    search,
    survivor_of,
    thread_before,
    ticket_page,
)
from ecuanime.web.components.toasts import say
from ecuanime.web.components.uploads import MOST_BYTES, files_of
from ecuanime.web.guards import PortalRequest, for_contacts
from ecuanime.web.portal.frame import in_their_zone, older_url
from ecuanime.web.portal.promises import promised_on
from ecuanime.web.portal.thread import lines_of, state_of
from ecuanime.web.refusals import tell


class ReplyForm(forms.Form):
    """What the client writes on a request."""

    body = forms.CharField(
        label=gettext_lazy("Your message"), max_length=50_000, widget=forms.Textarea(attrs={"rows": 5})
    )


class RequestForm(ReplyForm):
    """A new request."""

    subject = forms.CharField(
        label=gettext_lazy("What it is about, in a few words"),
        max_length=200,
        help_text=gettext_lazy("For example: the printer of the reception does not print."),
    )
    area = forms.ModelChoiceField(
        label=gettext_lazy("About what"),
        queryset=ProductArea.objects.none(),
        required=False,
        empty_label=gettext_lazy("something else"),
    )
    site = forms.ModelChoiceField(
        label=gettext_lazy("Where"),
        queryset=Site.objects.none(),
        required=False,
        empty_label=gettext_lazy("at no place in particular"),
    )
    field_order = ("subject", "area", "site", "body")

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        for name, rows in (("area", product_areas()), ("site", sites_of(client))):
            fields[name].queryset = rows
            if not rows.exists():
                del fields[name]


@for_contacts
@in_their_zone
@require_safe
def requests(request: PortalRequest) -> HttpResponse:
    """The requests the contact may see, the latest message first; with `q`, those in which its words stand."""
    text, after = request.GET.get("q", "")[:200], request.GET.get("d", "")
    if text.strip():
        found = search(request.user, text, newest_first=True, after=after)
        keys = [hit.ticket.pk for hit in found.hits]
        page = Page(portal_tickets_among(request.contact, keys), found.next)
    else:
        page = portal_tickets(request.contact, after=after)
    context = {
        "text": text.strip(),
        "rows": [{"ticket": ticket, "state": state_of(ticket)} for ticket in page.rows],
        "outages": outage_lines(request.contact.client, get_language() or ""),
        "is_lead": request.contact.is_project_lead,
        "is_first": "d" not in request.GET,
        "older_url": older_url(request, page.next),
    }
    return render(request, "portal/requests/list.html", context)


@for_contacts
@in_their_zone
@require_safe
def request(request: PortalRequest, number: int) -> HttpResponse:
    """One request with its thread."""
    return _thread(request, _page_or_404(request, number), ReplyForm(auto_id="reply_%s"))


@for_contacts
@in_their_zone
@require_POST
def reply(request: PortalRequest, number: int) -> HttpResponse:
    """Write on a request. A solved one opens again; after closing, it goes on as a new one that follows it."""
    page = _page_or_404(request, number)
    form = ReplyForm(request.POST, auto_id="reply_%s")
    if form.is_valid():
        try:
            ticket = _write(request, page.ticket, form.cleaned_data["body"])
        except Refused as refusal:
            tell(form, refusal)
        else:
            _say_sent(request, page.ticket, ticket)
            return redirect("portal_request", ticket.number)
    return _thread(request, page, form, status=422)


@for_contacts
@in_their_zone
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    """Ask for help."""
    form = RequestForm(request.POST or None, auto_id="new_%s", client=request.contact.client)
    if request.method == "POST" and form.is_valid():
        try:
            ticket = open_ticket(
                subject=form.cleaned_data["subject"],
                channel=Channel.PORTAL,
                contact=request.contact,
                area=form.cleaned_data.get("area"),
                site=form.cleaned_data.get("site"),
                message=_message(request, form.cleaned_data["body"], files_of(request)),
                acknowledge=True,
                now=read_clock(),
            )
        except Refused as refusal:
            tell(form, refusal)
        else:
            say(request, _("We have it: request #%(number)s.") % {"number": ticket.number})
            return redirect("portal_request", ticket.number)
    context = {"form": form, "limit": MOST_BYTES, "has_express": is_offered()}
    return render(request, "portal/requests/new.html", context, status=422 if form.is_bound else 200)


def _page_or_404(request: PortalRequest, number: int) -> TicketPage:
    page = ticket_page(number, request.user)
    if page is None:
        raise Http404
    return page


def _write(request: PortalRequest, ticket: Ticket, body: str) -> Ticket:
    """Add the message where it belongs, and return the ticket in which the contact sees it."""
    message, now = _message(request, body, files_of(request)), read_clock()
    going_on = survivor_of(ticket)
    if going_on.state == State.CLOSED:
        return open_follow_up(ticket=going_on, message=message, now=now, acknowledge=True)
    add_inbound_message(ticket=ticket, message=message, now=now)
    return ticket


def _message(request: PortalRequest, body: str, files: list[FileGiven]) -> MessageGiven:
    contact = request.contact
    return MessageGiven(
        text=body,
        channel=Channel.PORTAL,
        from_name=contact.name,
        from_email=contact.email,
        contact=contact,
        files=files,
    )


def _say_sent(request: PortalRequest, before: Ticket, ticket: Ticket) -> None:
    if ticket.pk == before.pk:
        say(request, _("Sent. We will answer here and by e-mail."))
    else:
        facts = {"before": before.number, "number": ticket.number}
        say(request, _("#%(before)s was closed, so this goes on as request #%(number)s.") % facts)


def _going_on(request: PortalRequest, ticket: Ticket) -> Ticket | None:
    """The request in which a merged one goes on, if the contact may see it."""
    seen = tickets_of_contact(request.contact)
    return seen.filter(pk=ticket.merged_into_id).first() if ticket.merged_into_id else None


def _thread(request: PortalRequest, page: TicketPage, form: ReplyForm, status: int = 200) -> HttpResponse:
    before, images = request.GET.get("antes", ""), request.GET.get("imagenes", "")
    entries, older = page.entries, page.oldest_message if page.has_older else 0
    if before.isascii() and before.isdigit():
        entries = thread_before(page.ticket, request.user, before_message=int(before))
        older = 0
    images_of = int(images) if images.isascii() and images.isdigit() else 0
    context = {
        "ticket": page.ticket,
        "state": state_of(page.ticket),
        "promised": promised_on(page.ticket),
        "lines": lines_of(entries, request.contact, images_of=images_of),
        "older": older,
        "is_older": bool(before),
        "follow_ups": follow_ups_of(page.ticket, tickets_of_contact(request.contact)),
        "is_closed": survivor_of(page.ticket).state == State.CLOSED,
        "goes_on_in": _going_on(request, page.ticket),
        "form": form,
        "limit": MOST_BYTES,
    }
    return render(request, "portal/requests/thread.html", context, status=status)
