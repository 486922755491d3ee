"""Clients: the list, the 360° page, their data, domains and sites."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.accounts.models import Role
from ecuanime.billing.access import may_bill
from ecuanime.billing.queries import vat_standing
from ecuanime.clients.access import may_manage_clients, visible_clients
from ecuanime.clients.actions import (
    add_site,
    confirm_domain,
    create_client,
    remove_domain,
    remove_site,
    set_client_active,
    update_client,
)
from ecuanime.clients.models import Client
from ecuanime.clients.queries import client_page
from ecuanime.contracts.access import may_change_contracts
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import the_firm
from ecuanime.tickets.queries import tickets_of_client
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import for_staff, person_of
from ecuanime.web.office.clients.common import client_of, show
from ecuanime.web.office.clients.forms import ClientForm, DomainForm, NewClientForm, SiteForm
from ecuanime.web.office.clients.panels import ledger_of, summary_of
from ecuanime.web.refusals import tell

everybody = for_staff()
managers = for_staff(Role.SUPERVISOR, Role.CONSULTANT, Role.BILLING)


@everybody
def clients(request: HttpRequest) -> HttpResponse:
    """The clients by name, found by name, code, tax id or domain."""
    user, search = person_of(request), request.GET.get("q", "").strip()[:100]
    former = request.GET.get("ver") == "antiguos"
    page = client_page(
        visible_clients(user), search=search, active=not former, after=request.GET.get("d", "")
    )
    query = request.GET.copy()
    query["d"] = page.next
    context = {
        "page": page,
        "search": search,
        "former": former,
        "next_url": f"?{query.urlencode()}" if page.next else "",
        "is_first": "d" not in request.GET,
        "may_manage": may_manage_clients(user),
    }
    return render(request, "office/clients/list.html", context)


@managers
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take a client on."""
    firm = the_firm()
    form = NewClientForm(request.POST or None, initial={"country": firm.country, "language": firm.language})
    if request.method == "POST" and form.is_valid():
        try:
            client = create_client(now=read_clock(), **form.cleaned_data)
        except Refused as refusal:
            tell(form, refusal)
        else:
            said = _(
                "%(name)s is client %(code)s. Add the people who write to you, so that their mail is recognised."
            )
            say(request, said % {"name": client.name, "code": client.code})
            return redirect("client_people", client.code)
    return render(request, "office/clients/new.html", {"form": form}, status=status_of(form))


@everybody
def client(request: HttpRequest, code: str) -> HttpResponse:
    """All about one client: what they have, what is open, who they are, what they owe."""
    kept = client_of(request, code)
    return show(request, kept, "summary", summary_of(kept, person_of(request), now=read_clock()))


@everybody
def tickets(request: HttpRequest, code: str) -> HttpResponse:
    """The client's whole history of tickets."""
    kept = client_of(request, code)
    page = tickets_of_client(person_of(request), kept, after=request.GET.get("d", ""))
    return show(request, kept, "tickets", {"page": page, "next_url": f"?d={page.next}" if page.next else ""})


@everybody
def ledger(request: HttpRequest, code: str) -> HttpResponse:
    """Every movement of one contract's hours, with its balance."""
    kept = client_of(request, code)
    page = ledger_of(kept, number=request.GET.get("contrato", ""), after=request.GET.get("d", ""))
    if page is None:
        raise Http404
    return show(request, kept, "ledger", page)


@everybody
@require_http_methods(["GET", "POST"])
def data(request: HttpRequest, code: str) -> HttpResponse:
    """What is kept about the organisation; those who may not change it read it."""
    kept = client_of(request, code)
    may_manage = may_manage_clients(person_of(request))
    if request.method == "POST" and not may_manage:
        raise PermissionDenied
    form = ClientForm(request.POST or None, initial=ClientForm.initial_of(kept))
    if done(
        request, form, lambda: update_client(client=kept, now=read_clock(), **form.cleaned_data), _("Saved.")
    ):
        return redirect("client_data", code)
    return _data_page(request, kept, form, DomainForm(), SiteForm())


@managers
@require_POST
def new_domain(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm a mail domain as the client's."""
    kept, form = client_of(request, code), DomainForm(request.POST)
    said = _("Mail from that domain is recognised as the client's from now on.")
    user, now = person_of(request), read_clock()
    if done(request, form, lambda: confirm_domain(client=kept, by=user, now=now, **form.cleaned_data), said):
        return redirect("client_data", code)
    return _data_page(request, kept, ClientForm(initial=ClientForm.initial_of(kept)), form, SiteForm())


@managers
@require_POST
def drop_domain(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Withdraw a confirmed domain."""
    domain = get_object_or_404(client_of(request, code).domains, pk=pk)
    said = _("Mail from unknown addresses of %(domain)s goes to triage again.") % {"domain": domain.domain}
    attempt(request, lambda: remove_domain(domain=domain, now=read_clock()), said)
    return redirect("client_data", code)


@everybody
@require_POST
def new_site(request: HttpRequest, code: str) -> HttpResponse:
    """Note a place of the client."""
    kept, form = client_of(request, code), SiteForm(request.POST)
    if done(
        request,
        form,
        lambda: add_site(client=kept, now=read_clock(), **form.cleaned_data),
        _("The site was added."),
    ):
        return redirect("client_data", code)
    return _data_page(request, kept, ClientForm(initial=ClientForm.initial_of(kept)), DomainForm(), form)


@managers
@require_POST
def drop_site(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take a place off."""
    site = get_object_or_404(client_of(request, code).sites, pk=pk)
    attempt(request, lambda: remove_site(site=site, now=read_clock()), _("The site was removed."))
    return redirect("client_data", code)


@managers
@require_POST
def stop(request: HttpRequest, code: str) -> HttpResponse:
    """Stop serving the client; nothing is deleted."""
    kept = client_of(request, code)
    said = _("%(name)s is no longer served. Its history stays, and it can be resumed.") % {"name": kept.name}
    attempt(request, lambda: set_client_active(client=kept, active=False, now=read_clock()), said)
    return redirect("client", code)


@managers
@require_POST
def resume(request: HttpRequest, code: str) -> HttpResponse:
    """Serve the client again."""
    kept = client_of(request, code)
    said = _("%(name)s is served again.") % {"name": kept.name}
    attempt(request, lambda: set_client_active(client=kept, active=True, now=read_clock()), said)
    return redirect("client", code)


def _data_page(
    request: HttpRequest, kept: Client, form: ClientForm, domain_form: DomainForm, site_form: SiteForm
) -> HttpResponse:
    context = {
        "form": form,
        "domain_form": domain_form,
        "site_form": site_form,
        "domains": kept.domains.select_related("confirmed_by").order_by("domain")[:200],
        "may_promise": may_change_contracts(person_of(request)),
        "is_for_sat": the_firm().country == "MX" and may_bill(person_of(request)),
        "vat": vat_standing(kept),
        "may_bill": may_bill(person_of(request)),
        "sites": kept.sites.order_by("name", "pk")[:200],
    }
    return show(request, kept, "data", context, status=status_of(form, domain_form, site_form))
