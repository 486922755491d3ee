"""Saying whose a ticket is: choosing the client for a new one, and taking one out of triage."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ecuanime.clients.access import may_manage_clients, visible_clients
from ecuanime.clients.mail_domains import domain_of, is_public_mail
from ecuanime.clients.models import Client, ClientDomain, Contact
from ecuanime.clients.queries import client_page, contacts_of
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import ProductArea
from ecuanime.staff.queries import product_areas
from ecuanime.tickets.access import DESK_ROLES
from ecuanime.tickets.actions import ContactGiven, MessageGiven, identify_client, mark_read, open_ticket
from ecuanime.tickets.models import Channel, Priority, Ticket
from ecuanime.web.components.toasts import say
from ecuanime.web.components.uploads import MOST_BYTES, files_of
from ecuanime.web.desk.tickets import back_to_ticket, ticket_or_404, ticket_url
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.web.refusals import tell

FOUND = 12


class NewTicketForm(forms.Form):
    """A request that somebody of the firm writes down: what was said, by whom, about what."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(),
        label=gettext_lazy("Who asks"),
        required=False,
        empty_label=gettext_lazy("Nobody in particular"),
    )
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=300)
    body = forms.CharField(
        label=gettext_lazy("What they need"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("In their words. The client reads it in the portal."),
    )
    area = forms.ModelChoiceField(
        ProductArea.objects.none(),
        label=gettext_lazy("Product area"),
        required=False,
        empty_label=gettext_lazy("Not known yet"),
    )
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Priority"), choices=Priority.choices, coerce=int, initial=Priority.NORMAL
    )
    is_mine = forms.BooleanField(label=gettext_lazy("I take it"), required=False, initial=True)
    acknowledge = forms.BooleanField(label=gettext_lazy("Send them the number by e-mail"), required=False)

    def __init__(self, client: Client, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contact, area = self.fields["contact"], self.fields["area"]
        assert isinstance(contact, forms.ModelChoiceField)
        assert isinstance(area, forms.ModelChoiceField)
        contact.queryset, area.queryset = contacts_of(client), product_areas()


class IdentifyForm(forms.Form):
    """Whose a ticket is: an existing contact, a new one, or only the client; and whether the domain is theirs."""

    who = forms.ChoiceField(label=gettext_lazy("Who asks"), widget=forms.RadioSelect)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254, required=False)
    confirm_domain = forms.BooleanField(required=False)

    def __init__(self, client: Client, ticket: Ticket, domain: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in contacts_of(client)[:200]}
        who = self.fields["who"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [
            ("new", _("Somebody new, noted as a contact")),
            *((key, f"{person.name}, {person.email}" if person.email else person.name)
              for key, person in self.people.items()),
            ("nobody", _("Nobody in particular")),
        ]  # fmt: skip
        who.initial = "new" if ticket.requester_email else "nobody"
        self.fields["name"].initial = ticket.requester_name or ticket.requester_email.partition("@")[0]
        self.fields["email"].initial = ticket.requester_email
        if domain:
            self.fields["confirm_domain"].label = _("All mail from @%(domain)s is this client's") % {
                "domain": domain
            }
        else:
            del self.fields["confirm_domain"]

    def clean(self) -> dict[str, Any]:
        """A new contact needs a name and an address."""
        cleaned = super().clean() or {}
        if cleaned.get("who") == "new":
            for field in ("name", "email"):
                if not cleaned.get(field) and field not in self.errors:
                    self.add_error(field, _("Write it, or choose somebody else above."))
        return cleaned


@for_staff(*DESK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """A new ticket, in two steps: for which client, then what they need."""
    client = _chosen(request)
    here = reverse("ticket_new")
    if client is None:
        title = _("New ticket")
        return _choose(request, title, here, {"title": title, "back_url": reverse("inbox")})
    form = NewTicketForm(client, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ticket = _open(request, client, form.cleaned_data)
        except Refused as refusal:
            tell(form, refusal)
        else:
            say(request, _("Ticket #%(number)s is open") % {"number": ticket.number})
            return redirect("ticket", number=ticket.number)
    context = {"form": form, "client": client, "again_url": here, "attach_limit": MOST_BYTES}
    return render(request, "desk/ticket/new.html", context, status=422 if form.is_bound else 200)


@for_staff(*DESK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def identify(request: StaffRequest, number: int) -> HttpResponse:
    """Take a ticket out of triage: find the client, then say who of theirs asks."""
    ticket = ticket_or_404(request, number)
    if ticket.client is not None:
        return back_to_ticket(request, number)
    client = _chosen(request)
    here = reverse("ticket_identify", args=[number])
    back = ticket_url(request, number)
    title = _("Whose is #%(number)s?") % {"number": number}
    if client is None:
        return _choose(request, title, here, {"ticket": ticket, "back_url": back})
    domain = _confirmable(request, ticket)
    form = IdentifyForm(client, ticket, domain, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _identify(request, ticket, client, form)
        except Refused as refusal:
            tell(form, refusal)
        else:
            words = _("#%(number)s is %(client)s's now") % {"number": number, "client": client.name}
            say(request, words)
            return back_to_ticket(request, number)
    context = {"form": form, "client": client, "ticket": ticket, "again_url": here, "back_url": back}
    context["title"] = title
    return render(request, "desk/ticket/identify.html", context, status=422 if form.is_bound else 200)


def _open(request: StaffRequest, client: Client, data: dict[str, Any]) -> Ticket:
    contact: Contact | None = data["contact"]
    message = MessageGiven(
        data["body"],
        channel=Channel.STAFF,
        contact=contact,
        from_name=contact.name if contact else client.name,
        from_email=contact.email if contact else "",
        files=files_of(request),
    )
    ticket = open_ticket(
        subject=data["subject"],
        channel=Channel.STAFF,
        now=read_clock(),
        message=message,
        client=client,
        contact=contact,
        area=data["area"],
        priority=data["priority"],
        assignee=request.user if data["is_mine"] else None,
        acknowledge=data["acknowledge"],
    )
    if data["is_mine"]:
        mark_read(ticket=ticket)
    return ticket


def _identify(request: StaffRequest, ticket: Ticket, client: Client, form: IdentifyForm) -> None:
    data = form.cleaned_data
    identify_client(
        ticket=ticket,
        client=client,
        by=request.user,
        now=read_clock(),
        contact=form.people.get(data["who"]),
        new_contact=ContactGiven(data["name"], data["email"]) if data["who"] == "new" else None,
        confirm_domain=bool(data.get("confirm_domain")),
    )


def _chosen(request: StaffRequest) -> Client | None:
    code = request.GET.get("cliente", "")
    return visible_clients(request.user).filter(code=code, is_active=True).first() if code else None


def _choose(request: StaffRequest, title: str, here: str, context: dict[str, Any]) -> HttpResponse:
    """The step that finds the client."""
    search = request.GET.get("q", "")[:100]
    page = client_page(visible_clients(request.user), search=search, size=FOUND)
    context |= {
        "title": title,
        "here": here,
        "search": search,
        "clients": page.rows,
        "has_more": bool(page.next),
        "carried": {name: request.GET[name] for name in ("vista", "despues") if name in request.GET},
    }
    return render(request, "desk/ticket/choose_client.html", context)


def _confirmable(request: StaffRequest, ticket: Ticket) -> str:
    """The domain of the requester, if it may be confirmed by this person and is nobody's yet."""
    domain = domain_of(ticket.requester_email) or ""
    if not domain or is_public_mail(domain) or not may_manage_clients(request.user):
        return ""
    return "" if ClientDomain.objects.filter(domain=domain).exists() else domain
